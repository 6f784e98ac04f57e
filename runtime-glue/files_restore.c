/*
 * files_restore.c: opens again what a snapshot says was open, before anything else of it is put
 * into place: when a file is missing, nothing was touched.
 */
#include "runtime-glue/files.h"

#define COPY_SIZE 65536u
#define SUFFIX ".snapify" /* of files that are being made */

/* ---- reading ---- */

static uint32_t read_text(uint32_t size) {
    uint32_t text = text_take(size);
    if (text == NO_NUMBER)
        restore_refuse(REASON_NO_MEMORY);
    restore_check(snap_read_bytes(&reader, text_at(text), size));
    return text;
}

static bool ends_in_nul(uint32_t text, uint32_t size) {
    return size == 0 || *text_at(text + size - 1) == '\0';
}

static uint8_t fate_of(uint32_t flags) {
    bool contents = (flags & SNAP_FILE_CONTENTS) != 0;
    if ((flags & SNAP_FILE_CARRIED) != 0)
        return contents ? FATE_CARRIED : FATE_FOLLOWS;
    return contents ? FATE_CONTENTS : FATE_NAMED;
}

static void read_descriptor(uint32_t *number) {
    struct snap_file file;
    restore_check(snap_read_file(&reader, number, &file));
    if (descriptor_lowest(file.number) != file.number)
        restore_refuse(REASON_NO_MEMORY);
    uint32_t text = read_text(file.base_size + file.path_size + file.listing_size);
    if (!ends_in_nul(text, file.base_size) || !ends_in_nul(text + file.base_size, file.path_size))
        restore_refuse(SNAP_ERROR_FILES);
    struct descriptor *descriptor = descriptor_at(file.number);
    descriptor->text = text;
    descriptor->fate = fate_of(file.flags);
    memcpy(&descriptor->file, &file, sizeof file);
}

static void read_descriptors(void) {
    uint32_t count;
    uint32_t number = 0;
    if (!descriptors_begin())
        restore_refuse(REASON_NO_MEMORY);
    restore_check(snap_read_files(&reader, &count, &glue.home_size));
    read_text(glue.home_size);
    if (!ends_in_nul(0, glue.home_size))
        restore_refuse(SNAP_ERROR_FILES);
    for (uint32_t i = 0; i < count; i++)
        read_descriptor(&number);
    restore_check(snap_read_section_end(&reader));
}

/* ---- opening ---- */

/* What is there now must be what the program knows. */
static reason check_file(const struct descriptor *descriptor) {
    struct wasi_filestat stat;
    uint64_t offset;
    reason result = (reason)wasi_fd_filestat_get(descriptor->host, &stat);
    if (result != 0)
        return result;
    if (stat.filetype != descriptor->file.filetype)
        return REASON_OTHER_KIND;
    if (stat.filetype == WASI_FILETYPE_REGULAR && stat.size < descriptor->file.size)
        return REASON_SHORTER;
    if (descriptor->file.offset == SNAP_FILE_NO_OFFSET)
        return 0;
    return (reason)wasi_fd_seek(descriptor->host, (int64_t)descriptor->file.offset, WASI_WHENCE_SET,
                                &offset);
}

/* Only rights that this directory has may be asked for. Nothing is made or cut off. */
static reason open_at(struct descriptor *descriptor, const struct place *place) {
    struct wasi_fdstat above;
    uint32_t oflags =
        descriptor->file.filetype == WASI_FILETYPE_DIRECTORY ? WASI_OFLAG_DIRECTORY : 0;
    reason result = (reason)wasi_fd_fdstat_get(place->directory, &above);
    if (result == 0)
        result = (reason)wasi_path_open(
            place->directory, descriptor->file.lookup, place->path, text_size(place->path), oflags,
            (descriptor->file.rights | RIGHTS_TO_SAVE) & above.inheriting,
            descriptor->file.inheriting & above.inheriting, descriptor->file.fdflags,
            &descriptor->host);
    if (result != 0)
        return result;
    result = check_file(descriptor);
    if (result != 0)
        wasi_fd_close(descriptor->host);
    return result;
}

static reason open_named(struct descriptor *descriptor) {
    struct place place;
    scratch_reset();
    reason result = preopen_locate(descriptor, "", &place);
    if (result != 0)
        return result;
    if (*place.path == '\0') {
        descriptor->host = place.directory;
        return 0;
    }
    if (descriptor->file.kind == SNAP_FILE_PREOPEN) {
        descriptor->file.filetype = WASI_FILETYPE_DIRECTORY;
        descriptor->file.rights = ~RIGHTS_OF_FILES;
        descriptor->file.inheriting = UINT64_MAX;
    }
    return open_at(descriptor, &place);
}

/* A stream of the engine stays as it made it, but waits or does not wait as the program wants. Node
 * tells bits of its host among the flags, at which wasmtime would trap. */
static void wait_as_before(const struct descriptor *descriptor, const struct wasi_fdstat *stat) {
    uint32_t now = stat->fdflags & WASI_FDFLAGS;
    uint32_t wanted =
        (now & ~WASI_FDFLAG_NONBLOCK) | (descriptor->file.fdflags & WASI_FDFLAG_NONBLOCK);
    if (descriptor->file.fdflags != 0 && wanted != now)
        wasi_fd_fdstat_set_flags(descriptor->host,
                                 wanted); /* some engines cannot, for some streams */
}

/* A standard stream that is closed gives its error when it is used. */
static reason find_stream(struct descriptor *descriptor, uint32_t number) {
    struct wasi_fdstat stat;
    descriptor->host = descriptor->file.size > 0 ? preopen_stream(descriptor->file.size) : number;
    uint32_t error = wasi_fd_fdstat_get(descriptor->host, &stat);
    if (error == WASI_SUCCESS)
        wait_as_before(descriptor, &stat);
    return descriptor->host < WASI_FIRST_PREOPEN ? 0 : (reason)error;
}

static reason open_again(struct descriptor *descriptor) {
    if (descriptor->file.kind == SNAP_FILE_LOST || descriptor->file.kind == SNAP_FILE_CONNECTION)
        return 0;
    return open_named(descriptor);
}

/* Streams are looked for before anything is opened that could be taken for one. */
static void open_all(uint8_t fate, bool streams) {
    for (uint32_t number = 0; number < files_count_get(); number++) {
        struct descriptor *descriptor = descriptor_find(number);
        if (descriptor == NULL || descriptor->fate != fate ||
            (descriptor->file.kind == SNAP_FILE_ENGINE) != streams)
            continue;
        reason result = streams ? find_stream(descriptor, number) : open_again(descriptor);
        if (result != 0)
            files_lose(restore_name(), number, result);
    }
}

/* ---- files whose contents are here ---- */

/* A file without a name gets one in the snapshots' directory for a while; one that has a name gets
 * a longer one, until all files are there. */
static reason locate(const struct descriptor *descriptor, struct place *place) {
    scratch_reset();
    return descriptor->fate == FATE_CARRIED ? preopen_locate(descriptor, SUFFIX, place)
                                            : place_find_home(place, restore_name(), SUFFIX);
}

/* Takes the place of whatever file has its name; or is removed. */
static reason end_carrying(const struct descriptor *descriptor, bool stays) {
    struct place place;
    reason result = locate(descriptor, &place);
    if (result != 0)
        return result;
    return stays ? place_rename(&place, place.path, text_size(place.path) - (sizeof SUFFIX - 1))
                 : place_remove(&place);
}

/* What was made is not left behind when it comes to nothing. */
static void drop_all(void) {
    for (uint32_t number = 0; number < files_count_get(); number++)
        if (brings_contents(descriptor_at(number)))
            end_carrying(descriptor_at(number), false);
}

static void expect_contents(enum snap_error error) {
    if (error != SNAP_OK)
        drop_all();
    restore_check(error);
}

/* Reads all contents, also when they cannot be written. */
static reason copy_contents(uint32_t host, uint64_t size, uint8_t *buffer) {
    reason result = 0;
    while (size > 0) {
        size_t piece = size < COPY_SIZE ? (size_t)size : COPY_SIZE;
        expect_contents(snap_read_bytes(&reader, buffer, piece));
        size -= piece;
        if (result == 0)
            result = write_all(host, buffer, piece);
    }
    return result;
}

static reason make_again(struct descriptor *descriptor) {
    struct place place;
    uint32_t host = HOST_NONE;
    reason result = locate(descriptor, &place);
    uint8_t *buffer = scratch_take(COPY_SIZE);
    if (buffer == NULL)
        restore_refuse(REASON_NO_MEMORY);
    if (result == 0)
        result =
            place_open(&place, 0, WASI_OFLAG_CREAT | WASI_OFLAG_TRUNC, WASI_RIGHT_FD_WRITE, &host);
    reason copied = copy_contents(host, descriptor->file.size, buffer);
    if (result != 0)
        return result;
    wasi_fd_close(host);
    if (descriptor->fate == FATE_CARRIED)
        return copied;
    result = copied == 0 ? open_at(descriptor, &place) : copied;
    place_remove(&place);
    return result;
}

static void lose(uint32_t number, reason result) {
    if (files_are_strict())
        drop_all();
    files_lose(restore_name(), number, result);
}

static void make_all_again(void) {
    for (uint32_t number = 0; number < files_count_get(); number++) {
        reason result =
            brings_contents(descriptor_at(number)) ? make_again(descriptor_at(number)) : 0;
        if (result != 0)
            lose(number, result);
    }
}

static void name_all(void) {
    for (uint32_t number = 0; number < files_count_get(); number++) {
        reason result = descriptor_at(number)->fate == FATE_CARRIED
                            ? end_carrying(descriptor_at(number), true)
                            : 0;
        if (result != 0)
            lose(number, result);
    }
}

SNAPIFY_EXPORT("snapify_files_restore") void snapify_files_restore(void) {
    read_descriptors();
    open_all(FATE_NAMED, true);
    open_all(FATE_NAMED, false);
    restore_check(snap_read_section(&reader, SNAP_SECTION_CONTENTS));
    make_all_again();
    expect_contents(snap_read_section_end(&reader));
    name_all();
    open_all(FATE_CARRIED, false);
    open_all(FATE_FOLLOWS, false);
}
