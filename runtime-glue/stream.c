/*
 * stream.c: directory streams.
 *
 * Engines give cookies of their own making, hashes of the host among them, and list in the order of
 * their file system; nothing of that is true elsewhere. So a directory is read to its end when the
 * program asks for its beginning, and the listing is given out from here: a cookie is the position
 * in it. POSIX leaves open whether a stream shows what changes behind it.
 */
#include "runtime-glue/files.h"

#define READ_SIZE 16384u

/* An entry as WASI has it: the cookie behind it, then the rest, then the name. */
#define ENTRY_SIZE 24u
#define ENTRY_NAME_SIZE 16u /* where the size of the name stands */

/* Bytes of the entry at `bytes`, of which `left` are there; 0 if it is not all there. */
static uint32_t entry_size(const uint8_t *bytes, uint32_t left) {
    uint32_t name_size;
    if (left < ENTRY_SIZE)
        return 0;
    memcpy(&name_size, bytes + ENTRY_NAME_SIZE, sizeof name_size);
    return name_size <= left - ENTRY_SIZE ? ENTRY_SIZE + name_size : 0;
}

/* Bytes of whole entries; the cookie behind the last of them. */
static uint32_t whole_entries(const uint8_t *bytes, uint32_t size, uint64_t *cookie) {
    uint32_t done = 0;
    for (uint32_t entry; (entry = entry_size(bytes + done, size - done)) > 0; done += entry)
        memcpy(cookie, bytes + done, sizeof *cookie);
    return done;
}

/* Reads all entries into scratch. */
static uint32_t read_all(uint32_t host, uint8_t **listing, uint32_t *size) {
    uint64_t cookie = 0;
    uint32_t room = READ_SIZE;
    scratch_reset();
    *listing = scratch_take(room);
    *size = 0;
    for (;;) {
        size_t used = 0;
        if (room - *size < READ_SIZE) { /* more of it lies behind */
            room += READ_SIZE;
            if (*listing == NULL || scratch_take(READ_SIZE) == NULL)
                return WASI_ENOMEM;
        }
        uint32_t asked = room - *size;
        uint32_t error = wasi_fd_readdir(host, *listing + *size, asked, cookie, &used);
        uint32_t whole =
            error == WASI_SUCCESS ? whole_entries(*listing + *size, (uint32_t)used, &cookie) : 0;
        *size += whole;
        if (error != WASI_SUCCESS || used < asked)
            return error;
        if (whole == 0)
            return WASI_EIO;
    }
}

/* Texts are tidied first: afterwards the listing lies where that is done. */
static uint32_t list(uint32_t fd) {
    uint8_t *listing;
    uint32_t size;
    texts_tidy();
    uint32_t error = read_all(descriptor_at(fd)->host, &listing, &size);
    if (error != WASI_SUCCESS)
        return error;
    return descriptor_set_listing(fd, listing, size) ? WASI_SUCCESS : WASI_ENOMEM;
}

static size_t smaller(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Whole and cut entries from `position` on, as many as fit. */
static size_t give(const struct descriptor *descriptor, uint32_t position, uint8_t *out,
                   size_t room) {
    const uint8_t *listing = descriptor_listing(descriptor);
    size_t done = 0;
    uint32_t size;
    while (done < room &&
           (size = entry_size(listing + position, descriptor->file.listing_size - position)) > 0) {
        uint8_t entry[ENTRY_SIZE];
        position += size;
        uint64_t cookie = position;
        memcpy(entry, listing + position - size, sizeof entry);
        memcpy(entry, &cookie, sizeof cookie);
        size_t head = smaller(ENTRY_SIZE, room - done);
        size_t name = smaller(size - ENTRY_SIZE, room - done - head);
        memcpy(out + done, entry, head);
        memcpy(out + done + head, listing + position - size + ENTRY_SIZE, name);
        done += head + name;
    }
    return done;
}

SNAPIFY_EXPORT("snapify_wasi_fd_readdir")
uint32_t snapify_wasi_fd_readdir(uint32_t fd, uint8_t *bytes, size_t size, uint64_t cookie,
                                 size_t *used) {
    if (files_count_get() == 0)
        return wasi_fd_readdir(fd, bytes, size, cookie, used);
    struct descriptor *descriptor = descriptor_find(fd);
    if (descriptor == NULL || descriptor->file.kind == SNAP_FILE_LOST)
        return WASI_EBADF;
    uint32_t error = cookie == 0 ? list(fd) : WASI_SUCCESS;
    if (error != WASI_SUCCESS)
        return error;
    descriptor = descriptor_at(fd);
    if (cookie > descriptor->file.listing_size) /* never given */
        return WASI_EINVAL;
    *used = give(descriptor, (uint32_t)cookie, bytes, size);
    return WASI_SUCCESS;
}
