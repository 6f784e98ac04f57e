/*
 * glue_disk.h: the disk of a world whose program opens no files: a few files in memory, of which
 * the glue opens one at a time. Included by glue_world.h.
 */
#ifndef SNAPIFY_TESTS_GLUE_DISK_H
#define SNAPIFY_TESTS_GLUE_DISK_H

#include "glue_world.h"

/* The hooks are left out, as the rewriter leaves them out. */
void snapify_files_begin(void) {}
reason snapify_files_check(void) {
    return 0;
}
void snapify_files_blame(void) {
    (void)line;
}
reason snapify_files_write(void) {
    return 0;
}
void snapify_files_restore(void) {}
void snapify_clock_write(void) {}
void snapify_clock_restore(void) {}
void snapify_process_write(void) {}
void snapify_process_restore(void) {}

uint32_t wasi_fd_fdstat_get(uint32_t fd, struct wasi_fdstat *stat) {
    uint8_t type = world_gave_socket(fd) ? WASI_FILETYPE_SOCKET_STREAM : WASI_FILETYPE_DIRECTORY;
    *stat = (struct wasi_fdstat){type, 0, 0, 0};
    return world_gave(fd) ? WASI_SUCCESS : WASI_EBADF;
}

/* The file of that name in a directory; `make`: an unused one if there is none. */
static struct world_file *world_find(uint32_t fd, const char *path, size_t size, bool make) {
    char name[600];
    snprintf(name, sizeof name, "%s/%.*s", world.preopens[fd - 3], (int)size, path);
    for (int i = 0; i < WORLD_FILES; i++)
        if (strcmp(world.files[i].name, name) == 0)
            return &world.files[i];
    for (int i = 0; make && i < WORLD_FILES; i++) {
        if (world.files[i].name[0] == '\0') {
            strcpy(world.files[i].name, name);
            return &world.files[i];
        }
    }
    return NULL;
}

uint32_t wasi_path_open(uint32_t directory, uint32_t lookup, const char *path, size_t path_size,
                        uint32_t oflags, uint64_t rights, uint64_t inheriting, uint32_t fdflags,
                        uint32_t *fd) {
    (void)lookup;
    assert_true(inheriting == 0 && fdflags == 0);
    assert_true((rights & ~(WASI_RIGHT_FD_READ | WASI_RIGHT_FD_WRITE | WASI_RIGHT_FD_SYNC |
                            FILE_SEEKS)) == 0);
    assert_null(world.open);
    if (world.error_open != 0)
        return world.error_open;
    world.open = world_find(directory, path, path_size, (oflags & WASI_OFLAG_CREAT) != 0);
    if (world.open == NULL)
        return 44;
    if ((oflags & WASI_OFLAG_TRUNC) != 0)
        world.open->size = 0;
    world.position = 0;
    world.rights = rights;
    *fd = 77;
    return WASI_SUCCESS;
}

uint32_t wasi_path_rename(uint32_t directory, const char *path, size_t path_size,
                          uint32_t new_directory, const char *new_path, size_t new_path_size) {
    assert_null(world.open);
    if (world.error_rename != 0)
        return world.error_rename;
    struct world_file *from = world_find(directory, path, path_size, false);
    assert_non_null(from);
    struct world_file *to = world_find(new_directory, new_path, new_path_size, true);
    char name[sizeof to->name];
    strcpy(name, to->name);
    world_remove(to);
    *to = *from;
    *from = (struct world_file){0};
    strcpy(to->name, name);
    return WASI_SUCCESS;
}

uint32_t wasi_path_unlink_file(uint32_t directory, const char *path, size_t path_size) {
    struct world_file *file = world_find(directory, path, path_size, false);
    if (file == NULL)
        return 44;
    assert_ptr_not_equal(file, world.open);
    world_remove(file);
    return WASI_SUCCESS;
}

static size_t world_transfer(size_t size) {
    return world.transfer_max != 0 && size > world.transfer_max ? world.transfer_max : size;
}

static void world_count_piece(const uint8_t *bytes, size_t size, size_t position) {
    if (size >= SNAPIFY_PAGE_SIZE)
        ++*((size_t)(bytes - world.memory - position) % 4096 == 0 ? &world.level : &world.askew);
}

uint32_t wasi_fd_read(uint32_t fd, const struct wasi_iovec *iovecs, size_t count, size_t *done) {
    assert_true(fd == 77 && count == 1 && world.open != NULL);
    if (world.error_read != 0)
        return world.error_read;
    size_t left = world.open->size - world.position;
    *done = world_transfer(iovecs->size < left ? iovecs->size : left);
    if (*done > 0)
        memcpy(iovecs->bytes, world.open->bytes + world.position, *done);
    world_count_piece(iovecs->bytes, *done, world.position);
    world.position += *done;
    return WASI_SUCCESS;
}

uint32_t wasi_fd_write(uint32_t fd, const struct wasi_iovec *iovecs, size_t count, size_t *done) {
    assert_int_equal(count, 1);
    if (fd == WASI_STDERR)
        return world_complain(iovecs, done);
    assert_true(fd == 77 && world.open != NULL);
    size_t size = world_transfer(iovecs->size);
    if (size > world.disk_left)
        size = world.disk_left;
    if (size == 0)
        return WASI_ENOSPC;
    world.disk_left -= size;
    world_count_piece(iovecs->bytes, size, world.open->size);
    world.open->bytes = realloc(world.open->bytes, world.open->size + size);
    memcpy(world.open->bytes + world.open->size, iovecs->bytes, size);
    world.open->size += size;
    *done = size;
    return WASI_SUCCESS;
}

uint32_t wasi_fd_seek(uint32_t fd, int64_t offset, uint32_t whence, uint64_t *new_offset) {
    assert_true(fd == 77 && world.open != NULL && offset >= 0);
    uint64_t both = WASI_RIGHT_FD_SEEK | WASI_RIGHT_FD_TELL;
    if ((world.rights & both) != both) /* as WAMR has it */
        return 76;
    world.position = (whence == WASI_WHENCE_SET ? 0 : world.position) + (size_t)offset;
    if (world.position > world.open->size)
        world.position = world.open->size;
    *new_offset = world.position;
    return WASI_SUCCESS;
}

uint32_t wasi_fd_sync(uint32_t fd) {
    assert_int_equal(fd, 77);
    world.time += world.sync_time;
    return world.error_sync;
}

uint32_t wasi_fd_close(uint32_t fd) {
    assert_true(fd == 77 && world.open != NULL);
    world.open = NULL;
    return WASI_SUCCESS;
}

#endif
