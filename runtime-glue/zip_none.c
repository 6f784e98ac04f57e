/*
 * zip_none.c: nothing stands between a snapshot's bytes and those of its file.
 */
#include "runtime-glue/zip.h"
#include "snapshot-format/zip_layout.h"

enum snap_io_result snap_io_write(const void *bytes, size_t size) {
    return file_write(bytes, size);
}

enum snap_io_result snap_io_read(void *bytes, size_t size) {
    return file_read(bytes, size);
}

bool snap_io_skip(size_t size) {
    return file_skip(size);
}

void zip_create(void) {}

bool zip_finish(void) {
    return true;
}

reason zip_open(void) {
    const uint8_t *bytes;
    uint32_t magic = 0;
    if (file_ready(&bytes) >= sizeof magic)
        memcpy(&magic, bytes, sizeof magic);
    return magic == ZIP_MAGIC ? (reason)SNAP_ERROR_ZIPPED : 0;
}

reason zip_open_early(void) {
    return zip_open();
}

uint64_t zip_rights(void) {
    return 0;
}

reason zip_moved(void) {
    return 0;
}

enum snap_error zip_end(void) {
    return SNAP_OK;
}

void zip_close(void) {}
