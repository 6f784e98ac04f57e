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

enum snap_error snap_write_file(struct snap_writer *writer, const struct snap_file *file) {
    uint8_t bytes[SNAP_FILE_FIXED_SIZE];
    store_u32(bytes, file->number);
    store_u32(bytes + 4, file->kind);
    store_u32(bytes + 8, file->filetype);
    store_u32(bytes + 12, file->flags);
    store_u32(bytes + 16, file->lookup);
    store_u32(bytes + 20, file->fdflags);
    store_u64(bytes + 24, file->rights);
    store_u64(bytes + 32, file->inheriting);
    store_u64(bytes + 40, file->offset);
    store_u64(bytes + 48, file->size);
    store_u32(bytes + 56, file->base_size);
    store_u32(bytes + 60, file->path_size);
    store_u32(bytes + 64, file->listing_size);
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
    file->number = load_u32(bytes);
    file->kind = load_u32(bytes + 4);
    file->filetype = load_u32(bytes + 8);
    file->flags = load_u32(bytes + 12);
    file->lookup = load_u32(bytes + 16);
    file->fdflags = load_u32(bytes + 20);
    file->rights = load_u64(bytes + 24);
    file->inheriting = load_u64(bytes + 32);
    file->offset = load_u64(bytes + 40);
    file->size = load_u64(bytes + 48);
    file->base_size = load_u32(bytes + 56);
    file->path_size = load_u32(bytes + 60);
    file->listing_size = load_u32(bytes + 64);
    if (!file_is_sound(file, *number, reader->left))
        reader->status = SNAP_ERROR_FILES;
    *number = file->number + 1;
    return reader->status;
}
