/*
 * preopen.c: the directories that the engine has opened for the program.
 *
 * They keep the numbers that the program knows and are found again by the guest's path. The one
 * that holds the snapshots is also found by that role, since engines that map no names give it
 * another path.
 */
#include "runtime-glue/files.h"

/* ---- at the start ---- */

/* The text "name NUL NUL" of a preopened directory: its own path below it is empty. */
static uint32_t take_name(uint32_t fd, uint32_t size) {
    uint32_t text = size < SNAP_FILE_TEXT_MAX ? text_take(size + 2) : NO_NUMBER;
    if (text == NO_NUMBER ||
        wasi_fd_prestat_dir_name(fd, (char *)text_at(text), size) != WASI_SUCCESS)
        return NO_NUMBER;
    memset(text_at(text) + size, 0, 2);
    return text;
}

static bool note_preopen(uint32_t fd, uint32_t size) {
    uint32_t text = descriptor_lowest(fd) == fd ? take_name(fd, size) : NO_NUMBER;
    if (text == NO_NUMBER)
        return false;
    struct descriptor *descriptor = descriptor_at(fd);
    descriptor->host = fd;
    descriptor->file.kind = SNAP_FILE_PREOPEN;
    descriptor->text = text;
    descriptor->file.base_size = size + 1;
    descriptor->file.path_size = 1;
    return true;
}

/* Standard streams are there even if an engine says that they are closed. */
static bool is_stream(uint32_t fd) {
    struct wasi_fdstat stat;
    return fd < WASI_FIRST_PREOPEN || wasi_fd_fdstat_get(fd, &stat) == WASI_SUCCESS;
}

static bool note_stream(uint32_t fd, uint32_t place) {
    if (!is_stream(fd) || descriptor_lowest(fd) != fd)
        return false;
    struct descriptor *descriptor = descriptor_at(fd);
    descriptor->host = fd;
    descriptor->file.kind = SNAP_FILE_ENGINE;
    descriptor->file.size = place;
    return true;
}

static bool note_host(uint32_t fd, uint32_t *streams) {
    struct wasi_prestat prestat;
    return directory_is_preopened(fd, &prestat) ? note_preopen(fd, prestat.name_size)
                                                : note_stream(fd, ++*streams);
}

/* The first text is the name of the snapshots' directory, "" if there is none. */
static void note_home(void) {
    struct directory home;
    struct wasi_prestat prestat;
    scratch_reset();
    if (home_find(&home) != 0 || wasi_fd_prestat_get(home.fd, &prestat) != WASI_SUCCESS ||
        take_name(home.fd, prestat.name_size) == NO_NUMBER)
        return;
    glue.home_size = glue.texts_size;
}

SNAPIFY_EXPORT("snapify_files_begin") void snapify_files_begin(void) {
    if (!glue.leaves)
        return;
    if (!descriptors_begin())
        refuse("open files", REASON_NO_MEMORY, "");
    note_home();
    uint32_t streams = 0;
    for (uint32_t fd = 0; note_host(fd, &streams);)
        fd++;
}

/* ---- after a move ---- */

uint32_t preopen_stream(uint64_t place) {
    struct wasi_prestat prestat;
    for (uint32_t fd = 0;; fd++) {
        if (directory_is_preopened(fd, &prestat))
            continue;
        if (!is_stream(fd))
            return HOST_NONE;
        if (--place == 0)
            return fd;
    }
}

/* The directory that is called `base` here, or has its role. */
static reason find_directory(const char *base, struct directory *directory) {
    reason result = directory_find(directory, base);
    if (result == 0 || glue.home_size == 0 || !text_equal(base, (const char *)text_at(0)))
        return result;
    result = home_find(directory);
    directory->rest = "";
    return result;
}

reason preopen_locate(const struct descriptor *descriptor, const char *suffix,
                      struct place *place) {
    struct directory found;
    reason result = find_directory(descriptor_base(descriptor), &found);
    return result != 0 ? result : place_find(place, &found, descriptor_path(descriptor), suffix);
}
