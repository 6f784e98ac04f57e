/*
 * input_zip.c: out of the zstd envelope. zstd's own checksum covers the contents; the trailer
 * covers the bits of the compressed form that zstd ignores, so that every changed byte is noticed.
 */
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "snapshot-format/snapshot_layout.h"
#include "snapshot-tool/envelope.h"
#include "snapshot-tool/tool.h"

#define ZIP_BUFFER ((size_t)128 << 10)

static const char damaged[] = "damaged: the compressed data are not as they were written";
static const char truncated[] = "truncated";

struct zip_stage {
    struct stage stage;
    struct snap_hash hash; /* over the compressed frame */
    ZSTD_DCtx *context;    /* owned */
    ZSTD_inBuffer in;      /* of `buffer` */
    bool ended;            /* the frame and its trailer were read */
    uint8_t buffer[ZIP_BUFFER];
};

static void fail(struct zip_stage *zip, const char *fault) {
    if (!*zip->stage.fault)
        *zip->stage.fault = fault;
}

/* Reads what is left of the trailer behind what lies in the buffer, and the end of the file. */
static void check_trailer(struct zip_stage *zip) {
    uint8_t trailer[ZIP_TRAILER_SIZE + 1];
    size_t count = zip->in.size - zip->in.pos;
    zip->ended = true;
    if (count > sizeof trailer)
        count = sizeof trailer;
    memcpy(trailer, zip->buffer + zip->in.pos, count);
    count += zip->stage.below->read(zip->stage.below, trailer + count, sizeof trailer - count);
    if (count < ZIP_TRAILER_SIZE)
        fail(zip, "ends without its trailer: truncated, or compressed by another tool");
    else if (count > ZIP_TRAILER_SIZE || load_u32(trailer) != ZIP_TRAILER_MAGIC ||
             load_u32(trailer + 4) != ZIP_TRAILER_SIZE - 8 ||
             load_u64(trailer + 8) != snap_hash_digest(&zip->hash))
        fail(zip, damaged);
}

/* Decompresses a step further. Returns false at the end or if something is wrong. */
static bool step(struct zip_stage *zip, ZSTD_outBuffer *out) {
    if (zip->in.pos == zip->in.size) {
        zip->in.pos = 0;
        zip->in.size = zip->stage.below->read(zip->stage.below, zip->buffer, ZIP_BUFFER);
        if (zip->in.size == 0) {
            fail(zip, truncated);
            return false;
        }
    }
    size_t before = zip->in.pos;
    size_t left = ZSTD_decompressStream(zip->context, out, &zip->in);
    snap_hash_update(&zip->hash, zip->buffer + before, zip->in.pos - before);
    if (ZSTD_isError(left))
        fail(zip, damaged);
    else if (left == 0)
        check_trailer(zip);
    return !*zip->stage.fault;
}

static size_t zip_read(struct stage *stage, void *bytes, size_t size) {
    struct zip_stage *zip = (struct zip_stage *)stage;
    ZSTD_outBuffer out = {bytes, size, 0};
    while (out.pos < size && !zip->ended && !*stage->fault && step(zip, &out))
        ;
    return out.pos;
}

static void zip_free(struct stage *stage) {
    ZSTD_freeDCtx(((struct zip_stage *)stage)->context);
    free(stage);
}

struct stage *stage_unzip(struct stage *below) {
    struct zip_stage *zip = tool_alloc(sizeof *zip);
    ZSTD_DCtx *context = ZSTD_createDCtx();
    if (!context)
        abort();
    zip->stage = (struct stage){zip_read, zip_free, below, below->fault};
    zip->context = context;
    zip->in = (ZSTD_inBuffer){zip->buffer, 0, 0};
    zip->ended = false;
    ZSTD_DCtx_setParameter(zip->context, ZSTD_d_windowLogMax, ZIP_WINDOW_LOG_MAX);
    snap_hash_reset(&zip->hash, false);
    return &zip->stage;
}
