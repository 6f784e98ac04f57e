#include "snapshot-tool/rewrite.h"

#include <stdlib.h>
#include <string.h>

#include "snapshot-format/page_sum.h"
#include "snapshot-tool/output.h"

struct plan_run {
    uint32_t first, count;
    bool named;
};

struct plan {
    struct plan_run *runs; /* owned */
    size_t count, capacity;
    uint32_t longest; /* run of pages */
    struct snap_runs totals;
};

static void plan_add(struct plan *plan, uint32_t page, bool named) {
    struct plan_run *last = plan->count > 0 ? &plan->runs[plan->count - 1] : NULL;
    if (!last || last->first + last->count != page || last->named != named ||
        (!named && last->count == plan->longest)) {
        if (plan->count == plan->capacity) {
            plan->capacity = 2 * plan->capacity + 16;
            plan->runs = mem_grow(plan->runs, plan->capacity, sizeof *plan->runs);
        }
        last = &plan->runs[plan->count++];
        *last = (struct plan_run){page, 0, named};
    }
    last->count++;
    if (named)
        plan->totals.named++;
    else
        plan->totals.stored++;
    if (!named && last->count > plan->totals.longest) {
        plan->totals.longest = last->count;
        plan->totals.before = (uint32_t)plan->count - 1;
    }
}

static int plan_make(struct plan *plan, const struct rewriting *rewriting) {
    struct page_source *source = rewriting->open(rewriting);
    while (source->status == TOOL_OK && source->next(source))
        plan_add(plan, source->number, source->named);
    int status = source->status;
    plan->totals.base = rewriting->base;
    plan->totals.delta = rewriting->delta;
    plan->totals.left = (uint32_t)plan->count;
    source->close(source);
    return status;
}

/* One rewriting at work. */
struct work {
    const struct rewriting *rewriting;
    struct plan plan;
    struct snapshot in;
    struct output out;
    struct snap_writer writer;
    struct page_sum sum;                               /* of a run of pages */
    uint8_t hashes[SNAP_RUN_MAX][SNAP_PAGE_HASH_SIZE]; /* of a run of pages, to stand behind them */
    uint8_t buffer[SNAP_PAGE_SIZE * 16];
};

static int write_failed(struct work *work) {
    /* What went wrong with the file is said when it is finished. */
    return work->out.error != 0
               ? TOOL_OK
               : tool_refuse(work->out.path, NULL, "%s", snap_error_text(work->writer.status));
}

/* The index-th of a run. */
static void write_page(struct work *work, const struct page_source *source, uint32_t index) {
    uint8_t hash[SNAP_PAGE_HASH_SIZE];
    if (!source->named)
        snap_write_page_bytes(&work->writer, source->bytes, SNAP_PAGE_SIZE);
    if (work->writer.form == SNAP_FORM_SUMMED)
        page_sum_add(&work->sum, source->bytes);
    if (source->named || work->writer.form == SNAP_FORM_HASHED)
        snap_page_hash(source->bytes, hash);
    if (source->named)
        snap_write_bytes(&work->writer, hash, sizeof hash);
    else if (work->writer.form == SNAP_FORM_HASHED)
        memcpy(work->hashes[index], hash, sizeof hash);
}

/* The pages come again as they came when the plan was made, or the file has been changed since. */
static int write_runs(struct work *work, struct page_source *source) {
    for (size_t i = 0; i < work->plan.count; i++) {
        const struct plan_run *run = &work->plan.runs[i];
        snap_write_run(&work->writer, run->first, run->count, run->named ? SNAP_RUN_NAMED : 0);
        page_sum_start(&work->sum);
        for (uint32_t page = 0; page < run->count && work->writer.status == SNAP_OK; page++) {
            if (source->status != TOOL_OK || !source->next(source))
                return source->status;
            if (source->number != run->first + page || source->named != run->named)
                return tool_refuse(work->rewriting->path, NULL, "was changed while it was read");
            write_page(work, source, page);
        }
        if (work->writer.form == SNAP_FORM_HASHED && !run->named)
            snap_write_bytes(&work->writer, work->hashes, (size_t)run->count * SNAP_PAGE_HASH_SIZE);
        if (work->writer.form == SNAP_FORM_SUMMED)
            page_sum_end(&work->sum, &work->writer.hash);
    }
    return TOOL_OK;
}

static int write_memory(struct work *work) {
    const struct rewriting *rewriting = work->rewriting;
    work->plan.totals.pages = work->in.meta.app_pages * SNAP_PAGES_OF_WASM;
    if (!rewriting->pads)
        work->plan.totals.longest = 0;
    snap_write_runs(&work->writer, &work->plan.totals);
    struct page_source *source = rewriting->open(rewriting);
    int status = write_runs(work, source);
    source->close(source);
    snap_write_section_end(&work->writer);
    return status;
}

static int pass_process(struct work *work) {
    const struct section *section = &work->in.section;
    struct buf content = {0};
    snapshot_content(&work->in, &content, SNAP_META_LENGTH_MAX);
    if (!snapshot_failed(&work->in) && work->in.reader.left > 0) {
        buf_release(&content);
        return tool_refuse(work->in.input.path, NULL, "%s", snap_error_text(SNAP_ERROR_LIMIT));
    }
    work->rewriting->edit_process(work->rewriting, &content);
    snap_write_section(&work->writer, section->type, section->flags, content.size);
    snap_write_bytes(&work->writer, content.data, content.size);
    if (!snapshot_failed(&work->in))
        snap_write_section_end(&work->writer);
    buf_release(&content);
    return TOOL_OK;
}

static int pass_section(struct work *work) {
    const struct section *section = &work->in.section;
    size_t size;
    if (section->type == SNAP_SECTION_PROCESS && work->rewriting->edit_process)
        return pass_process(work);
    if (section->type == SNAP_SECTION_PADDING && work->rewriting->pads)
        return TOOL_OK;
    snap_write_section(&work->writer, section->type, section->flags, section->length);
    while ((size = snapshot_bytes(&work->in, work->buffer, sizeof work->buffer)) > 0)
        snap_write_bytes(&work->writer, work->buffer, size);
    if (!snapshot_failed(&work->in))
        snap_write_section_end(&work->writer);
    return TOOL_OK;
}

/* Pages that a program saved without hashes get theirs: here they cost next to nothing. */
static struct snap_header header_of(const struct snapshot *in) {
    struct snap_header header = in->header;
    if (header.form == SNAP_FORM_BARE)
        header.form = SNAP_FORM_HASHED;
    return header;
}

/* META, and what may stand in front of it, was read when the file was opened. */
static int pass_head(struct work *work) {
    struct snapshot *in = &work->in;
    struct snap_io io = {.write = output_write, .context = &work->out};
    if (in->section_count > 1)
        return tool_refuse(in->input.path, NULL,
                           "has sections in front of META, which cannot be passed on");
    const struct section *meta = &in->sections[0];
    struct snap_header header = header_of(in);
    snap_copy_header(&work->writer, io, &header);
    snap_write_section(&work->writer, meta->type, meta->flags, meta->length);
    snap_write_bytes(&work->writer, in->meta_bytes, (size_t)meta->length);
    snap_write_section_end(&work->writer);
    return TOOL_OK;
}

static int write_all(struct work *work) {
    struct snapshot *in = &work->in;
    uint32_t type;
    int status = pass_head(work);
    while (status == TOOL_OK && work->writer.status == SNAP_OK && (type = snapshot_next(in)) != 0)
        status = type == SNAP_SECTION_MEMORY || type == SNAP_SECTION_DELTA ? write_memory(work)
                                                                           : pass_section(work);
    if (status != TOOL_OK)
        return status;
    if (work->writer.status != SNAP_OK)
        return write_failed(work);
    return in->ended ? TOOL_OK : tool_refuse_snapshot(in);
}

int rewrite_snapshot(const struct rewriting *rewriting) {
    if (strcmp(rewriting->path, "-") == 0)
        return tool_refuse("-", "put it into a file first", "cannot be read twice");
    struct work *work = tool_alloc(sizeof *work);
    work->rewriting = rewriting;
    int status = snapshot_open(&work->in, rewriting->path, &rewriting->tool->input) < 0
                     ? tool_refuse_snapshot(&work->in)
                     : TOOL_OK;
    enum snap_form form = snap_form_of_runs(header_of(&work->in).form, rewriting->delta);
    work->plan.longest = form == SNAP_FORM_HASHED ? SNAP_RUN_MAX : UINT32_MAX;
    if (status == TOOL_OK)
        status = plan_make(&work->plan, rewriting);
    if (status == TOOL_OK) {
        status = output_open(&work->out, rewriting->tool, rewriting->tool->options.output);
        if (status == TOOL_OK)
            status = write_all(work);
        status = output_finish(&work->out, status);
    }
    snapshot_close(&work->in);
    free(work->plan.runs);
    free(work);
    return status;
}

/* ---- the pages of a snapshot ---- */

struct snapshot_source {
    struct page_source source;
    struct snapshot file;
    struct pages pages;
};

int open_memory(struct snapshot *file, struct pages *pages, const struct tool *tool,
                const char *path) {
    if (snapshot_open(file, path, &tool->input) < 0 || !pages_begin(pages, file))
        return tool_refuse_snapshot(file);
    return TOOL_OK;
}

static bool next_of_snapshot(struct page_source *base) {
    struct snapshot_source *source = (struct snapshot_source *)base;
    for (;;) {
        if (base->bytes)
            pages_next(&source->pages);
        base->bytes = source->file.page;
        if (!source->pages.has_page)
            break;
        base->number = source->file.page_number;
        if (!snap_page_is_zero(base->bytes))
            return true;
    }
    if (snapshot_failed(&source->file))
        base->status = tool_refuse_snapshot(&source->file);
    return false;
}

static void close_snapshot_source(struct page_source *base) {
    struct snapshot_source *source = (struct snapshot_source *)base;
    snapshot_close(&source->file);
    free(source);
}

struct page_source *snapshot_source_open(const struct tool *tool, const char *path) {
    struct snapshot_source *source =
        aligned_alloc(_Alignof(struct snapshot_source), sizeof *source);
    if (!source)
        abort();
    source->source = (struct page_source){next_of_snapshot, close_snapshot_source, 0, NULL, 0, 0};
    source->source.status = open_memory(&source->file, &source->pages, tool, path);
    if (source->source.status == TOOL_OK && source->file.section.type == SNAP_SECTION_DELTA)
        source->source.status = tool_refuse(path, "snapify-snapshot apply does it",
                                            "is a delta: put it together with its base first");
    return &source->source;
}
