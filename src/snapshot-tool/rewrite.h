/*
 * rewrite.h: a snapshot in, another one out: all sections as they are, but for the memory, whose
 * pages come from a source.
 *
 * Counts stand in front of contents, so the source is read twice: once for the runs, once for the
 * pages. What is held between the two is 12 bytes per run.
 */
#ifndef SNAPIFY_SNAPSHOT_TOOL_REWRITE_H
#define SNAPIFY_SNAPSHOT_TOOL_REWRITE_H

#include "snapshot-tool/pages.h"
#include "snapshot-tool/tool.h"

/* Pages in rising order, none of zeros only. */
struct page_source {
    /* Goes to the next page; false behind the last one, and if something is wrong: then it has said
     * so and set `status`. */
    bool (*next)(struct page_source *source);
    void (*close)(struct page_source *source); /* frees it, too */
    uint32_t number;
    const uint8_t *bytes; /* borrowed until the next call */
    bool named;           /* to be written as a hash */
    int status;           /* enum tool_status */
};

struct rewriting {
    const struct tool *tool;
    const char *path; /* the snapshot whose other sections are passed on */
    /* A source at its beginning; if something is wrong it has a status and ends at once. */
    struct page_source *(*open)(const struct rewriting *rewriting);
    void *context; /* for the source */
    /* Changes the content of PROC, which it may make shorter; NULL: passed on. */
    void (*edit_process)(const struct rewriting *rewriting, struct buf *content);
    bool pads;     /* the padding is made anew for these pages; else it is passed on */
    bool delta;    /* write a delta */
    uint64_t base; /* of the delta: fingerprint of its base */
};

/* Writes to the output that the options name. Returns an enum tool_status. */
int rewrite_snapshot(const struct rewriting *rewriting);

/* A source: the pages of a snapshot. */
struct page_source *snapshot_source_open(const struct tool *tool, const char *path);

/* Opens a snapshot and goes to its memory; complains if it cannot be. */
int open_memory(struct snapshot *file, struct pages *pages, const struct tool *tool,
                const char *path);

#endif
