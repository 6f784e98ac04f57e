/*
 * references_check.c: refuses what numbers cannot stand for, by name.
 *
 * A reference that the host gives has no number here, and one that it gets would be a bare number.
 * References to types of their own need types that numbers do not have.
 */
#include <stdlib.h>
#include <string.h>

#include "wasm/elements.h"
#include "wasm/marks.h"
#include "wasm/references_parts.h"
#include "wasm/scan_parse.h"

static const char host_hint[] =
    "a reference means nothing to the host that the program goes on with; pass a number";
static const char table_hint[] = "link without --import-table and --export-table";

static int refuse(const struct lowering *lowering, const char *what, struct wasm_bytes name,
                  const char *text, uint8_t kind) {
    return diag_error(lowering->diag,
                      (struct diag_place){.hint = kind == WASM_TABLE ? table_hint : host_hint},
                      "the %s \"%.*s\" %s, which is not supported", what, (int)name.size,
                      (const char *)name.data, text);
}

static const char *complaint(const struct lowering *lowering, uint8_t kind, uint32_t type,
                             uint32_t index, bool imported) {
    const struct wasm_scan *scan = lowering->scan;
    if (kind == WASM_FUNCTION && references_in_type(scan, type))
        return "takes or gives a reference";
    if (kind == WASM_GLOBAL && references_is_global(scan, index))
        return "holds a reference";
    if (kind == WASM_TABLE && lowering->tables[index].written)
        return "is a table that changes at run time";
    if (kind == WASM_TABLE && lowering->tables[index].read && imported)
        return "is a table that is read";
    return NULL;
}

static int check_imports(const struct lowering *lowering) {
    const struct wasm_scan *scan = lowering->scan;
    uint32_t counts[WASM_TAG + 1] = {0};
    for (size_t i = 0; i < scan->import_count; i++) {
        const struct wasm_import *import = &scan->imports[i];
        const char *text =
            complaint(lowering, import->kind, import->type, counts[import->kind]++, true);
        if (text)
            return refuse(lowering, "import", import->name, text, import->kind);
    }
    return 0;
}

static int check_exports(const struct lowering *lowering) {
    const struct wasm_scan *scan = lowering->scan;
    for (size_t i = 0; i < scan->export_count; i++) {
        const struct wasm_export *item = &scan->exports[i];
        if (marks_is_export(item->name)) /* it goes */
            continue;
        uint32_t type = item->kind == WASM_FUNCTION ? references_type_of(scan, item->index) : 0;
        const char *text = complaint(lowering, item->kind, type, item->index, false);
        if (text)
            return refuse(lowering, "export", item->name, text, item->kind);
    }
    return 0;
}

static int check_others(const struct lowering *lowering) {
    const struct wasm_scan *scan = lowering->scan;
    struct diag_place place = scan_place(lowering->typed_offset);
    place.hint = "build without typed function references (call_ref); use call_indirect";
    if (lowering->has_typed)
        return diag_error(lowering->diag, place,
                          "references to a type of function beside those of funcref are not "
                          "supported");
    for (uint32_t i = 0; i < scan->tag_count; i++)
        if (references_in_type(scan, scan->tag_types[i]))
            return diag_error(lowering->diag, (struct diag_place){0},
                              "exception tag %u carries a reference, which is not supported", i);
    for (uint32_t i = 0; i < scan->table_count; i++)
        if (lowering->tables[i].array != NO_INDEX && scan->tables[i].is64)
            return diag_error(lowering->diag, (struct diag_place){0},
                              "table %u has 64-bit indices, which is not supported", i);
    return 0;
}

/* --- types that can no longer be told apart --- */

struct types {
    const struct lowering *lowering;
    bool *in_table; /* by type: of a function that a table can hold */
};

static void note_type(void *context, uint32_t function) {
    struct types *types = context;
    const struct wasm_scan *scan = types->lowering->scan;
    if (function < scan->imported_functions + scan->function_count)
        types->in_table[references_type_of(scan, function)] = true;
}

static bool same_bytes(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size) {
    return a_size == b_size && memcmp(a, b, a_size) == 0;
}

/* Different types that become the same. */
static bool merge(const struct wasm_scan *scan, uint32_t a, uint32_t b) {
    struct wasm_bytes types[] = {scan->types[a], scan->types[b]};
    struct buf lowered[2] = {{0}, {0}};
    if (same_bytes(types[0].data, types[0].size, types[1].data, types[1].size))
        return false;
    for (int i = 0; i < 2; i++) {
        struct reader reader = reader_over(types[i].data, types[i].size);
        references_append_types(&lowered[i], &reader);
        references_append_types(&lowered[i], &reader);
    }
    bool same = same_bytes(lowered[0].data, lowered[0].size, lowered[1].data, lowered[1].size);
    buf_release(&lowered[0]);
    buf_release(&lowered[1]);
    return same;
}

/* An indirect call of one type must go on to trap at a function of the other. */
static int check_types(const struct types *types) {
    const struct lowering *lowering = types->lowering;
    const struct wasm_scan *scan = lowering->scan;
    for (uint32_t a = 0; a < scan->type_count; a++)
        for (uint32_t b = 0; b < scan->type_count; b++)
            if (lowering->called[a] && types->in_table[b] &&
                (references_in_type(scan, a) || references_in_type(scan, b)) && merge(scan, a, b))
                return diag_error(
                    lowering->diag,
                    (struct diag_place){.hint = "give one of them another parameter"},
                    "function types %u and %u differ only in references, and both are used by "
                    "indirect calls, which is not supported",
                    a, b);
    return 0;
}

int references_check(const struct lowering *lowering) {
    const struct wasm_scan *scan = lowering->scan;
    struct types types = {lowering, mem_calloc(scan->type_count, sizeof(bool))};
    struct wasm_bytes elements = references_section(scan, SECTION_ELEMENT);
    for (size_t i = 0; i < lowering->named.count; i++)
        note_type(&types, lowering->named.items[i]);
    if (elements.size > 0)
        wasm_elements_visit(elements, note_type, &types);
    int status = check_imports(lowering);
    if (status == 0)
        status = check_exports(lowering);
    if (status == 0)
        status = check_others(lowering);
    if (status == 0)
        status = check_types(&types);
    free(types.in_table);
    return status;
}
