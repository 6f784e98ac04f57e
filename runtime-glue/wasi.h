/*
 * wasi.h: the part of WASI preview1 that the glue calls. All return an errno but wasi_proc_exit.
 */
#ifndef SNAPIFY_GLUE_WASI_H
#define SNAPIFY_GLUE_WASI_H

#include "runtime-glue/host.h"

enum wasi_errno {
    WASI_SUCCESS = 0,
    WASI_EAGAIN = 6,
    WASI_EBADF = 8,
    WASI_ECONNRESET = 15,
    WASI_EINTR = 27,
    WASI_EINVAL = 28,
    WASI_EIO = 29,
    WASI_ENAMETOOLONG = 37,
    WASI_ENOMEM = 48,
    WASI_ENOSPC = 51,
    WASI_ENOSYS = 52,
    WASI_ENOTSUP = 58,
    WASI_ENOTCAPABLE = 76,
};

/* Only what is needed may be asked for: some engines refuse rights that a directory lacks. */
#define WASI_RIGHT_FD_READ (UINT64_C(1) << 1)
#define WASI_RIGHT_FD_SEEK (UINT64_C(1) << 2)
#define WASI_RIGHT_FD_SYNC (UINT64_C(1) << 4)
#define WASI_RIGHT_FD_TELL (UINT64_C(1) << 5)
#define WASI_RIGHT_FD_WRITE (UINT64_C(1) << 6)
#define WASI_RIGHT_FD_FILESTAT_GET (UINT64_C(1) << 21)

#define WASI_LOOKUP_SYMLINK_FOLLOW 1u
#define WASI_OFLAG_CREAT 1u
#define WASI_OFLAG_DIRECTORY 2u
#define WASI_OFLAG_TRUNC 8u
#define WASI_FDFLAG_NONBLOCK 4u
#define WASI_FDFLAGS 31u /* all there are */
#define WASI_FILETYPE_UNKNOWN 0u
#define WASI_FILETYPE_DIRECTORY 3u
#define WASI_FILETYPE_REGULAR 4u
#define WASI_FILETYPE_SOCKET_STREAM 6u
#define WASI_WHENCE_SET 0u
#define WASI_WHENCE_CUR 1u
#define WASI_CLOCK_REALTIME 0u
#define WASI_CLOCK_MONOTONIC 1u
#define WASI_STDERR 2u
#define WASI_FIRST_PREOPEN 3u

/* On wasm32 both members are 4 bytes, as preview1 wants them. */
struct wasi_iovec {
    uint8_t *bytes;
    size_t size;
};

struct wasi_prestat {
    uint8_t tag; /* 0: a directory */
    uint32_t name_size;
};

struct wasi_fdstat {
    uint8_t filetype;
    uint16_t fdflags;
    uint64_t rights;
    uint64_t inheriting;
};

struct wasi_filestat {
    uint64_t device, inode;
    uint8_t filetype;
    uint64_t links;
    uint64_t size; /* bytes */
    uint64_t accessed, modified, changed;
};

#define WASI_IMPORT(name) SNAPIFY_IMPORT("wasi_snapshot_preview1", name)

WASI_IMPORT("environ_sizes_get") uint32_t wasi_environ_sizes_get(uint32_t *count, uint32_t *size);
WASI_IMPORT("environ_get") uint32_t wasi_environ_get(uint8_t **variables, uint8_t *bytes);
WASI_IMPORT("fd_prestat_get")
uint32_t wasi_fd_prestat_get(uint32_t fd, struct wasi_prestat *prestat);
WASI_IMPORT("fd_prestat_dir_name")
uint32_t wasi_fd_prestat_dir_name(uint32_t fd, char *name, size_t size);
WASI_IMPORT("path_open")
uint32_t wasi_path_open(uint32_t directory, uint32_t lookup, const char *path, size_t path_size,
                        uint32_t oflags, uint64_t rights, uint64_t inheriting, uint32_t fdflags,
                        uint32_t *fd);
WASI_IMPORT("path_rename")
uint32_t wasi_path_rename(uint32_t directory, const char *path, size_t path_size,
                          uint32_t new_directory, const char *new_path, size_t new_path_size);
WASI_IMPORT("path_unlink_file")
uint32_t wasi_path_unlink_file(uint32_t directory, const char *path, size_t path_size);
/* Nanoseconds; every engine ignores the precision. */
WASI_IMPORT("clock_time_get")
uint32_t wasi_clock_time_get(uint32_t clock, uint64_t precision, uint64_t *time);
WASI_IMPORT("fd_read")
uint32_t wasi_fd_read(uint32_t fd, const struct wasi_iovec *iovecs, size_t count, size_t *done);
WASI_IMPORT("fd_write")
uint32_t wasi_fd_write(uint32_t fd, const struct wasi_iovec *iovecs, size_t count, size_t *done);
WASI_IMPORT("fd_pread")
uint32_t wasi_fd_pread(uint32_t fd, const struct wasi_iovec *iovecs, size_t count, uint64_t offset,
                       size_t *done);
WASI_IMPORT("fd_seek")
uint32_t wasi_fd_seek(uint32_t fd, int64_t offset, uint32_t whence, uint64_t *new_offset);
WASI_IMPORT("fd_tell") uint32_t wasi_fd_tell(uint32_t fd, uint64_t *offset);
WASI_IMPORT("fd_filestat_get")
uint32_t wasi_fd_filestat_get(uint32_t fd, struct wasi_filestat *stat);
WASI_IMPORT("path_filestat_get")
uint32_t wasi_path_filestat_get(uint32_t directory, uint32_t lookup, const char *path,
                                size_t path_size, struct wasi_filestat *stat);
WASI_IMPORT("fd_fdstat_get") uint32_t wasi_fd_fdstat_get(uint32_t fd, struct wasi_fdstat *stat);
WASI_IMPORT("fd_fdstat_set_flags")
uint32_t wasi_fd_fdstat_set_flags(uint32_t fd, uint32_t flags);
WASI_IMPORT("fd_readdir")
uint32_t wasi_fd_readdir(uint32_t fd, uint8_t *bytes, size_t size, uint64_t cookie, size_t *used);
WASI_IMPORT("fd_renumber") uint32_t wasi_fd_renumber(uint32_t from, uint32_t to);
WASI_IMPORT("fd_sync") uint32_t wasi_fd_sync(uint32_t fd);
WASI_IMPORT("fd_close") uint32_t wasi_fd_close(uint32_t fd);
WASI_IMPORT("proc_exit") _Noreturn void wasi_proc_exit(uint32_t status);

#endif
