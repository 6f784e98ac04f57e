/*
 * glue_data.c: lays out the image.
 *
 *     +-----------------+--------+-------+-------+----------+---------+-------+---------+
 *     | glue's data     | points | names | nodes | offloads | exports | baked | padding |
 *     | (config inside) |        |       |       |          |         |       | to 16   |
 *     +-----------------+--------+-------+-------+----------+---------+-------+---------+
 */
#include "passes/glue_data.h"

#include <stdlib.h>
#include <string.h>

#include "passes/glue_image.h"
#include "runtime-glue/abi.h"
#include "wasm/leb128.h"

/* Room for frames before the first growth; the reserve that the glue keeps comes on top. */
enum {
    FIRST_FRAMES = 16384,
    RESERVED_FRAMES = 8
};

enum {
    DYLINK_MEM_INFO = 1,
    SECTION_CUSTOM = 0,
    SECTION_DATA = 11
};

static void align(struct buf *buf, size_t alignment) {
    buf_append_zeros(buf, (alignment - buf->size % alignment) % alignment);
}

/* Size of the glue's static memory, zeroed part included (tool-conventions, DynamicLinking.md). */
static bool read_memory_size(const struct wasm_section *section, uint32_t *size) {
    struct reader reader = reader_over(section->payload.data, section->payload.size);
    uint8_t kind;
    uint32_t length;
    while (reader_u8(&reader, &kind) && reader_uleb32(&reader, &length)) {
        if (kind == DYLINK_MEM_INFO)
            return reader_uleb32(&reader, size);
        if (!reader_skip(&reader, length))
            return false;
    }
    return false;
}

/* One active segment at __memory_base: 01 00 23 <global> 0b <size> <bytes>. */
static bool read_data(const struct wasm_section *section, struct wasm_bytes *data) {
    struct reader reader = reader_over(section->payload.data, section->payload.size);
    uint32_t count, flags, global, size;
    uint8_t get, end;
    if (!reader_uleb32(&reader, &count) || count != 1 || !reader_uleb32(&reader, &flags) ||
        flags != 0 || !reader_u8(&reader, &get) || get != 0x23 ||
        !reader_uleb32(&reader, &global) || !reader_u8(&reader, &end) || end != 0x0b ||
        !reader_uleb32(&reader, &size) || size > reader_left(&reader))
        return false;
    *data = (struct wasm_bytes){reader.data + reader.at, size};
    return true;
}

static int append_static_data(const struct program *program, struct buf *image) {
    struct wasm_scan scan;
    struct wasm_bytes data = {0};
    uint32_t memory_size = 0;
    struct wasm_bytes compiled = glue_image(program->options);
    int status = wasm_scan_read(&scan, compiled.data, compiled.size, program->diag);
    for (size_t i = 0; status == 0 && i < scan.section_count; i++) {
        const struct wasm_section *section = &scan.sections[i];
        if (section->id == SECTION_CUSTOM && section->name.size == 8 &&
            memcmp(section->name.data, "dylink.0", 8) == 0 &&
            !read_memory_size(section, &memory_size))
            status = diag_bug(program->diag, "the glue's dylink.0 section is not understood");
        if (section->id == SECTION_DATA && !read_data(section, &data))
            status = diag_bug(program->diag, "the glue's data section is not one segment");
    }
    if (status == 0 && data.size > memory_size)
        status = diag_bug(program->diag, "the glue's data exceeds its memory");
    if (status == 0) {
        buf_append(image, data.data, data.size);
        buf_append_zeros(image, memory_size - data.size);
    }
    wasm_scan_release(&scan);
    return status;
}

static uint32_t append_points(const struct program *program, struct buf *image) {
    align(image, 4);
    uint32_t offset = (uint32_t)image->size;
    uint32_t name = offset + (uint32_t)(program->point_count * sizeof(struct snapify_point_info));
    for (size_t i = 0; i < program->point_count; i++) {
        const struct point *point = &program->points[i];
        buf_append_u32le(image, point->site);
        buf_append_u32le(image, point->kind);
        buf_append_u32le(image, name);
        name += (uint32_t)strlen(program->functions[point->function].shown) + 1;
    }
    for (size_t i = 0; i < program->point_count; i++) {
        buf_append_string(image, program->functions[program->points[i].function].shown);
        buf_append_u8(image, 0);
    }
    return offset;
}

static uint32_t append_offloads(const struct program *program, struct buf *image) {
    align(image, 4);
    uint32_t offset = (uint32_t)image->size;
    buf_append_u32le(image, 0); /* outside of them: a set without nodes */
    for (size_t i = 0; i < program->offload_count; i++) {
        buf_append_u32le(image, (uint32_t)program->offloads[i].count);
        for (size_t j = 0; j < program->offloads[i].count; j++)
            buf_append_u32le(image, program->offloads[i].nodes[j]);
    }
    return offset;
}

static uint32_t append_exports(const struct program *program, struct buf *image) {
    uint32_t offset = (uint32_t)image->size;
    for (size_t i = 0; i < program->export_count; i++) {
        buf_append_string(image, program->exports[i].name);
        buf_append_u8(image, 0);
    }
    return offset;
}

static uint32_t append_strings(struct buf *image, const char *const *strings, size_t count) {
    uint32_t offset = (uint32_t)image->size;
    for (size_t i = 0; i < count; i++) {
        buf_append_string(image, strings[i]);
        buf_append_u8(image, 0);
    }
    return offset;
}

static uint32_t append_numbers(struct buf *image, const struct wasm_numbers *numbers) {
    uint32_t offset = (uint32_t)image->size;
    for (size_t i = 0; i < numbers->count; i++)
        buf_append_u32le(image, numbers->items[i]);
    return offset;
}

static uint32_t append_segments(const struct wasm_references *references, struct buf *image) {
    struct buf offsets = {0};
    align(image, 4);
    for (size_t i = 0; i < references->segment_count; i++)
        buf_append_u32le(&offsets, append_numbers(image, &references->segments[i]));
    uint32_t offset = (uint32_t)image->size;
    buf_append(image, offsets.data, offsets.size);
    buf_release(&offsets);
    return offset;
}

static uint32_t append_tables(const struct wasm_references *references, struct buf *image) {
    struct buf tables = {0};
    align(image, 4);
    for (size_t i = 0; i < references->array_count; i++) {
        const struct wasm_array *array = &references->arrays[i];
        buf_append_u32le(&tables, array->initial);
        buf_append_u32le(&tables, array->maximum);
        buf_append_u32le(&tables, (uint32_t)array->contents.count);
        buf_append_u32le(&tables, append_numbers(image, &array->contents));
    }
    uint32_t offset = (uint32_t)image->size;
    buf_append(image, tables.data, tables.size);
    buf_release(&tables);
    return offset;
}

static void put_u32le(uint8_t *at, uint32_t value) {
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

static void fill_config(uint8_t *at, const struct program *program,
                        const struct glue_layout *layout, const struct snapify_config *tables) {
    const uint32_t words[] = {
        SNAPIFY_ABI_VERSION,
        (uint32_t)program->scan->memory.initial,
        program->scan->memory.has_maximum ? (uint32_t)program->scan->memory.maximum : 65536,
        layout->region_pages,
        layout->image_size,
        layout->stack_offset,
        layout->frames_offset,
        program->max_frame_size,
        program->globals_size,
        (uint32_t)program->point_count,
        tables->points_offset,
        (uint32_t)program->node_count,
        tables->nodes_offset,
        (uint32_t)program->options->bake_count,
        tables->bake_offset,
        (program->budget ? SNAPIFY_CONFIG_BUDGET : 0) |
            (program->options->policy == SNAPIFY_POLICY_ALWAYS ? SNAPIFY_CONFIG_ALWAYS : 0),
        (uint32_t)program->offload_count,
        tables->offload_offset,
        (uint32_t)program->export_count,
        tables->exports_offset,
        program->initialize,
        (uint32_t)program->references->array_count,
        tables->tables_offset,
        tables->segments_offset,
        (uint32_t)program->options->compress_level,
    };
    _Static_assert(sizeof words == offsetof(struct snapify_config, identity),
                   "the words are the fields before the identity, in their order");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        put_u32le(at + 4 * i, words[i]);
    memset(at + sizeof words, 0, 16); /* the identity follows when everything else is written */
}

int glue_data_build(const struct program *program, uint32_t config_offset,
                    struct glue_layout *layout, struct buf *image) {
    const struct snapify_options *options = program->options;
    struct snapify_config tables;
    if (append_static_data(program, image) < 0)
        return -1;
    if (config_offset > image->size || image->size - config_offset < sizeof tables)
        return diag_bug(program->diag, "the glue's config is outside its data");
    tables.points_offset = append_points(program, image);
    tables.nodes_offset =
        append_strings(image, (const char *const *)program->nodes, program->node_count);
    tables.offload_offset = append_offloads(program, image);
    tables.exports_offset = append_exports(program, image);
    tables.bake_offset = append_strings(image, options->bake, options->bake_count);
    tables.segments_offset = append_segments(program->references, image);
    tables.tables_offset = append_tables(program->references, image);
    align(image, 16);
    uint64_t room = FIRST_FRAMES + (uint64_t)RESERVED_FRAMES * program->max_frame_size;
    layout->identity_offset = config_offset + (uint32_t)offsetof(struct snapify_config, identity);
    layout->base = (uint32_t)program->scan->memory.initial * SNAPIFY_PAGE_SIZE;
    layout->image_size = (uint32_t)image->size;
    bool zip = options->compress_level != 0;
    layout->frames_offset =
        layout->image_size + (zip ? SNAPIFY_ZIP_STACK_SIZE : SNAPIFY_GLUE_STACK_SIZE);
    layout->stack_offset = zip ? layout->frames_offset : layout->image_size;
    layout->region_pages =
        (uint32_t)((layout->frames_offset + room + SNAPIFY_PAGE_SIZE - 1) / SNAPIFY_PAGE_SIZE);
    fill_config(image->data + config_offset, program, layout, &tables);
    return 0;
}
