/*
 * scan_custom.c: custom sections. Function names are taken from the name section; a malformed one
 * counts as missing, because the specification lets engines ignore it. Three others tell that the
 * file is no finished program.
 */
#include <stdlib.h>
#include <string.h>

#include "support/buf.h"
#include "wasm/scan_parse.h"

#define NAME_SUBSECTION_FUNCTIONS 1

static bool has_name(const struct wasm_section *section, const char *name) {
    return section->id == SECTION_CUSTOM && section->name.size == strlen(name) &&
           memcmp(section->name.data, name, section->name.size) == 0;
}

static bool read_function_names(struct wasm_scan *scan, struct reader reader) {
    uint64_t total = (uint64_t)scan->imported_functions + scan->function_count;
    uint32_t count, index;
    struct wasm_bytes name;
    if (!reader_uleb32(&reader, &count))
        return false;
    for (; count > 0; count--) {
        if (!reader_uleb32(&reader, &index) || !scan_read_name(&reader, &name) || index >= total)
            return false;
        scan->function_names[index] = name;
    }
    return true;
}

static void read_names(struct wasm_scan *scan, const struct wasm_section *section) {
    struct reader reader = reader_over(section->payload.data, section->payload.size);
    uint8_t id;
    uint32_t size;
    while (reader_u8(&reader, &id) && reader_uleb32(&reader, &size) &&
           size <= reader_left(&reader)) {
        if (id == NAME_SUBSECTION_FUNCTIONS && !scan->function_names) {
            struct reader names = reader;
            names.end = names.at + size;
            scan->function_names = mem_calloc(scan->imported_functions + scan->function_count,
                                              sizeof *scan->function_names);
            if (!read_function_names(scan, names)) {
                free(scan->function_names);
                scan->function_names = NULL;
                return;
            }
        }
        reader_skip(&reader, size);
    }
}

/* Entries are a sign, + for "used", and a name. What newer compilers call bulk-memory-opt is
 * memory.copy and memory.fill alone, and a module may name only that. */
static bool uses_bulk_memory_opt(const struct wasm_section *section) {
    static const char name_wanted[] = "bulk-memory-opt";
    struct reader reader = reader_over(section->payload.data, section->payload.size);
    struct wasm_bytes name;
    uint32_t count;
    uint8_t sign;
    if (!reader_uleb32(&reader, &count))
        return false;
    for (; count > 0; count--) {
        if (!reader_u8(&reader, &sign) || !scan_read_name(&reader, &name))
            return false;
        if (sign == '+' && name.size == strlen(name_wanted) &&
            memcmp(name.data, name_wanted, name.size) == 0)
            return true;
    }
    return false;
}

int scan_custom_sections(struct scan_state *state) {
    struct wasm_scan *scan = state->scan;
    for (size_t i = 0; i < scan->section_count; i++) {
        const struct wasm_section *section = &scan->sections[i];
        struct diag_place place = scan_place(section->start);
        if (has_name(section, "linking")) {
            place.hint = "link it first, snapify rewrites finished programs";
            return diag_error(state->diag, place, "this is a relocatable object file");
        }
        if (has_name(section, "dylink.0") || has_name(section, "dylink"))
            scan->is_shared_library = true;
        if (has_name(section, SECTION_REWRITTEN))
            scan->is_rewritten = true;
        if (has_name(section, "target_features")) {
            scan->has_target_features = true;
            scan->uses_bulk_memory_opt = uses_bulk_memory_opt(section);
        }
        if (has_name(section, "name"))
            read_names(scan, section);
    }
    return 0;
}
