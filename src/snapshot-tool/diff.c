/*
 * diff.c: what changed from one snapshot to another.
 */
#include <stdlib.h>
#include <string.h>

#include "snapshot-tool/pages.h"
#include "snapshot-tool/tool.h"
#include "support/json.h"
#include "support/text.h"

struct page_change {
    uint32_t page;
    uint32_t bytes; /* that differ */
    uint32_t first; /* offset in the page of the first of them */
};

struct comparison {
    struct snapshot a, b;
    struct pages a_pages, b_pages;
    struct buf a_globals, b_globals;
    struct buf a_frames, b_frames;
    struct page_change *changes; /* owned */
    size_t change_count, change_capacity;
    uint64_t changed_bytes;
    uint32_t common_pages; /* the same and not zero */
};

#define CONTENT_MAX ((size_t)64 << 20)
#define PAGES_SHOWN 20

static void add_change(struct comparison *comparison, uint32_t number, const uint8_t *a,
                       const uint8_t *b) {
    struct page_change change = {.page = number};
    for (uint32_t i = SNAP_PAGE_SIZE; i-- > 0;)
        if (a[i] != b[i]) {
            change.bytes++;
            change.first = i;
        }
    if (change.bytes == 0) {
        comparison->common_pages++;
        return;
    }
    if (comparison->change_count == comparison->change_capacity) {
        comparison->change_capacity = 2 * comparison->change_capacity + 16;
        comparison->changes =
            mem_grow(comparison->changes, comparison->change_capacity, sizeof *comparison->changes);
    }
    comparison->changes[comparison->change_count++] = change;
    comparison->changed_bytes += change.bytes;
}

static void compare_memory(struct comparison *comparison) {
    struct pages *a = &comparison->a_pages, *b = &comparison->b_pages;
    uint32_t number;
    while (pages_both(a, b, &number)) {
        add_change(comparison, number, pages_bytes(a, number), pages_bytes(b, number));
        if (pages_at(a, number))
            pages_next(a);
        if (pages_at(b, number))
            pages_next(b);
    }
}

/* To the first page, keeping the globals. */
static int read_front(struct snapshot *file, struct pages *pages, struct buf *globals) {
    uint32_t type;
    while ((type = snapshot_next(file)) != 0) {
        if (type == SNAP_SECTION_GLOBALS)
            snapshot_content(file, globals, CONTENT_MAX);
        if (type == SNAP_SECTION_DELTA)
            return tool_refuse(file->input.path, "snapify-snapshot apply does it",
                               "is a delta: put it together with its base first");
        if (type == SNAP_SECTION_MEMORY)
            break;
    }
    *pages = (struct pages){.file = file};
    if (type != 0)
        pages_next(pages);
    return snapshot_failed(file) || type == 0 ? tool_refuse_snapshot(file) : TOOL_OK;
}

static int read_rest(struct snapshot *file, struct buf *frames) {
    uint32_t type;
    while ((type = snapshot_next(file)) != 0)
        if (type == SNAP_SECTION_FRAMES)
            snapshot_content(file, frames, CONTENT_MAX);
    return file->ended ? TOOL_OK : tool_refuse_snapshot(file);
}

static int compare(struct comparison *comparison, const struct tool *tool) {
    const char *const *paths = tool->options.operands;
    struct snapshot *a = &comparison->a, *b = &comparison->b;
    int status = snapshot_open(a, paths[0], &tool->input) < 0 ? tool_refuse_snapshot(a) : TOOL_OK;
    if (status == TOOL_OK && snapshot_open(b, paths[1], &tool->input) < 0)
        status = tool_refuse_snapshot(b);
    if (status == TOOL_OK)
        status = read_front(a, &comparison->a_pages, &comparison->a_globals);
    if (status == TOOL_OK)
        status = read_front(b, &comparison->b_pages, &comparison->b_globals);
    if (status != TOOL_OK)
        return status;
    compare_memory(comparison);
    status = read_rest(a, &comparison->a_frames);
    return status == TOOL_OK ? read_rest(b, &comparison->b_frames) : status;
}

/* ---- what is told ---- */

static size_t count_words(const struct buf *a, const struct buf *b, size_t word) {
    size_t size = a->size > b->size ? a->size : b->size, count = 0;
    for (size_t at = 0; at < size; at += word) {
        bool both = at + word <= a->size && at + word <= b->size;
        count += !both || memcmp(a->data + at, b->data + at, word) != 0;
    }
    return count;
}

/* Bytes that are the same at the end: the outermost frames, which come last. */
static size_t common_end(const struct buf *a, const struct buf *b) {
    size_t size = 0;
    while (size < a->size && size < b->size &&
           a->data[a->size - 1 - size] == b->data[b->size - 1 - size])
        size++;
    return size / 8 * 8;
}

/* The value of a section's checksum; 0 if there is none of that type. */
static uint64_t checksum_of(const struct snapshot *file, uint32_t type) {
    for (size_t i = 0; i < file->section_count; i++)
        if (file->sections[i].type == type)
            return file->sections[i].checksum;
    return 0;
}

static bool is_different(const struct comparison *comparison) {
    return snapshot_fingerprint(&comparison->a) != snapshot_fingerprint(&comparison->b);
}

static void put_numbers(struct buf *out, const char *title, uint64_t a, uint64_t b) {
    if (a != b)
        put(out, "%-12s %llu -> %llu\n", title, (unsigned long long)a, (unsigned long long)b);
}

static void put_names(struct buf *out, const char *title, const char *a, const char *b) {
    a = a ? a : "";
    b = b ? b : "";
    if (strcmp(a, b) == 0)
        return;
    put(out, "%-12s \"", title);
    text_append_visible(out, a);
    put(out, "\" -> \"");
    text_append_visible(out, b);
    put(out, "\"\n");
}

static void put_function(struct buf *out, const struct snap_meta *a, const struct snap_meta *b) {
    char *from = mem_strndup(a->function.bytes, a->function.size);
    char *to = mem_strndup(b->function.bytes, b->function.size);
    put_names(out, "function", from, to);
    free(from);
    free(to);
}

static void put_facts(struct buf *out, const struct comparison *comparison) {
    const struct snap_meta *a = &comparison->a.meta, *b = &comparison->b.meta;
    if (memcmp(comparison->a.header.identity, comparison->b.header.identity, SNAP_IDENTITY_SIZE))
        put(out, "identity     differs: they belong to different programs\n");
    put_numbers(out, "point", a->point, b->point);
    put_names(out, "kind", point_kind_text(a->kind), point_kind_text(b->kind));
    put_function(out, a, b);
    put_names(out, "node from", snapshot_node(a, a->node_from), snapshot_node(b, b->node_from));
    put_names(out, "node to", snapshot_node(a, a->node_to), snapshot_node(b, b->node_to));
    put_numbers(out, "frames", a->frame_count, b->frame_count);
    put_numbers(out, "stack bytes", a->frames_size, b->frames_size);
    put_numbers(out, "memory pages", a->app_pages, b->app_pages);
}

/* Padding says nothing of the program. */
static void put_sections(struct buf *out, const struct comparison *comparison) {
    for (size_t i = 0; i < comparison->b.section_count; i++) {
        const struct section *section = &comparison->b.sections[i];
        if (section->type != SNAP_SECTION_PADDING &&
            section->checksum != checksum_of(&comparison->a, section->type))
            put(out, "section %s differs\n", section_type_name(section->type).text);
    }
    for (size_t i = 0; i < comparison->a.section_count; i++) {
        const struct section *section = &comparison->a.sections[i];
        if (section->type != SNAP_SECTION_PADDING &&
            checksum_of(&comparison->b, section->type) == 0)
            put(out, "section %s is gone\n", section_type_name(section->type).text);
    }
}

static void put_memory(struct buf *out, const struct comparison *comparison, bool all) {
    put(out, "memory       %zu pages of %u bytes changed, %llu bytes in them; %u the same\n",
        comparison->change_count, SNAP_PAGE_SIZE, (unsigned long long)comparison->changed_bytes,
        comparison->common_pages);
    for (size_t i = 0; i < comparison->change_count; i++) {
        const struct page_change *change = &comparison->changes[i];
        if (i == PAGES_SHOWN && !all) {
            put(out, "  ... (-v shows all)\n");
            return;
        }
        put(out, "  page %-6u %4u bytes, the first at 0x%08llx\n", change->page, change->bytes,
            (unsigned long long)change->page * SNAP_PAGE_SIZE + change->first);
    }
}

static void put_text(struct buf *out, const struct comparison *comparison, bool all) {
    if (!is_different(comparison)) {
        put(out, "no difference\n");
        return;
    }
    put_facts(out, comparison);
    put(out, "globals      %zu of %zu words of 4 bytes changed\n",
        count_words(&comparison->a_globals, &comparison->b_globals, 4),
        comparison->b_globals.size / 4);
    put(out, "stack        %zu bytes of the outermost frames are the same, %zu were, %zu are new\n",
        common_end(&comparison->a_frames, &comparison->b_frames),
        comparison->a_frames.size - common_end(&comparison->a_frames, &comparison->b_frames),
        comparison->b_frames.size - common_end(&comparison->a_frames, &comparison->b_frames));
    put_memory(out, comparison, all);
    put_sections(out, comparison);
}

static void put_json(struct buf *out, const struct comparison *comparison) {
    struct json json = {.out = out};
    json_open(&json, NULL, '{');
    json_number(&json, "schema", 1);
    json_bool(&json, "different", is_different(comparison));
    json_number(&json, "globals_words_changed",
                (int64_t)count_words(&comparison->a_globals, &comparison->b_globals, 4));
    json_number(&json, "frames_bytes_same",
                (int64_t)common_end(&comparison->a_frames, &comparison->b_frames));
    json_number(&json, "frames_bytes_before", (int64_t)comparison->a_frames.size);
    json_number(&json, "frames_bytes_after", (int64_t)comparison->b_frames.size);
    json_number(&json, "bytes_changed", (int64_t)comparison->changed_bytes);
    json_number(&json, "pages_same", comparison->common_pages);
    json_open(&json, "pages_changed", '[');
    for (size_t i = 0; i < comparison->change_count; i++) {
        json_open(&json, NULL, '{');
        json_number(&json, "page", comparison->changes[i].page);
        json_number(&json, "bytes", comparison->changes[i].bytes);
        json_number(&json, "first", comparison->changes[i].first);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_close(&json, '}');
}

static void comparison_free(struct comparison *comparison) {
    snapshot_close(&comparison->a);
    snapshot_close(&comparison->b);
    buf_release(&comparison->a_globals);
    buf_release(&comparison->b_globals);
    buf_release(&comparison->a_frames);
    buf_release(&comparison->b_frames);
    free(comparison->changes);
    free(comparison);
}

int run_diff(struct tool *tool) {
    struct comparison *comparison = tool_alloc(sizeof *comparison);
    int status = compare(comparison, tool);
    if (status == TOOL_OK) {
        if (tool->options.json)
            put_json(&tool->out, comparison);
        else if (!tool->options.quiet)
            put_text(&tool->out, comparison, tool->options.verbose);
        status = is_different(comparison) ? TOOL_DIFFERENT : TOOL_OK;
    }
    comparison_free(comparison);
    return status;
}
