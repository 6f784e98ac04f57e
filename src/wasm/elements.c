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

static bool skip_items(struct reader *reader, uint32_t flags, wasm_visit_function *visit,
                       void *context) {
    uint32_t count, function;
    if (!reader_uleb32(reader, &count) || count > reader_left(reader))
        return false;
    for (; count > 0; count--) {
        if ((flags & SEGMENT_EXPRESSIONS) != 0) {
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

bool wasm_elements_skip(struct reader *reader, wasm_visit_function *visit, void *context) {
    uint32_t flags, table;
    uint8_t kind;
    if (!reader_uleb32(reader, &flags) || flags > 7)
        return false;
    bool active = (flags & SEGMENT_NOT_ACTIVE) == 0;
    if (active && (flags & SEGMENT_EXPLICIT) != 0 && !reader_uleb32(reader, &table))
        return false;
    if (active && !wasm_code_skip_expression(reader, visit, context))
        return false;
    bool has_kind = (flags & (SEGMENT_NOT_ACTIVE | SEGMENT_EXPLICIT)) != 0;
    if (has_kind && (flags & SEGMENT_EXPRESSIONS) != 0 && !wasm_code_skip_value_type(reader))
        return false;
    if (has_kind && (flags & SEGMENT_EXPRESSIONS) == 0 && (!reader_u8(reader, &kind) || kind != 0))
        return false;
    return skip_items(reader, flags, visit, context);
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
