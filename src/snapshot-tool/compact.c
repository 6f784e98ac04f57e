/*
 * compact.c: the commands that only change how a snapshot is stored, or its memory byte for byte.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "snapshot-tool/output.h"
#include "snapshot-tool/rewrite.h"

static struct page_source *open_same(const struct rewriting *rewriting) {
    return snapshot_source_open(rewriting->tool, rewriting->path);
}

int run_compact(struct tool *tool) {
    struct rewriting rewriting = {
        .tool = tool, .path = tool->options.operands[0], .open = open_same, .pads = true};
    return rewrite_snapshot(&rewriting);
}

/* ---- export ---- */

static int write_zeros(struct output *out, uint64_t pages) {
    static const uint8_t zeros[SNAP_PAGE_SIZE];
    while (pages-- > 0)
        if (output_write(out, zeros, sizeof zeros) != SNAP_IO_OK)
            return -1;
    return 0;
}

static int export_pages(struct snapshot *file, struct output *out) {
    uint32_t next = 0;
    while (snapshot_page(file)) {
        if (write_zeros(out, file->page_number - next) < 0 ||
            output_write(out, file->page, sizeof file->page) != SNAP_IO_OK)
            return TOOL_OK; /* said when the output is finished */
        next = file->page_number + 1;
    }
    write_zeros(out, (uint64_t)file->meta.app_pages * SNAP_PAGES_OF_WASM - next);
    return TOOL_OK;
}

static int export_memory(struct snapshot *file, struct output *out) {
    uint32_t type;
    while ((type = snapshot_next(file)) != 0) {
        if (type == SNAP_SECTION_DELTA)
            return tool_refuse(file->input.path, "snapify-snapshot apply does it",
                               "is a delta: put it together with its base first");
        if (type == SNAP_SECTION_MEMORY)
            export_pages(file, out);
    }
    return file->ended ? TOOL_OK : tool_refuse_snapshot(file);
}

int run_export(struct tool *tool) {
    struct snapshot *file = tool_alloc(sizeof *file);
    struct output out;
    int status = output_open(&out, tool, tool->options.memory);
    if (status == TOOL_OK)
        status = snapshot_open(file, tool->options.operands[0], &tool->input) < 0
                     ? tool_refuse_snapshot(file)
                     : export_memory(file, &out);
    status = output_finish(&out, status);
    snapshot_close(file);
    free(file);
    return status;
}

/* ---- import ---- */

struct raw_source {
    struct page_source source;
    FILE *file;
    const char *path;
    uint32_t next, pages; /* pages of the snapshot's memory */
    _Alignas(8) uint8_t page[SNAP_PAGE_SIZE];
};

static bool next_raw(struct page_source *base) {
    struct raw_source *source = (struct raw_source *)base;
    size_t size;
    while ((size = fread(source->page, 1, SNAP_PAGE_SIZE, source->file)) == SNAP_PAGE_SIZE &&
           source->next < source->pages) {
        base->number = source->next++;
        if (!snap_page_is_zero(source->page))
            return true;
    }
    if (ferror(source->file))
        base->status = tool_refuse(source->path, NULL, "cannot be read: %s", strerror(errno));
    else if (size > 0 || source->next < source->pages)
        base->status =
            tool_refuse(source->path, NULL, "has not the size of the snapshot's memory, %llu bytes",
                        (unsigned long long)source->pages * SNAP_PAGE_SIZE);
    return false;
}

static void close_raw(struct page_source *base) {
    struct raw_source *source = (struct raw_source *)base;
    if (source->file)
        fclose(source->file);
    free(source);
}

static struct page_source *open_raw(const struct rewriting *rewriting) {
    struct raw_source *source = mem_calloc(1, sizeof *source);
    source->source = (struct page_source){next_raw, close_raw, 0, source->page, false, TOOL_OK};
    source->path = rewriting->tool->options.memory;
    source->pages = *(const uint32_t *)rewriting->context;
    source->file = fopen(source->path, "rbe");
    if (!source->file)
        source->source.status =
            tool_refuse(source->path, NULL, "cannot be read: %s", strerror(errno));
    return &source->source;
}

int run_import(struct tool *tool) {
    struct snapshot *file = tool_alloc(sizeof *file);
    const char *path = tool->options.operands[0];
    uint32_t pages = 0;
    int status = TOOL_OK;
    if (snapshot_open(file, path, &tool->input) < 0)
        status = tool_refuse_snapshot(file);
    pages = file->meta.app_pages * SNAP_PAGES_OF_WASM;
    snapshot_close(file);
    free(file);
    struct rewriting rewriting = {
        .tool = tool, .path = path, .open = open_raw, .context = &pages, .pads = true};
    return status == TOOL_OK ? rewrite_snapshot(&rewriting) : status;
}
