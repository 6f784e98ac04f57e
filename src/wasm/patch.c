/*
 * patch.c: a finished module in, the same module with more data and other limits out.
 *
 * Sections are copied as they are, in their order; only memory, data count and data, and exports
 * where the memory is missing, are written anew. A data section is added behind the last section
 * that is not a custom one, which is its place, because it is the last of them.
 */
#include "wasm/patch.h"

#include "wasm/code.h"
#include "wasm/scan_parse.h"
#include "wasm/write.h"

#define ACTIVE_IN_MEMORY_0 0

/* What else is written anew, in bytes: a guess that saves large modules from growing in steps. */
#define PATCH_ROOM 4096

#define EXPORT_MEMORY 2

/* The scan has read this section before, so its parts are there. */
static void patch_memory(const struct wasm_patch *patch, struct wasm_bytes payload,
                         struct buf *out) {
    struct reader reader = reader_over(payload.data, payload.size);
    struct buf section = {0};
    uint32_t count = 0;
    uint8_t flags = 0;
    uint64_t pages;
    if (!reader_uleb32(&reader, &count) || !reader_u8(&reader, &flags) ||
        !reader_uleb64(&reader, &pages) || ((flags & 1) != 0 && !reader_uleb64(&reader, &pages)))
        return;
    buf_append_uleb(&section, count);
    buf_append_u8(&section, patch->has_maximum ? 1 : 0);
    buf_append_uleb(&section, patch->initial_pages);
    if (patch->has_maximum)
        buf_append_uleb(&section, patch->maximum_pages);
    wasm_append_rest(&section, &reader);
    wasm_append_section(out, SECTION_MEMORY, &section);
    buf_release(&section);
}

/* Whether the name or another export of a memory is there. */
static bool exports_memory(const struct wasm_scan *scan) {
    static const uint8_t name[] = {'m', 'e', 'm', 'o', 'r', 'y'};
    for (size_t i = 0; i < scan->export_count; i++)
        if (scan->exports[i].kind == EXPORT_MEMORY ||
            wasm_bytes_compare(scan->exports[i].name, (struct wasm_bytes){name, sizeof name}) == 0)
            return true;
    return false;
}

static void patch_exports(struct wasm_bytes payload, struct buf *out) {
    static const uint8_t entry[] = {6, 'm', 'e', 'm', 'o', 'r', 'y', EXPORT_MEMORY, 0};
    struct reader reader = reader_over(payload.data, payload.size);
    struct buf section = {0};
    uint32_t count = 0;
    if (!reader_uleb32(&reader, &count))
        return;
    buf_append_uleb(&section, (uint64_t)count + 1);
    wasm_append_rest(&section, &reader);
    buf_append(&section, entry, sizeof entry);
    wasm_append_section(out, SECTION_EXPORT, &section);
    buf_release(&section);
}

/* ---- data ---- */

/* What a segment costs, about: fewer zeros between two pieces are not worth one. */
#define ZEROS_MIN 16

static size_t count_zeros(struct wasm_bytes bytes, size_t at) {
    size_t count = 0;
    while (at + count < bytes.size && bytes.data[at + count] == 0)
        count++;
    return count;
}

/* The next piece at or behind *at, which moves to its end. False if only zeros are left. */
static bool next_piece(struct wasm_bytes bytes, size_t *at, struct wasm_bytes *piece) {
    size_t end = *at += count_zeros(bytes, *at);
    size_t zeros = 0;
    for (size_t next = end; next < bytes.size && zeros < ZEROS_MIN; next += zeros > 0 ? zeros : 1) {
        zeros = count_zeros(bytes, next);
        if (zeros == 0)
            end = next + 1;
    }
    *piece = (struct wasm_bytes){bytes.data + *at, end - *at};
    *at = end;
    return piece->size > 0;
}

static uint32_t count_pieces(struct wasm_bytes bytes) {
    struct wasm_bytes piece;
    uint32_t count = 0;
    for (size_t at = 0; next_piece(bytes, &at, &piece);)
        count++;
    return count > 0 ? count : 1;
}

static void append_segment(uint32_t address, struct wasm_bytes bytes, struct buf *section) {
    buf_append_u8(section, ACTIVE_IN_MEMORY_0);
    wasm_append_i32_const(section, (int32_t)address);
    buf_append_u8(section, WASM_OP_END);
    buf_append_uleb(section, bytes.size);
    buf_append(section, bytes.data, bytes.size);
}

static void patch_data_count(const struct wasm_patch *patch, struct wasm_bytes payload,
                             struct buf *out) {
    struct reader reader = reader_over(payload.data, payload.size);
    struct buf section = {0};
    uint32_t count = 0;
    if (!reader_uleb32(&reader, &count))
        return;
    buf_append_uleb(&section, (uint64_t)count + count_pieces(patch->segment));
    wasm_append_section(out, SECTION_DATA_COUNT, &section);
    buf_release(&section);
}

/* `payload` is empty if there was no data section. */
static void patch_data(const struct wasm_patch *patch, struct wasm_bytes payload, struct buf *out) {
    struct reader reader = reader_over(payload.data, payload.size);
    struct buf section = {0};
    uint32_t count = 0;
    if (payload.size > 0 && !reader_uleb32(&reader, &count))
        return;
    uint32_t pieces = count_pieces(patch->segment);
    buf_append_uleb(&section, (uint64_t)count + pieces);
    wasm_append_rest(&section, &reader);
    struct wasm_bytes piece = {patch->segment.data, 0};
    size_t end = 0;
    for (; pieces > 0; pieces--) {
        next_piece(patch->segment, &end, &piece);
        append_segment(patch->segment_address + (uint32_t)(end - piece.size), piece, &section);
    }
    wasm_append_section(out, SECTION_DATA, &section);
    buf_release(&section);
}

static int check(const struct wasm_patch *patch, const struct wasm_scan *scan, struct diag *diag) {
    uint64_t end = (uint64_t)patch->segment_address + patch->segment.size;
    if (scan->memory_count == 0 || scan->memory.imported)
        return diag_error(diag, (struct diag_place){0}, "the module defines no memory");
    if (scan->memory.is64 || scan->memory.shared)
        return diag_error(diag, (struct diag_place){0}, "memory 0 is %s",
                          scan->memory.is64 ? "addressed with 64 bits" : "shared");
    if (end > (uint64_t)patch->initial_pages * 65536)
        return diag_error(diag, (struct diag_place){0},
                          "a data segment of %zu bytes at %u does not fit into %u pages",
                          patch->segment.size, patch->segment_address, patch->initial_pages);
    return 0;
}

/* Offset behind the last section that is not a custom one. */
static size_t end_of_standard_sections(const struct wasm_scan *scan) {
    size_t end = 8;
    for (size_t i = 0; i < scan->section_count; i++)
        if (scan->sections[i].id != SECTION_CUSTOM)
            end = scan->sections[i].end;
    return end;
}

static bool has_section(const struct wasm_scan *scan, uint8_t id) {
    for (size_t i = 0; i < scan->section_count; i++)
        if (scan->sections[i].id == id)
            return true;
    return false;
}

static void write_all(const struct wasm_patch *patch, const struct wasm_scan *scan,
                      struct buf *out) {
    bool has_data = has_section(scan, SECTION_DATA);
    bool adds_export = patch->export_memory && !exports_memory(scan);
    size_t data_place = end_of_standard_sections(scan);
    buf_append(out, scan->module.data, 8);
    for (size_t i = 0; i < scan->section_count; i++) {
        const struct wasm_section *section = &scan->sections[i];
        if (section->id == SECTION_MEMORY)
            patch_memory(patch, section->payload, out);
        else if (section->id == SECTION_EXPORT && adds_export)
            patch_exports(section->payload, out);
        else if (section->id == SECTION_DATA_COUNT)
            patch_data_count(patch, section->payload, out);
        else if (section->id == SECTION_DATA)
            patch_data(patch, section->payload, out);
        else
            buf_append(out, scan->module.data + section->start, section->end - section->start);
        if (!has_data && section->end == data_place)
            patch_data(patch, (struct wasm_bytes){0}, out);
    }
}

int wasm_patch_apply(const struct wasm_patch *patch, const uint8_t *module, size_t size,
                     struct buf *out, struct diag *diag) {
    struct wasm_scan scan;
    int status = wasm_scan_read(&scan, module, size, diag);
    if (status == 0)
        status = check(patch, &scan, diag);
    if (status == 0) {
        buf_reserve(out, size + patch->segment.size + PATCH_ROOM);
        write_all(patch, &scan, out);
    }
    wasm_scan_release(&scan);
    return status;
}
