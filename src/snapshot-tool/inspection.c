#include "snapshot-tool/inspection.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "snapshot-tool/pages.h"

const char cell_characters[CELL_KINDS] = {'.', '#', '+', '=', '*', '0'};
const char *const cell_words[CELL_KINDS] = {"zero",  "stored",  "compressible",
                                            "equal", "changed", "cleared"};

struct collector {
    struct inspection *inspection;
    struct snapshot base;
    struct pages base_pages;
    bool has_base;
    ZSTD_CCtx *zstd; /* owned */
};

static void set_cell(struct inspection *inspection, uint32_t page, enum cell cell) {
    inspection->counts[inspection->cells[page]]--;
    inspection->counts[cell]++;
    inspection->cells[page] = (uint8_t)cell;
}

static enum cell cell_alone(struct collector *collector) {
    const struct snapshot *file = &collector->inspection->file;
    uint8_t small[SNAP_PAGE_SIZE];
    if (file->page_kind != PAGE_STORED)
        return CELL_EQUAL;
    if (snap_page_is_zero(file->page))
        return CELL_ZERO;
    size_t size = ZSTD_compressCCtx(collector->zstd, small, SNAP_PAGE_SIZE / 2, file->page,
                                    SNAP_PAGE_SIZE, 1);
    return ZSTD_isError(size) ? CELL_STORED : CELL_COMPRESSIBLE;
}

static enum cell cell_compared(const struct pages *pages, const struct pages *base,
                               uint32_t number) {
    bool stored = pages_at(pages, number) && pages->file->page_kind == PAGE_STORED;
    bool zero = !pages_at(pages, number) || (stored && snap_page_is_zero(pages->file->page));
    if (pages_same(pages, base, number))
        return zero ? CELL_ZERO : CELL_EQUAL;
    return zero ? CELL_CLEARED : CELL_CHANGED;
}

/* The file stands in front of its first page. */
static void collect_alone(struct collector *collector) {
    struct snapshot *file = &collector->inspection->file;
    while (snapshot_page(file))
        set_cell(collector->inspection, file->page_number, cell_alone(collector));
}

static void collect_compared(struct collector *collector) {
    struct inspection *inspection = collector->inspection;
    struct pages pages = {.file = &inspection->file};
    struct pages *base = &collector->base_pages;
    uint32_t number;
    pages_next(&pages);
    while (pages_both(&pages, base, &number)) {
        if (number < inspection->pages)
            set_cell(inspection, number, cell_compared(&pages, base, number));
        if (pages_at(&pages, number))
            pages_next(&pages);
        if (pages_at(base, number))
            pages_next(base);
    }
}

static void collect_memory(struct collector *collector) {
    struct inspection *inspection = collector->inspection;
    inspection->runs = inspection->file.runs.left;
    inspection->pages = inspection->file.meta.app_pages * SNAP_PAGES_OF_WASM;
    inspection->counts[CELL_ZERO] = inspection->pages;
    inspection->cells = mem_calloc((size_t)inspection->pages + 1, 1);
    if (collector->has_base)
        collect_compared(collector);
    else
        collect_alone(collector);
}

static void collect_clock(struct inspection *inspection) {
    uint8_t bytes[8];
    if (snapshot_bytes(&inspection->file, bytes, sizeof bytes) == sizeof bytes) {
        inspection->has_clock = true;
        inspection->clock = load_u64(bytes);
    }
}

/* Their sizes; the entries are numbers that only the module understands. */
static void collect_tables(struct inspection *inspection) {
    struct snapshot *file = &inspection->file;
    uint8_t bytes[8];
    if (snapshot_bytes(file, bytes, 4) < 4)
        return;
    uint32_t count = load_u32(bytes);
    if (count > file->reader.left / sizeof bytes)
        return;
    if (count > INSPECT_TABLES_MAX)
        count = INSPECT_TABLES_MAX;
    inspection->tables = mem_calloc(count + (size_t)1, sizeof *inspection->tables);
    while (inspection->table_count < count &&
           snapshot_bytes(file, bytes, sizeof bytes) == sizeof bytes)
        inspection->tables[inspection->table_count++] = load_u32(bytes);
}

/* Kept if it is short and its texts end where they should. */
static void collect_process(struct inspection *inspection) {
    struct buf *content = &inspection->process;
    if (inspection->file.reader.left > INSPECT_GLOBALS_MAX)
        return;
    snapshot_content(&inspection->file, content, INSPECT_GLOBALS_MAX);
    bool sound = content->size >= SNAP_PROCESS_FIXED_SIZE;
    uint64_t arguments = sound ? load_u32(content->data + 4) : 0;
    uint64_t variables = sound ? load_u32(content->data + 12) : 0;
    if (!sound || SNAP_PROCESS_FIXED_SIZE + arguments + variables != content->size ||
        (arguments > 0 && content->data[SNAP_PROCESS_FIXED_SIZE + arguments - 1] != '\0') ||
        (variables > 0 && content->data[content->size - 1] != '\0'))
        content->size = 0;
}

static const char *next_text(const struct buf *content, uint32_t begin, uint32_t size,
                             const char **next) {
    if (content->size == 0)
        return NULL;
    const char *first = (const char *)content->data + begin;
    const char *text = *next ? *next : first;
    if (text >= first + size)
        return NULL;
    *next = text + strlen(text) + 1;
    return text;
}

const char *inspection_argument(const struct inspection *inspection, const char **next) {
    const struct buf *content = &inspection->process;
    uint32_t size = content->size > 0 ? load_u32(content->data + 4) : 0;
    return next_text(content, SNAP_PROCESS_FIXED_SIZE, size, next);
}

const char *inspection_variable(const struct inspection *inspection, const char **next) {
    const struct buf *content = &inspection->process;
    uint32_t before = content->size > 0 ? load_u32(content->data + 4) : 0;
    uint32_t size = content->size > 0 ? load_u32(content->data + 12) : 0;
    return next_text(content, SNAP_PROCESS_FIXED_SIZE + before, size, next);
}

static void collect_section(struct collector *collector, uint32_t type) {
    struct inspection *inspection = collector->inspection;
    if (type == SNAP_SECTION_PROCESS)
        collect_process(inspection);
    if (type == SNAP_SECTION_TABLES)
        collect_tables(inspection);
    if (type == SNAP_SECTION_CLOCK)
        collect_clock(inspection);
    if (type == SNAP_SECTION_GLOBALS)
        snapshot_content(&inspection->file, &inspection->globals, INSPECT_GLOBALS_MAX);
    else if (type == SNAP_SECTION_MEMORY || type == SNAP_SECTION_DELTA)
        collect_memory(collector);
    else if (type == SNAP_SECTION_FILES)
        inspection_collect_files(inspection);
    else if (type == SNAP_SECTION_FRAMES && inspection->file.reader.left <= INSPECT_FRAMES_MAX)
        snapshot_content(&inspection->file, &inspection->frames, INSPECT_FRAMES_MAX);
}

/* To the first page of the base. */
static int open_base(struct collector *collector, const struct tool *tool, const char *path) {
    struct snapshot *base = &collector->base;
    collector->has_base = true;
    if (snapshot_open(base, path, &tool->input) < 0 || !pages_begin(&collector->base_pages, base))
        return tool_refuse_snapshot(base);
    if (base->section.type == SNAP_SECTION_DELTA)
        return tool_refuse(path, NULL, "is a delta itself");
    return TOOL_OK;
}

static int collect(struct collector *collector) {
    struct snapshot *file = &collector->inspection->file;
    uint32_t type;
    while ((type = snapshot_next(file)) != 0)
        collect_section(collector, type);
    if (!file->ended)
        return tool_refuse_snapshot(file);
    if (collector->has_base) {
        while (snapshot_next(&collector->base) != 0)
            ;
        if (!collector->base.ended)
            return tool_refuse_snapshot(&collector->base);
    }
    return TOOL_OK;
}

int inspection_make(struct inspection *inspection, const struct tool *tool, const char *path,
                    const char *base) {
    struct collector *collector = tool_alloc(sizeof *collector);
    int status = TOOL_OK;
    memset(inspection, 0, sizeof *inspection);
    inspection->compared = base != NULL;
    collector->inspection = inspection;
    collector->zstd = ZSTD_createCCtx();
    if (snapshot_open(&inspection->file, path, &tool->input) < 0)
        status = tool_refuse_snapshot(&inspection->file);
    if (status == TOOL_OK && base)
        status = open_base(collector, tool, base);
    if (status == TOOL_OK)
        status = collect(collector);
    if (collector->has_base)
        snapshot_close(&collector->base);
    ZSTD_freeCCtx(collector->zstd);
    free(collector);
    return status;
}

void inspection_release(struct inspection *inspection) {
    snapshot_close(&inspection->file);
    free(inspection->cells);
    for (uint32_t i = 0; i < inspection->open_file_count; i++) {
        free(inspection->open_files[i].base);
        free(inspection->open_files[i].path);
    }
    free(inspection->open_files);
    free(inspection->tables);
    free(inspection->trace);
    frame_map_release(&inspection->map);
    buf_release(&inspection->process);
    buf_release(&inspection->globals);
    buf_release(&inspection->frames);
}
