/*
 * files_restore.c: opens again what a snapshot says was open, before anything else of it is put
 * into place: when a file is missing, nothing was touched.
 */
#include "runtime-glue/files.h"

#define COPY_SIZE 65536u

/* ---- reading ---- */

static uint32_t read_text(struct snap_reader *reader, uint32_t size) {
    uint32_t text = text_take(size);
    if (text == HOST_NONE)
        restore_refuse(REASON_NO_MEMORY);
    restore_check(snap_read_bytes(reader, text_at(text), size));
    return text;
}

static bool ends_in_nul(uint32_t text, uint32_t size) {
    return size == 0 || *text_at(text + size - 1) == '\0';
}

static void read_descriptor(struct snap_reader *reader, uint32_t *number) {
    struct snap_file file;
    restore_check(snap_read_file(reader, number, &file));
    if (descriptor_lowest(file.number) != file.number)
        restore_refuse(REASON_NO_MEMORY);
    uint32_t text = read_text(reader, file.base_size + file.path_size + file.listing_size);
    if (!ends_in_nul(text, file.base_size) || !ends_in_nul(text + file.base_size, file.path_size))
        restore_refuse(SNAP_ERROR_FILES);
    struct descriptor *descriptor = descriptor_at(file.number);
    descriptor->kind = (uint8_t)file.kind;
    descriptor->lookup = (uint8_t)file.lookup;
    descriptor->fdflags = (uint16_t)file.fdflags;
    descriptor->text = text;
    descriptor->base_size = file.base_size;
    descriptor->path_size = file.path_size;
    descriptor->listing_size = file.listing_size;
    descriptor->filetype = (uint8_t)file.filetype;
    descriptor->fate = (file.flags & SNAP_FILE_CONTENTS) != 0 ? FATE_CONTENTS : FATE_NAMED;
    descriptor->rights = file.rights;
    descriptor->inheriting = file.inheriting;
    descriptor->size = file.size;
    descriptor->offset = file.offset;
}

static void read_descriptors(struct snap_reader *reader) {
    uint32_t count;
    uint32_t number = 0;
    if (!descriptors_begin())
        restore_refuse(REASON_NO_MEMORY);
    restore_check(snap_read_files(reader, &count, &glue.home_size));
    read_text(reader, glue.home_size);
    if (!ends_in_nul(0, glue.home_size))
        restore_refuse(SNAP_ERROR_FILES);
    for (uint32_t i = 0; i < count; i++)
        read_descriptor(reader, &number);
    restore_check(snap_read_section_end(reader));
}

/* ---- opening ---- */

/* What is there now must be what the program knows. */
static reason check_file(const struct descriptor *descriptor) {
    struct wasi_filestat stat;
    uint64_t offset;
    reason result = (reason)wasi_fd_filestat_get(descriptor->host, &stat);
    if (result != 0)
        return result;
    if (stat.filetype != descriptor->filetype)
        return REASON_OTHER_KIND;
    if (stat.filetype == WASI_FILETYPE_REGULAR && stat.size < descriptor->size)
        return REASON_SHORTER;
    if (descriptor->offset == SNAP_FILE_NO_OFFSET)
        return 0;
    return (reason)wasi_fd_seek(descriptor->host, (int64_t)descriptor->offset, WASI_WHENCE_SET,
                                &offset);
}

/* Only rights that this directory has may be asked for. Nothing is made or cut off. */
static reason open_at(struct descriptor *descriptor, uint32_t directory, const char *path) {
    struct wasi_fdstat above;
    uint32_t oflags = descriptor->filetype == WASI_FILETYPE_DIRECTORY ? WASI_OFLAG_DIRECTORY : 0;
    reason result = (reason)wasi_fd_fdstat_get(directory, &above);
    if (result == 0)
        result = (reason)wasi_path_open(
            directory, descriptor->lookup, path, text_size(path), oflags,
            (descriptor->rights | RIGHTS_TO_SAVE) & above.inheriting,
            descriptor->inheriting & above.inheriting, descriptor->fdflags, &descriptor->host);
    if (result != 0)
        return result;
    result = check_file(descriptor);
    if (result != 0)
        wasi_fd_close(descriptor->host);
    return result;
}

static reason open_named(struct descriptor *descriptor) {
    uint32_t directory;
    const char *path;
    reason result = preopen_locate(descriptor, &directory, &path);
    if (result != 0)
        return result;
    if (*path == '\0') {
        descriptor->host = directory;
        return 0;
    }
    if (descriptor->kind == SNAP_FILE_PREOPEN) {
        descriptor->filetype = WASI_FILETYPE_DIRECTORY;
        descriptor->rights = ~RIGHTS_OF_FILES;
        descriptor->inheriting = UINT64_MAX;
    }
    return open_at(descriptor, directory, path);
}

static reason open_again(struct descriptor *descriptor, uint32_t number) {
    struct wasi_fdstat stat;
    if (descriptor->kind == SNAP_FILE_LOST || descriptor->kind == SNAP_FILE_CONNECTION ||
        descriptor->fate == FATE_CONTENTS)
        return 0;
    if (descriptor->kind != SNAP_FILE_ENGINE)
        return open_named(descriptor);
    descriptor->host = number;
    if (descriptor->fdflags != 0) /* some engines cannot, for some streams */
        wasi_fd_fdstat_set_flags(number, descriptor->fdflags);
    return number < WASI_FIRST_PREOPEN ? 0 : (reason)wasi_fd_fdstat_get(number, &stat);
}

static void open_all(void) {
    for (uint32_t number = 0; number < files_count_get(); number++) {
        if (descriptor_find(number) == NULL)
            continue;
        reason result = open_again(descriptor_at(number), number);
        if (result != 0)
            files_lose(setting("SNAPIFY_RESTORE"), number, result);
    }
}

/* ---- files without a name ---- */

static reason write_all_to(uint32_t host, struct wasi_iovec iovec) {
    while (iovec.size > 0) {
        size_t done = 0;
        uint32_t error = wasi_fd_write(host, &iovec, 1, &done);
        if (error != WASI_SUCCESS || done == 0 || done > iovec.size)
            return error != WASI_SUCCESS ? (reason)error : WASI_ENOSPC;
        iovec.bytes += done;
        iovec.size -= done;
    }
    return 0;
}

/* Reads all contents, also when they cannot be written. */
static reason copy_contents(struct snap_reader *reader, uint32_t host, uint64_t size,
                            uint8_t *buffer) {
    reason result = 0;
    while (size > 0) {
        struct wasi_iovec iovec = {buffer, size < COPY_SIZE ? (size_t)size : COPY_SIZE};
        restore_check(snap_read_bytes(reader, buffer, iovec.size));
        size -= iovec.size;
        if (result == 0)
            result = write_all_to(host, iovec);
    }
    return result;
}

/* Made with a name in the snapshots' directory, opened as the program had it, the name removed. */
static reason make_again(struct snap_reader *reader, struct descriptor *descriptor) {
    struct directory directory;
    uint32_t host = HOST_NONE;
    scratch_reset();
    reason found = directory_find(&directory, setting("SNAPIFY_DIR"));
    const char *path = directory_path(&directory, setting("SNAPIFY_RESTORE"), ".file");
    uint8_t *buffer = scratch_take(COPY_SIZE);
    if (found != 0 || path == NULL || buffer == NULL)
        restore_refuse(found != 0 ? found : REASON_NO_MEMORY);
    reason made = (reason)wasi_path_open(directory.fd, 0, path, text_size(path),
                                         WASI_OFLAG_CREAT | WASI_OFLAG_TRUNC, WASI_RIGHT_FD_WRITE,
                                         0, 0, &host);
    reason result = copy_contents(reader, host, descriptor->size, buffer);
    if (made != 0)
        return made;
    wasi_fd_close(host);
    if (result == 0)
        result = open_at(descriptor, directory.fd, path);
    wasi_path_unlink_file(directory.fd, path, text_size(path));
    return result;
}

static void make_all_again(struct snap_reader *reader) {
    for (uint32_t number = 0; number < files_count_get(); number++) {
        if (descriptor_at(number)->fate != FATE_CONTENTS)
            continue;
        reason result = make_again(reader, descriptor_at(number));
        if (result != 0)
            files_lose(setting("SNAPIFY_RESTORE"), number, result);
    }
}

SNAPIFY_EXPORT("snapify_files_restore") void snapify_files_restore(struct snap_reader *reader) {
    read_descriptors(reader);
    open_all();
    restore_check(snap_read_section(reader, SNAP_SECTION_CONTENTS));
    make_all_again(reader);
    restore_check(snap_read_section_end(reader));
}
