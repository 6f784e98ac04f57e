/*
 * strip_env.c: the environment's values leave a snapshot; the names stay, so that nothing moves.
 *
 * A program keeps its environment as the runtime gave it: NAME=VALUE strings back to back, each
 * ending in NUL. Where in the memory is the C library's secret, so we look for rows of such
 * strings. A row counts if it holds a variable that every rewritten program has been given:
 * KAFU_NODE or one of snapify's own. The program's other strings are left alone.
 *
 * The memory is read as one stream, page after page; pages that are not there hold zeros and end
 * every string. What is found are ranges of bytes to be cleared while the pages are written.
 */
#include <stdlib.h>
#include <string.h>

#include "snapshot-tool/rewrite.h"

#define NAME_MAX_SIZE 256u

struct range {
    uint64_t first, end; /* addresses */
};

struct ranges {
    struct range *items; /* owned */
    size_t *emptied;     /* values of the section that holds the environment */
    size_t count, capacity;
};

/* Where we are in the stream. */
struct scanner {
    const struct tool_options *options;
    struct ranges found;
    size_t row;      /* where in `found` the current row begins */
    bool row_counts; /* it holds one of the variables that we know */
    char name[NAME_MAX_SIZE + 1];
    size_t name_size;
    uint64_t value; /* address behind the =; 0: none yet */
    bool bad;       /* the current string is no NAME=VALUE */
};

static void add_range(struct ranges *ranges, struct range range) {
    if (ranges->count == ranges->capacity) {
        ranges->capacity = 2 * ranges->capacity + 16;
        ranges->items = mem_grow(ranges->items, ranges->capacity, sizeof *ranges->items);
    }
    ranges->items[ranges->count++] = range;
}

static bool is_kept(const struct tool_options *options, const char *name) {
    for (size_t i = 0; i < options->keep_count; i++)
        if (strcmp(options->keep[i], name) == 0)
            return true;
    return false;
}

static bool is_known(const char *name) {
    return strcmp(name, "KAFU_NODE") == 0 || strncmp(name, "SNAPIFY_", 8) == 0;
}

static void end_row(struct scanner *scanner) {
    if (!scanner->row_counts)
        scanner->found.count = scanner->row;
    scanner->row = scanner->found.count;
    scanner->row_counts = false;
}

static void end_string(struct scanner *scanner, uint64_t end) {
    if (scanner->value == 0 || scanner->bad) {
        end_row(scanner);
    } else {
        scanner->row_counts |= is_known(scanner->name);
        if (!is_kept(scanner->options, scanner->name) && scanner->value < end)
            add_range(&scanner->found, (struct range){scanner->value, end});
    }
    scanner->name_size = 0;
    scanner->value = 0;
    scanner->bad = false;
}

static bool is_name_character(char c, bool first) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           (!first && c >= '0' && c <= '9');
}

static void scan_byte(struct scanner *scanner, uint64_t address, char c) {
    if (c == '\0') {
        end_string(scanner, address);
    } else if (scanner->value > 0 || scanner->bad) {
        return;
    } else if (c == '=' && scanner->name_size > 0) {
        scanner->name[scanner->name_size] = '\0';
        scanner->value = address + 1;
    } else if (scanner->name_size < NAME_MAX_SIZE &&
               is_name_character(c, scanner->name_size == 0)) {
        scanner->name[scanner->name_size++] = c;
    } else {
        scanner->bad = true;
    }
}

static int find_ranges(struct scanner *scanner, const struct tool *tool, const char *path) {
    struct page_source *source = snapshot_source_open(tool, path);
    uint64_t next = 0;
    while (source->status == TOOL_OK && source->next(source)) {
        uint64_t address = (uint64_t)source->number * SNAP_PAGE_SIZE;
        if (address != next) {
            scan_byte(scanner, next, '\0');
            end_row(scanner);
        }
        for (uint32_t i = 0; i < SNAP_PAGE_SIZE; i++)
            scan_byte(scanner, address + i, (char)source->bytes[i]);
        next = address + SNAP_PAGE_SIZE;
    }
    scan_byte(scanner, next, '\0');
    end_row(scanner);
    int status = source->status;
    source->close(source);
    return status;
}

/* ---- the pages without them ---- */

struct stripped_source {
    struct page_source source;
    struct page_source *from; /* owned */
    const struct ranges *ranges;
    size_t next; /* the first range that does not end before the current page */
    _Alignas(8) uint8_t page[SNAP_PAGE_SIZE];
};

static void clear_ranges(struct stripped_source *source, uint64_t first) {
    const struct ranges *ranges = source->ranges;
    uint64_t end = first + SNAP_PAGE_SIZE;
    while (source->next < ranges->count && ranges->items[source->next].end <= first)
        source->next++;
    for (size_t i = source->next; i < ranges->count && ranges->items[i].first < end; i++) {
        uint64_t from = ranges->items[i].first > first ? ranges->items[i].first : first;
        uint64_t to = ranges->items[i].end < end ? ranges->items[i].end : end;
        memset(source->page + (from - first), 0, (size_t)(to - from));
    }
}

static bool next_stripped(struct page_source *base) {
    struct stripped_source *source = (struct stripped_source *)base;
    while (source->from->next(source->from)) {
        base->number = source->from->number;
        memcpy(source->page, source->from->bytes, SNAP_PAGE_SIZE);
        clear_ranges(source, (uint64_t)base->number * SNAP_PAGE_SIZE);
        if (!snap_page_is_zero(source->page))
            return true;
    }
    base->status = source->from->status;
    return false;
}

static void close_stripped(struct page_source *base) {
    struct stripped_source *source = (struct stripped_source *)base;
    source->from->close(source->from);
    free(source);
}

static struct page_source *open_stripped(const struct rewriting *rewriting) {
    struct stripped_source *source = mem_calloc(1, sizeof *source);
    source->source =
        (struct page_source){next_stripped, close_stripped, 0, source->page, false, TOOL_OK};
    source->from = snapshot_source_open(rewriting->tool, rewriting->path);
    source->source.status = source->from->status;
    source->ranges = rewriting->context;
    return &source->source;
}

/* ---- the section of the environment ---- */

/* "NAME=VALUE" that is not kept becomes "NAME=". */
static bool append_variable(struct buf *out, const char *variable, size_t size,
                            const struct tool_options *options) {
    const char *equals = memchr(variable, '=', size);
    char *name = mem_strndup(variable, equals ? (size_t)(equals - variable) : size);
    size_t kept = equals && !is_kept(options, name) ? (size_t)(equals + 1 - variable) : size;
    buf_append(out, variable, kept);
    buf_append_u8(out, 0);
    free(name);
    return kept < size;
}

static void strip_process(const struct rewriting *rewriting, struct buf *content) {
    const struct ranges *ranges = rewriting->context;
    struct buf out = {0};
    if (content->size < SNAP_PROCESS_FIXED_SIZE)
        return; /* whoever reads it refuses it */
    uint64_t start = SNAP_PROCESS_FIXED_SIZE + (uint64_t)load_u32(content->data + 4);
    if (start > content->size)
        return;
    buf_append(&out, content->data, start);
    for (size_t at = start, size; at < content->size; at += size + 1) {
        const char *variable = (const char *)content->data + at;
        size = strnlen(variable, content->size - at);
        *ranges->emptied += append_variable(&out, variable, size, &rewriting->tool->options);
    }
    store_u32(out.data + 12, (uint32_t)(out.size - start));
    buf_release(content);
    *content = out;
}

int run_strip_env(struct tool *tool) {
    struct scanner *scanner = mem_calloc(1, sizeof *scanner);
    const char *path = tool->options.operands[0];
    size_t emptied = 0;
    scanner->options = &tool->options;
    scanner->found.emptied = &emptied;
    int status = find_ranges(scanner, tool, path);
    struct rewriting rewriting = {.tool = tool,
                                  .path = path,
                                  .open = open_stripped,
                                  .context = &scanner->found,
                                  .pads = true,
                                  .edit_process = strip_process};
    if (status == TOOL_OK)
        status = rewrite_snapshot(&rewriting);
    if (status == TOOL_OK && !tool->options.quiet && strcmp(tool->options.output, "-") != 0)
        put(&tool->out, "%s: %zu values emptied\n", path, scanner->found.count + emptied);
    free(scanner->found.items);
    free(scanner);
    return status;
}
