/*
 * leb128.h: a cursor over bytes that never reads past its end.
 *
 * A read that fails returns false and leaves the cursor at the first byte it could not take, so
 * that a caller can name the offset. Varints are held to the width of their type, as the core
 * specification (5.2.2) asks: no more than 5 bytes for 32 bits, 10 for 64, unused bits as it
 * says.
 */
#ifndef SNAPIFY_WASM_LEB128_H
#define SNAPIFY_WASM_LEB128_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reader {
    const uint8_t *data; /* borrowed */
    size_t at;           /* next byte, counted from data */
    size_t end;          /* first byte that must not be read; at <= end */
};

struct reader reader_over(const uint8_t *data, size_t size);

/* Bytes not read yet. */
size_t reader_left(const struct reader *reader);

bool reader_u8(struct reader *reader, uint8_t *value);
bool reader_u32le(struct reader *reader, uint32_t *value);
bool reader_uleb32(struct reader *reader, uint32_t *value);
bool reader_uleb64(struct reader *reader, uint64_t *value);
bool reader_sleb32(struct reader *reader, int32_t *value);
/* Signed with 33 bits: block types and heap types. */
bool reader_sleb33(struct reader *reader, int64_t *value);
bool reader_sleb64(struct reader *reader, int64_t *value);

/* Moves `size` bytes on. */
bool reader_skip(struct reader *reader, size_t size);

/* Bytes that the varint starting at data[at] takes (1 or more), 0 if it does not end in time. */
size_t reader_varint_size(const struct reader *reader);

#endif
