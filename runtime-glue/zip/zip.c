/*
 * zip.c: snapshots go through zstd on their way to the file, and come back through it if they did.
 *
 * What is written is the envelope of docs/snapshot-format.md, in constant memory. The compressor
 * works in scratch. The decompressor cannot where a restore begins: reading moves what is kept up,
 * to where scratch begins. So the memory it needs is opened up behind the C stack until the end:
 *
 *     image | C stack | decompressor | file buffer | kept strings | ...
 *
 * It holds addresses, so when the region moves it starts again from the beginning of the file and
 * passes over what was read. That is not much: the memory comes behind it. The base of a delta is
 * read later, or while saving, when scratch will do.
 */
#define XXH_INLINE_ALL
#define ZSTD_STATIC_LINKING_ONLY
#include <xxhash.h>
#include <zstd.h>

#include "runtime-glue/zip.h"
#include "snapshot-format/zip_layout.h"

/* A larger window finds little more in memory, and makes program and snapshot need more. */
#define WRITE_WINDOW_LOG 17

/* What the format asks of every decoder of zstd, and level 19 needs. */
#define READ_WINDOW_MAX (UINT64_C(8) << 20)

static struct {
    bool writes, reads;
    bool ended;         /* reading: the frame was read to its end */
    uint32_t work;      /* offset of zstd's memory */
    uint32_t work_size; /* bytes */
    uint32_t room_size; /* bytes opened up behind the C stack; 0: none */
    uint32_t base;      /* where the region was when reading began */
    uint8_t *out;       /* writing: what is compressed, OUT_SIZE bytes */
    uint64_t passed;    /* bytes that were read */
    XXH3_state_t hash;  /* over the frame */
} zip;

#ifdef __wasm__
/* Places the addresses in zstd's static data; made by the linker. */
void __wasm_apply_data_relocs(void);
#else
static void __wasm_apply_data_relocs(void) {}
#endif

static void *work(void) {
    return at(base_get() + zip.work);
}

/* ---- writing ---- */

static ZSTD_compressionParameters parameters(void) {
    int level = (int)snapify_config.zip_level;
    return ZSTD_getCParams(level, UINT64_C(1) << WRITE_WINDOW_LOG, 0);
}

/* By the functions that zstd has kept since 1.4. */
static void set_parameters(ZSTD_CCtx *context, const ZSTD_compressionParameters *chosen) {
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, (int)chosen->windowLog);
    ZSTD_CCtx_setParameter(context, ZSTD_c_chainLog, (int)chosen->chainLog);
    ZSTD_CCtx_setParameter(context, ZSTD_c_hashLog, (int)chosen->hashLog);
    ZSTD_CCtx_setParameter(context, ZSTD_c_searchLog, (int)chosen->searchLog);
    ZSTD_CCtx_setParameter(context, ZSTD_c_minMatch, (int)chosen->minMatch);
    ZSTD_CCtx_setParameter(context, ZSTD_c_targetLength, (int)chosen->targetLength);
    ZSTD_CCtx_setParameter(context, ZSTD_c_strategy, (int)chosen->strategy);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
}

void zip_create(void) {
    if (snapify_config.zip_level == 0)
        return;
    ZSTD_compressionParameters chosen = parameters();
    zip.work_size = (uint32_t)ZSTD_estimateCStreamSize_usingCParams(chosen);
    uint8_t *memory = scratch_take(zip.work_size);
    zip.out = scratch_take(ZSTD_CStreamOutSize());
    zip.writes = memory != NULL && zip.out != NULL;
    if (!zip.writes)
        return;
    __wasm_apply_data_relocs();
    ZSTD_CCtx *context = ZSTD_initStaticCCtx(memory, zip.work_size);
    zip.work = (uint32_t)((uint8_t *)context - at(base_get()));
    set_parameters(context, &chosen);
    XXH3_64bits_reset(&zip.hash);
}

/* Hands on what came out; false if that failed, or if there is nothing more to come. */
static bool step(ZSTD_inBuffer *in, ZSTD_EndDirective mode, bool *sound) {
    ZSTD_outBuffer out = {zip.out, ZSTD_CStreamOutSize(), 0};
    size_t left = ZSTD_compressStream2(work(), &out, in, mode);
    if (ZSTD_isError(left))
        file_fail(REASON_NO_MEMORY); /* there is no other reason that it could have */
    XXH3_64bits_update(&zip.hash, zip.out, out.pos);
    *sound = !ZSTD_isError(left) && file_write(zip.out, out.pos) == SNAP_IO_OK;
    return *sound && (mode == ZSTD_e_end ? left > 0 : in->pos < in->size);
}

static bool push(const void *bytes, size_t size, ZSTD_EndDirective mode) {
    ZSTD_inBuffer in = {bytes, size, 0};
    bool sound;
    while (step(&in, mode, &sound))
        ;
    return sound;
}

/* To zstd nothing is at address 0, where the application's memory begins. */
enum snap_io_result snap_io_write(const void *bytes, size_t size) {
    const uint8_t *at = bytes;
    if (!zip.writes)
        return file_write(bytes, size);
    if (bytes == NULL && size > 0) {
        uint8_t first = *at++;
        if (!push(&first, 1, ZSTD_e_continue))
            return SNAP_IO_FAILED;
        size--;
    }
    return size == 0 || push(at, size, ZSTD_e_continue) ? SNAP_IO_OK : SNAP_IO_FAILED;
}

struct trailer {
    uint32_t magic, size;
    uint64_t checksum;
};

bool zip_finish(void) {
    if (!zip.writes)
        return true;
    zip.writes = false;
    if (!push(NULL, 0, ZSTD_e_end))
        return false;
    struct trailer trailer = {ZIP_TRAILER_MAGIC, ZIP_TRAILER_SIZE - 8,
                              XXH3_64bits_digest(&zip.hash)};
    return file_write(&trailer, sizeof trailer) == SNAP_IO_OK;
}

/* ---- reading ---- */

static void begin_reading(void) {
    __wasm_apply_data_relocs();
    ZSTD_initStaticDCtx(work(), zip.work_size);
    XXH3_64bits_reset(&zip.hash);
    zip.base = base_get();
    zip.passed = 0;
    zip.ended = false;
}

/* Is the file just opened compressed, and how much memory does it take to read it? */
static reason recognize(void) {
    const uint8_t *bytes;
    ZSTD_frameHeader header;
    uint32_t magic = 0;
    size_t size = file_ready(&bytes);
    if (size >= sizeof magic)
        memcpy(&magic, bytes, sizeof magic);
    zip.reads = magic == ZIP_MAGIC;
    if (!zip.reads)
        return 0;
    if (ZSTD_getFrameHeader(&header, bytes, size) != 0)
        return (reason)SNAP_ERROR_UNZIP;
    if (header.windowSize > READ_WINDOW_MAX)
        return (reason)SNAP_ERROR_ZIPPED;
    zip.work_size = (uint32_t)(ZSTD_estimateDStreamSize((size_t)header.windowSize) + 15) & ~15u;
    return 0;
}

reason zip_open(void) {
    reason result = recognize();
    if (result != 0 || !zip.reads)
        return result;
    uint8_t *memory = scratch_take(zip.work_size);
    if (memory == NULL)
        return REASON_NO_MEMORY;
    zip.work = (uint32_t)(memory - at(base_get()));
    begin_reading();
    return 0;
}

reason zip_open_early(void) {
    reason result = recognize();
    if (result != 0 || !zip.reads)
        return result;
    zip.work = snapify_config.frames_offset;
    if (!room_open(zip.work_size))
        return REASON_NO_MEMORY;
    zip.room_size = zip.work_size;
    begin_reading();
    return 0;
}

uint64_t zip_rights(void) {
    return FILE_SEEKS;
}

/* Decompresses a step further. False at the end, and if something is wrong: see file_failure(). */
static bool pull(ZSTD_outBuffer *out) {
    ZSTD_inBuffer in = {.src = NULL};
    const uint8_t *bytes;
    in.size = file_ready(&bytes);
    in.src = bytes;
    if (in.size == 0)
        return false;
    size_t left = ZSTD_decompressStream(work(), out, &in);
    XXH3_64bits_update(&zip.hash, bytes, in.pos);
    file_take(in.pos);
    if (ZSTD_isError(left))
        file_fail((reason)SNAP_ERROR_UNZIP);
    zip.ended = left == 0;
    return file_failure() == 0 && !zip.ended;
}

static enum snap_io_result unzip(void *bytes, size_t size) {
    ZSTD_outBuffer out = {bytes, size, 0};
    while (out.pos < size && !zip.ended && pull(&out))
        ;
    zip.passed += out.pos;
    if (out.pos == size)
        return SNAP_IO_OK;
    return file_failure() != 0 ? SNAP_IO_FAILED : SNAP_IO_END;
}

enum snap_io_result snap_io_read(void *bytes, size_t size) {
    uint8_t *at = bytes, first;
    if (!zip.reads)
        return file_read(bytes, size);
    if (bytes != NULL || size == 0)
        return unzip(bytes, size);
    enum snap_io_result result = unzip(&first, 1); /* see snap_io_write() */
    *at = first;
    return result == SNAP_IO_OK ? unzip(at + 1, size - 1) : result;
}

#define PASS_SIZE 65536u

/* Decompresses to nowhere. */
static bool unzip_past(uint64_t size) {
    uint32_t scratch = glue.scratch;
    uint8_t *nowhere = scratch_take(PASS_SIZE);
    glue.scratch = scratch;
    if (nowhere == NULL)
        file_fail(REASON_NO_MEMORY);
    while (nowhere != NULL && size > 0) {
        size_t part = size < PASS_SIZE ? (size_t)size : PASS_SIZE;
        if (unzip(nowhere, part) != SNAP_IO_OK)
            return false;
        size -= part;
    }
    return size == 0;
}

bool snap_io_skip(size_t size) {
    return zip.reads ? unzip_past(size) : file_skip(size);
}

reason zip_moved(void) {
    if (!zip.reads || zip.base == base_get())
        return 0;
    uint64_t passed = zip.passed;
    scratch_reset();
    reason result = file_rewind();
    begin_reading();
    if (result == 0 && !unzip_past(passed))
        result = file_failure() != 0 ? file_failure() : (reason)SNAP_ERROR_TRUNCATED;
    return result;
}

/* The checksum of the contents stands behind them: it is read with nothing. */
enum snap_error zip_end(void) {
    struct trailer trailer;
    uint8_t more;
    if (!zip.reads)
        return SNAP_OK;
    ZSTD_outBuffer none = {&more, 0, 0};
    while (!zip.ended && pull(&none))
        ;
    if (!zip.ended || file_read(&trailer, sizeof trailer) != SNAP_IO_OK)
        return file_failure() != 0 ? SNAP_ERROR_READ : SNAP_ERROR_TRUNCATED;
    if (trailer.magic != ZIP_TRAILER_MAGIC || trailer.size != ZIP_TRAILER_SIZE - 8 ||
        trailer.checksum != XXH3_64bits_digest(&zip.hash) || file_read(&more, 1) == SNAP_IO_OK)
        return SNAP_ERROR_UNZIP;
    return SNAP_OK;
}

void zip_close(void) {
    if (zip.room_size > 0)
        room_close(zip.room_size);
    zip.room_size = 0;
    zip.reads = false;
}
