/*
 * references.c: a module whose code handles references in, the same with numbers out.
 *
 *     survey -> arrays -> contents -> refusals -> sections, in their order
 */
#include "wasm/references.h"

#include <stdlib.h>

#include "wasm/elements.h"
#include "wasm/references_parts.h"
#include "wasm/scan_parse.h"
#include "wasm/write.h"

#define FORM_FUNCTION 0x60
#define TYPE_I32 0x7f
#define TYPE_FUNCREF 0x70
#define HAS_MAXIMUM 1
#define PASSIVE_SEGMENT 1
#define SEGMENT_WITH_TABLE 2
#define OF_FUNCTIONS 0
#define IMMUTABLE 0
#define MUTABLE 1

#define MAX_ENTRIES 10000000u /* what engines allow a table */

/* Parameters and results of the helpers, all i32. */
static const struct {
    uint8_t parameters, results;
} helpers[WASM_HELPER_COUNT] = {
    [WASM_HELPER_SET] = {3, 0},  [WASM_HELPER_SIZE] = {1, 1}, [WASM_HELPER_GROW] = {3, 1},
    [WASM_HELPER_FILL] = {4, 0}, [WASM_HELPER_COPY] = {5, 0}, [WASM_HELPER_INIT] = {6, 0},
    [WASM_HELPER_AT] = {2, 1},
};

struct wasm_bytes references_section(const struct wasm_scan *scan, uint8_t id) {
    for (size_t i = 0; i < scan->section_count; i++)
        if (scan->sections[i].id == id)
            return scan->sections[i].payload;
    return (struct wasm_bytes){0};
}

/* --- sections --- */

static void append_types(struct buf *out, struct lowering *lowering) {
    const struct wasm_scan *scan = lowering->scan;
    buf_append_uleb(out, (uint64_t)scan->type_count + WASM_HELPER_COUNT);
    for (uint32_t i = 0; i < scan->type_count; i++) {
        struct reader reader = reader_over(scan->types[i].data, scan->types[i].size);
        buf_append_u8(out, FORM_FUNCTION);
        references_append_types(out, &reader);
        references_append_types(out, &reader);
    }
    for (size_t i = 0; i < WASM_HELPER_COUNT; i++) {
        buf_append_u8(out, FORM_FUNCTION);
        buf_append_u8(out, helpers[i].parameters);
        for (int j = 0; j < helpers[i].parameters; j++)
            buf_append_u8(out, TYPE_I32);
        buf_append_u8(out, helpers[i].results);
        for (int j = 0; j < helpers[i].results; j++)
            buf_append_u8(out, TYPE_I32);
    }
}

static void append_functions(struct buf *out, struct lowering *lowering) {
    const struct wasm_scan *scan = lowering->scan;
    buf_append_uleb(out, (uint64_t)scan->function_count + WASM_HELPER_COUNT);
    for (size_t i = 0; i < scan->function_count; i++)
        buf_append_uleb(out, scan->functions[i].type);
    for (uint32_t i = 0; i < WASM_HELPER_COUNT; i++)
        buf_append_uleb(out, scan->type_count + i);
}

/* A table that changes is empty now; nothing names it any more but the names. */
static void append_tables(struct buf *out, struct lowering *lowering) {
    const struct wasm_scan *scan = lowering->scan;
    uint32_t entries = (uint32_t)lowering->named.count + 1;
    uint32_t table = 0;
    while (table < scan->table_count && scan->tables[table].imported)
        table++;
    buf_append_uleb(out, scan->table_count - table + lowering->directory);
    for (; table < scan->table_count; table++) {
        struct wasm_bytes entry = scan->tables[table].entry;
        if (!lowering->tables[table].written)
            buf_append(out, entry.data, entry.size);
        else
            buf_append(out, (uint8_t[]){TYPE_FUNCREF, 0, 0}, 3);
    }
    if (!lowering->directory)
        return;
    buf_append(out, (uint8_t[]){TYPE_FUNCREF, HAS_MAXIMUM}, 2);
    buf_append_uleb(out, entries);
    buf_append_uleb(out, entries);
}

static void append_globals(struct buf *out, struct lowering *lowering) {
    const struct wasm_scan *scan = lowering->scan;
    uint32_t global = 0;
    while (global < scan->global_count && scan->globals[global].imported)
        global++;
    buf_append_uleb(out, scan->global_count - global + lowering->length_count);
    for (; global < scan->global_count; global++) {
        const struct wasm_global *item = &scan->globals[global];
        struct reader reader = reader_over(item->type.data, item->type.size);
        references_append_type(out, &reader);
        buf_append_u8(out, item->is_mutable ? MUTABLE : IMMUTABLE);
        if (references_is_global(scan, global)) {
            wasm_append_i32_const(out, (int32_t)lowering->global_numbers[global]);
            buf_append_u8(out, WASM_OP_END);
        } else {
            buf_append(out, item->initializer.data, item->initializer.size);
        }
    }
    for (uint32_t i = 0; i < lowering->length_count; i++) {
        buf_append(out, (uint8_t[]){TYPE_I32, MUTABLE}, 2);
        wasm_append_i32_const(out, (int32_t)lowering->lengths[i]);
        buf_append_u8(out, WASM_OP_END);
    }
}

static void append_directory(struct buf *out, const struct lowering *lowering) {
    buf_append_u8(out, SEGMENT_WITH_TABLE);
    buf_append_uleb(out, lowering->scan->table_count);
    wasm_append_i32_const(out, 1);
    buf_append(out, (uint8_t[]){WASM_OP_END, OF_FUNCTIONS}, 2);
    buf_append_uleb(out, lowering->named.count);
    for (size_t i = 0; i < lowering->named.count; i++)
        buf_append_uleb(out, lowering->named.items[i]);
}

/* Segments that only arrays need are empty now. */
static void append_elements(struct buf *out, struct lowering *lowering) {
    struct wasm_bytes payload = references_section(lowering->scan, SECTION_ELEMENT);
    struct reader reader = reader_over(payload.data, payload.size);
    uint32_t count = 0;
    if (payload.size > 0)
        reader_uleb32(&reader, &count);
    buf_append_uleb(out, (uint64_t)count + lowering->directory);
    for (; count > 0; count--) {
        struct wasm_element_head head;
        size_t start = reader.at;
        if (!wasm_elements_read_head(&reader, &head) ||
            !wasm_elements_skip_items(&reader, head, NULL, NULL))
            return;
        if (head.mode == WASM_ELEMENT_ACTIVE && !lowering->tables[head.table].written)
            wasm_append_since(out, &reader, start);
        else
            buf_append(out, (uint8_t[]){PASSIVE_SEGMENT, OF_FUNCTIONS, 0}, 3);
    }
    if (lowering->directory)
        append_directory(out, lowering);
}

/* A helper's body is replaced later; here it only traps. */
static void append_bodies(struct buf *out, struct lowering *lowering) {
    static const uint8_t trap[] = {3, 0, 0x00, WASM_OP_END};
    const struct wasm_scan *scan = lowering->scan;
    buf_append_uleb(out, (uint64_t)scan->function_count + WASM_HELPER_COUNT);
    for (size_t i = 0; i < scan->function_count; i++)
        references_append_body(out, lowering, &scan->functions[i]);
    for (size_t i = 0; i < WASM_HELPER_COUNT; i++)
        buf_append(out, trap, sizeof trap);
}

typedef void append_fn(struct buf *out, struct lowering *lowering);

static append_fn *append_of(uint8_t id) {
    switch (id) {
    case SECTION_TYPE:
        return append_types;
    case SECTION_FUNCTION:
        return append_functions;
    case SECTION_TABLE:
        return append_tables;
    case SECTION_GLOBAL:
        return append_globals;
    case SECTION_ELEMENT:
        return append_elements;
    case SECTION_CODE:
        return append_bodies;
    default:
        return NULL;
    }
}

static void append_new(struct buf *out, struct lowering *lowering, uint8_t id) {
    struct buf payload = {0};
    append_of(id)(&payload, lowering);
    wasm_append_section(out, id, &payload);
    buf_release(&payload);
}

/* Sections that the module does not have yet, in front of the first one that follows them. */
static void append_missing(struct buf *out, struct lowering *lowering, uint8_t next) {
    const struct wasm_scan *scan = lowering->scan;
    bool behind_elements = next == SECTION_DATA_COUNT || next == SECTION_CODE;
    bool behind_globals = behind_elements || next == SECTION_EXPORT || next == SECTION_START ||
                          next == SECTION_ELEMENT;
    if (behind_globals && !lowering->globals_done && lowering->length_count > 0 &&
        references_section(scan, SECTION_GLOBAL).size == 0)
        append_new(out, lowering, SECTION_GLOBAL);
    lowering->globals_done |= behind_globals;
    if (behind_elements && !lowering->elements_done && lowering->directory &&
        references_section(scan, SECTION_ELEMENT).size == 0)
        append_new(out, lowering, SECTION_ELEMENT);
    lowering->elements_done |= behind_elements;
}

static void append_module(struct buf *out, struct lowering *lowering) {
    const struct wasm_scan *scan = lowering->scan;
    buf_append(out, scan->module.data, 8);
    for (size_t i = 0; i < scan->section_count; i++) {
        const struct wasm_section *section = &scan->sections[i];
        append_missing(out, lowering, section->id);
        if (append_of(section->id))
            append_new(out, lowering, section->id);
        else
            buf_append(out, scan->module.data + section->start, section->end - section->start);
    }
}

/* --- the whole --- */

static void init(struct lowering *lowering) {
    const struct wasm_scan *scan = lowering->scan;
    struct wasm_references *result = lowering->result;
    struct wasm_bytes elements = references_section(scan, SECTION_ELEMENT);
    struct reader reader = reader_over(elements.data, elements.size);
    uint32_t segments = 0;
    if (elements.size > 0)
        reader_uleb32(&reader, &segments);
    result->segment_count = segments;
    result->segments = mem_calloc(segments, sizeof *result->segments);
    result->first_helper = scan->imported_functions + (uint32_t)scan->function_count;
    lowering->tables = mem_calloc(scan->table_count, sizeof *lowering->tables);
    lowering->numbers = mem_calloc(result->first_helper, sizeof *lowering->numbers);
    lowering->global_numbers = mem_calloc(scan->global_count, sizeof *lowering->global_numbers);
    lowering->called = mem_calloc(scan->type_count, sizeof *lowering->called);
    lowering->length_global = mem_calloc(segments, sizeof *lowering->length_global);
    for (uint32_t i = 0; i < segments; i++)
        lowering->length_global[i] = NO_INDEX;
}

static void release(struct lowering *lowering) {
    free(lowering->tables);
    free(lowering->numbers);
    free(lowering->named.items);
    free(lowering->global_numbers);
    free(lowering->called);
    free(lowering->length_global);
    free(lowering->lengths);
}

static void make_arrays(struct lowering *lowering) {
    const struct wasm_scan *scan = lowering->scan;
    struct wasm_references *result = lowering->result;
    result->arrays = mem_calloc(scan->table_count, sizeof *result->arrays);
    for (uint32_t i = 0; i < scan->table_count; i++) {
        const struct wasm_table *table = &scan->tables[i];
        struct table_use *use = &lowering->tables[i];
        use->array = NO_INDEX;
        if (!use->written && !use->read)
            continue;
        use->array = (uint32_t)result->array_count;
        lowering->directory |= use->written;
        result->arrays[result->array_count++] = (struct wasm_array){
            .table = i,
            .changes = use->written,
            .initial = (uint32_t)table->initial,
            .maximum = table->has_maximum && table->maximum < MAX_ENTRIES ? (uint32_t)table->maximum
                                                                          : MAX_ENTRIES,
        };
    }
}

/* What table.init finds at first; active segments are dropped when the program starts. */
static void measure_segments(struct lowering *lowering) {
    lowering->lengths = mem_calloc(lowering->length_count, sizeof *lowering->lengths);
    for (size_t i = 0; i < lowering->result->segment_count; i++)
        if (lowering->length_global[i] != NO_INDEX)
            lowering->lengths[lowering->length_global[i] - lowering->scan->global_count] =
                (uint32_t)lowering->result->segments[i].count;
}

int wasm_references_lower(struct wasm_references *references, const struct wasm_scan *scan,
                          struct buf *out, struct diag *diag) {
    struct lowering lowering = {.scan = scan, .diag = diag, .result = references};
    *references = (struct wasm_references){0};
    init(&lowering);
    int status = references_survey(&lowering);
    if (status == 0 && lowering.used) {
        references->used = true;
        make_arrays(&lowering);
        status = references_read_contents(&lowering);
        if (status == 0)
            status = references_check(&lowering);
        if (status == 0) {
            measure_segments(&lowering);
            append_module(out, &lowering);
        }
    }
    release(&lowering);
    return status;
}

void wasm_references_release(struct wasm_references *references) {
    for (size_t i = 0; i < references->array_count; i++)
        free(references->arrays[i].contents.items);
    for (size_t i = 0; i < references->segment_count; i++)
        free(references->segments[i].items);
    free(references->arrays);
    free(references->segments);
    *references = (struct wasm_references){0};
}
