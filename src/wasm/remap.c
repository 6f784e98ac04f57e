/*
 * remap.c: copies a body and writes those indices anew that have changed.
 *
 *     offset   [opcode][index][second index]...
 *              copied as it is until here ^ if the first one changes; the rest follows later
 */
#include "wasm/remap.h"

#include <stdlib.h>

#include "wasm/code.h"
#include "wasm/write.h"

enum space {
    SPACE_NONE, /* keeps its index */
    SPACE_TYPE,
    SPACE_BLOCK_TYPE, /* as a signed number */
    SPACE_FUNCTION,
    SPACE_GLOBAL,
    SPACE_TABLE,
    SPACE_ELEMENT,
};

/* What the two immediates of an instruction name. */
struct spaces {
    enum space first, second;
};

static struct spaces spaces_of(uint32_t opcode) {
    switch (opcode) {
    case WASM_OP_BLOCK:
    case WASM_OP_LOOP:
    case WASM_OP_IF:
    case WASM_OP_TRY:
    case WASM_OP_TRY_TABLE:
        return (struct spaces){SPACE_BLOCK_TYPE, SPACE_NONE};
    case WASM_OP_CALL:
    case WASM_OP_RETURN_CALL:
    case WASM_OP_REF_FUNC:
        return (struct spaces){SPACE_FUNCTION, SPACE_NONE};
    case WASM_OP_CALL_INDIRECT:
    case WASM_OP_RETURN_CALL_INDIRECT:
        return (struct spaces){SPACE_TYPE, SPACE_TABLE};
    case WASM_OP_CALL_REF:
    case WASM_OP_RETURN_CALL_REF:
        return (struct spaces){SPACE_TYPE, SPACE_NONE};
    case WASM_OP_GLOBAL_GET:
    case WASM_OP_GLOBAL_SET:
        return (struct spaces){SPACE_GLOBAL, SPACE_NONE};
    case WASM_OP_TABLE_GET:
    case WASM_OP_TABLE_SET:
    case WASM_OP_TABLE_GROW:
    case WASM_OP_TABLE_SIZE:
    case WASM_OP_TABLE_FILL:
        return (struct spaces){SPACE_TABLE, SPACE_NONE};
    case WASM_OP_TABLE_INIT:
        return (struct spaces){SPACE_ELEMENT, SPACE_TABLE};
    case WASM_OP_ELEM_DROP:
        return (struct spaces){SPACE_ELEMENT, SPACE_NONE};
    case WASM_OP_TABLE_COPY:
        return (struct spaces){SPACE_TABLE, SPACE_TABLE};
    default:
        return (struct spaces){SPACE_NONE, SPACE_NONE};
    }
}

static uint32_t look_up(const struct wasm_indices *indices, uint32_t index) {
    if (!indices->to)
        return index;
    return index < indices->count ? indices->to[index] : WASM_GONE;
}

uint32_t wasm_remap_type(struct wasm_remap *remap, uint32_t type) {
    if (!remap->types)
        return type;
    if (type >= remap->from->type_count)
        return WASM_GONE;
    uint32_t *known = &remap->known_types[type];
    if (*known == WASM_GONE)
        *known = wasm_types_index(remap->types, remap->from->types[type]);
    return *known;
}

static uint32_t new_index(struct wasm_remap *remap, enum space space, uint32_t index) {
    switch (space) {
    case SPACE_NONE:
        return index;
    case SPACE_TYPE:
    case SPACE_BLOCK_TYPE:
        return wasm_remap_type(remap, index);
    case SPACE_FUNCTION:
        return look_up(&remap->functions, index);
    case SPACE_GLOBAL:
        return look_up(&remap->globals, index);
    case SPACE_TABLE:
        return look_up(&remap->tables, index);
    case SPACE_ELEMENT:
        return look_up(&remap->elements, index);
    }
    return WASM_GONE;
}

/* A body on its way. */
struct copying {
    struct wasm_remap *remap;
    struct wasm_bytes body;
    size_t copied; /* up to here everything is in `out` */
    struct buf *out;
};

/* Writes the index that stands at `at` anew, if it changes; `at` moves behind it. */
static bool copy_index(struct copying *copying, enum space space, uint32_t index, size_t *at) {
    struct reader reader = {copying->body.data, *at, copying->body.size};
    size_t start = *at;
    *at += reader_varint_size(&reader);
    uint32_t moved = new_index(copying->remap, space, index);
    if (moved == WASM_GONE)
        return space == SPACE_NONE;
    if (moved == index)
        return true;
    buf_append(copying->out, copying->body.data + copying->copied, start - copying->copied);
    if (space == SPACE_BLOCK_TYPE)
        wasm_append_sleb(copying->out, moved);
    else
        buf_append_uleb(copying->out, moved);
    copying->copied = *at;
    return true;
}

/* Is the value type at the reader a reference to a type of the module? Moves behind it. */
static bool is_typed(struct reader *reader) {
    uint8_t first = reader->at < reader->end ? reader->data[reader->at] : 0;
    struct reader heap_type = {reader->data, reader->at + 1, reader->end};
    int64_t index = -1;
    if (!wasm_code_skip_value_type(reader))
        return true; /* or unknown, which is no better */
    return (first == 0x63 || first == 0x64) && reader_sleb33(&heap_type, &index) && index >= 0;
}

/* Behind the opcode. */
static size_t immediates_of(const struct wasm_instruction *instruction, struct wasm_bytes body) {
    struct reader reader = {body.data, instruction->offset + 1, body.size};
    bool prefixed = instruction->opcode > 0xff;
    return reader.at + (prefixed ? reader_varint_size(&reader) : 0);
}

bool wasm_has_typed_value(const struct wasm_instruction *instruction, struct wasm_bytes body) {
    struct reader reader = {body.data, immediates_of(instruction, body), body.size};
    size_t at = reader.at;
    uint32_t count = 0;
    int64_t index = -1;
    if (instruction->opcode == WASM_OP_REF_NULL)
        return !reader_sleb33(&reader, &index) || index >= 0;
    if (instruction->opcode == WASM_OP_SELECT_TYPED)
        return !reader_uleb32(&reader, &count) || count != 1 || is_typed(&reader);
    return spaces_of(instruction->opcode).first == SPACE_BLOCK_TYPE &&
           instruction->index_size == 0 && reader.data[at] != 0x40 && is_typed(&reader);
}

bool wasm_has_typed_local(struct wasm_bytes body) {
    struct reader reader = reader_over(body.data, body.size);
    uint32_t groups = 0, count;
    bool typed = !reader_uleb32(&reader, &groups);
    while (!typed && groups-- > 0)
        typed = !reader_uleb32(&reader, &count) || is_typed(&reader);
    return typed;
}

static bool copy_instruction(struct copying *copying, const struct wasm_instruction *instruction) {
    struct spaces spaces = spaces_of(instruction->opcode);
    size_t at = immediates_of(instruction, copying->body);
    if (copying->remap->types && wasm_has_typed_value(instruction, copying->body))
        return false;
    if (spaces.first == SPACE_NONE || instruction->index_size == 0)
        return true;
    return copy_index(copying, spaces.first, instruction->index, &at) &&
           (spaces.second == SPACE_NONE ||
            copy_index(copying, spaces.second, instruction->second, &at));
}

bool wasm_remap_body(struct wasm_remap *remap, struct wasm_bytes body, struct buf *out) {
    struct copying copying = {.remap = remap, .body = body, .out = out};
    struct wasm_code code;
    struct wasm_instruction instruction;
    int status;
    if (!wasm_code_init_body(&code, body) || (remap->types && wasm_has_typed_local(body)))
        return false;
    while ((status = wasm_code_next(&code, &instruction)) > 0)
        if (!copy_instruction(&copying, &instruction))
            return false;
    buf_append(out, body.data + copying.copied, body.size - copying.copied);
    return status == 0;
}

void wasm_remap_init(struct wasm_remap *remap, const struct wasm_scan *from,
                     struct wasm_types *types) {
    *remap = (struct wasm_remap){.from = from, .types = types};
    remap->known_types = mem_calloc(from->type_count, sizeof *remap->known_types);
    for (uint32_t i = 0; i < from->type_count; i++)
        remap->known_types[i] = WASM_GONE;
}

void wasm_remap_release(struct wasm_remap *remap) {
    free(remap->known_types);
    *remap = (struct wasm_remap){0};
}
