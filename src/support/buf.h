/*
 * buf.h: growable bytes.
 *
 * Invariant: `data` holds `size` bytes of `capacity`; a zeroed struct is an empty buffer.
 * Allocation failure ends the process by abort(); the library runs in a child process, whose
 * parent reports it.
 */
#ifndef SNAPIFY_SUPPORT_BUF_H
#define SNAPIFY_SUPPORT_BUF_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
    uint8_t *data;   /* owned; NULL when capacity is 0 */
    size_t size;     /* bytes in use */
    size_t capacity; /* bytes allocated */
};

/* Frees the contents; the buffer is empty and usable again. */
void buf_release(struct buf *buf);

/* Makes room for `extra` more bytes behind `size`. */
void buf_reserve(struct buf *buf, size_t extra);

/* Appends `size` bytes; `bytes` may be NULL when size is 0 and must not point into the buffer. */
void buf_append(struct buf *buf, const void *bytes, size_t size);
void buf_append_u8(struct buf *buf, uint8_t value);
void buf_append_u32le(struct buf *buf, uint32_t value);
void buf_append_string(struct buf *buf, const char *string); /* without its NUL */
void buf_append_zeros(struct buf *buf, size_t size);

/* Unsigned LEB128 (WebAssembly core specification 5.2.2). */
void buf_append_uleb(struct buf *buf, uint64_t value);

/* malloc-like helpers that abort() instead of returning NULL; sizes are count * size, checked. */
void *mem_alloc(size_t size);
void *mem_calloc(size_t count, size_t size);
void *mem_grow(void *pointer, size_t count, size_t size);
char *mem_strdup(const char *string);
char *mem_strndup(const char *string, size_t size);

/* printf into a fresh string, owned by the caller. */
char *mem_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *mem_vprintf(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

#endif
