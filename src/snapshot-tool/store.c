/*
 * store.c: snapshots whose pages lie in a store: store, fetch and gc.
 *
 * What is left of a snapshot in a store, its recipe, is a delta that names every page by its hash
 * and has no base: a file of the format like any other, which can be inspected and verified.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "snapshot-tool/page_store.h"
#include "snapshot-tool/rewrite.h"

/* ---- store ---- */

struct storing {
    struct page_store store;
    bool done; /* the pages were added; the second time they are only named */
};

struct storing_source {
    struct page_source source;
    struct page_source *pages; /* owned */
    struct storing *storing;   /* borrowed */
};

static bool next_stored(struct page_source *base) {
    struct storing_source *source = (struct storing_source *)base;
    struct page_source *from = source->pages;
    uint8_t hash[SNAP_PAGE_HASH_SIZE];
    bool found = from->next(from);
    base->status = from->status;
    base->number = from->number;
    base->bytes = from->bytes;
    if (!found || source->storing->done)
        return found;
    snap_page_hash(from->bytes, hash);
    base->status = page_store_put(&source->storing->store, from->bytes, hash);
    return base->status == TOOL_OK;
}

static void close_stored(struct page_source *base) {
    struct storing_source *source = (struct storing_source *)base;
    source->storing->done = true;
    source->pages->close(source->pages);
    free(source);
}

/* The recipe is written when all pages are on the medium. */
static struct page_source *open_stored(const struct rewriting *rewriting) {
    struct storing *storing = rewriting->context;
    struct storing_source *source = mem_calloc(1, sizeof *source);
    source->source = (struct page_source){next_stored, close_stored, 0, NULL, true, TOOL_OK};
    source->storing = storing;
    source->pages = snapshot_source_open(rewriting->tool, rewriting->path);
    source->source.status = source->pages->status;
    if (storing->done && source->source.status == TOOL_OK)
        source->source.status = page_store_sync(&storing->store);
    return &source->source;
}

int run_store(struct tool *tool) {
    const struct tool_options *options = &tool->options;
    struct storing storing = {.done = false};
    struct rewriting rewriting = {.tool = tool,
                                  .path = options->operands[0],
                                  .open = open_stored,
                                  .context = &storing,
                                  .delta = true};
    int status = page_store_open(&storing.store, options->store, PAGE_STORE_ADDS);
    if (options->zstd > 0)
        storing.store.level = options->zstd;
    if (status == TOOL_OK)
        status = rewrite_snapshot(&rewriting);
    page_store_close(&storing.store);
    if (status == TOOL_OK && options->verbose && strcmp(options->output, "-") != 0)
        put(&tool->out, "%llu new pages, %s\n", (unsigned long long)storing.store.added,
            size_text(storing.store.added_bytes).text);
    return status;
}

/* ---- fetch ---- */

struct fetched_source {
    struct page_source source;
    const struct page_store *store; /* borrowed */
    const char *path;               /* of the recipe, borrowed */
    struct snapshot recipe;
    struct pages pages;
    _Alignas(8) uint8_t page[SNAP_PAGE_SIZE];
};

static int fetch_page(struct fetched_source *source) {
    const struct snapshot *recipe = &source->recipe;
    if (recipe->page_kind == PAGE_STORED)
        return TOOL_OK;
    if (recipe->page_kind == PAGE_SAME)
        return tool_refuse(source->path, "snapify-snapshot apply does it",
                           "is a delta of a program: put it together with its base first");
    enum page_state state = page_store_get(source->store, source->page, recipe->page_hash);
    if (state == PAGE_SOUND)
        return TOOL_OK;
    return tool_refuse(source->path, NULL, "page %u (%s) %s in the store %s%s%s",
                       recipe->page_number, hash_text(recipe->page_hash).text,
                       state == PAGE_MISSING   ? "is missing"
                       : state == PAGE_DAMAGED ? "is damaged"
                                               : "cannot be read",
                       source->store->path, state == PAGE_UNREADABLE ? ": " : "",
                       state == PAGE_UNREADABLE ? strerror(errno) : "");
}

static bool next_fetched(struct page_source *base) {
    struct fetched_source *source = (struct fetched_source *)base;
    if (base->bytes)
        pages_next(&source->pages);
    base->bytes = source->page;
    if (!source->pages.has_page) {
        if (snapshot_failed(&source->recipe))
            base->status = tool_refuse_snapshot(&source->recipe);
        return false;
    }
    base->number = source->recipe.page_number;
    base->status = fetch_page(source);
    base->bytes = source->recipe.page_kind == PAGE_STORED ? source->recipe.page : source->page;
    return base->status == TOOL_OK;
}

static void close_fetched(struct page_source *base) {
    struct fetched_source *source = (struct fetched_source *)base;
    snapshot_close(&source->recipe);
    free(source);
}

static struct page_source *open_fetched(const struct rewriting *rewriting) {
    struct fetched_source *source = tool_alloc(sizeof *source);
    source->source = (struct page_source){next_fetched, close_fetched, 0, NULL, false, TOOL_OK};
    source->store = rewriting->context;
    source->path = rewriting->path;
    source->source.status =
        open_memory(&source->recipe, &source->pages, rewriting->tool, rewriting->path);
    return &source->source;
}

int run_fetch(struct tool *tool) {
    struct page_store store;
    struct rewriting rewriting = {
        .tool = tool, .path = tool->options.operands[0], .open = open_fetched, .context = &store};
    int status = page_store_open(&store, tool->options.store, PAGE_STORE_READS);
    if (status == TOOL_OK)
        status = rewrite_snapshot(&rewriting);
    page_store_close(&store);
    return status;
}

/* ---- gc ---- */

struct hashes {
    uint8_t (*items)[SNAP_PAGE_HASH_SIZE]; /* owned */
    size_t count, capacity;
};

static void add_hash(struct hashes *hashes, const uint8_t *hash) {
    if (hashes->count == hashes->capacity) {
        hashes->capacity = 2 * hashes->capacity + 1024;
        hashes->items = mem_grow(hashes->items, hashes->capacity, sizeof *hashes->items);
    }
    memcpy(hashes->items[hashes->count++], hash, sizeof *hashes->items);
}

/* Those of one recipe, which is read to its end. */
static int collect(struct tool *tool, const char *path, struct hashes *hashes) {
    struct snapshot *recipe = tool_alloc(sizeof *recipe);
    struct pages pages;
    int status = open_memory(recipe, &pages, tool, path);
    for (; status == TOOL_OK && pages.has_page; pages_next(&pages))
        if (recipe->page_kind == PAGE_NAMED)
            add_hash(hashes, recipe->page_hash);
    while (status == TOOL_OK && snapshot_next(recipe) != 0)
        ;
    if (status == TOOL_OK && !recipe->ended)
        status = tool_refuse_snapshot(recipe);
    snapshot_close(recipe);
    free(recipe);
    return status;
}

/* Recipes are read under the lock: one that is written meanwhile would lose its pages. */
int run_gc(struct tool *tool) {
    const struct tool_options *options = &tool->options;
    struct page_store store;
    struct hashes hashes = {0};
    int status = page_store_open(&store, options->store, PAGE_STORE_REMOVES);
    for (size_t i = 0; i < options->operand_count && status == TOOL_OK; i++)
        status = collect(tool, options->operands[i], &hashes);
    if (status == TOOL_OK)
        status = page_store_keep(&store, hashes.items, hashes.count);
    if (status == TOOL_OK && !options->quiet)
        put(&tool->out, "%llu page%s kept, %llu removed (%s)\n", (unsigned long long)store.kept,
            store.kept == 1 ? "" : "s", (unsigned long long)store.removed,
            size_text(store.removed_bytes).text);
    page_store_close(&store);
    free(hashes.items);
    return status;
}
