/*
 * inspect_text.c: a snapshot as text for people.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "snapshot-tool/inspection.h"
#include "support/text.h"

#define MAP_COLUMNS 64u
#define MAP_ROWS 32u
#define FRAMES_SHOWN 20u

static void put_name(struct buf *out, const char *bytes, size_t size) {
    char *text = mem_strndup(bytes, size);
    text_append_visible(out, text);
    free(text);
}

static void put_node(struct buf *out, const struct snap_meta *meta, uint32_t number,
                     const char *none) {
    const char *name = snapshot_node(meta, number);
    text_append_visible(out, name ? name : none);
}

static void put_hex(struct buf *out, const uint8_t *bytes, size_t size) {
    for (size_t i = 0; i < size; i++)
        put(out, "%02x", bytes[i]);
}

static void put_head(struct buf *out, const struct snapshot *file) {
    text_append_visible(out, strcmp(file->input.path, "-") == 0 ? "<stdin>" : file->input.path);
    put(out, ": %s, format %u.%u", snapshot_is_delta(file) ? "delta" : "snapshot",
        file->header.major, file->header.minor);
    put(out, ", %s", size_text(file->input.offset).text);
    if (file->input.zipped)
        put(out, ", compressed");
    if (file->input.sealed)
        put(out, ", encrypted");
    if (file->header.form == SNAP_FORM_BARE)
        put(out, ", pages not protected by hashes");
    if ((file->input.zipped || file->input.sealed) && file->input.size > 0)
        put(out, " to %s", size_text(file->input.size).text);
    put(out, "\n\nidentity     ");
    put_hex(out, file->header.identity, SNAP_IDENTITY_SIZE);
    put(out, "\nfingerprint  %016llx\n", (unsigned long long)snapshot_fingerprint(file));
    if (snapshot_is_delta(file))
        put(out, "base         %016llx\n", (unsigned long long)file->runs.base);
}

/* " (main.c:42)", if the module's map knows. */
static void put_source(struct buf *out, const struct map_site *site) {
    if (!site->file)
        return;
    put(out, " (");
    text_append_visible(out, site->file);
    put(out, ":%u)", site->line);
}

static void put_history(struct buf *out, const struct snap_meta *meta) {
    time_t seconds = (time_t)(meta->time / 1000000000u);
    struct tm parts;
    char text[32] = "";
    if (meta->generation > 0)
        put(out, "generation   %u", meta->generation);
    if (meta->base != 0)
        put(out, ", after %016llx", (unsigned long long)meta->base);
    if (meta->time != 0 && gmtime_r(&seconds, &parts) &&
        strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts) > 0)
        put(out, ", made %s", text);
    if (meta->generation > 0)
        put(out, "\n");
}

/* Where the program stands is where its innermost frame does. */
static void put_line(struct buf *out, const struct inspection *inspection) {
    if (inspection->trace && inspection->file.meta.frame_count > 0)
        put_source(out, inspection->trace[0].site);
}

static void put_facts(struct buf *out, const struct inspection *inspection) {
    const struct snap_meta *meta = &inspection->file.meta;
    put_history(out, meta);
    put(out, "point        %u, %s in ", meta->point, point_kind_text(meta->kind));
    put_name(out, meta->function.bytes, meta->function.size);
    put_line(out, inspection);
    if (meta->export > 0) {
        put(out, "\nexport       %u, ", meta->export);
        put_name(out, meta->export_name.bytes, meta->export_name.size);
    }
    put(out, "\nnodes        from ");
    put_node(out, meta, meta->node_from, "(no name)");
    put(out, " to ");
    put_node(out, meta, meta->node_to, "(any)");
    for (uint32_t i = 1; i <= meta->node_count; i++) {
        put(out, i == 1 ? "; known: " : ", ");
        put_node(out, meta, i, "");
    }
    put(out, "\nstack        %u frames, %u bytes\n", meta->frame_count, meta->frames_size);
    put(out, "globals      %u bytes\n", meta->globals_size);
    put(out, "ABI          %u\n", meta->abi_version);
}

/* The values of variables are shown only if asked for: they may be secrets. */
static void put_process(struct buf *out, const struct inspection *inspection, bool values) {
    const char *next = NULL, *text;
    if (inspection->process.size > 0)
        put(out, "arguments   ");
    while ((text = inspection_argument(inspection, &next)) != NULL) {
        put(out, " ");
        text_append_visible(out, text);
    }
    if (inspection->process.size > 0)
        put(out, "\nenvironment ");
    next = NULL;
    while ((text = inspection_variable(inspection, &next)) != NULL) {
        put(out, " ");
        put_name(out, text, values ? strlen(text) : strcspn(text, "="));
    }
    if (inspection->process.size > 0)
        put(out, "\n");
    if (inspection->has_clock)
        put(out, "clock        %.6f s\n", (double)inspection->clock / 1e9);
}

static void put_tables(struct buf *out, const struct inspection *inspection) {
    for (uint32_t i = 0; i < inspection->table_count; i++)
        put(out, "%s%u entries", i == 0 ? "tables       " : ", ", inspection->tables[i]);
    if (inspection->table_count > 0)
        put(out, "\n");
}

static void put_memory(struct buf *out, const struct inspection *inspection) {
    put(out, "memory       %u pages of 64 KiB (%s):", inspection->file.meta.app_pages,
        size_text((uint64_t)inspection->pages * SNAP_PAGE_SIZE).text);
    for (int kind = 0; kind < CELL_KINDS; kind++)
        if (inspection->counts[kind] > 0)
            put(out, " %u %s", inspection->counts[kind], cell_words[kind]);
    put(out, ", in %u runs; pages of %u bytes\n", inspection->runs, SNAP_PAGE_SIZE);
}

static void put_sections(struct buf *out, const struct snapshot *file) {
    put(out, "\nsections\n");
    for (size_t i = 0; i < file->section_count; i++) {
        const struct section *section = &file->sections[i];
        put(out, "  %s  %-9s  at 0x%-8llx  %12llu bytes  checksum %016llx\n",
            section_type_name(section->type).text,
            (section->flags & SNAP_FLAG_MUST_KNOW) != 0 ? "must-know" : "skippable",
            (unsigned long long)section->offset, (unsigned long long)section->length,
            (unsigned long long)section->checksum);
    }
}

static void put_file(struct buf *out, const struct open_file *open) {
    const struct snap_file *file = &open->file;
    put(out, "  %3u  %s", file->number, file_kind_text(file->kind));
    if (file->kind == SNAP_FILE_PREOPEN || file->kind == SNAP_FILE_PATH) {
        put(out, " ");
        text_append_visible(out, open->base);
    }
    if (file->kind == SNAP_FILE_PATH) {
        put(out, ": ");
        text_append_visible(out, open->path);
        put(out, ", %s", file_type_text(file->filetype));
        if (file->offset != SNAP_FILE_NO_OFFSET)
            put(out, ", at %llu of %llu", (unsigned long long)file->offset,
                (unsigned long long)file->size);
        if ((file->flags & SNAP_FILE_CONTENTS) != 0)
            put(out, (file->flags & SNAP_FILE_CARRIED) != 0
                         ? ", contents in the snapshot"
                         : ", without a name, contents in the snapshot");
    }
    put(out, "\n");
}

static void put_files(struct buf *out, const struct inspection *inspection) {
    if (!inspection->has_files)
        return;
    put(out, "\nopen files\n");
    for (uint32_t i = 0; i < inspection->open_file_count; i++)
        put_file(out, &inspection->open_files[i]);
}

static void put_values(struct buf *out, const struct map_value *values, uint32_t count,
                       const uint8_t *bytes, size_t size) {
    for (uint32_t i = 0; i < count; i++) {
        put(out, "      %s ", values[i].type);
        text_append_visible(out, values[i].name);
        put(out, " = ");
        map_value_append(out, &values[i], bytes, size);
        put(out, "\n");
    }
}

static void put_frame(struct buf *out, uint32_t number, const struct frame *frame) {
    put(out, "  #%-3u ", number);
    text_append_visible(out, frame->site->function);
    if (frame->site->callee[0]) {
        put(out, ", in a %s of ", frame->site->kind);
        text_append_visible(out, frame->site->callee);
    } else {
        put(out, ", at its %s", frame->site->kind);
    }
    put_source(out, frame->site);
    put(out, "\n");
    put_values(out, frame->site->values, frame->site->value_count, frame->bytes,
               frame->site->frame_size);
}

static void put_trace(struct buf *out, const struct inspection *inspection, bool all) {
    uint32_t count = inspection->file.meta.frame_count;
    if (inspection->map.sites) {
        put(out, "\nglobals\n");
        put_values(out, inspection->map.globals, inspection->map.global_count,
                   inspection->globals.data, inspection->globals.size);
    }
    if (!inspection->trace)
        return;
    put(out, "\nstack, the innermost function first\n");
    for (uint32_t i = 0; i < count; i++) {
        if (!all && i == FRAMES_SHOWN && count > 2 * FRAMES_SHOWN) {
            put(out, "  ... (-v shows all)\n");
            i = count - FRAMES_SHOWN;
        }
        put_frame(out, i, &inspection->trace[i]);
    }
}

/* The kind of a group of pages: of the most remarkable one in it. */
static enum cell group_cell(const struct inspection *inspection, uint32_t first, uint32_t count) {
    static const enum cell order[] = {CELL_CHANGED, CELL_CLEARED,      CELL_EQUAL,
                                      CELL_STORED,  CELL_COMPRESSIBLE, CELL_ZERO};
    uint32_t end = first + count < inspection->pages ? first + count : inspection->pages;
    size_t best = CELL_KINDS - 1;
    for (uint32_t page = first; page < end; page++)
        for (size_t rank = 0; rank < best; rank++)
            if (inspection->cells[page] == order[rank])
                best = rank;
    return order[best];
}

static void put_map(struct buf *out, const struct inspection *inspection) {
    uint32_t group = 1;
    while (inspection->pages / group > MAP_COLUMNS * MAP_ROWS)
        group *= 2;
    put(out, "\nmemory map, %s per character:", size_text((uint64_t)group * SNAP_PAGE_SIZE).text);
    for (int kind = 0; kind < CELL_KINDS; kind++)
        if (inspection->counts[kind] > 0)
            put(out, " %c %s", cell_characters[kind], cell_words[kind]);
    put(out, "\n");
    for (uint32_t row = 0; row < inspection->pages; row += group * MAP_COLUMNS) {
        put(out, "  %08llx  ", (unsigned long long)row * SNAP_PAGE_SIZE);
        for (uint32_t i = 0; i < MAP_COLUMNS && row + i * group < inspection->pages; i++)
            put(out, "%c", cell_characters[group_cell(inspection, row + i * group, group)]);
        put(out, "\n");
    }
}

static void put_bytes(struct buf *out, const char *title, const struct buf *bytes) {
    put(out, "\n%s\n", title);
    for (size_t row = 0; row < bytes->size; row += 16) {
        size_t count = bytes->size - row < 16 ? bytes->size - row : 16;
        put(out, "  %06zx  ", row);
        put_hex(out, bytes->data + row, count);
        put(out, "\n");
    }
}

void inspection_text(const struct inspection *inspection, bool verbose, struct buf *out) {
    const struct snapshot *file = &inspection->file;
    put_head(out, file);
    put_facts(out, inspection);
    put_process(out, inspection, verbose);
    put_tables(out, inspection);
    put_memory(out, inspection);
    put_sections(out, file);
    put_files(out, inspection);
    put_trace(out, inspection, verbose);
    if (verbose)
        put_bytes(out, "globals", &inspection->globals);
    put_map(out, inspection);
}
