/*
 * references_contents.c: what globals and tables hold when the program starts, as numbers.
 *
 * Active segments fill the arrays of their tables here instead of at run time; passive ones are
 * kept as lists for table.init. A number stands for a function, 0 for null.
 */
#include <stdlib.h>
#include <string.h>

#include "wasm/elements.h"
#include "wasm/references_parts.h"
#include "wasm/scan_parse.h"

static int refuse_constant(const struct lowering *lowering, const uint8_t *at, const char *what) {
    struct diag_place place = scan_place((size_t)(at - lowering->scan->module.data));
    place.hint = "link the program so that addresses are constants (without -pie)";
    return diag_error(lowering->diag, place, "%s is not a constant", what);
}

/* One instruction and `end`: its opcode and immediate. */
static bool read_constant(struct reader *reader, uint32_t *opcode, struct reader *immediate) {
    struct wasm_code code;
    struct wasm_instruction instruction, end;
    wasm_code_init_expression(&code, *reader);
    if (wasm_code_next(&code, &instruction) != 1)
        return false;
    *opcode = instruction.opcode;
    *immediate = code.reader;
    immediate->at = instruction.offset + 1;
    if (wasm_code_next(&code, &end) != 1 || end.opcode != WASM_OP_END)
        return false;
    *reader = code.reader;
    return true;
}

/* A reference: ref.func or ref.null. */
static int read_reference(struct lowering *lowering, struct reader *reader, uint32_t *number) {
    const struct wasm_scan *scan = lowering->scan;
    const uint8_t *start = reader->data + reader->at;
    struct reader immediate;
    uint32_t opcode, function;
    *number = 0;
    if (!read_constant(reader, &opcode, &immediate) ||
        (opcode != WASM_OP_REF_FUNC && opcode != WASM_OP_REF_NULL))
        return refuse_constant(lowering, start, "a reference");
    if (opcode == WASM_OP_REF_NULL)
        return 0;
    if (!reader_uleb32(&immediate, &function) ||
        function >= scan->imported_functions + scan->function_count)
        return refuse_constant(lowering, start, "a reference");
    *number = references_number(lowering, function);
    return 0;
}

/* The items of a segment that is read up to their count. */
static int read_items(struct lowering *lowering, struct wasm_element_head head,
                      struct reader *reader, struct wasm_numbers *items) {
    const struct wasm_scan *scan = lowering->scan;
    items->items = mem_calloc(head.count, sizeof *items->items);
    for (; items->count < head.count; items->count++) {
        uint32_t *item = &items->items[items->count], function;
        const uint8_t *start = reader->data + reader->at;
        if (head.expressions) {
            if (read_reference(lowering, reader, item) < 0)
                return -1;
            continue;
        }
        if (!reader_uleb32(reader, &function) ||
            function >= scan->imported_functions + scan->function_count)
            return refuse_constant(lowering, start, "a reference");
        *item = references_number(lowering, function);
    }
    return 0;
}

static int read_offset(const struct lowering *lowering, struct wasm_bytes expression,
                       uint32_t *offset) {
    struct reader reader = reader_over(expression.data, expression.size), immediate;
    uint32_t opcode;
    int32_t value;
    if (!read_constant(&reader, &opcode, &immediate) || opcode != WASM_OP_I32_CONST ||
        !reader_sleb32(&immediate, &value))
        return refuse_constant(lowering, expression.data, "the place of an element segment");
    *offset = (uint32_t)value;
    return 0;
}

static void reserve(struct wasm_numbers *contents, size_t count) {
    if (count <= contents->count)
        return;
    contents->items = mem_grow(contents->items, count, sizeof *contents->items);
    memset(contents->items + contents->count, 0,
           (count - contents->count) * sizeof *contents->items);
    contents->count = count;
}

/* Puts the items of an active segment into an array, as the engine would into the table. */
static int fill_array(struct lowering *lowering, struct wasm_element_head head,
                      const struct wasm_numbers *items, struct wasm_array *array) {
    uint32_t offset = 0;
    if (read_offset(lowering, head.offset, &offset) < 0)
        return -1;
    if ((uint64_t)offset + items->count > array->initial)
        return diag_error(lowering->diag,
                          scan_place((size_t)(head.offset.data - lowering->scan->module.data)),
                          "an element segment ends behind entry %u, the last of table %u",
                          array->initial, array->table);
    if (items->count > 0) {
        reserve(&array->contents, offset + items->count);
        memcpy(array->contents.items + offset, items->items, items->count * sizeof *items->items);
    }
    return 0;
}

static int read_segment(struct lowering *lowering, uint32_t segment, struct reader *reader) {
    struct wasm_references *result = lowering->result;
    struct wasm_element_head head;
    if (!wasm_elements_read_head(reader, &head))
        return -1;
    bool active = head.mode == WASM_ELEMENT_ACTIVE;
    if (active && head.table >= lowering->scan->table_count)
        return refuse_constant(lowering, head.offset.data, "the table of an element segment");
    uint32_t array = active ? lowering->tables[head.table].array : NO_INDEX;
    bool passive = head.mode == WASM_ELEMENT_PASSIVE;
    struct wasm_numbers items = {0};
    if (!passive && array == NO_INDEX)
        return wasm_elements_skip_items(reader, head, NULL, NULL) ? 0 : -1;
    int status = read_items(lowering, head, reader, &items);
    if (status == 0 && active)
        status = fill_array(lowering, head, &items, &result->arrays[array]);
    if (status == 0 && passive) {
        result->segments[segment] = items;
        return 0;
    }
    free(items.items);
    return status;
}

static int read_initializer(struct lowering *lowering, struct wasm_array *array) {
    struct wasm_bytes initializer = lowering->scan->tables[array->table].initializer;
    struct reader reader = reader_over(initializer.data, initializer.size);
    uint32_t number;
    if (initializer.size == 0)
        return 0;
    if (read_reference(lowering, &reader, &number) < 0)
        return -1;
    reserve(&array->contents, number != 0 ? array->initial : 0);
    for (size_t i = 0; i < array->contents.count; i++)
        array->contents.items[i] = number;
    return 0;
}

static int read_global(struct lowering *lowering, uint32_t global) {
    struct wasm_bytes initializer = lowering->scan->globals[global].initializer;
    struct reader reader = reader_over(initializer.data, initializer.size);
    if (!references_is_global(lowering->scan, global) || initializer.size == 0)
        return 0;
    return read_reference(lowering, &reader, &lowering->global_numbers[global]);
}

int references_read_contents(struct lowering *lowering) {
    struct wasm_bytes payload = references_section(lowering->scan, SECTION_ELEMENT);
    struct reader reader = reader_over(payload.data, payload.size);
    uint32_t count = 0;
    for (uint32_t i = 0; i < lowering->scan->global_count; i++)
        if (read_global(lowering, i) < 0)
            return -1;
    for (size_t i = 0; i < lowering->result->array_count; i++)
        if (read_initializer(lowering, &lowering->result->arrays[i]) < 0)
            return -1;
    if (payload.size > 0)
        reader_uleb32(&reader, &count);
    for (uint32_t i = 0; i < count; i++)
        if (read_segment(lowering, i, &reader) < 0)
            return -1;
    return 0;
}
