/*
 * file.c: one file, read or written from front to back.
 *
 * Small pieces go through a buffer: without it each run of pages would cost two calls. Large ones
 * go directly, in chunks that every engine takes, one iovec per call (wasmtime looks at the first
 * only); short counts are continued.
 */
#include "runtime-glue/zip.h"

#define CHUNK_SIZE (4u << 20)

struct file {
    uint32_t fd;
    uint32_t start; /* reading: offset of the first unread byte in the buffer */
    uint32_t end;   /* offset behind the last byte in the buffer */
    reason failure;
};

static struct file file;

static uint8_t *buffer(void) {
    return at(base_get() + snapify_config.frames_offset);
}

static uint32_t min_u32(uint32_t a, size_t b) {
    return a < b ? a : (uint32_t)b;
}

static bool must_repeat(uint32_t error) {
    return error == WASI_EINTR || error == WASI_EAGAIN;
}

/* ---- opening ---- */

static reason open_file(const struct place *place, uint32_t oflags, uint64_t rights) {
    file = (struct file){0};
    return place_open(place, WASI_LOOKUP_SYMLINK_FOLLOW, oflags, rights, &file.fd);
}

reason file_open(const struct place *place, uint64_t rights) {
    return open_file(place, 0, WASI_RIGHT_FD_READ | rights);
}

reason file_create(const struct place *place) {
    return open_file(place, WASI_OFLAG_CREAT | WASI_OFLAG_TRUNC,
                     WASI_RIGHT_FD_WRITE | WASI_RIGHT_FD_SYNC);
}

/* ---- writing ---- */

reason write_all(uint32_t fd, const uint8_t *bytes, size_t size) {
    while (size > 0) {
        struct wasi_iovec iovec = {(uint8_t *)(uintptr_t)bytes, min_u32(CHUNK_SIZE, size)};
        size_t done = 0;
        uint32_t error = wasi_fd_write(fd, &iovec, 1, &done);
        if (must_repeat(error) && fd != WASI_STDERR) /* nobody may read that */
            continue;
        if (error != WASI_SUCCESS || done == 0 || done > iovec.size)
            return error != WASI_SUCCESS ? (reason)error : WASI_ENOSPC;
        bytes += done;
        size -= done;
    }
    return 0;
}

static bool write_now(const void *bytes, size_t size) {
    file.failure = write_all(file.fd, bytes, size);
    return file.failure == 0;
}

static bool flush(void) {
    uint32_t size = file.end;
    file.end = 0;
    return write_now(buffer(), size);
}

enum snap_io_result file_write(const void *bytes, size_t size) {
    if (size > GLUE_BUFFER_SIZE - file.end && !flush())
        return SNAP_IO_FAILED;
    if (size > GLUE_BUFFER_SIZE)
        return write_now(bytes, size) ? SNAP_IO_OK : SNAP_IO_FAILED;
    memcpy(buffer() + file.end, bytes, size);
    file.end += (uint32_t)size;
    return SNAP_IO_OK;
}

/* ---- reading ---- */

/* Up to `size` bytes. Returns how many; 0 at the end of the file and after a failure. */
static uint32_t read_some(uint8_t *bytes, size_t size) {
    struct wasi_iovec iovec = {bytes, min_u32(CHUNK_SIZE, size)};
    size_t done = 0;
    uint32_t error;
    do {
        error = wasi_fd_read(file.fd, &iovec, 1, &done);
    } while (must_repeat(error));
    if (error != WASI_SUCCESS || done > iovec.size) {
        file.failure = error != WASI_SUCCESS ? (reason)error : WASI_EIO;
        return 0;
    }
    return (uint32_t)done;
}

enum snap_io_result file_read(void *bytes, size_t size) {
    uint8_t *out = bytes;
    while (size > 0) {
        uint32_t got;
        if (file.start == file.end && size >= GLUE_BUFFER_SIZE) {
            got = read_some(out, size);
        } else {
            const uint8_t *ready;
            got = min_u32((uint32_t)file_ready(&ready), size);
            memcpy(out, ready, got);
            file.start += got;
        }
        if (got == 0)
            return file.failure != 0 ? SNAP_IO_FAILED : SNAP_IO_END;
        out += got;
        size -= got;
    }
    return SNAP_IO_OK;
}

bool file_skip(size_t size) {
    uint64_t position;
    uint32_t there = min_u32(file.end - file.start, size);
    file.start += there;
    size -= there;
    if (size > 0)
        file.failure = (reason)wasi_fd_seek(file.fd, (int64_t)size, WASI_WHENCE_CUR, &position);
    return file.failure == 0;
}

size_t file_ready(const uint8_t **bytes) {
    if (file.start == file.end) {
        file.start = 0;
        file.end = read_some(buffer(), GLUE_BUFFER_SIZE);
    }
    *bytes = buffer() + file.start;
    return file.end - file.start;
}

reason file_rewind(void) {
    uint64_t position = 0;
    file.start = file.end = 0;
    return (reason)wasi_fd_seek(file.fd, 0, WASI_WHENCE_SET, &position);
}

void file_take(size_t size) {
    file.start += (uint32_t)size;
}

/* ---- closing ---- */

/* What cannot be synced, by the engine or by the kind of file, is as safe as it gets. */
static reason sync_file(void) {
    uint32_t error = wasi_fd_sync(file.fd);
    bool unable = error == WASI_ENOTSUP || error == WASI_ENOSYS || error == WASI_EINVAL;
    return unable ? 0 : (reason)error;
}

reason file_finish(void) {
    reason result = flush() ? sync_file() : file.failure;
    uint32_t error = wasi_fd_close(file.fd);
    return result != 0 ? result : (reason)error;
}

void file_close(void) {
    wasi_fd_close(file.fd);
}

reason file_failure(void) {
    return file.failure;
}

void file_fail(reason reason) {
    file.failure = reason;
}

#ifdef __wasm__
struct snap_io file_io(void) {
    return (struct snap_io){0};
}
#else
static enum snap_io_result native_write(void *context, const void *bytes, size_t size) {
    (void)context;
    return snap_io_write(bytes, size);
}

static enum snap_io_result native_read(void *context, void *bytes, size_t size) {
    (void)context;
    return snap_io_read(bytes, size);
}

struct snap_io file_io(void) {
    return (struct snap_io){native_write, native_read, NULL};
}
#endif
