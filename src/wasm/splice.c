/*
 * splice.c: types, and what names them, are written anew; so is the code section.
 *
 * Types are numbered in the order in which they are needed: those of the input, then those that
 * bodies name, from the first function to the last. So the result does not depend on how many
 * bodies Binaryen had in its hands at a time.
 */
#include "wasm/splice.h"

#include <stdlib.h>

#include "wasm/scan_parse.h"
#include "wasm/write.h"

/* A guess that saves large modules from growing in steps, in bytes. */
#define ROOM_FOR_TYPES 4096

struct splicing {
    const struct wasm_splice *splice;
    struct wasm_scan scan;   /* of the frame */
    struct wasm_remap remap; /* of what the frame itself has */
    struct wasm_bytes *code; /* owned array; all bodies, in their order */
    struct buf own;          /* the frame's own */
};

static uint32_t function_count(const struct splicing *splicing) {
    return (uint32_t)splicing->scan.function_count;
}

/* The frame's own bodies first, because `own` may move as it grows. */
static int list_code(struct splicing *splicing, struct diag *diag) {
    const struct wasm_scan *scan = &splicing->scan;
    const struct wasm_bytes *given = splicing->splice->code + scan->imported_functions;
    size_t at = 0;
    splicing->code = mem_calloc(function_count(splicing), sizeof *splicing->code);
    for (size_t i = 0; i < scan->function_count; i++) {
        size_t before = splicing->own.size;
        splicing->code[i] = given[i];
        if (given[i].size > 0)
            continue;
        if (!wasm_remap_body(&splicing->remap, scan->functions[i].body, &splicing->own))
            return diag_bug(diag, "function %zu of the frame cannot be moved", i);
        splicing->code[i].size = splicing->own.size - before;
    }
    for (size_t i = 0; i < scan->function_count; i++) {
        if (given[i].size > 0)
            continue;
        splicing->code[i].data = splicing->own.data + at;
        at += splicing->code[i].size;
    }
    return 0;
}

static size_t uleb_size(size_t value) {
    size_t size = 1;
    for (; value >= 0x80; value >>= 7)
        size++;
    return size;
}

static size_t code_size(const struct splicing *splicing) {
    size_t size = uleb_size(function_count(splicing));
    for (size_t i = 0; i < function_count(splicing); i++)
        size += uleb_size(splicing->code[i].size) + splicing->code[i].size;
    return size;
}

/* Straight into the result: it is the largest part by far. */
static void append_code(const struct splicing *splicing, struct buf *out) {
    buf_append_u8(out, SECTION_CODE);
    buf_append_uleb(out, code_size(splicing));
    buf_append_uleb(out, function_count(splicing));
    for (size_t i = 0; i < function_count(splicing); i++) {
        buf_append_uleb(out, splicing->code[i].size);
        buf_append(out, splicing->code[i].data, splicing->code[i].size);
    }
}

/* --- what names types --- */

static bool append_type(struct splicing *splicing, struct reader *reader, struct buf *section) {
    uint32_t type;
    if (!reader_uleb32(reader, &type))
        return false;
    buf_append_uleb(section, wasm_remap_type(&splicing->remap, type));
    return true;
}

/* An attribute, 0, and a type. */
static bool append_tag(struct splicing *splicing, struct reader *reader, struct buf *section) {
    uint8_t attribute;
    if (!reader_u8(reader, &attribute))
        return false;
    buf_append_u8(section, attribute);
    return append_type(splicing, reader, section);
}

/* The scan has read these sections before, so their parts are there. */
static void append_entries(struct splicing *splicing, const struct wasm_section *section,
                           struct buf *out) {
    struct reader reader = reader_over(section->payload.data, section->payload.size);
    struct buf entries = {0};
    uint32_t count = 0;
    bool whole = reader_uleb32(&reader, &count);
    buf_append_uleb(&entries, count);
    while (whole && count-- > 0)
        whole = section->id == SECTION_TAG ? append_tag(splicing, &reader, &entries)
                                           : append_type(splicing, &reader, &entries);
    wasm_append_section(out, section->id, &entries);
    buf_release(&entries);
}

static void append_name(struct wasm_bytes name, struct buf *section) {
    buf_append_uleb(section, name.size);
    buf_append(section, name.data, name.size);
}

static void append_imports(struct splicing *splicing, struct buf *out) {
    const struct wasm_scan *scan = &splicing->scan;
    struct buf section = {0};
    buf_append_uleb(&section, scan->import_count);
    for (size_t i = 0; i < scan->import_count; i++) {
        const struct wasm_import *import = &scan->imports[i];
        append_name(import->module, &section);
        append_name(import->name, &section);
        buf_append_u8(&section, import->kind);
        if (import->kind != WASM_FUNCTION && import->kind != WASM_TAG) {
            buf_append(&section, import->what.data, import->what.size);
            continue;
        }
        if (import->kind == WASM_TAG)
            buf_append_u8(&section, 0); /* attribute: an exception */
        buf_append_uleb(&section, wasm_remap_type(&splicing->remap, import->type));
    }
    wasm_append_section(out, SECTION_IMPORT, &section);
    buf_release(&section);
}

/* --- the whole --- */

static void append_section(struct splicing *splicing, const struct wasm_section *section,
                           struct buf *out) {
    const struct wasm_scan *scan = &splicing->scan;
    if (section->id == SECTION_TYPE)
        return; /* written in front of all others */
    if (section->id == SECTION_IMPORT)
        append_imports(splicing, out);
    else if (section->id == SECTION_FUNCTION || section->id == SECTION_TAG)
        append_entries(splicing, section, out);
    else if (section->id == SECTION_CODE)
        append_code(splicing, out);
    else if (wasm_is_name_section(section))
        wasm_replace_names(section, &splicing->splice->names, out);
    else
        buf_append(out, scan->module.data + section->start, section->end - section->start);
}

/* The types are complete when everything that names them is there. */
static void append_all(struct splicing *splicing, struct buf *out) {
    const struct wasm_scan *scan = &splicing->scan;
    struct wasm_types *types = splicing->splice->types;
    for (uint32_t i = 0; i < scan->type_count; i++)
        wasm_remap_type(&splicing->remap, i);
    buf_reserve(out, scan->module.size + code_size(splicing) + ROOM_FOR_TYPES);
    buf_append(out, scan->module.data, 8);
    wasm_types_append(types, out);
    for (size_t i = 0; i < scan->section_count; i++)
        append_section(splicing, &scan->sections[i], out);
}

int wasm_splice_apply(const struct wasm_splice *splice, struct buf *out, struct diag *diag) {
    struct splicing splicing = {.splice = splice};
    int status = wasm_scan_read(&splicing.scan, splice->frame.data, splice->frame.size, diag);
    if (status == 0) {
        wasm_remap_init(&splicing.remap, &splicing.scan, splice->types);
        status = list_code(&splicing, diag);
        if (status == 0)
            append_all(&splicing, out);
    }
    wasm_remap_release(&splicing.remap);
    wasm_scan_release(&splicing.scan);
    free(splicing.code);
    buf_release(&splicing.own);
    return status;
}
