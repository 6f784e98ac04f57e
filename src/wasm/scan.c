/*
 * scan.c: raw bytes in, a checked table of what is in them out.
 *
 * Binaryen ends the process on some malformed modules and cannot show custom sections, so every
 * section is walked over here first: order, lengths, counts and indices. Types of instructions are
 * left to the validator.
 */
#include "wasm/scan.h"

#include <stdlib.h>
#include <string.h>

#include "support/buf.h"
#include "wasm/scan_parse.h"

#define HEADER_SIZE 8

static const char text_hint[] = "assemble it first, for example with wat2wasm";
static const char component_hint[] = "build for wasm32-wasi (preview 1) instead";

struct section_kind {
    const char *name;
    uint8_t rank; /* order in the module: rising */
    int (*parse)(struct scan_state *state);
};

static const struct section_kind section_kinds[SECTION_COUNT] = {
    [SECTION_TYPE] = {"type", 1, scan_types},
    [SECTION_IMPORT] = {"import", 2, scan_imports},
    [SECTION_FUNCTION] = {"function", 3, scan_functions},
    [SECTION_TABLE] = {"table", 4, scan_tables},
    [SECTION_MEMORY] = {"memory", 5, scan_memories},
    [SECTION_TAG] = {"tag", 6, scan_tags},
    [SECTION_GLOBAL] = {"global", 7, scan_globals},
    [SECTION_EXPORT] = {"export", 8, scan_exports},
    [SECTION_START] = {"start", 9, scan_start},
    [SECTION_ELEMENT] = {"element", 10, scan_elements},
    [SECTION_DATA_COUNT] = {"data count", 11, scan_data_count},
    [SECTION_CODE] = {"code", 12, scan_code},
    [SECTION_DATA] = {"data", 13, scan_data},
};

struct diag_place scan_place(size_t offset) {
    return (struct diag_place){.offset = (int64_t)offset + 1};
}

int scan_error_entry(struct scan_state *state, uint32_t entry) {
    return diag_error(state->diag, scan_place(state->reader.at),
                      "the %s section is malformed or cut off in entry %u", state->section, entry);
}

int scan_read_count(struct scan_state *state, uint32_t *count) {
    size_t offset = state->reader.at;
    if (!reader_uleb32(&state->reader, count))
        return diag_error(state->diag, scan_place(offset), "the %s section has no count",
                          state->section);
    if (*count > reader_left(&state->reader))
        return diag_error(state->diag, scan_place(offset),
                          "the %s section announces %u entries in %zu bytes", state->section,
                          *count, reader_left(&state->reader));
    return 0;
}

/* Length of the UTF-8 sequence at p, 0 if it is none (overlong forms and surrogates included). */
static size_t utf8_sequence(const uint8_t *p, size_t left) {
    size_t size = p[0] < 0x80   ? 1
                  : p[0] < 0xc2 ? 0
                  : p[0] < 0xe0 ? 2
                  : p[0] < 0xf0 ? 3
                  : p[0] < 0xf5 ? 4
                                : 0;
    if (size > left)
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    if (size == 3 && ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f)))
        return 0;
    if (size == 4 && ((p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f)))
        return 0;
    return size;
}

static bool is_utf8(struct wasm_bytes bytes) {
    for (size_t at = 0; at < bytes.size;) {
        size_t size = utf8_sequence(bytes.data + at, bytes.size - at);
        if (size == 0)
            return false;
        at += size;
    }
    return true;
}

bool scan_read_name(struct reader *reader, struct wasm_bytes *name) {
    uint32_t size;
    if (!reader_uleb32(reader, &size) || size > reader_left(reader))
        return false;
    *name = (struct wasm_bytes){reader->data + reader->at, size};
    return is_utf8(*name) && reader_skip(reader, size);
}

static bool looks_like_text(const uint8_t *module, size_t size) {
    size_t at = 0;
    while (at < size &&
           (module[at] == ' ' || module[at] == '\t' || module[at] == '\n' || module[at] == '\r'))
        at++;
    return at + 1 < size && (module[at] == '(' || (module[at] == ';' && module[at + 1] == ';'));
}

static int check_header(const uint8_t *module, size_t size, struct diag *diag) {
    static const uint8_t magic[4] = {0, 'a', 's', 'm'};
    static const uint8_t core[4] = {1, 0, 0, 0};
    if (size == 0)
        return diag_error(diag, (struct diag_place){0}, "the input is empty");
    if (looks_like_text(module, size))
        return diag_error(diag, (struct diag_place){.hint = text_hint},
                          "this is WebAssembly text, not a binary module");
    if (size < 4 || memcmp(module, magic, 4) != 0)
        return diag_error(diag, scan_place(0),
                          "this is not a WebAssembly module (no \\0asm at the start)");
    if (size < HEADER_SIZE)
        return diag_error(diag, scan_place(size), "the module ends inside its header");
    if (memcmp(module + 4, core, 4) == 0)
        return 0;
    if (module[6] == 1 && module[7] == 0)
        return diag_error(diag, (struct diag_place){.hint = component_hint, .offset = 5},
                          "this is a component, not a core module");
    return diag_error(diag, scan_place(4), "the module has an unknown version");
}

static int read_section_header(struct scan_state *state, struct wasm_section *section) {
    struct reader *reader = &state->reader;
    uint32_t size;
    section->start = reader->at;
    if (!reader_u8(reader, &section->id) || !reader_uleb32(reader, &size))
        return diag_error(state->diag, scan_place(section->start),
                          "the module ends inside the head of a section");
    if (section->id >= SECTION_COUNT)
        return diag_error(state->diag, scan_place(section->start), "unknown section %u",
                          section->id);
    const char *name = section->id == SECTION_CUSTOM ? "custom" : section_kinds[section->id].name;
    if (size > reader_left(reader))
        return diag_error(state->diag, scan_place(section->start),
                          "the %s section is %u bytes long, but only %zu are left", name, size,
                          reader_left(reader));
    section->end = reader->at + size;
    state->section = name;
    return 0;
}

static int read_custom(struct scan_state *state, struct wasm_section *section) {
    if (!scan_read_name(&state->reader, &section->name))
        return diag_error(state->diag, scan_place(section->start),
                          "a custom section has no valid name");
    return 0;
}

static int parse_section(struct scan_state *state, struct wasm_section *section, uint8_t *rank) {
    const struct section_kind *kind = &section_kinds[section->id];
    if (kind->rank == *rank)
        return diag_error(state->diag, scan_place(section->start), "a second %s section",
                          kind->name);
    if (kind->rank < *rank)
        return diag_error(state->diag, scan_place(section->start), "the %s section is out of order",
                          kind->name);
    *rank = kind->rank;
    if (kind->parse(state) < 0)
        return -1;
    if (reader_left(&state->reader) != 0)
        return diag_error(state->diag, scan_place(state->reader.at),
                          "the %s section is longer than what is in it", kind->name);
    return 0;
}

static int read_section(struct scan_state *state, uint8_t *rank) {
    struct wasm_scan *scan = state->scan;
    struct wasm_section section = {0};
    if (read_section_header(state, &section) < 0)
        return -1;
    state->reader.end = section.end;
    if (section.id == SECTION_CUSTOM && read_custom(state, &section) < 0)
        return -1;
    section.payload =
        (struct wasm_bytes){scan->module.data + state->reader.at, section.end - state->reader.at};
    if (section.id != SECTION_CUSTOM && parse_section(state, &section, rank) < 0)
        return -1;
    if ((scan->section_count & (scan->section_count - 1)) == 0)
        scan->sections =
            mem_grow(scan->sections, scan->section_count == 0 ? 1 : scan->section_count * 2,
                     sizeof *scan->sections);
    scan->sections[scan->section_count++] = section;
    state->reader.at = section.end;
    state->reader.end = scan->module.size;
    return 0;
}

static int compare_exports(const void *a, const void *b) {
    const struct wasm_export *const *left = a, *const *right = b;
    return wasm_bytes_compare((*left)->name, (*right)->name);
}

static int refuse_duplicate(struct diag *diag, struct wasm_bytes name) {
    struct diag_place place = {0};
    if (name.size >= 5 && memcmp(name.data, "kafu:", 5) == 0)
        place.hint = "two source files with marks were compiled under the same name, or a template "
                     "is marked; name the files by different paths, for example from the top of "
                     "the project";
    return diag_error(diag, place, "two exports are named \"%.*s\"", (int)name.size,
                      (const char *)name.data);
}

static int check_exports_differ(const struct wasm_scan *scan, struct diag *diag) {
    int status = 0;
    const struct wasm_export **sorted = mem_calloc(scan->export_count, sizeof *sorted);
    for (size_t i = 0; i < scan->export_count; i++)
        sorted[i] = &scan->exports[i];
    qsort(sorted, scan->export_count, sizeof *sorted, compare_exports);
    for (size_t i = 1; i < scan->export_count && status == 0; i++)
        if (wasm_bytes_compare(sorted[i - 1]->name, sorted[i]->name) == 0)
            status = refuse_duplicate(diag, sorted[i]->name);
    free(sorted);
    return status;
}

static int check_counts(const struct scan_state *state) {
    const struct wasm_scan *scan = state->scan;
    if (state->body_count != scan->function_count)
        return diag_error(state->diag, (struct diag_place){0},
                          "%zu functions are declared, but the code section is missing",
                          scan->function_count);
    if (state->has_data_count && state->data_count != state->segment_count)
        return diag_error(state->diag, (struct diag_place){0},
                          "the data count section announces %u segments, the data section has %u",
                          state->data_count, state->segment_count);
    return 0;
}

int wasm_scan_read(struct wasm_scan *scan, const uint8_t *module, size_t size, struct diag *diag) {
    struct scan_state state = {.scan = scan, .diag = diag, .reader = reader_over(module, size)};
    uint8_t rank = 0;
    *scan = (struct wasm_scan){.module = {module, size}};
    if (check_header(module, size, diag) < 0)
        return -1;
    state.reader.at = HEADER_SIZE;
    while (reader_left(&state.reader) > 0)
        if (read_section(&state, &rank) < 0)
            return -1;
    if (check_counts(&state) < 0 || scan_custom_sections(&state) < 0)
        return -1;
    return check_exports_differ(scan, diag);
}

void wasm_scan_release(struct wasm_scan *scan) {
    free(scan->sections);
    free(scan->imports);
    free(scan->tables);
    free(scan->globals);
    free(scan->tag_types);
    free(scan->exports);
    free(scan->functions);
    free(scan->types);
    free(scan->function_names);
    *scan = (struct wasm_scan){0};
}
