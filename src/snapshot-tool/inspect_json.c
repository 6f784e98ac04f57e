/*
 * inspect_json.c: a snapshot as one JSON object. The man page describes its members; a change that
 * a reader can notice, other than a new member, raises the number.
 */
#include <stdlib.h>
#include <string.h>

#include "snapshot-tool/inspection.h"
#include "support/json.h"

#define INSPECT_JSON_SCHEMA 1

static void put_hex_bytes(struct json *json, const char *key, const uint8_t *bytes, size_t size) {
    struct buf text = {0};
    for (size_t i = 0; i < size; i++)
        put(&text, "%02x", bytes[i]);
    buf_append_u8(&text, '\0');
    json_string(json, key, (const char *)text.data);
    buf_release(&text);
}

/* As text: a reader of JSON may not hold 64 bits in a number. */
static void put_u64(struct json *json, const char *key, uint64_t value) {
    char *text = mem_printf("%016llx", (unsigned long long)value);
    json_string(json, key, text);
    free(text);
}

static void put_nodes(struct json *json, const struct snap_meta *meta) {
    json_string(json, "node_from", snapshot_node(meta, meta->node_from));
    json_string(json, "node_to", snapshot_node(meta, meta->node_to));
    json_open(json, "nodes", '[');
    for (uint32_t i = 1; i <= meta->node_count; i++)
        json_string(json, NULL, snapshot_node(meta, i));
    json_close(json, ']');
}

static void put_point(struct json *json, const struct snap_meta *meta) {
    char *function = mem_strndup(meta->function.bytes, meta->function.size);
    char *export =
        meta->export > 0 ? mem_strndup(meta->export_name.bytes, meta->export_name.size) : NULL;
    json_string(json, "export", export);
    free(export);
    json_open(json, "point", '{');
    json_number(json, "number", meta->point);
    json_string(json, "kind", point_kind_text(meta->kind));
    json_string(json, "function", function);
    json_close(json, '}');
    free(function);
}

static void put_sections(struct json *json, const struct snapshot *file) {
    json_open(json, "sections", '[');
    for (size_t i = 0; i < file->section_count; i++) {
        const struct section *section = &file->sections[i];
        json_open(json, NULL, '{');
        json_string(json, "type", section_type_name(section->type).text);
        json_bool(json, "must_know", (section->flags & SNAP_FLAG_MUST_KNOW) != 0);
        json_number(json, "offset", (int64_t)section->offset);
        json_number(json, "length", (int64_t)section->length);
        put_u64(json, "checksum", section->checksum);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void put_process(struct json *json, const struct inspection *inspection) {
    const char *next = NULL, *text;
    json_open(json, "arguments", '[');
    while ((text = inspection_argument(inspection, &next)) != NULL)
        json_string(json, NULL, text);
    json_close(json, ']');
    json_open(json, "environment", '[');
    next = NULL;
    while ((text = inspection_variable(inspection, &next)) != NULL) {
        char *name = mem_strndup(text, strcspn(text, "=")); /* values may be secrets */
        json_string(json, NULL, name);
        free(name);
    }
    json_close(json, ']');
    if (inspection->has_clock)
        json_number(json, "clock", (int64_t)inspection->clock);
    else
        json_null(json, "clock");
}

static void put_tables(struct json *json, const struct inspection *inspection) {
    json_open(json, "tables", '[');
    for (uint32_t i = 0; i < inspection->table_count; i++)
        json_number(json, NULL, inspection->tables[i]);
    json_close(json, ']');
}

static void put_files(struct json *json, const struct inspection *inspection) {
    json_open(json, "files", '[');
    for (uint32_t i = 0; i < inspection->open_file_count; i++) {
        const struct open_file *open = &inspection->open_files[i];
        bool has_offset = open->file.offset != SNAP_FILE_NO_OFFSET;
        json_open(json, NULL, '{');
        json_number(json, "number", open->file.number);
        json_string(json, "kind", file_kind_text(open->file.kind));
        json_string(json, "type", file_type_text(open->file.filetype));
        json_string(json, "base", open->base);
        json_string(json, "path", open->path);
        json_number(json, "flags", open->file.fdflags);
        if (has_offset)
            json_number(json, "offset", (int64_t)open->file.offset);
        else
            json_null(json, "offset");
        json_number(json, "size", (int64_t)open->file.size);
        json_close(json, '}');
    }
    json_close(json, ']');
}

/* Values are text: 64 bits, infinities and NaNs fit no number of JSON. */
static void put_values(struct json *json, const char *key, const struct map_value *values,
                       uint32_t count, const uint8_t *bytes, size_t size) {
    json_open(json, key, '[');
    for (uint32_t i = 0; i < count; i++) {
        struct buf text = {0};
        map_value_append(&text, &values[i], bytes, size);
        buf_append_u8(&text, '\0');
        json_open(json, NULL, '{');
        json_string(json, "name", values[i].name);
        json_string(json, "type", values[i].type);
        json_string(json, "value", (const char *)text.data);
        json_close(json, '}');
        buf_release(&text);
    }
    json_close(json, ']');
}

static void put_trace(struct json *json, const struct inspection *inspection) {
    const struct frame_map *map = &inspection->map;
    if (map->sites)
        put_values(json, "global_values", map->globals, map->global_count, inspection->globals.data,
                   inspection->globals.size);
    if (!inspection->trace)
        return;
    json_open(json, "stack", '[');
    for (uint32_t i = 0; i < inspection->file.meta.frame_count; i++) {
        const struct frame *frame = &inspection->trace[i];
        json_open(json, NULL, '{');
        json_string(json, "function", frame->site->function);
        json_string(json, "kind", frame->site->kind);
        json_string(json, "callee", frame->site->callee[0] ? frame->site->callee : NULL);
        json_string(json, "file", frame->site->file);
        if (frame->site->file)
            json_number(json, "line", frame->site->line);
        else
            json_null(json, "line");
        put_values(json, "values", frame->site->values, frame->site->value_count, frame->bytes,
                   frame->site->frame_size);
        json_close(json, '}');
    }
    json_close(json, ']');
}

/* Pages in a row that are of one kind. */
static void put_map(struct json *json, const struct inspection *inspection) {
    uint32_t end;
    json_open(json, "map", '[');
    for (uint32_t first = 0; first < inspection->pages; first = end) {
        uint8_t kind = inspection->cells[first];
        for (end = first; end < inspection->pages && inspection->cells[end] == kind;)
            end++;
        if (kind == CELL_ZERO)
            continue;
        json_open(json, NULL, '{');
        json_number(json, "first", first);
        json_number(json, "count", end - first);
        json_string(json, "kind", cell_words[kind]);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void put_memory(struct json *json, const struct inspection *inspection) {
    json_open(json, "memory", '{');
    json_number(json, "wasm_pages", inspection->file.meta.app_pages);
    json_number(json, "page_size", SNAP_PAGE_SIZE);
    json_number(json, "pages", inspection->pages);
    json_number(json, "runs", inspection->runs);
    for (int kind = 0; kind < CELL_KINDS; kind++)
        json_number(json, cell_words[kind], inspection->counts[kind]);
    put_map(json, inspection);
    json_close(json, '}');
}

void inspection_json(const struct inspection *inspection, struct buf *out) {
    const struct snapshot *file = &inspection->file;
    const struct snap_meta *meta = &file->meta;
    struct json json = {.out = out};
    json_open(&json, NULL, '{');
    json_number(&json, "schema", INSPECT_JSON_SCHEMA);
    json_string(&json, "file", file->input.path);
    json_bool(&json, "delta", snapshot_is_delta(file));
    json_bool(&json, "compressed", file->input.zipped);
    json_bool(&json, "encrypted", file->input.sealed);
    json_bool(&json, "pages_protected", file->header.form != SNAP_FORM_BARE);
    json_number(&json, "major", file->header.major);
    json_number(&json, "minor", file->header.minor);
    put_hex_bytes(&json, "identity", file->header.identity, SNAP_IDENTITY_SIZE);
    put_u64(&json, "fingerprint", snapshot_fingerprint(file));
    if (snapshot_is_delta(file))
        put_u64(&json, "delta_base", file->runs.base);
    json_number(&json, "generation", meta->generation);
    put_u64(&json, "base", meta->base);
    json_number(&json, "time", (int64_t)meta->time);
    json_number(&json, "abi", meta->abi_version);
    put_point(&json, meta);
    put_nodes(&json, meta);
    json_number(&json, "frame_count", meta->frame_count);
    json_number(&json, "frames_size", meta->frames_size);
    json_number(&json, "globals_size", meta->globals_size);
    put_hex_bytes(&json, "globals", inspection->globals.data, inspection->globals.size);
    put_process(&json, inspection);
    put_tables(&json, inspection);
    put_files(&json, inspection);
    put_trace(&json, inspection);
    put_memory(&json, inspection);
    put_sections(&json, file);
    json_close(&json, '}');
}
