/*
 * bodies.c: excerpts and the frame.
 *
 *     (func $wanted ...)          =>  as it is
 *     (func $other ...)           =>  unreachable
 *     (func $other (ref.func $f)) =>  in the frame: (drop (ref.func $f)) unreachable
 *
 * because references that code takes have to be declared, and whoever writes the frame looks for
 * them in its code.
 *
 * Functions have no names in it: Binaryen would make equal ones different, in square time, for
 * every excerpt anew.
 */
#include "wasm/bodies.h"

#include <stdlib.h>

#include "wasm/code.h"
#include "wasm/names.h"
#include "wasm/scan_parse.h"
#include "wasm/write.h"

#define OP_DROP 0x1a
#define FEATURES_SECTION "target_features"

int wasm_bodies_init(struct wasm_bodies *bodies, const uint8_t *module, size_t size,
                     bool with_names, struct diag *diag) {
    *bodies = (struct wasm_bodies){0};
    if (wasm_scan_read(&bodies->scan, module, size, diag) < 0)
        return -1;
    wasm_types_init(&bodies->types, &bodies->scan);
    bodies->count = bodies->scan.function_count;
    bodies->code = mem_calloc(bodies->count, sizeof *bodies->code);
    for (size_t i = 0; i < bodies->count; i++)
        bodies->code[i] = bodies->scan.functions[i].body;
    uint32_t imported = bodies->scan.imported_functions;
    bodies->local_names = mem_calloc(imported + bodies->count, sizeof *bodies->local_names);
    if (with_names)
        wasm_read_local_names(&bodies->scan, bodies->local_names, imported + bodies->count);
    return 0;
}

void wasm_bodies_release(struct wasm_bodies *bodies) {
    for (size_t i = 0; i < bodies->written_count; i++)
        buf_release(&bodies->written[i]);
    free(bodies->written);
    free(bodies->code);
    free(bodies->local_names);
    wasm_types_release(&bodies->types);
    wasm_scan_release(&bodies->scan);
    *bodies = (struct wasm_bodies){0};
}

void wasm_bodies_own(struct wasm_bodies *bodies, struct buf *written) {
    bodies->written = mem_grow(bodies->written, bodies->written_count + 1, sizeof *bodies->written);
    bodies->written[bodies->written_count++] = *written;
    *written = (struct buf){0};
}

/* --- batches --- */

bool wasm_bodies_next(const struct wasm_bodies *bodies, const bool *wanted, size_t most,
                      struct wasm_batch *batch) {
    size_t at = batch->end, size = 0;
    while (at < bodies->count && !wanted[at])
        at++;
    batch->first = at;
    for (batch->end = at; at < bodies->count; at++) {
        if (!wanted[at])
            continue;
        size += bodies->code[at].size;
        if (size > most && batch->end > batch->first)
            break;
        batch->end = at + 1;
    }
    return batch->end > batch->first;
}

/* --- code --- */

/* What is being written. */
struct excerpt {
    const struct wasm_bodies *bodies;
    const bool *wanted; /* NULL: no body is */
    struct wasm_batch batch;
    bool lean; /* without what Binaryen needs for the output only */
};

static bool is_in(const struct excerpt *excerpt, size_t position) {
    return excerpt->wanted && position >= excerpt->batch.first && position < excerpt->batch.end &&
           excerpt->wanted[position];
}

static void append_references(struct wasm_bytes body, struct buf *code) {
    struct wasm_code walk;
    struct wasm_instruction instruction;
    if (!wasm_code_init_body(&walk, body))
        return;
    while (wasm_code_next(&walk, &instruction) > 0) {
        if (instruction.opcode != WASM_OP_REF_FUNC)
            continue;
        buf_append_u8(code, WASM_OP_REF_FUNC);
        buf_append_uleb(code, instruction.index);
        buf_append_u8(code, OP_DROP);
    }
}

static void append_stub(const struct excerpt *excerpt, struct wasm_bytes body,
                        struct buf *section) {
    struct buf code = {0};
    buf_append_u8(&code, 0); /* no locals */
    if (!excerpt->wanted)
        append_references(body, &code);
    buf_append_u8(&code, WASM_OP_UNREACHABLE);
    buf_append_u8(&code, WASM_OP_END);
    buf_append_uleb(section, code.size);
    buf_append(section, code.data, code.size);
    buf_release(&code);
}

static void append_code(const struct excerpt *excerpt, struct buf *out) {
    const struct wasm_bodies *bodies = excerpt->bodies;
    struct buf section = {0};
    buf_append_uleb(&section, bodies->count);
    for (size_t i = 0; i < bodies->count; i++) {
        struct wasm_bytes body = bodies->code[i];
        if (!is_in(excerpt, i)) {
            append_stub(excerpt, body, &section);
            continue;
        }
        buf_append_uleb(&section, body.size);
        buf_append(&section, body.data, body.size);
    }
    wasm_append_section(out, SECTION_CODE, &section);
    buf_release(&section);
}

/* --- other sections --- */

static void append_as_is(const struct excerpt *excerpt, const struct wasm_section *section,
                         struct buf *out) {
    buf_append(out, excerpt->bodies->scan.module.data + section->start,
               section->end - section->start);
}

/* Keeps kinds and places of the segments; the scan has been here, so that all of it is there. */
static void append_empty_data(const struct wasm_section *section, struct buf *out) {
    struct reader reader = reader_over(section->payload.data, section->payload.size);
    struct buf data = {0};
    uint32_t count = 0, flags, memory, size;
    bool whole = reader_uleb32(&reader, &count);
    buf_append_uleb(&data, count);
    for (; whole && count > 0; count--) {
        size_t start = reader.at;
        whole = reader_uleb32(&reader, &flags) && (flags != 2 || reader_uleb32(&reader, &memory)) &&
                (flags == 1 || wasm_code_skip_expression(&reader, NULL, NULL));
        wasm_append_since(&data, &reader, start);
        buf_append_u8(&data, 0);
        whole = whole && reader_uleb32(&reader, &size) && reader_skip(&reader, size);
    }
    wasm_append_section(out, SECTION_DATA, &data);
    buf_release(&data);
}

static bool is_features(const struct wasm_section *section) {
    static const uint8_t name[] = FEATURES_SECTION;
    return wasm_bytes_compare(section->name, (struct wasm_bytes){name, sizeof name - 1}) == 0;
}

static void append_names(const struct excerpt *excerpt, const struct wasm_section *section,
                         struct buf *out) {
    const struct wasm_bodies *bodies = excerpt->bodies;
    uint32_t imported = bodies->scan.imported_functions;
    struct wasm_bytes *names = mem_calloc(imported + bodies->count, sizeof *names);
    for (size_t i = 0; i < bodies->count; i++)
        if (is_in(excerpt, i))
            names[imported + i] = bodies->local_names[imported + i];
    struct wasm_function_names all = {.locals = names, .count = imported + bodies->count};
    wasm_replace_names(section, &all, out);
    free(names);
}

static void append_section(const struct excerpt *excerpt, const struct wasm_section *section,
                           struct buf *out) {
    bool is_names = wasm_is_name_section(section);
    if (section->id == SECTION_TYPE)
        wasm_types_append(&excerpt->bodies->types, out);
    else if (section->id == SECTION_CODE)
        append_code(excerpt, out);
    else if (is_names)
        append_names(excerpt, section, out);
    else if (section->id == SECTION_DATA && excerpt->lean)
        append_empty_data(section, out);
    else if (!excerpt->lean || is_features(section) ||
             (section->id != SECTION_EXPORT && section->id != SECTION_START &&
              section->id != SECTION_CUSTOM))
        append_as_is(excerpt, section, out);
}

static void append_all(const struct excerpt *excerpt, struct buf *out) {
    const struct wasm_scan *scan = &excerpt->bodies->scan;
    buf_append(out, scan->module.data, 8);
    for (size_t i = 0; i < scan->section_count; i++)
        append_section(excerpt, &scan->sections[i], out);
}

void wasm_bodies_excerpt(const struct wasm_bodies *bodies, const bool *wanted,
                         struct wasm_batch batch, struct buf *out) {
    struct excerpt excerpt = {bodies, wanted, batch, false};
    for (size_t i = 0; i < bodies->count; i++)
        excerpt.lean |= !is_in(&excerpt, i);
    append_all(&excerpt, out);
}

void wasm_bodies_frame(const struct wasm_bodies *bodies, struct buf *out) {
    struct excerpt excerpt = {.bodies = bodies};
    append_all(&excerpt, out);
}
