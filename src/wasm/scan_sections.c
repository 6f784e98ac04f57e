/*
 * scan_sections.c: payloads of the sections that declare things, bounds-checked, into the scan.
 *
 * Only what later steps ask for is kept; the rest is walked over, because a section that cannot be
 * walked over must not reach Binaryen, which ends the process on it.
 */
#include <string.h>

#include "support/buf.h"
#include "wasm/code.h"
#include "wasm/elements.h"
#include "wasm/scan_parse.h"

#define MAX_PAGES 65536u    /* 4 GiB, all that 32-bit addresses reach */
#define MAX_TABLE 10000000u /* what engines allow; Binaryen would allocate what is declared */

struct limits {
    uint8_t flags; /* 1 maximum, 2 shared, 4 64-bit */
    uint64_t initial;
    uint64_t maximum;
};

static bool read_limits(struct reader *reader, struct limits *limits) {
    *limits = (struct limits){0};
    return reader_u8(reader, &limits->flags) && limits->flags <= 7 &&
           reader_uleb64(reader, &limits->initial) &&
           ((limits->flags & 1) == 0 || reader_uleb64(reader, &limits->maximum));
}

int scan_types(struct scan_state *state) {
    struct wasm_scan *scan = state->scan;
    struct reader *reader = &state->reader;
    uint32_t count;
    if (scan_read_count(state, &count) < 0)
        return -1;
    scan->types = mem_calloc(count, sizeof *scan->types);
    for (; scan->type_count < count; scan->type_count++) {
        uint8_t form;
        size_t offset = reader->at;
        if (!reader_u8(reader, &form))
            return scan_error_entry(state, scan->type_count);
        if (form != 0x60)
            return diag_error(state->diag,
                              (struct diag_place){
                                  .offset = (int64_t)offset + 1,
                                  .hint = "types of the garbage collection proposal are not "
                                          "supported",
                              },
                              "type %u is not a function type", scan->type_count);
        size_t start = reader->at;
        if (!wasm_code_skip_value_types(reader) || !wasm_code_skip_value_types(reader))
            return scan_error_entry(state, scan->type_count);
        scan->types[scan->type_count] =
            (struct wasm_bytes){reader->data + start, reader->at - start};
    }
    return 0;
}

/* Room for one more item; capacities are powers of two. */
static void *grow(void *items, size_t count, size_t size) {
    return (count & (count - 1)) == 0 ? mem_grow(items, count ? count * 2 : 1, size) : items;
}

static int read_table(struct scan_state *state, uint32_t entry, bool imported) {
    struct wasm_scan *scan = state->scan;
    struct limits limits;
    size_t offset = state->reader.at;
    if (!wasm_code_skip_value_type(&state->reader) || !read_limits(&state->reader, &limits))
        return scan_error_entry(state, entry);
    if (limits.initial > MAX_TABLE)
        return diag_error(state->diag, scan_place(offset),
                          "table %u declares %llu entries, engines allow at most %u",
                          scan->table_count, (unsigned long long)limits.initial, MAX_TABLE);
    scan->tables = grow(scan->tables, scan->table_count, sizeof *scan->tables);
    scan->tables[scan->table_count++] = (struct wasm_table){
        .initial = limits.initial,
        .maximum = limits.maximum,
        .has_maximum = (limits.flags & 1) != 0,
        .is64 = (limits.flags & 4) != 0,
        .imported = imported,
    };
    return 0;
}

static int read_memory(struct scan_state *state, uint32_t entry, bool imported) {
    struct wasm_scan *scan = state->scan;
    struct limits limits;
    size_t offset = state->reader.at;
    if (!read_limits(&state->reader, &limits))
        return scan_error_entry(state, entry);
    bool has_maximum = (limits.flags & 1) != 0;
    bool is64 = (limits.flags & 4) != 0;
    if (!is64 && (limits.initial > MAX_PAGES || (has_maximum && limits.maximum > MAX_PAGES)))
        return diag_error(
            state->diag, scan_place(offset),
            "memory %u declares %llu pages, at most %u can be addressed", scan->memory_count,
            (unsigned long long)(limits.initial > MAX_PAGES ? limits.initial : limits.maximum),
            MAX_PAGES);
    if (has_maximum && limits.maximum < limits.initial)
        return diag_error(state->diag, scan_place(offset),
                          "memory %u declares a maximum below its initial size",
                          scan->memory_count);
    if (scan->memory_count++ == 0)
        scan->memory = (struct wasm_memory){
            .initial = limits.initial,
            .maximum = limits.maximum,
            .has_maximum = has_maximum,
            .shared = (limits.flags & 2) != 0,
            .is64 = is64,
            .imported = imported,
        };
    return 0;
}

static struct wasm_bytes bytes_since(const struct reader *reader, size_t start) {
    return (struct wasm_bytes){reader->data + start, reader->at - start};
}

static int read_global_type(struct scan_state *state, uint32_t entry, bool imported) {
    struct wasm_scan *scan = state->scan;
    struct reader *reader = &state->reader;
    uint8_t mutability;
    size_t start = reader->at;
    if (!wasm_code_skip_value_type(reader))
        return scan_error_entry(state, entry);
    struct wasm_bytes type = bytes_since(reader, start);
    if (!reader_u8(reader, &mutability) || mutability > 1)
        return scan_error_entry(state, entry);
    scan->globals = grow(scan->globals, scan->global_count, sizeof *scan->globals);
    scan->globals[scan->global_count++] =
        (struct wasm_global){.type = type, .is_mutable = mutability == 1, .imported = imported};
    return 0;
}

static int read_tag(struct scan_state *state, uint32_t entry) {
    struct wasm_scan *scan = state->scan;
    uint8_t attribute;
    uint32_t type;
    if (!reader_u8(&state->reader, &attribute) || attribute != 0 ||
        !reader_uleb32(&state->reader, &type) || type >= scan->type_count)
        return scan_error_entry(state, entry);
    scan->tag_types = grow(scan->tag_types, scan->tag_count, sizeof *scan->tag_types);
    scan->tag_types[scan->tag_count++] = type;
    return 0;
}

static int read_imported(struct scan_state *state, uint32_t entry) {
    struct reader *reader = &state->reader;
    struct wasm_import *import = &state->scan->imports[entry];
    switch (import->kind) {
    case WASM_FUNCTION:
        if (!reader_uleb32(reader, &import->type) || import->type >= state->scan->type_count)
            return scan_error_entry(state, entry);
        state->scan->imported_functions++;
        return 0;
    case WASM_TABLE:
        return read_table(state, entry, true);
    case WASM_MEMORY:
        return read_memory(state, entry, true);
    case WASM_GLOBAL:
        return read_global_type(state, entry, true);
    case WASM_TAG:
        if (read_tag(state, entry) < 0)
            return -1;
        import->type = state->scan->tag_types[state->scan->tag_count - 1];
        return 0;
    default:
        return scan_error_entry(state, entry);
    }
}

static int read_import(struct scan_state *state, uint32_t entry) {
    struct reader *reader = &state->reader;
    struct wasm_import *import = &state->scan->imports[entry];
    if (!scan_read_name(reader, &import->module) || !scan_read_name(reader, &import->name) ||
        !reader_u8(reader, &import->kind))
        return scan_error_entry(state, entry);
    size_t start = reader->at;
    int status = read_imported(state, entry);
    import->what = bytes_since(reader, start);
    return status;
}

int scan_imports(struct scan_state *state) {
    uint32_t count;
    if (scan_read_count(state, &count) < 0)
        return -1;
    state->scan->imports = mem_calloc(count, sizeof *state->scan->imports);
    for (; state->scan->import_count < count; state->scan->import_count++)
        if (read_import(state, (uint32_t)state->scan->import_count) < 0)
            return -1;
    return 0;
}

int scan_functions(struct scan_state *state) {
    struct wasm_scan *scan = state->scan;
    uint32_t count;
    if (scan_read_count(state, &count) < 0)
        return -1;
    scan->functions = mem_calloc(count, sizeof *scan->functions);
    scan->function_count = count;
    for (uint32_t i = 0; i < count; i++)
        if (!reader_uleb32(&state->reader, &scan->functions[i].type) ||
            scan->functions[i].type >= scan->type_count)
            return scan_error_entry(state, i);
    return 0;
}

/* A table with an initializer is 0x40 0x00 in front of its type. */
static bool skip_table_prefix(struct reader *reader, bool *has_initializer) {
    uint8_t zero;
    *has_initializer = reader_left(reader) > 0 && reader->data[reader->at] == 0x40;
    return !*has_initializer || (reader_skip(reader, 1) && reader_u8(reader, &zero) && zero == 0);
}

int scan_tables(struct scan_state *state) {
    uint32_t count;
    if (scan_read_count(state, &count) < 0)
        return -1;
    for (uint32_t i = 0; i < count; i++) {
        bool has_initializer;
        size_t entry = state->reader.at;
        if (!skip_table_prefix(&state->reader, &has_initializer))
            return scan_error_entry(state, i);
        if (read_table(state, i, false) < 0)
            return -1;
        size_t start = state->reader.at;
        if (has_initializer && !wasm_code_skip_expression(&state->reader, NULL, NULL))
            return scan_error_entry(state, i);
        struct wasm_table *table = &state->scan->tables[state->scan->table_count - 1];
        table->entry = bytes_since(&state->reader, entry);
        table->initializer = bytes_since(&state->reader, start);
    }
    return 0;
}

int scan_memories(struct scan_state *state) {
    uint32_t count;
    if (scan_read_count(state, &count) < 0)
        return -1;
    for (uint32_t i = 0; i < count; i++)
        if (read_memory(state, i, false) < 0)
            return -1;
    return 0;
}

int scan_tags(struct scan_state *state) {
    uint32_t count;
    if (scan_read_count(state, &count) < 0)
        return -1;
    for (uint32_t i = 0; i < count; i++)
        if (read_tag(state, i) < 0)
            return -1;
    return 0;
}

int scan_globals(struct scan_state *state) {
    uint32_t count;
    if (scan_read_count(state, &count) < 0)
        return -1;
    for (uint32_t i = 0; i < count; i++) {
        if (read_global_type(state, i, false) < 0)
            return -1;
        size_t start = state->reader.at;
        if (!wasm_code_skip_expression(&state->reader, NULL, NULL))
            return scan_error_entry(state, i);
        state->scan->globals[state->scan->global_count - 1].initializer =
            bytes_since(&state->reader, start);
    }
    return 0;
}

static uint64_t count_of_kind(const struct scan_state *state, uint8_t kind) {
    switch (kind) {
    case WASM_FUNCTION:
        return (uint64_t)state->scan->imported_functions + state->scan->function_count;
    case WASM_TABLE:
        return state->scan->table_count;
    case WASM_MEMORY:
        return state->scan->memory_count;
    case WASM_GLOBAL:
        return state->scan->global_count;
    case WASM_TAG:
        return state->scan->tag_count;
    default:
        return 0;
    }
}

int scan_exports(struct scan_state *state) {
    struct wasm_scan *scan = state->scan;
    uint32_t count;
    if (scan_read_count(state, &count) < 0)
        return -1;
    scan->exports = mem_calloc(count, sizeof *scan->exports);
    for (; scan->export_count < count; scan->export_count++) {
        struct wasm_export *item = &scan->exports[scan->export_count];
        if (!scan_read_name(&state->reader, &item->name) ||
            !reader_u8(&state->reader, &item->kind) ||
            !reader_uleb32(&state->reader, &item->index) ||
            item->index >= count_of_kind(state, item->kind))
            return scan_error_entry(state, (uint32_t)scan->export_count);
    }
    return 0;
}

int scan_start(struct scan_state *state) {
    struct wasm_scan *scan = state->scan;
    if (!reader_uleb32(&state->reader, &scan->start) ||
        scan->start >= count_of_kind(state, WASM_FUNCTION))
        return diag_error(state->diag, scan_place(state->reader.at),
                          "the start section names no function of this module");
    scan->has_start = true;
    return 0;
}

int scan_elements(struct scan_state *state) {
    uint32_t count;
    if (scan_read_count(state, &count) < 0)
        return -1;
    for (uint32_t i = 0; i < count; i++)
        if (!wasm_elements_skip(&state->reader, NULL, NULL))
            return scan_error_entry(state, i);
    return 0;
}

int scan_data_count(struct scan_state *state) {
    state->has_data_count = true;
    if (!reader_uleb32(&state->reader, &state->data_count))
        return scan_error_entry(state, 0);
    return 0;
}

static bool skip_data_segment(struct reader *reader) {
    uint32_t mode, memory, size; /* mode 0: memory 0, 1: passive, 2: memory named */
    if (!reader_uleb32(reader, &mode) || mode > 2)
        return false;
    if (mode == 2 && !reader_uleb32(reader, &memory))
        return false;
    if (mode != 1 && !wasm_code_skip_expression(reader, NULL, NULL))
        return false;
    return reader_uleb32(reader, &size) && reader_skip(reader, size);
}

int scan_data(struct scan_state *state) {
    if (scan_read_count(state, &state->segment_count) < 0)
        return -1;
    for (uint32_t i = 0; i < state->segment_count; i++)
        if (!skip_data_segment(&state->reader))
            return scan_error_entry(state, i);
    return 0;
}
