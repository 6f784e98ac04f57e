#include "wasm/write.h"

#include "wasm/code.h"

void wasm_append_sleb(struct buf *out, int64_t value) {
    for (;;) {
        uint8_t byte = (uint8_t)(value & 0x7f);
        value >>= 7;
        if ((value == 0 && (byte & 0x40) == 0) || (value == -1 && (byte & 0x40) != 0)) {
            buf_append_u8(out, byte);
            return;
        }
        buf_append_u8(out, byte | 0x80);
    }
}

void wasm_append_section(struct buf *out, uint8_t id, const struct buf *payload) {
    buf_append_u8(out, id);
    buf_append_uleb(out, payload->size);
    buf_append(out, payload->data, payload->size);
}

void wasm_append_i32_const(struct buf *out, int32_t value) {
    buf_append_u8(out, WASM_OP_I32_CONST);
    wasm_append_sleb(out, value);
}

void wasm_append_rest(struct buf *out, const struct reader *reader) {
    if (reader_left(reader) > 0)
        buf_append(out, reader->data + reader->at, reader_left(reader));
}

void wasm_append_since(struct buf *out, const struct reader *reader, size_t from) {
    buf_append(out, reader->data + from, reader->at - from);
}
