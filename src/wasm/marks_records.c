/*
 * marks_records.c: bytes of mark sections and texts of options in, records out.
 *
 * The layout of section "kafu" is described in include/kafu.h. A form byte in front of every record
 * tells the forms apart, so that the linker may put the sections of many objects behind each other.
 */
#include <stdlib.h>
#include <string.h>

#include "support/buf.h"
#include "wasm/leb128.h"
#include "wasm/marks_parts.h"

static const char dest_prefix[] = ".kafu_dest.";
static const char may_offload_prefix[] = ".kafu_may_offload.";

static struct record *add(struct record_list *records, enum record_form form, size_t offset) {
    if (records->count == records->capacity) {
        records->capacity = records->capacity ? records->capacity * 2 : 16;
        records->items = mem_grow(records->items, records->capacity, sizeof *records->items);
    }
    struct record *record = &records->items[records->count++];
    *record = (struct record){.form = form, .offset = offset, .tied = MARKS_NO_FUNCTION};
    return record;
}

static bool is_text(struct wasm_bytes bytes, const char *text) {
    return bytes.size == strlen(text) && memcmp(bytes.data, text, bytes.size) == 0;
}

static bool starts_with(struct wasm_bytes bytes, const char *prefix) {
    return bytes.size >= strlen(prefix) && memcmp(bytes.data, prefix, strlen(prefix)) == 0;
}

static bool read_text(struct reader *reader, struct wasm_bytes *text) {
    const uint8_t *start = reader->data + reader->at;
    const uint8_t *end = reader_left(reader) == 0 ? NULL : memchr(start, '\0', reader_left(reader));
    if (!end)
        return false;
    *text = (struct wasm_bytes){start, (size_t)(end - start)};
    return reader_skip(reader, text->size + 1);
}

static bool read_mark(struct reader *reader, struct record *record) {
    struct wasm_bytes kind;
    if (!read_text(reader, &kind) || !read_text(reader, &record->node))
        return false;
    record->kind = is_text(kind, "dest") ? MARK_DEST : MARK_MAY_OFFLOAD;
    return record->kind == MARK_DEST || is_text(kind, "may_offload");
}

static bool read_record(struct reader *reader, struct record *record) {
    if (record->form == RECORD_INDEX && !reader_u32le(reader, &record->index))
        return false;
    if (record->form != RECORD_EXPORT && !read_mark(reader, record))
        return false;
    if (!read_text(reader, &record->file) || !read_text(reader, &record->line) ||
        !read_text(reader, &record->unit) || !read_text(reader, &record->number))
        return false;
    return record->form == RECORD_EXPORTED || read_text(reader, &record->function);
}

static int read_kafu(struct record_list *records, const struct wasm_scan *scan,
                     const struct wasm_section *section, struct diag *diag) {
    struct reader reader = reader_over(section->payload.data, section->payload.size);
    size_t base = (size_t)(section->payload.data - scan->module.data);
    uint8_t form;
    while (reader_u8(&reader, &form)) {
        size_t offset = base + reader.at - 1;
        struct diag_place place = {
            .offset = (int64_t)offset + 1,
            .hint = "the program was compiled with another version of kafu.h, or a node name holds "
                    "a NUL byte",
        };
        if (form < RECORD_EXPORTED || form > RECORD_EXPORT)
            return diag_error(diag, place, "a mark has the unknown form %u", form);
        struct record *record = add(records, (enum record_form)form, offset);
        if (!read_record(&reader, record))
            return diag_error(diag, place, "a mark is malformed or cut off");
    }
    return 0;
}

/* Functions are C identifiers here: the first dot ends them, the node may hold more. */
static int read_old_section(struct record_list *records, const struct wasm_section *section,
                            struct diag *diag) {
    bool is_dest = starts_with(section->name, dest_prefix);
    size_t skip = strlen(is_dest ? dest_prefix : may_offload_prefix);
    const uint8_t *rest = section->name.data + skip;
    size_t left = section->name.size - skip;
    const uint8_t *dot = left == 0 ? NULL : memchr(rest, '.', left);
    if (!dot)
        return diag_error(diag, (struct diag_place){.offset = (int64_t)section->start + 1},
                          "the section \"%.*s\" names no node", (int)section->name.size,
                          (const char *)section->name.data);
    struct record *record = add(records, RECORD_SECTION, section->start);
    record->kind = is_dest ? MARK_DEST : MARK_MAY_OFFLOAD;
    record->function = (struct wasm_bytes){rest, (size_t)(dot - rest)};
    record->node = (struct wasm_bytes){dot + 1, left - record->function.size - 1};
    return 0;
}

static bool is_old_section(const struct wasm_section *section) {
    return section->id == 0 && (starts_with(section->name, dest_prefix) ||
                                starts_with(section->name, may_offload_prefix));
}

static bool is_kafu_section(const struct wasm_section *section) {
    return section->id == 0 && is_text(section->name, "kafu");
}

bool records_is_section(const struct wasm_section *section) {
    return is_old_section(section) || is_kafu_section(section);
}

static int check_nodes(const struct record_list *records, size_t from, struct diag *diag) {
    for (size_t i = from; i < records->count; i++) {
        const struct record *record = &records->items[i];
        if (record->form == RECORD_EXPORT || record->node.size > 0)
            continue;
        char *text = record_describe(record);
        diag_error(diag, (struct diag_place){.offset = record->offset ? record->offset + 1 : 0},
                   "the mark %s names no node", text);
        free(text);
        return -1;
    }
    return 0;
}

int records_read_sections(struct record_list *records, const struct wasm_scan *scan,
                          struct diag *diag) {
    size_t from = records->count;
    for (size_t i = 0; i < scan->section_count; i++) {
        const struct wasm_section *section = &scan->sections[i];
        if (is_kafu_section(section) && read_kafu(records, scan, section, diag) < 0)
            return -1;
        if (is_old_section(section) && read_old_section(records, section, diag) < 0)
            return -1;
    }
    return check_nodes(records, from, diag);
}

static int read_option(struct record_list *records, enum mark_kind kind, const char *text,
                       struct diag *diag) {
    const char *equals = strchr(text, '=');
    if (!equals || equals == text || equals[1] == '\0')
        return diag_error(diag, (struct diag_place){.hint = "write FUNCTION=NODE"},
                          "%s \"%s\" does not name a function and a node",
                          kind == MARK_DEST ? "--dest" : "--may-offload", text);
    struct record *record = add(records, RECORD_OPTION, 0);
    record->kind = kind;
    record->function = (struct wasm_bytes){(const uint8_t *)text, (size_t)(equals - text)};
    record->node = (struct wasm_bytes){(const uint8_t *)equals + 1, strlen(equals + 1)};
    return 0;
}

int records_read_options(struct record_list *records, const struct snapify_options *options,
                         struct diag *diag) {
    for (size_t i = 0; i < options->dest_count; i++)
        if (read_option(records, MARK_DEST, options->dest[i], diag) < 0)
            return -1;
    for (size_t i = 0; i < options->may_offload_count; i++)
        if (read_option(records, MARK_MAY_OFFLOAD, options->may_offload[i], diag) < 0)
            return -1;
    return 0;
}

static int cut(struct wasm_bytes bytes) {
    return bytes.size > 200 ? 200 : (int)bytes.size;
}

#define TEXT(bytes) cut(bytes), (const char *)(bytes).data

char *record_describe(const struct record *record) {
    const char *macro = record->kind == MARK_DEST ? "KAFU_DEST" : "KAFU_MAY_OFFLOAD";
    switch (record->form) {
    case RECORD_EXPORT:
        return mem_printf("KAFU_EXPORT(%.*s) at %.*s:%.*s", TEXT(record->function),
                          TEXT(record->file), TEXT(record->line));
    case RECORD_SECTION:
        return mem_printf("%s(%.*s, \"%.*s\")", macro, TEXT(record->function), TEXT(record->node));
    case RECORD_OPTION:
        return mem_printf("%s %.*s=%.*s", record->kind == MARK_DEST ? "--dest" : "--may-offload",
                          TEXT(record->function), TEXT(record->node));
    case RECORD_EXPORTED:
        return mem_printf("%s(\"%.*s\") at %.*s:%.*s", macro, TEXT(record->node),
                          TEXT(record->file), TEXT(record->line));
    default:
        return mem_printf("%s(%.*s, \"%.*s\") at %.*s:%.*s", macro, TEXT(record->function),
                          TEXT(record->node), TEXT(record->file), TEXT(record->line));
    }
}
