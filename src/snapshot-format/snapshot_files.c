/*
 * snapshot_files.c: the program's descriptors, written and read; twins in one file.
 */
#include "snapshot-format/snapshot_layout.h"

uint64_t snap_files_length(uint32_t count, uint64_t texts_size) {
    return SNAP_FILES_FIXED_SIZE + (uint64_t)count * SNAP_FILE_FIXED_SIZE + texts_size;
}

enum snap_error snap_write_files(struct snap_writer *writer, uint64_t length, uint32_t count,
                                 uint32_t home_size) {
    uint8_t bytes[SNAP_FILES_FIXED_SIZE];
    store_u32(bytes, count);
    store_u32(bytes + 4, home_size);
    snap_write_section(writer, SNAP_SECTION_FILES, SNAP_FLAG_MUST_KNOW, length);
    return snap_write_bytes(writer, bytes, sizeof bytes);
}

enum snap_error snap_read_files(struct snap_reader *reader, uint32_t *count, uint32_t *home_size) {
    snap_read_section(reader, SNAP_SECTION_FILES);
    return snap_read_files_start(reader, count, home_size);
}

enum snap_error snap_read_files_start(struct snap_reader *reader, uint32_t *count,
                                      uint32_t *home_size) {
    uint8_t bytes[SNAP_FILES_FIXED_SIZE] = {0};
    snap_read_bytes(reader, bytes, sizeof bytes);
    *count = load_u32(bytes);
    *home_size = load_u32(bytes + 4);
    if (reader->status == SNAP_OK && (*home_size > SNAP_FILE_TEXT_MAX || *home_size > reader->left))
        reader->status = SNAP_ERROR_FILES;
    return reader->status;
}

/* The fields of struct snap_file are those of the file, in the same order. */
_Static_assert(offsetof(struct snap_file, rights) == 24 &&
                   offsetof(struct snap_file, base_size) == 56 &&
                   offsetof(struct snap_file, listing_size) == SNAP_FILE_FIXED_SIZE - 4,
               "nothing between them");

static void copy_file(void *to, const void *from) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(to, from, SNAP_FILE_FIXED_SIZE);
#else
    copy_fields(to, from, 6, 4);
    copy_fields((uint8_t *)to + 24, (const uint8_t *)from + 24, 4, 8);
    copy_fields((uint8_t *)to + 56, (const uint8_t *)from + 56, 3, 4);
#endif
}

enum snap_error snap_write_file(struct snap_writer *writer, const struct snap_file *file) {
    uint8_t bytes[SNAP_FILE_FIXED_SIZE];
    copy_file(bytes, file);
    return snap_write_bytes(writer, bytes, sizeof bytes);
}

static bool file_is_sound(const struct snap_file *file, uint32_t lowest, uint64_t left) {
    bool named = file->kind == SNAP_FILE_PREOPEN || file->kind == SNAP_FILE_PATH;
    return file->number >= lowest && file->number < SNAP_FILES_MAX &&
           file->kind != SNAP_FILE_NONE && file->kind < SNAP_FILE_KINDS &&
           (!named || (file->base_size > 0 && file->path_size > 0)) &&
           file->base_size <= SNAP_FILE_TEXT_MAX && file->path_size <= SNAP_FILE_TEXT_MAX &&
           (uint64_t)file->base_size + file->path_size + file->listing_size <= left;
}

enum snap_error snap_read_file(struct snap_reader *reader, uint32_t *number,
                               struct snap_file *file) {
    uint8_t bytes[SNAP_FILE_FIXED_SIZE];
    if (snap_read_bytes(reader, bytes, sizeof bytes) != SNAP_OK)
        return reader->status;
    copy_file(file, bytes);
    if (!file_is_sound(file, *number, reader->left))
        reader->status = SNAP_ERROR_FILES;
    *number = file->number + 1;
    return reader->status;
}
