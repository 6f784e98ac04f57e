#include "wasm/types.h"

#include <stdlib.h>
#include <string.h>

#include "wasm/scan_parse.h"
#include "wasm/write.h"

#define FUNCTION_TYPE 0x60

void wasm_types_init(struct wasm_types *types, const struct wasm_scan *scan) {
    *types = (struct wasm_types){.count = scan->type_count, .given = scan->type_count};
    types->items = mem_calloc(scan->type_count, sizeof *types->items);
    if (scan->type_count > 0)
        memcpy(types->items, scan->types, scan->type_count * sizeof *types->items);
}

void wasm_types_release(struct wasm_types *types) {
    for (uint32_t i = types->given; i < types->count; i++)
        free((uint8_t *)types->items[i].data);
    free(types->items);
    *types = (struct wasm_types){0};
}

uint32_t wasm_types_index(struct wasm_types *types, struct wasm_bytes type) {
    for (uint32_t i = 0; i < types->count; i++)
        if (wasm_bytes_compare(types->items[i], type) == 0)
            return i;
    uint8_t *copy = mem_alloc(type.size);
    memcpy(copy, type.data, type.size);
    types->items = mem_grow(types->items, types->count + 1, sizeof *types->items);
    types->items[types->count] = (struct wasm_bytes){copy, type.size};
    return types->count++;
}

void wasm_types_append(const struct wasm_types *types, struct buf *out) {
    struct buf section = {0};
    if (types->count == 0)
        return;
    buf_append_uleb(&section, types->count);
    for (uint32_t i = 0; i < types->count; i++) {
        buf_append_u8(&section, FUNCTION_TYPE);
        buf_append(&section, types->items[i].data, types->items[i].size);
    }
    wasm_append_section(out, SECTION_TYPE, &section);
    buf_release(&section);
}
