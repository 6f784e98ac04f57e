/*
 * snapshot_node.c: the node that a snapshot names, read with the project's own reader.
 */
#include "hop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "snapshot-format/snapshot.h"

static enum snap_io_result read_file(void *context, void *bytes, size_t size) {
    return fread(bytes, 1, size, context) == size ? SNAP_IO_OK : SNAP_IO_END;
}

/* Node 0 is called "(any)"; a number without a name gives NULL. */
static char *node_name(const struct snap_meta *meta) {
    const char *name = meta->nodes.bytes;
    const char *end = name + meta->nodes.size;
    if (meta->node_to == 0) {
        return strdup("(any)");
    }
    for (uint32_t node = 1; name && name < end; node++) {
        size_t length = strnlen(name, (size_t)(end - name));
        if (node == meta->node_to) {
            return strndup(name, length);
        }
        name += length + 1;
    }
    return NULL;
}

char *snapshot_node(const char *path) {
    FILE *file = fopen(path, "rbe");
    struct snap_io io = {NULL, read_file, file};
    struct snap_reader reader;
    struct snap_header header;
    struct snap_meta meta;
    char *storage = NULL;
    char *name = NULL;

    if (!file) {
        return NULL;
    }
    snap_read_header(&reader, io, &header);
    if (snap_read_section(&reader, SNAP_SECTION_META) == SNAP_OK) {
        storage = malloc(reader.left + 1);
        if (storage && snap_read_meta(&reader, storage, &meta) == SNAP_OK) {
            name = node_name(&meta);
        }
    }
    free(storage);
    fclose(file);
    return name;
}
