/*
 * glue_posix.h: the disk of a world whose program opens files: real directories below a temporary
 * one, and an engine over them that numbers descriptors in its own way. Included by glue_world.h.
 *
 * The guest's directory world.preopens[i] is the host's DISK/world.roots[i].
 */
#ifndef SNAPIFY_TESTS_GLUE_POSIX_H
#define SNAPIFY_TESTS_GLUE_POSIX_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "glue_world.h"

/* The engine's number of the host's descriptor n, from 3 on preopened directories. */
#define HOST_FIRST 1000u
#define HOST_STEP 7u

static struct {
    char path[64];
    uint32_t no_rights;   /* path_open refuses these, as strict engines do */
    uint64_t rights;      /* that files are said to have */
    uint32_t flags_set;   /* the last ones that a descriptor was given */
    uint8_t pipe_type;    /* that pipes are said to be of */
    uint64_t inode_shift; /* makes inodes differ from those of the world before */
} disk;

static uint32_t disk_errno(void) {
    static const struct {
        int host;
        uint32_t wasi;
    } codes[] = {{EACCES, 2},  {EBADF, 8},   {EEXIST, 20},  {EINVAL, 28},
                 {EISDIR, 31}, {ENOENT, 44}, {ENOTDIR, 54}, {ESPIPE, 70}};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i].host == errno)
            return codes[i].wasi;
    fail_msg("errno %d has no name here", errno);
    return 0;
}

static uint32_t disk_result(long result) {
    return result < 0 ? disk_errno() : WASI_SUCCESS;
}

static const char *disk_root(uint32_t fd) {
    static char path[600];
    snprintf(path, sizeof path, "%s/%s", disk.path, world.roots[fd - 3]);
    return path;
}

/* The host's descriptor; -1 for nobody's number. */
static int disk_fd(uint32_t fd) {
    if (fd < 3)
        return (int)fd;
    return fd >= HOST_FIRST && (fd - HOST_FIRST) % HOST_STEP == 0
               ? (int)((fd - HOST_FIRST) / HOST_STEP)
               : -1;
}

static bool disk_is_preopen(uint32_t fd) {
    return world_gave(fd) && !world_gave_socket(fd);
}

/* A descriptor for the directory that a path starts from; to be closed. */
static int disk_directory(uint32_t fd) {
    return disk_is_preopen(fd) ? open(disk_root(fd), O_RDONLY | O_DIRECTORY) : dup(disk_fd(fd));
}

static const char *disk_name(const char *path, size_t size) {
    static char name[2][600];
    static int turn;
    turn = 1 - turn;
    snprintf(name[turn], sizeof name[turn], "%.*s", (int)size, path);
    return name[turn];
}

static int disk_flags(uint32_t oflags, uint64_t rights, uint32_t fdflags) {
    bool reads = (rights & WASI_RIGHT_FD_READ) != 0;
    bool writes = (rights & WASI_RIGHT_FD_WRITE) != 0;
    return (reads && writes ? O_RDWR
            : writes        ? O_WRONLY
                            : O_RDONLY) |
           (oflags & WASI_OFLAG_CREAT ? O_CREAT : 0) | (oflags & WASI_OFLAG_TRUNC ? O_TRUNC : 0) |
           (oflags & WASI_OFLAG_DIRECTORY ? O_DIRECTORY : 0) | (fdflags & 1 ? O_APPEND : 0);
}

uint32_t wasi_path_open(uint32_t directory, uint32_t lookup, const char *path, size_t path_size,
                        uint32_t oflags, uint64_t rights, uint64_t inheriting, uint32_t fdflags,
                        uint32_t *fd) {
    (void)lookup, (void)inheriting;
    if ((rights & disk.no_rights) != 0)
        return WASI_ENOTCAPABLE;
    int base = disk_directory(directory);
    int host = openat(base, disk_name(path, path_size), disk_flags(oflags, rights, fdflags), 0666);
    uint32_t error = disk_result(host);
    close(base);
    if (error == WASI_SUCCESS)
        *fd = HOST_FIRST + HOST_STEP * (uint32_t)host;
    return error;
}

uint32_t wasi_path_rename(uint32_t directory, const char *path, size_t path_size,
                          uint32_t new_directory, const char *new_path, size_t new_path_size) {
    int base = disk_directory(directory);
    int new_base = disk_directory(new_directory);
    uint32_t error = disk_result(
        renameat(base, disk_name(path, path_size), new_base, disk_name(new_path, new_path_size)));
    close(base);
    close(new_base);
    return error;
}

uint32_t wasi_path_unlink_file(uint32_t directory, const char *path, size_t path_size) {
    int base = disk_directory(directory);
    uint32_t error = disk_result(unlinkat(base, disk_name(path, path_size), 0));
    close(base);
    return error;
}

uint32_t wasi_fd_read(uint32_t fd, const struct wasi_iovec *iovecs, size_t count, size_t *done) {
    assert_int_equal(count, 1);
    ssize_t result = read(disk_fd(fd), iovecs->bytes, iovecs->size);
    *done = (size_t)result;
    return disk_result(result);
}

uint32_t wasi_fd_pread(uint32_t fd, const struct wasi_iovec *iovecs, size_t count, uint64_t offset,
                       size_t *done) {
    assert_int_equal(count, 1);
    ssize_t result = pread(disk_fd(fd), iovecs->bytes, iovecs->size, (off_t)offset);
    *done = (size_t)result;
    return disk_result(result);
}

uint32_t wasi_fd_write(uint32_t fd, const struct wasi_iovec *iovecs, size_t count, size_t *done) {
    assert_int_equal(count, 1);
    if (fd == WASI_STDERR)
        return world_complain(iovecs, done);
    ssize_t result = write(disk_fd(fd), iovecs->bytes, iovecs->size);
    *done = (size_t)result;
    return disk_result(result);
}

uint32_t wasi_fd_seek(uint32_t fd, int64_t offset, uint32_t whence, uint64_t *new_offset) {
    off_t result = lseek(disk_fd(fd), offset, (int)whence);
    *new_offset = (uint64_t)result;
    return disk_result(result);
}

uint32_t wasi_fd_tell(uint32_t fd, uint64_t *offset) {
    return wasi_fd_seek(fd, 0, SEEK_CUR, offset);
}

uint32_t wasi_fd_sync(uint32_t fd) {
    return disk_result(fsync(disk_fd(fd)));
}

uint32_t wasi_fd_close(uint32_t fd) {
    assert_false(disk_is_preopen(fd)); /* snapshots go there */
    return disk_result(close(disk_fd(fd)));
}

uint32_t wasi_fd_renumber(uint32_t from, uint32_t to) {
    (void)from, (void)to;
    fail_msg("engines are not asked to renumber");
    return 0;
}

static uint8_t disk_type(mode_t mode) {
    return S_ISDIR(mode)   ? WASI_FILETYPE_DIRECTORY
           : S_ISREG(mode) ? WASI_FILETYPE_REGULAR
                           : disk.pipe_type;
}

static uint32_t disk_stat(int result, const struct stat *host, struct wasi_filestat *stat) {
    *stat = (struct wasi_filestat){
        .inode = host->st_ino + disk.inode_shift,
        .filetype = disk_type(host->st_mode),
        .links = host->st_nlink,
        .size = (uint64_t)host->st_size,
    };
    return disk_result(result);
}

uint32_t wasi_fd_filestat_get(uint32_t fd, struct wasi_filestat *stat) {
    struct stat host = {0};
    int result = fstat(disk_fd(fd), &host);
    return disk_stat(result, &host, stat);
}

uint32_t wasi_path_filestat_get(uint32_t directory, uint32_t lookup, const char *path,
                                size_t path_size, struct wasi_filestat *stat) {
    (void)lookup;
    struct stat host = {0};
    int base = disk_directory(directory);
    int result = fstatat(base, disk_name(path, path_size), &host, 0);
    uint32_t error = disk_stat(result, &host, stat);
    close(base);
    return error;
}

uint32_t wasi_fd_fdstat_get(uint32_t fd, struct wasi_fdstat *stat) {
    struct stat host = {0};
    if (disk_is_preopen(fd)) {
        *stat = (struct wasi_fdstat){WASI_FILETYPE_DIRECTORY, 0, UINT64_MAX, UINT64_MAX};
        return WASI_SUCCESS;
    }
    if (world_gave_socket(fd)) {
        *stat = (struct wasi_fdstat){WASI_FILETYPE_SOCKET_STREAM, 0, UINT64_MAX, 0};
        return WASI_SUCCESS;
    }
    int result = fstat(disk_fd(fd), &host);
    *stat = (struct wasi_fdstat){disk_type(host.st_mode), 0x8000, disk.rights, UINT64_MAX};
    return disk_result(result);
}

uint32_t wasi_fd_fdstat_set_flags(uint32_t fd, uint32_t flags) {
    disk.flags_set = flags;
    if (fd < 3)
        return WASI_SUCCESS; /* the test's own */
    return disk_result(fcntl(disk_fd(fd), F_SETFL, flags & 1 ? O_APPEND : 0));
}

/* Entries with cookies that are hashes, so to say: 1000 for each. The last one may be cut. */
uint32_t wasi_fd_readdir(uint32_t fd, uint8_t *bytes, size_t size, uint64_t cookie, size_t *used) {
    DIR *directory = disk_is_preopen(fd) ? opendir(disk_root(fd)) : fdopendir(dup(disk_fd(fd)));
    uint64_t number = 0;
    *used = 0;
    rewinddir(directory);
    for (struct dirent *entry; *used < size && (entry = readdir(directory));) {
        uint8_t out[300] = {0};
        uint32_t name_size = (uint32_t)strlen(entry->d_name);
        if (number++ < cookie / 1000)
            continue;
        memcpy(out, &(uint64_t){number * 1000}, 8);
        memcpy(out + 16, &name_size, 4);
        memcpy(out + 24, entry->d_name, name_size);
        size_t give = 24 + name_size < size - *used ? 24 + name_size : size - *used;
        memcpy(bytes + *used, out, give);
        *used += give;
    }
    closedir(directory);
    return WASI_SUCCESS;
}

#endif
