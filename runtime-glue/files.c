/*
 * files.c: what stands in place of the program's WASI imports that make, end or describe
 * descriptors. Those that only use one get its number translated by generated code
 * (src/passes/wasi_wrappers.c).
 *
 * All begin alike: without a table (nothing can make the program leave) the engine is asked as the
 * program asked.
 */
#include "runtime-glue/files.h"

static bool is_virtual(void) {
    return files_count_get() != 0;
}

/* ---- opening ---- */

/* A number with the text "base NUL path-of-parent / path NUL"; NO_NUMBER without memory. */
static uint32_t make_descriptor(uint32_t parent, const char *path, uint32_t path_size) {
    uint32_t number = descriptor_lowest(0);
    if (number == NO_NUMBER)
        return NO_NUMBER;
    uint32_t base_size = descriptor_at(parent)->file.base_size;
    uint32_t above = descriptor_at(parent)->file.path_size; /* its NUL becomes the slash */
    if (above == 1)
        above = 0;
    uint32_t text = text_take(base_size + above + path_size + 1);
    if (text == NO_NUMBER)
        return NO_NUMBER;
    uint8_t *out = text_at(text);
    memcpy(out, descriptor_base(descriptor_at(parent)), base_size + above);
    out += base_size + above;
    if (above > 0)
        out[-1] = '/';
    memcpy(out, path, path_size);
    out[path_size] = '\0';
    struct descriptor *descriptor = descriptor_at(number);
    descriptor->text = text;
    descriptor->file.base_size = base_size;
    descriptor->file.path_size = above + path_size + 1;
    return number;
}

/* The rights that are too many: to save, or those that the program was told of on another engine.
 */
static uint32_t open_to_save(uint32_t directory, uint32_t lookup, const char *path,
                             size_t path_size, uint32_t oflags, uint64_t rights,
                             uint64_t inheriting, uint32_t fdflags, uint32_t *fd) {
    struct wasi_fdstat above;
    uint32_t error = wasi_path_open(directory, lookup, path, path_size, oflags,
                                    rights | RIGHTS_TO_SAVE, inheriting, fdflags, fd);
    if (error == WASI_ENOTCAPABLE)
        error = wasi_path_open(directory, lookup, path, path_size, oflags, rights, inheriting,
                               fdflags, fd);
    if (error != WASI_ENOTCAPABLE || wasi_fd_fdstat_get(directory, &above) != WASI_SUCCESS)
        return error;
    return wasi_path_open(directory, lookup, path, path_size, oflags, rights & above.inheriting,
                          inheriting & above.inheriting, fdflags, fd);
}

SNAPIFY_EXPORT("snapify_wasi_path_open")
uint32_t snapify_wasi_path_open(uint32_t directory, uint32_t lookup, const char *path,
                                size_t path_size, uint32_t oflags, uint64_t rights,
                                uint64_t inheriting, uint32_t fdflags, uint32_t *fd) {
    if (!is_virtual())
        return wasi_path_open(directory, lookup, path, path_size, oflags, rights, inheriting,
                              fdflags, fd);
    const struct descriptor *parent = descriptor_find(directory);
    if (parent == NULL || parent->file.base_size == 0)
        return WASI_EBADF;
    if (path_size >= SNAP_FILE_TEXT_MAX - parent->file.path_size)
        return WASI_ENAMETOOLONG;
    uint32_t number = make_descriptor(directory, path, (uint32_t)path_size);
    if (number == NO_NUMBER)
        return WASI_ENOMEM;
    uint32_t host;
    uint32_t error = open_to_save(descriptor_at(directory)->host, lookup, path, path_size, oflags,
                                  rights, inheriting, fdflags, &host);
    struct descriptor *descriptor = descriptor_at(number);
    if (error != WASI_SUCCESS) {
        descriptor_free(number);
        return error;
    }
    descriptor->host = host;
    descriptor->file.kind = SNAP_FILE_PATH;
    descriptor->file.lookup = lookup;
    descriptor->file.fdflags = fdflags;
    descriptor->file.rights = rights;
    descriptor->file.inheriting = inheriting;
    *fd = number;
    return WASI_SUCCESS;
}

/* ---- renaming ---- */

/* Is it the file that `old` names, or below the directory of that name? */
static bool is_below(const struct descriptor *descriptor, const struct descriptor *old) {
    uint32_t size = old->file.path_size - 1;
    if (descriptor->file.kind != SNAP_FILE_PATH ||
        descriptor->file.base_size != old->file.base_size || descriptor->file.path_size <= size ||
        memcmp(descriptor_base(descriptor), descriptor_base(old), old->file.base_size + size) != 0)
        return false;
    char next = descriptor_path(descriptor)[size];
    return next == '\0' || next == '/';
}

/* The text of `number` with the part that is old's replaced by new's. */
static void rename_text(uint32_t number, uint32_t old, uint32_t new) {
    uint32_t name_size =
        descriptor_at(new)->file.base_size + descriptor_at(new)->file.path_size - 1;
    uint32_t skip = descriptor_at(old)->file.base_size + descriptor_at(old)->file.path_size - 1;
    uint32_t rest = descriptor_at(number)->file.base_size + descriptor_at(number)->file.path_size +
                    descriptor_at(number)->file.listing_size - skip;
    uint32_t text = text_take(name_size + rest);
    if (text == NO_NUMBER)
        return; /* the next save will find that the file is not there */
    struct descriptor *descriptor = descriptor_at(number);
    memcpy(text_at(text), descriptor_base(descriptor_at(new)), name_size);
    memcpy(text_at(text + name_size), descriptor_base(descriptor) + skip, rest);
    text_drop(descriptor);
    descriptor->text = text;
    descriptor->file.base_size = descriptor_at(new)->file.base_size;
    descriptor->file.path_size =
        name_size + rest - descriptor->file.listing_size - descriptor->file.base_size;
}

/* A descriptor for the time of the call, that holds a name. */
static uint32_t hold_name(uint32_t directory, const char *path, size_t size) {
    uint32_t number =
        size < SNAP_FILE_TEXT_MAX ? make_descriptor(directory, path, (uint32_t)size) : NO_NUMBER;
    if (number != NO_NUMBER)
        descriptor_at(number)->file.kind = SNAP_FILE_LOST;
    return number;
}

static void follow(uint32_t old, uint32_t new) {
    for (uint32_t number = 0; number < files_count_get(); number++)
        if (is_below(descriptor_at(number), descriptor_at(old)))
            rename_text(number, old, new);
}

/* Files that are open go with their names. */
SNAPIFY_EXPORT("snapify_wasi_path_rename")
uint32_t snapify_wasi_path_rename(uint32_t from, const char *path, size_t path_size, uint32_t to,
                                  const char *new_path, size_t new_path_size) {
    if (!is_virtual())
        return wasi_path_rename(from, path, path_size, to, new_path, new_path_size);
    if (descriptor_find(from) == NULL || descriptor_find(to) == NULL)
        return WASI_EBADF;
    uint32_t old = hold_name(from, path, path_size);
    uint32_t new = hold_name(to, new_path, new_path_size);
    uint32_t error = WASI_ENOMEM;
    if (old != NO_NUMBER && new != NO_NUMBER)
        error = wasi_path_rename(host_number(from), path, path_size, host_number(to), new_path,
                                 new_path_size);
    if (error == WASI_SUCCESS)
        follow(old, new);
    if (old != NO_NUMBER)
        descriptor_free(old);
    if (new != NO_NUMBER)
        descriptor_free(new);
    return error;
}

/* ---- closing ---- */

/* A preopened directory stays open for us: snapshots go there. Of a connection that a move has
 * ended nothing is left to be closed. */
static uint32_t close_host(const struct descriptor *descriptor) {
    bool is_gone = descriptor->file.kind == SNAP_FILE_CONNECTION && descriptor->host == HOST_NONE;
    return descriptor->file.kind == SNAP_FILE_PREOPEN || is_gone ? WASI_SUCCESS
                                                                 : wasi_fd_close(descriptor->host);
}

SNAPIFY_EXPORT("snapify_wasi_fd_close") uint32_t snapify_wasi_fd_close(uint32_t fd) {
    if (!is_virtual())
        return wasi_fd_close(fd);
    if (descriptor_find(fd) == NULL)
        return WASI_EBADF;
    uint32_t error = close_host(descriptor_at(fd));
    snapify_reads_forget();
    descriptor_free(fd);
    return error;
}

/* Engines renumber to what is open already, if at all; here it is a matter of the table. */
SNAPIFY_EXPORT("snapify_wasi_fd_renumber")
uint32_t snapify_wasi_fd_renumber(uint32_t from, uint32_t to) {
    if (!is_virtual())
        return wasi_fd_renumber(from, to);
    if (descriptor_find(from) == NULL || descriptor_find(to) == NULL)
        return WASI_EBADF;
    if (from == to)
        return WASI_SUCCESS;
    close_host(descriptor_at(to));
    snapify_reads_forget();
    text_drop(descriptor_at(to));
    *descriptor_at(to) = *descriptor_at(from);
    memset(descriptor_at(from), 0, sizeof(struct descriptor));
    descriptor_at(from)->host = HOST_NONE;
    return WASI_SUCCESS;
}

/* ---- describing ---- */

/* Engines report rights of their own making, and Node its host's flags. What a directory hands on
 * has to be what the program asked for, too: wasmtime reports no right to write files in it, which
 * it does not mind, but another engine does when the program goes on there and opens one. */
SNAPIFY_EXPORT("snapify_wasi_fd_fdstat_get")
uint32_t snapify_wasi_fd_fdstat_get(uint32_t fd, struct wasi_fdstat *stat) {
    const struct descriptor *descriptor = descriptor_find(fd);
    uint32_t error = wasi_fd_fdstat_get(host_number(fd), stat);
    if (error == WASI_SUCCESS && descriptor != NULL && descriptor->file.kind == SNAP_FILE_PATH) {
        stat->fdflags = descriptor->file.fdflags;
        stat->rights = descriptor->file.rights;
        stat->inheriting = descriptor->file.inheriting;
    }
    return error;
}

SNAPIFY_EXPORT("snapify_wasi_fd_fdstat_set_flags")
uint32_t snapify_wasi_fd_fdstat_set_flags(uint32_t fd, uint32_t flags) {
    struct descriptor *descriptor = descriptor_find(fd);
    uint32_t error = wasi_fd_fdstat_set_flags(host_number(fd), flags);
    if (error == WASI_SUCCESS && descriptor != NULL)
        descriptor->file.fdflags = flags;
    if (is_virtual())
        snapify_reads_forget();
    return error;
}

SNAPIFY_EXPORT("snapify_wasi_fd_prestat_get")
uint32_t snapify_wasi_fd_prestat_get(uint32_t fd, struct wasi_prestat *prestat) {
    if (!is_virtual())
        return wasi_fd_prestat_get(fd, prestat);
    const struct descriptor *descriptor = descriptor_find(fd);
    if (descriptor == NULL || descriptor->file.kind != SNAP_FILE_PREOPEN)
        return WASI_EBADF;
    prestat->tag = 0;
    prestat->name_size = descriptor->file.base_size - 1;
    return WASI_SUCCESS;
}

SNAPIFY_EXPORT("snapify_wasi_fd_prestat_dir_name")
uint32_t snapify_wasi_fd_prestat_dir_name(uint32_t fd, char *name, size_t size) {
    if (!is_virtual())
        return wasi_fd_prestat_dir_name(fd, name, size);
    const struct descriptor *descriptor = descriptor_find(fd);
    if (descriptor == NULL || descriptor->file.kind != SNAP_FILE_PREOPEN)
        return WASI_EBADF;
    if (size < descriptor->file.base_size - 1)
        return WASI_ENAMETOOLONG;
    memcpy(name, descriptor_base(descriptor), descriptor->file.base_size - 1);
    return WASI_SUCCESS;
}
