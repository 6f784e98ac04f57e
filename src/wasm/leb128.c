/*
 * leb128.c: bytes in, numbers out, within a limit.
 *
 * One loop per signedness serves all widths: the width says how many bytes may come and which bits
 * of the last one must only repeat the sign.
 */
#include "wasm/leb128.h"

struct reader reader_over(const uint8_t *data, size_t size) {
    return (struct reader){.data = data, .at = 0, .end = size};
}

size_t reader_left(const struct reader *reader) {
    return reader->end - reader->at;
}

bool reader_skip(struct reader *reader, size_t size) {
    if (size > reader_left(reader)) {
        reader->at = reader->end;
        return false;
    }
    reader->at += size;
    return true;
}

bool reader_u8(struct reader *reader, uint8_t *value) {
    if (reader->at == reader->end)
        return false;
    *value = reader->data[reader->at++];
    return true;
}

bool reader_u32le(struct reader *reader, uint32_t *value) {
    if (reader_left(reader) < 4)
        return false;
    const uint8_t *p = reader->data + reader->at;
    *value = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
    reader->at += 4;
    return true;
}

static bool read_unsigned(struct reader *reader, unsigned width, uint64_t *value) {
    uint64_t result = 0;
    size_t at = reader->at;
    for (unsigned shift = 0; shift < width && at < reader->end; shift += 7) {
        uint8_t byte = reader->data[at];
        uint64_t bits = byte & 0x7f;
        unsigned room = width - shift;
        if (room < 7 && bits >> room != 0)
            return false;
        result |= bits << shift;
        at++;
        if ((byte & 0x80) == 0) {
            reader->at = at;
            *value = result;
            return true;
        }
    }
    return false;
}

/* The bits of the last byte above the width must equal the sign bit. */
static bool is_sign_extension(uint8_t bits, unsigned room) {
    uint8_t above = (uint8_t)(0x7f & ~((1u << (room - 1)) - 1u));
    return (bits & above) == 0 || (bits & above) == above;
}

static bool read_signed(struct reader *reader, unsigned width, int64_t *value) {
    uint64_t result = 0;
    size_t at = reader->at;
    for (unsigned shift = 0; shift < width && at < reader->end; shift += 7) {
        uint8_t byte = reader->data[at];
        uint8_t bits = byte & 0x7f;
        unsigned room = width - shift;
        if (room < 7 && !is_sign_extension(bits, room))
            return false;
        result |= (uint64_t)bits << shift;
        at++;
        if ((byte & 0x80) == 0) {
            if (shift + 7 < 64 && (bits & 0x40) != 0)
                result |= ~(uint64_t)0 << (shift + 7);
            reader->at = at;
            *value = (int64_t)result;
            return true;
        }
    }
    return false;
}

bool reader_uleb32(struct reader *reader, uint32_t *value) {
    uint64_t wide;
    if (!read_unsigned(reader, 32, &wide))
        return false;
    *value = (uint32_t)wide;
    return true;
}

bool reader_uleb64(struct reader *reader, uint64_t *value) {
    return read_unsigned(reader, 64, value);
}

bool reader_sleb32(struct reader *reader, int32_t *value) {
    int64_t wide;
    if (!read_signed(reader, 32, &wide))
        return false;
    *value = (int32_t)wide;
    return true;
}

bool reader_sleb33(struct reader *reader, int64_t *value) {
    return read_signed(reader, 33, value);
}

bool reader_sleb64(struct reader *reader, int64_t *value) {
    return read_signed(reader, 64, value);
}

size_t reader_varint_size(const struct reader *reader) {
    for (size_t i = 0; i < 10 && reader->at + i < reader->end; i++)
        if ((reader->data[reader->at + i] & 0x80) == 0)
            return i + 1;
    return 0;
}
