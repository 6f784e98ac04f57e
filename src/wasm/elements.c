/*
 * elements.c: element segments and global initializers in, the functions they name out.
 *
 * The flags of a segment are three bits: not active, explicit table (or declared only, if not
 * active), expressions instead of function indices.
 */
#include "wasm/elements.h"

enum segment_flags {
    SEGMENT_NOT_ACTIVE = 1,
    SEGMENT_EXPLICIT = 2,
    SEGMENT_EXPRESSIONS = 4,
};

bool wasm_elements_skip_items(struct reader *reader, struct wasm_element_head head,
                              wasm_visit_function *visit, void *context) {
    uint32_t function;
    for (; head.count > 0; head.count--) {
        if (head.expressions) {
            if (!wasm_code_skip_expression(reader, visit, context))
                return false;
            continue;
        }
        if (!reader_uleb32(reader, &function))
            return false;
        if (visit)
            visit(context, function);
    }
    return true;
}

static enum wasm_element_mode mode_of(uint32_t flags) {
    if ((flags & SEGMENT_NOT_ACTIVE) == 0)
        return WASM_ELEMENT_ACTIVE;
    return (flags & SEGMENT_EXPLICIT) == 0 ? WASM_ELEMENT_PASSIVE : WASM_ELEMENT_DECLARED;
}

static bool read_place(struct reader *reader, uint32_t flags, struct wasm_element_head *head) {
    if ((flags & SEGMENT_EXPLICIT) != 0 && !reader_uleb32(reader, &head->table))
        return false;
    size_t start = reader->at;
    if (!wasm_code_skip_expression(reader, NULL, NULL))
        return false;
    head->offset = (struct wasm_bytes){reader->data + start, reader->at - start};
    return true;
}

bool wasm_elements_read_head(struct reader *reader, struct wasm_element_head *head) {
    uint32_t flags;
    uint8_t kind;
    if (!reader_uleb32(reader, &flags) || flags > 7)
        return false;
    *head = (struct wasm_element_head){.mode = mode_of(flags),
                                       .expressions = (flags & SEGMENT_EXPRESSIONS) != 0};
    if (head->mode == WASM_ELEMENT_ACTIVE && !read_place(reader, flags, head))
        return false;
    bool has_kind = (flags & (SEGMENT_NOT_ACTIVE | SEGMENT_EXPLICIT)) != 0;
    if (has_kind && head->expressions && !wasm_code_skip_value_type(reader))
        return false;
    if (has_kind && !head->expressions && (!reader_u8(reader, &kind) || kind != 0))
        return false;
    return reader_uleb32(reader, &head->count) && head->count <= reader_left(reader);
}

bool wasm_elements_skip(struct reader *reader, wasm_visit_function *visit, void *context) {
    struct wasm_element_head head;
    return wasm_elements_read_head(reader, &head) &&
           wasm_elements_skip_items(reader, head, visit, context);
}

void wasm_elements_visit(struct wasm_bytes payload, wasm_visit_function *visit, void *context) {
    struct reader reader = reader_over(payload.data, payload.size);
    uint32_t count;
    if (!reader_uleb32(&reader, &count))
        return;
    while (count-- > 0 && wasm_elements_skip(&reader, visit, context))
        ;
}

void wasm_globals_visit(struct wasm_bytes payload, wasm_visit_function *visit, void *context) {
    struct reader reader = reader_over(payload.data, payload.size);
    uint32_t count;
    if (!reader_uleb32(&reader, &count))
        return;
    while (count-- > 0 && wasm_code_skip_value_type(&reader) && reader_skip(&reader, 1) &&
           wasm_code_skip_expression(&reader, visit, context))
        ;
}
