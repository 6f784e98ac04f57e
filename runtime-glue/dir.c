/*
 * dir.c: finds the preopened directory that holds the snapshots.
 *
 * SNAPIFY_DIR names it, or a directory below it; unset means the first one. Engines differ in how
 * they spell the guest's path ("/snap", "snap", "./snap/"), so paths are compared by components.
 */
#include "runtime-glue/glue.h"

/* Past slashes, and components that are ".". */
static const char *skip_nothing(const char *path) {
    while (*path == '/' || (*path == '.' && (path[1] == '/' || path[1] == '\0')))
        path++;
    return path;
}

/* Components of `directory` if `path` begins with all of them, else -1. *rest: what follows. */
static int32_t match(const char *directory, const char *path, const char **rest) {
    for (int32_t depth = 0;; depth++) {
        directory = skip_nothing(directory);
        path = skip_nothing(path);
        if (*directory == '\0') {
            *rest = path;
            return depth;
        }
        for (; *directory != '/' && *directory != '\0'; directory++, path++)
            if (*directory != *path)
                return -1;
        if (*path != '/' && *path != '\0')
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

reason home_find(struct directory *home) {
    return directory_find(home, setting("SNAPIFY_DIR"));
}

/* ---- places ---- */

/* Behind `end`. */
static char *append(char *end, const char *text) {
    uint32_t size = text_size(text);
    memcpy(end, text, size);
    return end + size;
}

reason place_find(struct place *place, const struct directory *directory, const char *name,
                  const char *suffix) {
    const char *rest = directory->rest;
    char *path =
        (char *)scratch_take((uint64_t)text_size(rest) + text_size(name) + text_size(suffix) + 2);
    place->directory = directory->fd;
    place->path = path;
    if (path == NULL)
        return REASON_NO_MEMORY;
    char *end = append(path, rest);
    if (end != path)
        *end++ = '/';
    *append(append(end, name), suffix) = '\0';
    return 0;
}

reason place_find_home(struct place *place, const char *name, const char *suffix) {
    struct directory home;
    reason result = home_find(&home);
    return result != 0 ? result : place_find(place, &home, name, suffix);
}

reason place_open(const struct place *place, uint32_t lookup, uint32_t oflags, uint64_t rights,
                  uint32_t *fd) {
    return (reason)wasi_path_open(place->directory, lookup, place->path, text_size(place->path),
                                  oflags, rights, 0, 0, fd);
}

reason place_remove(const struct place *place) {
    return (reason)wasi_path_unlink_file(place->directory, place->path, text_size(place->path));
}

reason place_rename(const struct place *place, const char *path, uint32_t size) {
    return (reason)wasi_path_rename(place->directory, place->path, text_size(place->path),
                                    place->directory, path, size);
}
