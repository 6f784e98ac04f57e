/*
 * types.h: the function types of a module that is put together from several.
 *
 * The types of the input come first, in their order, so that their indices stay. Any other type
 * that is asked for comes behind them, once.
 */
#ifndef SNAPIFY_WASM_TYPES_H
#define SNAPIFY_WASM_TYPES_H

#include "support/buf.h"
#include "wasm/scan.h"

struct wasm_types {
    struct wasm_bytes *items; /* owned array; as in struct wasm_scan */
    uint32_t count;
    uint32_t given; /* those of the input, whose bytes are borrowed; the others' are owned */
};

/* Begins with the types of `scan`, whose bytes must outlive the table. */
void wasm_types_init(struct wasm_types *types, const struct wasm_scan *scan);
void wasm_types_release(struct wasm_types *types);

/* The index of the first equal type; the type is added (copied) if there is none. */
uint32_t wasm_types_index(struct wasm_types *types, struct wasm_bytes type);

/* Appends the type section; nothing if there are no types. */
void wasm_types_append(const struct wasm_types *types, struct buf *out);

#endif
