/*
 * references_survey.c: which tables are written and read, which functions the code names, which
 * types it calls, and whether it handles references at all.
 */
#include <stdlib.h>

#include "wasm/references_parts.h"
#include "wasm/scan_parse.h"

/* --- types --- */

enum value_kind references_read_type(struct reader *reader) {
    size_t start = reader->at;
    if (!wasm_code_skip_value_type(reader))
        return VALUE_MALFORMED;
    const uint8_t *bytes = reader->data + start;
    size_t size = reader->at - start;
    bool is_long = bytes[0] == 0x63; /* (ref null func), (ref null extern) */
    uint8_t heap = bytes[size - 1];
    if ((heap == 0x70 || heap == 0x6f) && size == (is_long ? 2 : 1))
        return VALUE_REFERENCE;
    return is_long || bytes[0] == 0x64 ? VALUE_TYPED : VALUE_NUMBER;
}

bool references_in_list(struct reader *reader) {
    uint32_t count;
    bool found = false;
    if (!reader_uleb32(reader, &count))
        return false;
    for (; count > 0 && reader_left(reader) > 0; count--)
        found |= references_read_type(reader) == VALUE_REFERENCE;
    return found;
}

bool references_in_type(const struct wasm_scan *scan, uint32_t type) {
    struct reader reader = reader_over(scan->types[type].data, scan->types[type].size);
    bool parameters = references_in_list(&reader);
    return references_in_list(&reader) || parameters;
}

bool references_is_global(const struct wasm_scan *scan, uint32_t global) {
    struct wasm_bytes type = scan->globals[global].type;
    struct reader reader = reader_over(type.data, type.size);
    return references_read_type(&reader) == VALUE_REFERENCE;
}

uint32_t references_type_of(const struct wasm_scan *scan, uint32_t function) {
    if (function >= scan->imported_functions)
        return scan->functions[function - scan->imported_functions].type;
    const struct wasm_import *import = scan->imports;
    for (;; import++)
        if (import->kind == WASM_FUNCTION && function-- == 0)
            return import->type;
}

/* --- functions --- */

uint32_t references_number(struct lowering *lowering, uint32_t function) {
    struct wasm_numbers *named = &lowering->named;
    if (lowering->numbers[function] == 0) {
        if ((named->count & (named->count - 1)) == 0)
            named->items =
                mem_grow(named->items, named->count ? named->count * 2 : 1, sizeof *named->items);
        named->items[named->count++] = function;
        lowering->numbers[function] = (uint32_t)named->count;
    }
    return lowering->numbers[function];
}

/* --- code --- */

struct walk {
    struct lowering *lowering;
    size_t start; /* of the body in the module */
    struct wasm_code code;
    struct wasm_instruction at;
    bool missing; /* it names something that does not exist */
    struct table_use no_table;
};

static void note_typed(struct walk *walk, size_t offset) {
    if (!walk->lowering->has_typed)
        walk->lowering->typed_offset = walk->start + offset;
    walk->lowering->has_typed = true;
}

static void note_type(struct walk *walk, struct reader reader) {
    size_t offset = reader.at;
    enum value_kind kind = references_read_type(&reader);
    if (kind == VALUE_REFERENCE)
        walk->lowering->used = true;
    if (kind == VALUE_TYPED)
        note_typed(walk, offset);
}

/* Reads the immediates of the current instruction again. */
static struct reader immediates(const struct walk *walk) {
    struct reader reader = walk->code.reader;
    reader.end = reader.at;
    reader.at = walk->at.offset + 1;
    return reader;
}

static void note_types(struct walk *walk) {
    struct reader reader = immediates(walk);
    uint32_t count = 1;
    if (walk->at.opcode == WASM_OP_SELECT_TYPED && !reader_uleb32(&reader, &count))
        return;
    for (; count > 0; count--) {
        note_type(walk, reader);
        wasm_code_skip_value_type(&reader);
    }
}

static struct table_use *table_at(struct walk *walk, uint32_t index) {
    if (index < walk->lowering->scan->table_count)
        return &walk->lowering->tables[index];
    walk->missing = true;
    return &walk->no_table;
}

static void note_segment(struct walk *walk, uint32_t segment) {
    struct lowering *lowering = walk->lowering;
    if (segment >= lowering->result->segment_count)
        walk->missing = true;
    else if (lowering->length_global[segment] == NO_INDEX)
        lowering->length_global[segment] = lowering->scan->global_count + lowering->length_count++;
}

static void note_indirect_call(struct walk *walk) {
    table_at(walk, walk->at.second);
    if (walk->at.index < walk->lowering->scan->type_count)
        walk->lowering->called[walk->at.index] = true;
    else
        walk->missing = true;
}

static void note_function(struct walk *walk, uint32_t function) {
    const struct wasm_scan *scan = walk->lowering->scan;
    if (function < scan->imported_functions + scan->function_count)
        references_number(walk->lowering, function);
    else
        walk->missing = true;
}

/* True if the instruction makes, moves or looks at references. */
static bool note_reference(struct walk *walk) {
    uint32_t index = walk->at.index, second = walk->at.second;
    switch (walk->at.opcode) {
    case WASM_OP_TABLE_GET:
        table_at(walk, index)->read = true;
        return true;
    case WASM_OP_TABLE_COPY:
        table_at(walk, second)->read = true;
        table_at(walk, index)->written = true;
        return true;
    case WASM_OP_TABLE_INIT:
        note_segment(walk, index);
        table_at(walk, second)->written = true;
        return true;
    case WASM_OP_TABLE_SET:
    case WASM_OP_TABLE_GROW:
    case WASM_OP_TABLE_FILL:
        table_at(walk, index)->written = true;
        return true;
    case WASM_OP_ELEM_DROP:
        note_segment(walk, index);
        return true;
    case WASM_OP_REF_FUNC:
        note_function(walk, index);
        return true;
    case WASM_OP_REF_NULL:
    case WASM_OP_REF_IS_NULL:
        return true;
    default:
        return false;
    }
}

static void note_instruction(struct walk *walk) {
    uint32_t opcode = walk->at.opcode;
    switch (opcode) {
    case WASM_OP_BLOCK:
    case WASM_OP_LOOP:
    case WASM_OP_IF:
    case WASM_OP_TRY:
    case WASM_OP_TRY_TABLE:
    case WASM_OP_SELECT_TYPED:
        note_types(walk);
        break;
    case WASM_OP_CALL_INDIRECT:
    case WASM_OP_RETURN_CALL_INDIRECT:
        note_indirect_call(walk);
        break;
    case WASM_OP_TABLE_SIZE:
        table_at(walk, walk->at.index);
        break;
    case WASM_OP_CALL_REF:
    case WASM_OP_RETURN_CALL_REF:
        note_typed(walk, walk->at.offset);
        break;
    default:
        if (opcode >= WASM_OP_REF_EQ && opcode <= WASM_OP_BR_ON_NON_NULL)
            note_typed(walk, walk->at.offset);
        else if (note_reference(walk))
            walk->lowering->used = true;
    }
}

static void note_locals(struct walk *walk, struct wasm_bytes body) {
    struct reader reader = reader_over(body.data, body.size);
    uint32_t groups, count;
    if (!reader_uleb32(&reader, &groups))
        return;
    while (groups-- > 0 && reader_uleb32(&reader, &count)) {
        note_type(walk, reader);
        wasm_code_skip_value_type(&reader);
    }
}

static int refuse(const struct walk *walk, uint32_t function, const char *what) {
    char *name = wasm_scan_function_name(walk->lowering->scan, function);
    struct diag_place place = scan_place(walk->start + walk->at.offset);
    place.function = name;
    diag_error(walk->lowering->diag, place, "%s", what);
    free(name);
    return -1;
}

static int survey_body(struct lowering *lowering, uint32_t position) {
    const struct wasm_scan *scan = lowering->scan;
    struct wasm_bytes body = scan->functions[position].body;
    uint32_t function = scan->imported_functions + position;
    struct walk walk = {.lowering = lowering, .start = (size_t)(body.data - scan->module.data)};
    int status;
    if (!wasm_code_init_body(&walk.code, body))
        return refuse(&walk, function, "the locals are malformed");
    note_locals(&walk, body);
    while ((status = wasm_code_next(&walk.code, &walk.at)) > 0) {
        note_instruction(&walk);
        if (walk.missing)
            return refuse(&walk, function,
                          "an instruction names a table, segment, type or function that does not "
                          "exist");
    }
    if (status < 0) /* It might change a table. */
        return refuse(&walk, function, "an instruction is malformed or not known");
    lowering->used |= references_in_type(scan, scan->functions[position].type);
    return 0;
}

int references_survey(struct lowering *lowering) {
    const struct wasm_scan *scan = lowering->scan;
    for (uint32_t i = 0; i < scan->function_count; i++)
        if (survey_body(lowering, i) < 0)
            return -1;
    for (uint32_t i = 0; i < scan->global_count; i++)
        lowering->used |= scan->globals[i].is_mutable && references_is_global(scan, i);
    return 0;
}
