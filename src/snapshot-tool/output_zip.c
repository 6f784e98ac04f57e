/*
 * output_zip.c: into the zstd envelope; twin of input_zip.c.
 */
#include <stdlib.h>
#include <zstd.h>

#include "snapshot-format/snapshot_layout.h"
#include "snapshot-tool/output.h"

#define ZIP_BUFFER ((size_t)128 << 10)

struct zip {
    struct snap_hash hash; /* over the compressed frame */
    ZSTD_CCtx *context;    /* owned */
    uint8_t buffer[ZIP_BUFFER];
};

struct zip *zip_open(int level, bool window_long) {
    struct zip *zip = tool_alloc(sizeof *zip);
    ZSTD_CCtx *context = ZSTD_createCCtx();
    if (!context)
        abort();
    zip->context = context;
    snap_hash_reset(&zip->hash, false);
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    if (window_long) {
        ZSTD_CCtx_setParameter(context, ZSTD_c_enableLongDistanceMatching, 1);
        ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, ZIP_WINDOW_LOG_MAX);
    }
    return zip;
}

/* Hands on what came out; true if more has to come. */
static bool step(struct zip *zip, struct output *output, ZSTD_inBuffer *in,
                 ZSTD_EndDirective mode) {
    ZSTD_outBuffer out = {zip->buffer, ZIP_BUFFER, 0};
    size_t left = ZSTD_compressStream2(zip->context, &out, in, mode);
    if (ZSTD_isError(left))
        abort(); /* only for want of memory */
    snap_hash_update(&zip->hash, zip->buffer, out.pos);
    output_to_seal(output, zip->buffer, out.pos);
    return output->error == 0 && (mode == ZSTD_e_end ? left > 0 : in->pos < in->size);
}

bool zip_write(struct zip *zip, struct output *output, const void *bytes, size_t size) {
    ZSTD_inBuffer in = {bytes, size, 0};
    while (step(zip, output, &in, ZSTD_e_continue))
        ;
    return output->error == 0;
}

bool zip_finish(struct zip *zip, struct output *output) {
    ZSTD_inBuffer in = {NULL, 0, 0};
    uint8_t trailer[ZIP_TRAILER_SIZE];
    while (step(zip, output, &in, ZSTD_e_end))
        ;
    store_u32(trailer, ZIP_TRAILER_MAGIC);
    store_u32(trailer + 4, ZIP_TRAILER_SIZE - 8);
    store_u64(trailer + 8, snap_hash_digest(&zip->hash));
    return output_to_seal(output, trailer, sizeof trailer);
}

void zip_free(struct zip *zip) {
    if (zip)
        ZSTD_freeCCtx(zip->context);
    free(zip);
}
