/*
 * delta.c: a delta from a base and a newer snapshot, and back.
 *
 * A page that the base has, too, is written as its hash. apply looks at the same place in the files
 * from the newest to the oldest and takes the page that has this hash; so a delta fits every
 * snapshot that has the pages it names, and a wrong one is always noticed. The deltas that programs
 * make themselves take pages from their base by place: it has to be the oldest file.
 */
#include <stdlib.h>
#include <string.h>

#include "snapshot-tool/rewrite.h"

/* ---- delta ---- */

struct delta_source {
    struct page_source source;
    struct page_source *new_pages; /* owned */
    struct snapshot base;
    struct pages base_pages;
};

static bool next_of_delta(struct page_source *base) {
    struct delta_source *source = (struct delta_source *)base;
    struct page_source *from = source->new_pages;
    struct pages *old = &source->base_pages;
    if (!from->next(from)) {
        base->status = from->status;
        return false;
    }
    base->number = from->number;
    base->bytes = from->bytes;
    while (old->has_page && old->file->page_number < from->number)
        pages_next(old);
    if (snapshot_failed(&source->base))
        base->status = tool_refuse_snapshot(&source->base);
    base->named =
        pages_at(old, from->number) && memcmp(old->file->page, from->bytes, SNAP_PAGE_SIZE) == 0;
    return base->status == TOOL_OK;
}

static void close_delta(struct page_source *base) {
    struct delta_source *source = (struct delta_source *)base;
    source->new_pages->close(source->new_pages);
    snapshot_close(&source->base);
    free(source);
}

static struct page_source *open_delta(const struct rewriting *rewriting) {
    const char *base = rewriting->tool->options.operands[0];
    struct delta_source *source = tool_alloc(sizeof *source);
    source->source = (struct page_source){next_of_delta, close_delta, 0, NULL, false, TOOL_OK};
    source->new_pages = snapshot_source_open(rewriting->tool, rewriting->path);
    source->source.status = source->new_pages->status;
    if (source->source.status == TOOL_OK)
        source->source.status =
            open_memory(&source->base, &source->base_pages, rewriting->tool, base);
    return &source->source;
}

/* Reads all of it: its fingerprint is known at the end only. */
static int read_base(const struct tool *tool, const char *path, uint64_t *fingerprint) {
    struct snapshot *base = tool_alloc(sizeof *base);
    int status = TOOL_OK;
    if (snapshot_open(base, path, &tool->input) == 0)
        while (snapshot_next(base) != 0)
            ;
    if (!base->ended)
        status = tool_refuse_snapshot(base);
    else if (snapshot_is_delta(base))
        status = tool_refuse(path, "snapify-snapshot apply does it",
                             "is a delta: put it together with its base first");
    else
        *fingerprint = snapshot_fingerprint(base);
    snapshot_close(base);
    free(base);
    return status;
}

int run_delta(struct tool *tool) {
    const char *const *operands = tool->options.operands;
    struct rewriting rewriting = {
        .tool = tool, .path = operands[1], .open = open_delta, .delta = true};
    int status = read_base(tool, operands[0], &rewriting.base);
    return status == TOOL_OK ? rewrite_snapshot(&rewriting) : status;
}

/* ---- apply ---- */

struct chain_source {
    struct page_source source;
    const struct tool *tool;
    uint64_t base; /* fingerprint of the oldest file; 0: not known yet */
    size_t count;
    struct snapshot *files; /* owned; the base first */
    struct pages *pages;    /* owned; of each */
};

static const uint8_t *find_page(struct chain_source *source, uint32_t number,
                                const uint8_t hash[SNAP_PAGE_HASH_SIZE]) {
    uint8_t other[SNAP_PAGE_HASH_SIZE];
    for (size_t i = source->count - 1; i-- > 0;) {
        struct pages *pages = &source->pages[i];
        while (pages->has_page && pages->file->page_number < number)
            pages_next(pages);
        if (snapshot_failed(pages->file)) {
            source->source.status = tool_refuse_snapshot(pages->file);
            return NULL;
        }
        if (!pages_at(pages, number) || pages->file->page_kind == PAGE_NAMED)
            continue;
        snap_page_hash(pages->file->page, other);
        if (memcmp(other, hash, sizeof other) == 0)
            return pages->file->page;
    }
    const struct snapshot *newest = &source->files[source->count - 1];
    source->source.status =
        tool_refuse(newest->input.path, "the base it was made with, and all deltas between", //
                    "is no delta of these: page %u is missing", number);
    return NULL;
}

/* The page of the base at the same place. */
static const uint8_t *same_page(struct chain_source *source, uint32_t number) {
    const struct snapshot *newest = &source->files[source->count - 1];
    struct pages *pages = &source->pages[0];
    const char *path = pages->file->input.path;
    if (source->base == 0)
        source->source.status = read_base(source->tool, path, &source->base);
    if (source->source.status == TOOL_OK && newest->runs.base != source->base)
        source->source.status =
            tool_refuse(newest->input.path, "the base it was made with", "is no delta of %s", path);
    if (source->source.status != TOOL_OK)
        return NULL;
    while (pages->has_page && pages->file->page_number < number)
        pages_next(pages);
    if (snapshot_failed(pages->file))
        source->source.status = tool_refuse_snapshot(pages->file);
    return source->source.status == TOOL_OK ? pages_bytes(pages, number) : NULL;
}

static bool next_of_chain(struct page_source *base) {
    struct chain_source *source = (struct chain_source *)base;
    struct pages *newest = &source->pages[source->count - 1];
    for (bool moved = base->bytes == NULL;; moved = false) {
        if (!moved)
            pages_next(newest);
        base->bytes = newest->file->page;
        if (!newest->has_page)
            break;
        base->number = newest->file->page_number;
        if (newest->file->page_kind == PAGE_NAMED)
            base->bytes = find_page(source, base->number, newest->file->page_hash);
        else if (newest->file->page_kind == PAGE_SAME)
            base->bytes = same_page(source, base->number);
        if (!base->bytes)
            return false;
        if (!snap_page_is_zero(base->bytes))
            return true;
    }
    if (snapshot_failed(newest->file))
        base->status = tool_refuse_snapshot(newest->file);
    return false;
}

static void close_chain(struct page_source *base) {
    struct chain_source *source = (struct chain_source *)base;
    for (size_t i = 0; i < source->count; i++)
        snapshot_close(&source->files[i]);
    free(source->files);
    free(source->pages);
    free(source);
}

static struct page_source *open_chain(const struct rewriting *rewriting) {
    const struct tool_options *options = &rewriting->tool->options;
    struct chain_source *source = mem_calloc(1, sizeof *source);
    source->source = (struct page_source){next_of_chain, close_chain, 0, NULL, false, TOOL_OK};
    source->count = options->operand_count;
    source->tool = rewriting->tool;
    size_t size = source->count * sizeof *source->files;
    source->files = tool_alloc(size);
    source->pages = mem_calloc(source->count, sizeof *source->pages);
    for (size_t i = 0; i < source->count && source->source.status == TOOL_OK; i++)
        source->source.status = open_memory(&source->files[i], &source->pages[i], rewriting->tool,
                                            options->operands[i]);
    return &source->source;
}

int run_apply(struct tool *tool) {
    const struct tool_options *options = &tool->options;
    struct rewriting rewriting = {
        .tool = tool, .path = options->operands[options->operand_count - 1], .open = open_chain};
    return rewrite_snapshot(&rewriting);
}
