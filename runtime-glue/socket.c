/*
 * socket.c: connections. The other end knows this machine's address, so none survives a move: the
 * program gets ECONNRESET and does what it does when a connection breaks. Listening sockets are the
 * engine's, under the numbers that it gives them.
 */
#include "runtime-glue/files.h"

WASI_IMPORT("sock_accept") uint32_t wasi_sock_accept(uint32_t fd, uint32_t flags, uint32_t *made);
WASI_IMPORT("sock_recv")
uint32_t wasi_sock_recv(uint32_t fd, const struct wasi_iovec *iovecs, size_t count, uint32_t flags,
                        size_t *done, uint16_t *flags_out);
WASI_IMPORT("sock_send")
uint32_t wasi_sock_send(uint32_t fd, const struct wasi_iovec *iovecs, size_t count, uint32_t flags,
                        size_t *done);
WASI_IMPORT("sock_shutdown") uint32_t wasi_sock_shutdown(uint32_t fd, uint32_t how);

static bool is_reset(uint32_t fd) {
    const struct descriptor *descriptor = descriptor_find(fd);
    return descriptor != NULL && descriptor->file.kind == SNAP_FILE_CONNECTION &&
           descriptor->host == HOST_NONE;
}

SNAPIFY_EXPORT("snapify_wasi_sock_accept")
uint32_t snapify_wasi_sock_accept(uint32_t fd, uint32_t flags, uint32_t *made) {
    if (files_count_get() == 0)
        return wasi_sock_accept(fd, flags, made);
    uint32_t number = descriptor_lowest(0);
    if (number == NO_NUMBER)
        return WASI_ENOMEM;
    uint32_t host;
    uint32_t error = wasi_sock_accept(host_number(fd), flags, &host);
    if (error != WASI_SUCCESS)
        return error;
    descriptor_at(number)->host = host;
    descriptor_at(number)->file.kind = SNAP_FILE_CONNECTION;
    *made = number;
    return WASI_SUCCESS;
}

SNAPIFY_EXPORT("snapify_wasi_sock_recv")
uint32_t snapify_wasi_sock_recv(uint32_t fd, const struct wasi_iovec *iovecs, size_t count,
                                uint32_t flags, size_t *done, uint16_t *flags_out) {
    if (is_reset(fd))
        return WASI_ECONNRESET;
    return wasi_sock_recv(host_number(fd), iovecs, count, flags, done, flags_out);
}

SNAPIFY_EXPORT("snapify_wasi_sock_send")
uint32_t snapify_wasi_sock_send(uint32_t fd, const struct wasi_iovec *iovecs, size_t count,
                                uint32_t flags, size_t *done) {
    if (is_reset(fd))
        return WASI_ECONNRESET;
    return wasi_sock_send(host_number(fd), iovecs, count, flags, done);
}

SNAPIFY_EXPORT("snapify_wasi_sock_shutdown")
uint32_t snapify_wasi_sock_shutdown(uint32_t fd, uint32_t how) {
    return is_reset(fd) ? WASI_ECONNRESET : wasi_sock_shutdown(host_number(fd), how);
}

/* What reading or writing it as a file comes to. */
SNAPIFY_EXPORT("snapify_files_reset") uint32_t snapify_files_reset(uint32_t error, uint32_t fd) {
    return error == WASI_EBADF && is_reset(fd) ? WASI_ECONNRESET : error;
}
