/*
 * references_code.c: bodies in, the same with numbers out.
 *
 * Instructions without a replacement are copied as they are, in runs. A replacement takes the same
 * operands from the stack and leaves the same results, so nothing around it changes.
 */
#include "wasm/references_parts.h"
#include "wasm/write.h"

#define TYPE_I32 0x7f
#define HEAP_FUNC (-0x10)
#define HEAP_EXTERN (-0x11)
#define HEAP_NO_FUNC (-0x0d)
#define HEAP_NO_EXTERN (-0x0e)

void references_append_type(struct buf *out, struct reader *reader) {
    size_t start = reader->at;
    if (references_read_type(reader) == VALUE_REFERENCE)
        buf_append_u8(out, TYPE_I32);
    else
        wasm_append_since(out, reader, start);
}

void references_append_types(struct buf *out, struct reader *reader) {
    uint32_t count;
    if (!reader_uleb32(reader, &count))
        return;
    buf_append_uleb(out, count);
    for (; count > 0 && reader_left(reader) > 0; count--)
        references_append_type(out, reader);
}

/* --- instructions --- */

struct code_writer {
    struct buf *out;
    struct lowering *lowering;
    struct wasm_instruction at;
    struct reader immediates; /* of the instruction */
    uint32_t scratch;         /* i32 local behind the function's own */
    bool uses_scratch;
};

static uint32_t array_of(const struct code_writer *writer, uint32_t table) {
    return writer->lowering->tables[table].array;
}

static void append_number(struct code_writer *writer, uint32_t number) {
    wasm_append_i32_const(writer->out, (int32_t)number);
}

static void append_indexed(struct code_writer *writer, uint8_t opcode, uint32_t index) {
    buf_append_u8(writer->out, opcode);
    buf_append_uleb(writer->out, index);
}

static void append_help(struct code_writer *writer, enum wasm_helper helper) {
    append_indexed(writer, WASM_OP_CALL, writer->lowering->result->first_helper + helper);
}

static bool replace_access(struct code_writer *writer, enum wasm_helper helper) {
    append_number(writer, array_of(writer, writer->at.index));
    append_help(writer, helper);
    return true;
}

/* The number in an entry, or behind the end a trap or what makes the directory trap. */
static void append_look_up(struct code_writer *writer, uint32_t table, bool traps) {
    struct buf *out = writer->out;
    writer->uses_scratch = true;
    append_indexed(writer, WASM_OP_LOCAL_TEE, writer->scratch);
    append_number(writer, array_of(writer, table));
    append_help(writer, WASM_HELPER_SIZE);
    buf_append(out, (uint8_t[]){WASM_OP_I32_LT_U, WASM_OP_IF, TYPE_I32}, 3);
    append_indexed(writer, WASM_OP_LOCAL_GET, writer->scratch);
    append_number(writer, array_of(writer, table));
    append_help(writer, WASM_HELPER_AT);
    buf_append_u8(out, WASM_OP_ELSE);
    if (traps)
        buf_append_u8(out, WASM_OP_UNREACHABLE);
    else
        append_number(writer, UINT32_MAX);
    buf_append_u8(out, WASM_OP_END);
}

static bool replace_get(struct code_writer *writer) {
    append_look_up(writer, writer->at.index, true);
    return true;
}

static bool replace_size(struct code_writer *writer) {
    return array_of(writer, writer->at.index) != NO_INDEX &&
           replace_access(writer, WASM_HELPER_SIZE);
}

static bool replace_copy(struct code_writer *writer) {
    append_number(writer, array_of(writer, writer->at.index));
    append_number(writer, array_of(writer, writer->at.second));
    append_help(writer, WASM_HELPER_COPY);
    return true;
}

static bool replace_init(struct code_writer *writer) {
    uint32_t length = writer->lowering->length_global[writer->at.index];
    append_number(writer, array_of(writer, writer->at.second));
    append_number(writer, writer->at.index);
    append_indexed(writer, WASM_OP_GLOBAL_GET, length);
    append_help(writer, WASM_HELPER_INIT);
    return true;
}

static bool replace_drop(struct code_writer *writer) {
    append_number(writer, 0);
    append_indexed(writer, WASM_OP_GLOBAL_SET, writer->lowering->length_global[writer->at.index]);
    return true;
}

static bool replace_indirect_call(struct code_writer *writer) {
    const struct lowering *lowering = writer->lowering;
    if (!lowering->tables[writer->at.second].written)
        return false;
    append_look_up(writer, writer->at.second, false);
    append_indexed(writer, (uint8_t)writer->at.opcode, writer->at.index);
    buf_append_uleb(writer->out, lowering->scan->table_count); /* the directory */
    return true;
}

/* Null of another kind, for example of an exception, stays what it is. */
static bool replace_null(struct code_writer *writer) {
    struct reader immediates = writer->immediates;
    int64_t heap;
    if (!reader_sleb33(&immediates, &heap) || (heap != HEAP_FUNC && heap != HEAP_EXTERN &&
                                               heap != HEAP_NO_FUNC && heap != HEAP_NO_EXTERN))
        return false;
    append_number(writer, 0);
    return true;
}

/* A block or a select whose type is a reference. */
static bool replace_typed(struct code_writer *writer) {
    struct reader types = writer->immediates, probe = types;
    bool is_select = writer->at.opcode == WASM_OP_SELECT_TYPED;
    if (is_select ? !references_in_list(&probe) : references_read_type(&probe) != VALUE_REFERENCE)
        return false;
    buf_append_u8(writer->out, (uint8_t)writer->at.opcode);
    if (is_select)
        references_append_types(writer->out, &types);
    else
        references_append_type(writer->out, &types);
    wasm_append_rest(writer->out, &types);
    return true;
}

/* Appends what takes the instruction's place; false if it stays. */
static bool replace(struct code_writer *writer) {
    switch (writer->at.opcode) {
    case WASM_OP_BLOCK:
    case WASM_OP_LOOP:
    case WASM_OP_IF:
    case WASM_OP_TRY:
    case WASM_OP_TRY_TABLE:
    case WASM_OP_SELECT_TYPED:
        return replace_typed(writer);
    case WASM_OP_CALL_INDIRECT:
    case WASM_OP_RETURN_CALL_INDIRECT:
        return replace_indirect_call(writer);
    case WASM_OP_TABLE_GET:
        return replace_get(writer);
    case WASM_OP_TABLE_SET:
        return replace_access(writer, WASM_HELPER_SET);
    case WASM_OP_TABLE_GROW:
        return replace_access(writer, WASM_HELPER_GROW);
    case WASM_OP_TABLE_FILL:
        return replace_access(writer, WASM_HELPER_FILL);
    case WASM_OP_TABLE_SIZE:
        return replace_size(writer);
    case WASM_OP_TABLE_COPY:
        return replace_copy(writer);
    case WASM_OP_TABLE_INIT:
        return replace_init(writer);
    case WASM_OP_ELEM_DROP:
        return replace_drop(writer);
    case WASM_OP_REF_NULL:
        return replace_null(writer);
    case WASM_OP_REF_IS_NULL:
        buf_append_u8(writer->out, WASM_OP_I32_EQZ);
        return true;
    case WASM_OP_REF_FUNC:
        append_number(writer, references_number(writer->lowering, writer->at.index));
        return true;
    default:
        return false;
    }
}

/* The survey has read this code before. */
static void append_code(struct code_writer *writer, struct buf *out, struct wasm_code code) {
    struct buf replacement = {0};
    struct reader run = code.reader; /* stands behind what is to be copied */
    size_t copied = run.at;
    writer->out = &replacement;
    while (wasm_code_next(&code, &writer->at) > 0) {
        run.at = writer->at.offset;
        writer->immediates = code.reader;
        writer->immediates.at = writer->at.offset + 1;
        writer->immediates.end = code.reader.at;
        if (!replace(writer))
            continue;
        wasm_append_since(out, &run, copied);
        buf_append(out, replacement.data, replacement.size);
        replacement.size = 0;
        copied = code.reader.at;
    }
    wasm_append_since(out, &code.reader, copied);
    buf_release(&replacement);
}

static uint32_t count_parameters(const struct lowering *lowering, uint32_t type) {
    struct wasm_bytes bytes = lowering->scan->types[type];
    struct reader reader = reader_over(bytes.data, bytes.size);
    uint32_t count = 0;
    reader_uleb32(&reader, &count);
    return count;
}

/* Appends all but the number of groups, which it returns; `locals` is what they add up to. */
static uint32_t append_locals(struct buf *out, struct wasm_bytes body, uint32_t *locals) {
    struct reader reader = reader_over(body.data, body.size);
    uint32_t groups = 0, count;
    reader_uleb32(&reader, &groups);
    for (uint32_t i = 0; i < groups && reader_uleb32(&reader, &count); i++) {
        buf_append_uleb(out, count);
        references_append_type(out, &reader);
        *locals += count;
    }
    return groups;
}

void references_append_body(struct buf *out, struct lowering *lowering,
                            const struct wasm_function *function) {
    struct code_writer writer = {.lowering = lowering};
    struct buf locals = {0}, lowered = {0}, body = {0};
    struct wasm_code code;
    if (!wasm_code_init_body(&code, function->body))
        return;
    writer.scratch = count_parameters(lowering, function->type);
    uint32_t groups = append_locals(&locals, function->body, &writer.scratch);
    append_code(&writer, &lowered, code);
    if (writer.uses_scratch)
        buf_append(&locals, (uint8_t[]){1, TYPE_I32}, 2);
    buf_append_uleb(&body, groups + writer.uses_scratch);
    buf_append(&body, locals.data, locals.size);
    buf_append(&body, lowered.data, lowered.size);
    buf_append_uleb(out, body.size);
    buf_append(out, body.data, body.size);
    buf_release(&locals);
    buf_release(&lowered);
    buf_release(&body);
}
