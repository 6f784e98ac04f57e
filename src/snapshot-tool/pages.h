/*
 * pages.h: the memories of two snapshots side by side, page by page.
 */
#ifndef SNAPIFY_SNAPSHOT_TOOL_PAGES_H
#define SNAPIFY_SNAPSHOT_TOOL_PAGES_H

#include "snapshot-tool/snapshot_file.h"

/* A snapshot that stands in its memory, at a page. Pages that are not in the file hold zeros. */
struct pages {
    struct snapshot *file; /* borrowed */
    bool has_page;         /* file->page_number and what belongs to it are valid */
};

/* Goes to the memory of a snapshot that was just opened. False if something is wrong. */
bool pages_begin(struct pages *pages, struct snapshot *file);
void pages_next(struct pages *pages);

/* The number of the next page that either has; false behind the last one. */
bool pages_both(const struct pages *a, const struct pages *b, uint32_t *number);

/* True if the next page has this number. */
bool pages_at(const struct pages *pages, uint32_t number);

/* True if the page of this number is the same in both. `b` is no delta, and if `a` is one that
 * takes pages by their place, its base. */
bool pages_same(const struct pages *a, const struct pages *b, uint32_t number);

/* The page's bytes: zeros if the snapshot does not have it. */
const uint8_t *pages_bytes(const struct pages *pages, uint32_t number);

#endif
