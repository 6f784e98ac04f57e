/*
 * wasm_builder.c: the helpers of wasm_builder.h.
 */
#include "wasm_builder.h"

#include <string.h>

void build_header(struct buf *module) {
    buf_append(module, "\0asm\1\0\0\0", 8);
}

void build_section(struct buf *module, uint8_t id, const char *payload, size_t size) {
    buf_append_u8(module, id);
    buf_append_uleb(module, size);
    buf_append(module, payload, size);
}

void build_custom(struct buf *module, const char *name, const char *payload, size_t size) {
    struct buf section = {0};
    buf_append_uleb(&section, strlen(name));
    buf_append_string(&section, name);
    buf_append(&section, payload, size);
    build_section(module, 0, (const char *)section.data, section.size);
    buf_release(&section);
}

void build_export(struct buf *payload, const char *name, uint8_t function) {
    buf_append_uleb(payload, strlen(name));
    buf_append_string(payload, name);
    buf_append_u8(payload, 0);
    buf_append_u8(payload, function);
}
