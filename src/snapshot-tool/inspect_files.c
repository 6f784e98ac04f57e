/*
 * inspect_files.c: the descriptors in a snapshot.
 */
#include <stdlib.h>

#include "snapshot-tool/inspection.h"

const char *file_kind_text(uint32_t kind) {
    static const char *const kinds[SNAP_FILE_KINDS] = {"none", "engine", "preopen", "path", "lost"};
    return kind < SNAP_FILE_KINDS ? kinds[kind] : "unknown";
}

const char *file_type_text(uint32_t type) {
    static const char *const types[] = {
        "unknown",      "block device",    "character device", "directory",
        "regular file", "datagram socket", "stream socket",    "symbolic link",
    };
    return type < sizeof types / sizeof *types ? types[type] : "unknown";
}

/* A text of the section, cut off in front of its NUL; owned by the caller. */
static char *read_text(struct snapshot *file, uint32_t size) {
    struct buf text = {0};
    uint64_t behind = file->reader.left - size;
    while (file->reader.left > behind && !snapshot_failed(file))
        snapshot_content(file, &text, (size_t)(file->reader.left - behind));
    buf_append_u8(&text, '\0');
    return (char *)text.data;
}

static void skip(struct snapshot *file, uint32_t size) {
    uint8_t bytes[SNAP_PAGE_SIZE];
    size_t count;
    while ((count = snapshot_bytes(file, bytes, size < sizeof bytes ? size : sizeof bytes)) > 0)
        size -= (uint32_t)count;
}

void inspection_collect_files(struct inspection *inspection) {
    struct snapshot *file = &inspection->file;
    uint32_t count = 0, home_size = 0, number = 0;
    inspection->has_files = true;
    if (snap_read_files_start(&file->reader, &count, &home_size) != SNAP_OK)
        return;
    skip(file, home_size);
    while (count-- > 0 && inspection->open_file_count < INSPECT_FILES_MAX) {
        struct open_file open = {0};
        if (snap_read_file(&file->reader, &number, &open.file) != SNAP_OK)
            return;
        open.base = read_text(file, open.file.base_size);
        open.path = read_text(file, open.file.path_size);
        skip(file, open.file.listing_size);
        inspection->open_files = mem_grow(inspection->open_files, inspection->open_file_count + 1,
                                          sizeof *inspection->open_files);
        inspection->open_files[inspection->open_file_count++] = open;
    }
}
