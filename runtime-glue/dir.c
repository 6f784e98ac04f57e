/*
 * dir.c: finds the preopened directory that holds the snapshots.
 *
 * SNAPIFY_DIR names it, or a directory below it; unset means the first one. Engines differ in how
 * they spell the guest's path ("/snap", "snap", "./snap/"), so paths are compared by components.
 */
#include "runtime-glue/glue.h"

/* The next component of *path, which moves behind it; size 0 at the end. "." is none. */
static struct snap_bytes next_component(const char **path) {
    for (;;) {
        while (**path == '/')
            (*path)++;
        const char *start = *path;
        while (**path != '/' && **path != '\0')
            (*path)++;
        uint32_t size = (uint32_t)(*path - start);
        if (size != 1 || *start != '.')
            return (struct snap_bytes){start, size};
    }
}

/* Components of `directory` if `path` begins with all of them, else -1. *rest: what follows. */
static int32_t match(const char *directory, const char *path, const char **rest) {
    for (int32_t depth = 0;; depth++) {
        struct snap_bytes ours = next_component(&directory);
        if (ours.size == 0) {
            *rest = next_component(&path).bytes;
            return depth;
        }
        struct snap_bytes theirs = next_component(&path);
        if (ours.size != theirs.size || memcmp(ours.bytes, theirs.bytes, ours.size) != 0)
            return -1;
    }
}

/* The name of a preopened directory, in scratch; NULL if there is no memory or no name. */
static const char *preopen_name(uint32_t fd, uint32_t size) {
    char *name = (char *)scratch_take((uint64_t)size + 1);
    if (name == NULL || wasi_fd_prestat_dir_name(fd, name, size) != WASI_SUCCESS)
        return NULL;
    name[size] = '\0';
    return name;
}

static bool is_socket(uint32_t fd) {
    struct wasi_fdstat stat;
    return wasi_fd_fdstat_get(fd, &stat) == WASI_SUCCESS &&
           stat.filetype == WASI_FILETYPE_SOCKET_STREAM;
}

/* wazero calls a listening socket a directory without a name. */
bool directory_is_preopened(uint32_t fd, struct wasi_prestat *prestat) {
    return fd >= WASI_FIRST_PREOPEN && wasi_fd_prestat_get(fd, prestat) == WASI_SUCCESS &&
           (prestat->name_size > 0 || !is_socket(fd));
}

/* The next one from *fd on; wasmi puts listening sockets in front of them. */
static bool next_preopen(uint32_t *fd, struct wasi_prestat *prestat) {
    while (!directory_is_preopened(*fd, prestat)) {
        if (!is_socket(*fd))
            return false;
        (*fd)++;
    }
    return true;
}

reason directory_find(struct directory *directory, const char *wanted) {
    int32_t best = -1;
    uint32_t fd = WASI_FIRST_PREOPEN;
    struct wasi_prestat prestat;
    bool found = false;
    for (; next_preopen(&fd, &prestat); fd++) {
        found = true;
        if (wanted == NULL) {
            *directory = (struct directory){fd, ""};
            return 0;
        }
        const char *rest;
        const char *name = preopen_name(fd, prestat.name_size);
        int32_t depth = name != NULL ? match(name, wanted, &rest) : -1;
        if (depth > best) {
            best = depth;
            *directory = (struct directory){fd, rest};
        }
    }
    if (best >= 0)
        return 0;
    return found ? REASON_OTHER_DIRECTORY : REASON_NO_DIRECTORY;
}

const char *directory_path(const struct directory *directory, const char *name,
                           const char *suffix) {
    uint32_t rest_size = text_size(directory->rest);
    uint32_t name_size = text_size(name);
    uint32_t suffix_size = text_size(suffix);
    char *path = (char *)scratch_take((uint64_t)rest_size + 1 + name_size + suffix_size + 1);
    if (path == NULL)
        return NULL;
    char *end = path;
    memcpy(end, directory->rest, rest_size);
    end += rest_size;
    if (rest_size > 0)
        *end++ = '/';
    memcpy(end, name, name_size);
    end += name_size;
    memcpy(end, suffix, suffix_size + 1);
    return path;
}
