#include "support/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *mem_alloc(size_t size) {
    void *pointer = malloc(size ? size : 1);
    if (!pointer)
        abort();
    return pointer;
}

void *mem_calloc(size_t count, size_t size) {
    void *pointer = calloc(count ? count : 1, size ? size : 1);
    if (!pointer)
        abort();
    return pointer;
}

void *mem_grow(void *pointer, size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        abort();
    pointer = realloc(pointer, bytes ? bytes : 1);
    if (!pointer)
        abort();
    return pointer;
}

char *mem_strndup(const char *string, size_t size) {
    char *copy = mem_alloc(size + 1);
    memcpy(copy, string, size);
    copy[size] = '\0';
    return copy;
}

char *mem_strdup(const char *string) {
    return mem_strndup(string, strlen(string));
}

char *mem_vprintf(const char *format, va_list args) {
    char *text;
    if (vasprintf(&text, format, args) < 0)
        abort();
    return text;
}

char *mem_printf(const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *text = mem_vprintf(format, args);
    va_end(args);
    return text;
}

void buf_release(struct buf *buf) {
    free(buf->data);
    *buf = (struct buf){0};
}

void buf_reserve(struct buf *buf, size_t extra) {
    size_t need;
    if (__builtin_add_overflow(buf->size, extra, &need))
        abort();
    if (need <= buf->capacity)
        return;
    size_t capacity = buf->capacity < 128 ? 256 : buf->capacity + buf->capacity / 2;
    if (capacity < need)
        capacity = need;
    buf->data = mem_grow(buf->data, capacity, 1);
    buf->capacity = capacity;
}

void buf_append(struct buf *buf, const void *bytes, size_t size) {
    if (size == 0)
        return;
    buf_reserve(buf, size);
    memcpy(buf->data + buf->size, bytes, size);
    buf->size += size;
}

void buf_append_u8(struct buf *buf, uint8_t value) {
    buf_append(buf, &value, 1);
}

void buf_append_u32le(struct buf *buf, uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8)
        buf_append_u8(buf, (uint8_t)(value >> shift));
}

void buf_append_string(struct buf *buf, const char *string) {
    buf_append(buf, string, strlen(string));
}

void buf_append_zeros(struct buf *buf, size_t size) {
    if (size == 0)
        return;
    buf_reserve(buf, size);
    memset(buf->data + buf->size, 0, size);
    buf->size += size;
}

void buf_append_uleb(struct buf *buf, uint64_t value) {
    do {
        uint8_t byte = value & 0x7f;
        value >>= 7;
        buf_append_u8(buf, value ? byte | 0x80 : byte);
    } while (value);
}
