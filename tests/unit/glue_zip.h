/*
 * glue_zip.h: a world whose program compresses its snapshots, and the system's zstd beside it.
 */
#ifndef SNAPIFY_TESTS_GLUE_ZIP_H
#define SNAPIFY_TESTS_GLUE_ZIP_H

#define WORLD_ZIPS
#include "glue_program.h"

static inline bool is_zipped(const struct world_file *file) {
    uint32_t magic;
    memcpy(&magic, file->bytes, sizeof magic);
    return magic == ZIP_MAGIC;
}

/* The frame alone, decompressed by whoever else; owned by the caller. */
static inline uint8_t *decompress(const struct world_file *file, size_t *size) {
    size_t frame = file->size - ZIP_TRAILER_SIZE, room = 1 << 20;
    assert_int_equal(ZSTD_findFrameCompressedSize(file->bytes, file->size), frame);
    uint8_t *plain = malloc(room);
    *size = ZSTD_decompress(plain, room, file->bytes, frame);
    assert_false(ZSTD_isError(*size));
    return plain;
}

static inline void compress_as(struct world_file *file, const uint8_t *plain, size_t size,
                               int window_log) {
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
    size_t room = ZSTD_compressBound(size);
    file->bytes = realloc(file->bytes, room + ZIP_TRAILER_SIZE);
    ZSTD_inBuffer in = {plain, size, 0};
    ZSTD_outBuffer out = {file->bytes, room, 0};
    /* In two calls: else zstd knows the size, and makes the window as small as that. */
    ZSTD_compressStream2(context, &out, &(ZSTD_inBuffer){plain, 1, 0}, ZSTD_e_flush);
    in.pos = 1;
    assert_int_equal(ZSTD_compressStream2(context, &out, &in, ZSTD_e_end), 0);
    ZSTD_freeCCtx(context);
    struct trailer trailer = {ZIP_TRAILER_MAGIC, 8, XXH3_64bits(file->bytes, out.pos)};
    memcpy(file->bytes + out.pos, &trailer, sizeof trailer);
    file->size = out.pos + sizeof trailer;
}

#endif
