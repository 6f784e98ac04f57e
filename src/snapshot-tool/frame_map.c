#include "snapshot-tool/frame_map.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "snapshot-format/snapshot_layout.h"
#include "snapshot-tool/tool.h"
#include "wasm/scan.h"

#define MAP_SECTION "snapify.map"
#define MAP_VERSION 2 /* 1 has no source files and lines */

/* ---- reading: `damaged` sticks, everything reads as nothing behind it ---- */

struct source {
    const uint8_t *bytes;
    size_t left;
    bool damaged;
};

static uint32_t get_u32(struct source *source) {
    if (source->left < 4)
        source->damaged = true;
    if (source->damaged)
        return 0;
    uint32_t value = load_u32(source->bytes);
    source->bytes += 4;
    source->left -= 4;
    return value;
}

static char *get_text(struct source *source) {
    uint32_t size = get_u32(source);
    if (size > source->left)
        source->damaged = true;
    if (source->damaged)
        return mem_strdup("");
    char *text = mem_strndup((const char *)source->bytes, size);
    source->bytes += size;
    source->left -= size;
    return text;
}

/* A count of things that take at least `least` bytes each. */
static uint32_t get_count(struct source *source, size_t least) {
    uint32_t count = get_u32(source);
    if (count > source->left / least)
        source->damaged = true;
    return source->damaged ? 0 : count;
}

static struct map_value *get_values(struct source *source, uint32_t *count) {
    *count = get_count(source, 12);
    struct map_value *values = mem_calloc(*count + (size_t)1, sizeof *values);
    for (uint32_t i = 0; i < *count; i++) {
        values[i].offset = get_u32(source);
        values[i].type = get_text(source);
        values[i].name = get_text(source);
    }
    return values;
}

static void get_files(struct source *source, struct frame_map *map) {
    map->file_count = get_count(source, 4);
    map->files = mem_calloc(map->file_count + (size_t)1, sizeof *map->files);
    for (uint32_t i = 0; i < map->file_count; i++)
        map->files[i] = get_text(source);
}

static void get_line(struct source *source, const struct frame_map *map, struct map_site *site) {
    uint32_t file = get_u32(source);
    site->line = get_u32(source);
    if (file > map->file_count)
        source->damaged = true;
    else if (file > 0)
        site->file = map->files[file - 1];
}

static void get_site(struct source *source, const struct frame_map *map, uint32_t version,
                     struct map_site *site) {
    site->function = get_text(source);
    site->kind = get_text(source);
    site->callee = get_text(source);
    if (version > 1)
        get_line(source, map, site);
    site->frame_size = get_u32(source);
    site->values = get_values(source, &site->value_count);
    if (site->frame_size < 8 || site->frame_size % 8 != 0)
        source->damaged = true;
}

static const char *read_section(struct frame_map *map, struct wasm_bytes payload) {
    struct source source = {payload.data, payload.size, false};
    uint32_t version = get_u32(&source);
    if (version == 0 || version > MAP_VERSION)
        return "has a map of another version";
    if (source.left < sizeof map->identity)
        return "has a damaged map";
    memcpy(map->identity, source.bytes, sizeof map->identity);
    source.bytes += sizeof map->identity;
    source.left -= sizeof map->identity;
    if (version > 1)
        get_files(&source, map);
    map->globals = get_values(&source, &map->global_count);
    uint32_t count = get_count(&source, 20);
    map->sites = mem_calloc(count + (size_t)1, sizeof *map->sites);
    map->site_count = count;
    for (uint32_t i = 0; i < count; i++)
        get_site(&source, map, version, &map->sites[i]);
    return source.damaged ? "has a damaged map" : NULL;
}

const char *frame_map_read(struct frame_map *map, const uint8_t *module, size_t size) {
    const char *fault = "has no map; snapify --map adds one";
    struct wasm_scan scan;
    struct diag diag = {0};
    *map = (struct frame_map){0};
    if (wasm_scan_read(&scan, module, size, &diag) < 0)
        fault = "is no module";
    for (size_t i = 0; i < scan.section_count; i++) {
        const struct wasm_section *section = &scan.sections[i];
        if (section->id == 0 && section->name.size == strlen(MAP_SECTION) && !map->sites &&
            memcmp(section->name.data, MAP_SECTION, section->name.size) == 0)
            fault = read_section(map, section->payload);
    }
    wasm_scan_release(&scan);
    diag_release(&diag);
    return fault;
}

static void release_values(struct map_value *values, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        free(values[i].type);
        free(values[i].name);
    }
    free(values);
}

void frame_map_release(struct frame_map *map) {
    for (uint32_t i = 0; i < map->file_count; i++)
        free(map->files[i]);
    free(map->files);
    release_values(map->globals, map->global_count);
    for (uint32_t i = 0; i < map->site_count; i++) {
        struct map_site *site = &map->sites[i];
        free(site->function);
        free(site->kind);
        free(site->callee);
        release_values(site->values, site->value_count);
    }
    free(map->sites);
    *map = (struct frame_map){0};
}

/* ---- use ---- */

/* A frame ends in its site, so they are found from the end: the outermost one first. */
const char *frame_map_trace(const struct frame_map *map, const struct buf *frames, uint32_t count,
                            struct frame **trace) {
    size_t end = frames->size;
    *trace = NULL;
    if (count > frames->size / 8)
        return "the frames are fewer than the snapshot says";
    *trace = mem_calloc(count + (size_t)1, sizeof **trace);
    for (uint32_t i = count; i-- > 0;) {
        uint32_t number = end >= 8 ? load_u32(frames->data + end - 4) : UINT32_MAX;
        if (number >= map->site_count || map->sites[number].frame_size > end)
            return "the frames are not as the map says";
        end -= map->sites[number].frame_size;
        (*trace)[i] = (struct frame){&map->sites[number], frames->data + end};
    }
    return end == 0 ? NULL : "the frames are more than the snapshot says";
}

static double load_f64(const uint8_t *bytes) {
    uint64_t bits = load_u64(bytes);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static float load_f32(const uint8_t *bytes) {
    uint32_t bits = load_u32(bytes);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

void map_value_append(struct buf *out, const struct map_value *value, const uint8_t *bytes,
                      size_t size) {
    bool wide = strcmp(value->type, "i64") == 0 || strcmp(value->type, "f64") == 0;
    size_t need = strcmp(value->type, "v128") == 0 ? 16 : wide ? 8 : 4;
    if (value->offset > size || need > size - value->offset) {
        put(out, "?");
        return;
    }
    bytes += value->offset;
    if (strcmp(value->type, "i32") == 0)
        put(out, "%" PRId32, (int32_t)load_u32(bytes));
    else if (strcmp(value->type, "i64") == 0)
        put(out, "%" PRId64, (int64_t)load_u64(bytes));
    else if (strcmp(value->type, "f32") == 0)
        put(out, "%.9g", (double)load_f32(bytes));
    else if (strcmp(value->type, "f64") == 0)
        put(out, "%.17g", load_f64(bytes));
    else
        for (size_t i = need; i-- > 0;)
            put(out, "%02x", bytes[i]);
}
