/*
 * read_file.h: how the fuzzers read what they damage.
 */
#ifndef SNAPIFY_FUZZ_READ_FILE_H
#define SNAPIFY_FUZZ_READ_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "support/buf.h"

/* Appends the file's bytes; false if it cannot be opened or is empty. */
static inline bool read_file(const char *path, struct buf *bytes) {
    uint8_t chunk[4096];
    size_t size;
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    while ((size = fread(chunk, 1, sizeof chunk, file)) > 0)
        buf_append(bytes, chunk, size);
    fclose(file);
    return bytes->size > 0;
}

#endif
