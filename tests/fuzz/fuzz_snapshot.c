/*
 * fuzz_snapshot.c: damaged snapshots through both readers, for libFuzzer.
 *
 *     fuzz_snapshot -runs=N -close_fd_mask=2 [CORPUS]     (2: refusals are not shown)
 *
 * Each input is read as it is and once more with its checksums set right: otherwise hardly anything
 * gets behind the first of them. Neither reader may crash, and where both understand a snapshot
 * they must agree on whether it is sound: the one that the module has inside and the one of the
 * tool.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "snapshot-tool/inspection.h"
#include "tests/seal.h"

#define WASM_PAGES_MAX 4u

struct source {
    const uint8_t *bytes;
    size_t size, position;
};

static enum snap_io_result read_source(void *context, void *bytes, size_t size) {
    struct source *source = context;
    if (size > source->size - source->position)
        return SNAP_IO_END;
    memcpy(bytes, source->bytes + source->position, size);
    source->position += size;
    return SNAP_IO_OK;
}

/* As the module inside reads, but for what it knows of itself. */
static enum snap_error read_inside(const uint8_t *bytes, size_t size) {
    struct source source = {bytes, size, 0};
    struct snap_reader reader;
    struct snap_header header;
    struct snap_meta meta;
    snap_read_header(&reader, (struct snap_io){.read = read_source, .context = &source}, &header);
    if (snap_read_section(&reader, SNAP_SECTION_META) != SNAP_OK)
        return reader.status;
    if (reader.left > size)
        return SNAP_ERROR_TRUNCATED;
    uint8_t *storage = malloc((size_t)reader.left + 1);
    if (snap_read_meta(&reader, storage, &meta) == SNAP_OK && meta.app_pages <= WASM_PAGES_MAX &&
        meta.globals_size <= size && meta.frames_size <= size) {
        uint8_t *memory = calloc(meta.app_pages + 1, 65536);
        uint8_t *rest = malloc((size_t)meta.globals_size + meta.frames_size + 1);
        snap_read_globals(&reader, rest, meta.globals_size);
        snap_read_memory(&reader, memory, meta.app_pages * 16, meta.app_pages * 16);
        snap_read_frames(&reader, rest + meta.globals_size, meta.frames_size);
        snap_read_end(&reader);
        free(memory);
        free(rest);
    } else if (reader.status == SNAP_OK) {
        reader.status = SNAP_ERROR_LIMIT;
    }
    free(storage);
    return reader.status;
}

static bool has_type(const struct snapshot *file, uint32_t type) {
    for (size_t i = 0; i < file->section_count; i++)
        if (file->sections[i].type == type)
            return true;
    return false;
}

/* As the tool reads, from a file in memory. */
static void compare(const char *path, const uint8_t *bytes, size_t size) {
    struct tool tool = {.input = {.quiet = true}};
    struct inspection *inspection = tool_alloc(sizeof *inspection);
    struct buf out = {0};
    enum snap_error inside = read_inside(bytes, size);
    bool sound = inspection_make(inspection, &tool, path, NULL) == TOOL_OK;
    const struct snapshot *file = &inspection->file;
    bool both = !file->input.zipped && !file->input.sealed && inside != SNAP_ERROR_LIMIT &&
                !has_type(file, SNAP_SECTION_FILES) && !has_type(file, SNAP_SECTION_DELTA);
    if (both && sound != (inside == SNAP_OK)) {
        fprintf(stderr, "inside: %s; tool: %s\n", snap_error_text(inside),
                snapshot_fault(file).text);
        abort();
    }
    if (sound && inspection->pages <= WASM_PAGES_MAX * 16) {
        inspection_text(inspection, true, &out);
        inspection_json(inspection, &out);
    }
    buf_release(&out);
    inspection_release(inspection);
    free(inspection);
}

/* Sets the checksums right as far as lengths can be followed. */
static void repair(uint8_t *bytes, size_t size) {
    if (size < SNAP_HEADER_SIZE)
        return;
    seal_header(bytes);
    size_t at = SNAP_HEADER_SIZE;
    while (size - at >= SNAP_SECTION_HEADER_SIZE + SNAP_CHECKSUM_SIZE) {
        uint64_t length = load_u64(bytes + at + 8);
        if (length > size - at - SNAP_SECTION_HEADER_SIZE - SNAP_CHECKSUM_SIZE)
            return;
        size_t hashed = SNAP_SECTION_HEADER_SIZE + (size_t)length;
        seal_section(bytes + at, hashed, flags_of(bytes));
        at += hashed + SNAP_CHECKSUM_SIZE;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static int file = -1;
    static char path[32];
    if (file < 0) {
        file = memfd_create("input", 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    }
    uint8_t *copy = malloc(size + 1);
    memcpy(copy, data, size);
    for (int repaired = 0; repaired < 2; repaired++) {
        if (ftruncate(file, (off_t)size) < 0 || pwrite(file, copy, size, 0) != (ssize_t)size)
            abort();
        compare(path, copy, size);
        repair(copy, size);
    }
    free(copy);
    return 0;
}
