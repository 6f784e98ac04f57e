/*
 * files_save.c: what a snapshot says about the program's open files.
 *
 * First all are looked at, so that nothing is written when one of them cannot be saved; then the
 * engine is asked where each stands, which costs nothing while the program runs.
 *
 * A file that no name leads to any more travels with its contents. One whose name leads to another
 * file by now was renamed behind the program's back: it cannot be found again.
 */
#include "runtime-glue/files.h"

#define COPY_SIZE 65536u

static struct {
    uint32_t count;    /* descriptors that are open */
    uint32_t texts;    /* bytes of their texts */
    uint64_t contents; /* bytes of those without a name */
    uint32_t blamed;   /* number + 1; 0: none */
} outgoing;

/* ---- looking ---- */

static reason check_name(const struct descriptor *descriptor, const struct wasi_filestat *stat) {
    struct wasi_filestat named;
    struct place place;
    scratch_reset();
    reason result = preopen_locate(descriptor, "", &place);
    if (result == 0)
        result = (reason)wasi_path_filestat_get(place.directory, descriptor->file.lookup,
                                                place.path, text_size(place.path), &named);
    if (result != 0)
        return result;
    return named.inode == stat->inode && named.device == stat->device ? 0 : REASON_OTHER_FILE;
}

static bool same_text(const struct descriptor *a, const struct descriptor *b) {
    return a->file.base_size == b->file.base_size && a->file.path_size == b->file.path_size &&
           memcmp(descriptor_base(a), descriptor_base(b), a->file.base_size + a->file.path_size) ==
               0;
}

/* Contents travel once: a file may be open twice. */
static void carry(struct descriptor *descriptor) {
    for (struct descriptor *other = descriptor_at(0); other < descriptor; other++)
        if (other->file.kind == SNAP_FILE_PATH && other->fate == FATE_CARRIED &&
            same_text(other, descriptor)) {
            descriptor->fate = FATE_FOLLOWS;
            return;
        }
    descriptor->fate = FATE_CARRIED;
    outgoing.contents += descriptor->file.size;
}

/* One with a name that is too large stays where it is. */
static reason check_contents(struct descriptor *descriptor) {
    bool named;
    bool fits = descriptor->file.size <= files_embed_limit(&named);
    if (descriptor->fate == FATE_NAMED) {
        if (fits && named)
            carry(descriptor);
        return 0;
    }
    outgoing.contents += descriptor->file.size;
    return fits ? 0 : REASON_TOO_LARGE;
}

static reason look_at(struct descriptor *descriptor) {
    struct wasi_filestat stat;
    reason result = (reason)wasi_fd_filestat_get(descriptor->host, &stat);
    if (result != 0)
        return result;
    descriptor->file.filetype = stat.filetype;
    descriptor->file.size = stat.size;
    descriptor->fate = FATE_NAMED;
    descriptor->file.offset = SNAP_FILE_NO_OFFSET;
    if (stat.filetype != WASI_FILETYPE_REGULAR)
        return check_name(descriptor, &stat);
    result = (reason)wasi_fd_tell(descriptor->host, &descriptor->file.offset);
    if (result != 0)
        return result;
    if (stat.links == 0)
        descriptor->fate = FATE_CONTENTS;
    else
        result = check_name(descriptor, &stat);
    return result != 0 ? result : check_contents(descriptor);
}

/* A file that is not there for the snapshot is still there for the program that goes on. */
static bool check_descriptor(struct descriptor *descriptor, uint32_t number, reason *result) {
    *result = descriptor->file.kind == SNAP_FILE_PATH ? look_at(descriptor) : 0;
    if (*result == 0)
        return true;
    if (files_are_strict()) {
        outgoing.blamed = number + 1;
        return false;
    }
    files_tell_lost(save_name(), number, *result);
    descriptor->fate = FATE_LOST;
    *result = 0;
    return true;
}

SNAPIFY_EXPORT("snapify_files_check") reason snapify_files_check(void) {
    outgoing.count = outgoing.blamed = 0;
    outgoing.texts = glue.home_size;
    outgoing.contents = 0;
    for (uint32_t number = 0; number < files_count_get(); number++) {
        struct descriptor *descriptor = descriptor_find(number);
        reason result;
        if (descriptor == NULL)
            continue;
        if (!check_descriptor(descriptor, number, &result))
            return result;
        outgoing.count++;
        outgoing.texts += descriptor_text_size(descriptor);
    }
    return 0;
}

SNAPIFY_EXPORT("snapify_files_blame") void snapify_files_blame(void) {
    if (outgoing.blamed != 0)
        line_add_file(outgoing.blamed - 1);
    outgoing.blamed = 0;
}

/* ---- writing ---- */

static uint32_t flags_of(uint8_t fate) {
    return fate == FATE_CONTENTS  ? SNAP_FILE_CONTENTS
           : fate == FATE_CARRIED ? SNAP_FILE_CONTENTS | SNAP_FILE_CARRIED
           : fate == FATE_FOLLOWS ? SNAP_FILE_CARRIED
                                  : 0;
}

static void write_descriptor(uint32_t number) {
    struct descriptor *descriptor = descriptor_at(number);
    struct snap_file *file = &descriptor->file;
    uint32_t kind = file->kind;
    file->number = number;
    file->flags = glue.saving_base ? 0 : flags_of(descriptor->fate);
    if (descriptor->fate == FATE_LOST) /* for the snapshot only */
        file->kind = SNAP_FILE_LOST;
    snap_write_file(&writer, file);
    file->kind = kind;
    snap_write_bytes(&writer, descriptor_base(descriptor), descriptor_text_size(descriptor));
}

static reason copy_contents_of(const struct descriptor *descriptor, uint32_t host,
                               uint8_t *buffer) {
    for (uint64_t offset = 0; offset < descriptor->file.size;) {
        uint64_t left = descriptor->file.size - offset;
        struct wasi_iovec iovec = {buffer, left < COPY_SIZE ? (size_t)left : COPY_SIZE};
        size_t done = 0;
        uint32_t error = wasi_fd_pread(host, &iovec, 1, offset, &done);
        if (error != WASI_SUCCESS || done == 0 || done > iovec.size)
            return error != WASI_SUCCESS ? (reason)error : WASI_EIO;
        snap_write_bytes(&writer, buffer, done);
        offset += done;
    }
    return 0;
}

/* The program may have opened it for writing only: a file with a name is opened for this. */
static reason write_contents(const struct descriptor *descriptor, uint8_t *buffer) {
    struct place place;
    uint32_t host;
    if (descriptor->fate == FATE_CONTENTS)
        return copy_contents_of(descriptor, descriptor->host, buffer);
    reason result = preopen_locate(descriptor, "", &place);
    if (result == 0)
        result = place_open(&place, descriptor->file.lookup, 0,
                            WASI_RIGHT_FD_READ | WASI_RIGHT_FD_SEEK, &host);
    if (result != 0)
        return result;
    result = copy_contents_of(descriptor, host, buffer);
    wasi_fd_close(host);
    return result;
}

/* Once is enough: a base gives pages only to the snapshot that needs it. */
static reason write_all_contents(void) {
    uint64_t size = glue.saving_base ? 0 : outgoing.contents;
    reason result = 0;
    /* Only if it is used: it may take a memory.grow, for which some engines copy all memory. */
    uint8_t *buffer = size > 0 ? scratch_take(COPY_SIZE) : NULL;
    if (size > 0 && buffer == NULL)
        return REASON_NO_MEMORY;
    snap_write_section(&writer, SNAP_SECTION_CONTENTS, SNAP_FLAG_MUST_KNOW, size);
    for (uint32_t number = 0; size > 0 && number < files_count_get() && result == 0; number++)
        if (brings_contents(descriptor_at(number))) {
            result = write_contents(descriptor_at(number), buffer);
            outgoing.blamed = result != 0 ? number + 1 : 0;
        }
    snap_write_section_end(&writer);
    return result;
}

SNAPIFY_EXPORT("snapify_files_write") reason snapify_files_write(void) {
    snap_write_files(&writer, snap_files_length(outgoing.count, outgoing.texts), outgoing.count,
                     glue.home_size);
    snap_write_bytes(&writer, text_at(0), glue.home_size);
    for (uint32_t number = 0; number < files_count_get(); number++)
        if (descriptor_find(number) != NULL)
            write_descriptor(number);
    snap_write_section_end(&writer);
    return write_all_contents();
}
