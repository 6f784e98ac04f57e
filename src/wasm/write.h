/*
 * write.h: small pieces of a module, appended to bytes.
 */
#ifndef SNAPIFY_WASM_WRITE_H
#define SNAPIFY_WASM_WRITE_H

#include "support/buf.h"
#include "wasm/leb128.h"

/* Id, size and payload. */
void wasm_append_section(struct buf *out, uint8_t id, const struct buf *payload);

/* Signed LEB128 (WebAssembly core specification 5.2.2). */
void wasm_append_sleb(struct buf *out, int64_t value);

/* (i32.const value) */
void wasm_append_i32_const(struct buf *out, int32_t value);

/* What `reader` has not read yet. */
void wasm_append_rest(struct buf *out, const struct reader *reader);

/* The bytes from `from` up to where `reader` stands. */
void wasm_append_since(struct buf *out, const struct reader *reader, size_t from);

#endif
