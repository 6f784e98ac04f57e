/*
 * node.c: names of nodes and their numbers.
 *
 * Nodes 1..config.node_count are named in the module. A program also meets others: the node it
 * runs on, and those it has run on, because a return point may go back there. Their names are kept
 * behind the variables and travel in the snapshot, so that a number in a frame keeps its meaning.
 */
#include "runtime-glue/glue.h"

uint32_t strings_size(uint32_t address, uint32_t count) {
    uint32_t size = 0;
    for (uint32_t i = 0; i < count; i++)
        size += text_size((const char *)at(address + size)) + 1;
    return size;
}

struct snap_bytes nodes_built_in(void) {
    uint32_t address = base_get() + snapify_config.nodes_offset;
    return (struct snap_bytes){(const char *)at(address),
                               strings_size(address, snapify_config.node_count)};
}

struct snap_bytes nodes_kept(void) {
    return (struct snap_bytes){(const char *)at(base_get() + glue.env_end),
                               glue.keep_end - glue.env_end};
}

/* The position, from 1, of `name` among the strings in `names`; 0: not there. */
static uint32_t position(struct snap_bytes names, const char *name) {
    uint32_t number = 0;
    for (uint32_t start = 0; start < names.size;) {
        number++;
        if (text_equal(names.bytes + start, name))
            return number;
        start += text_size(names.bytes + start) + 1;
    }
    return 0;
}

static void keep(const char *bytes, uint32_t size, uint32_t count) {
    if (!region_reserve((uint64_t)glue.keep_end + size + 16))
        refuse("names of nodes", REASON_NO_MEMORY, "");
    memmove(at(base_get() + glue.keep_end), bytes, size);
    glue.keep_end += size;
    glue.more_nodes += count;
    frames_set(base_get() + frames_start());
}

uint32_t node_find(const char *name) {
    uint32_t number = position(nodes_built_in(), name);
    if (number != 0)
        return number;
    number = position(nodes_kept(), name);
    return number != 0 ? snapify_config.node_count + number : 0;
}

uint32_t node_find_or_add(const char *name) {
    uint32_t number = node_find(name);
    if (number != 0)
        return number;
    keep(name, text_size(name) + 1, 1);
    return snapify_config.node_count + glue.more_nodes;
}

/* What lies behind the kept strings moves up. */
uint32_t node_add_under_frames(const char *name) {
    uint32_t size = text_size(name) + 1;
    uint32_t start = (glue.keep_end + 15) & ~15u;
    uint32_t shift = ((glue.keep_end + size + 15) & ~15u) - start;
    if (!room_make(start, shift))
        return 0;
    memmove(at(base_get() + glue.keep_end), name, size);
    glue.keep_end += size;
    glue.more_nodes++;
    if (glue.process_end != 0) {
        glue.process += shift;
        glue.process_end += shift;
    }
    snapify_tables_moved();
    return snapify_config.node_count + glue.more_nodes;
}

void node_settle(void) {
    const char *name = node_name();
    glue.here = name != NULL ? node_find_or_add(name) : 0;
    here_set(glue.here);
}

enum snap_error nodes_adopt(const struct snap_meta *meta) {
    struct snap_bytes ours = nodes_built_in();
    if (meta->node_count < snapify_config.node_count || meta->nodes.size < ours.size ||
        memcmp(meta->nodes.bytes, ours.bytes, ours.size) != 0)
        return SNAP_ERROR_UNFIT;
    keep(meta->nodes.bytes + ours.size, meta->nodes.size - ours.size,
         meta->node_count - snapify_config.node_count);
    return SNAP_OK;
}
