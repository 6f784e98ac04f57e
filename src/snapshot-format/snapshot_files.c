/*
 * snapshot_files.c: the program's descriptors, written and read; twins in one file.
 */
#include "snapshot-format/snapshot_layout.h"

uint64_t snap_files_length(uint32_t count, uint64_t texts_size) {
    return SNAP_FILES_FIXED_SIZE + (uint64_t)count * SNAP_FILE_FIXED_SIZE + texts_size;
}

enum snap_error snap_write_files(struct snap_writer *writer, uint64_t length, uint32_t count,
                                 uint32_t home_size) {
    const uint32_t sizes[] = {count, home_size};
    snap_write_section(writer, SNAP_SECTION_FILES, SNAP_FLAG_MUST_KNOW, length);
    return snap_write_fields(writer, sizes, SNAP_PAIR_FIELDS);
}

enum snap_error snap_read_files(struct snap_reader *reader, uint32_t *count, uint32_t *home_size) {
    snap_read_section(reader, SNAP_SECTION_FILES);
    return snap_read_files_start(reader, count, home_size);
}

enum snap_error snap_read_files_start(struct snap_reader *reader, uint32_t *count,
                                      uint32_t *home_size) {
    uint32_t sizes[2] = {0};
    snap_read_fields(reader, sizes, SNAP_PAIR_FIELDS);
    *count = sizes[0];
    *home_size = sizes[1];
    if (reader->status == SNAP_OK && (*home_size > SNAP_FILE_TEXT_MAX || *home_size > reader->left))
        reader->status = SNAP_ERROR_FILES;
    return reader->status;
}

/* The fields of struct snap_file are those of the file, in the same order. */
_Static_assert(offsetof(struct snap_file, rights) == 24 &&
                   offsetof(struct snap_file, base_size) == 56 &&
                   offsetof(struct snap_file, listing_size) == SNAP_FILE_FIXED_SIZE - 4,
               "nothing between them");

enum snap_error snap_write_file(struct snap_writer *writer, const struct snap_file *file) {
    return snap_write_fields(writer, file, SNAP_FILE_FIELDS);
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
    if (snap_read_fields(reader, file, SNAP_FILE_FIELDS) != SNAP_OK)
        return reader->status;
    if (!file_is_sound(file, *number, reader->left))
        reader->status = SNAP_ERROR_FILES;
    *number = file->number + 1;
    return reader->status;
}
