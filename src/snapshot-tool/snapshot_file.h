/*
 * snapshot_file.h: a snapshot as a stream of sections, pages and bytes, checked as it goes by.
 *
 *     if (snapshot_open(&file, path, &options) == 0)
 *         while ((type = snapshot_next(&file)) != 0)
 *             switch (type) ... snapshot_page(), snapshot_bytes(), or nothing
 *     if (!file.ended) complain(snapshot_fault(&file, ...));
 *     snapshot_close(&file);
 *
 * Needs the same memory for a file of any size, but for a record of each section.
 */
#ifndef SNAPIFY_SNAPSHOT_TOOL_SNAPSHOT_FILE_H
#define SNAPIFY_SNAPSHOT_TOOL_SNAPSHOT_FILE_H

#include "snapshot-format/snapshot.h"
#include "snapshot-format/snapshot_layout.h"
#include "snapshot-tool/input.h"
#include "support/buf.h"

struct section {
    uint32_t type;
    uint32_t flags;
    uint64_t offset;   /* of the section's header, bytes from the start of the snapshot */
    uint64_t length;   /* bytes of its content */
    uint64_t checksum; /* known when the section is behind us */
};

/* How a page comes in a section of memory. */
enum page_kind {
    PAGE_STORED = 0, /* its bytes are in snapshot.page */
    PAGE_NAMED,      /* deltas only: its hash is in snapshot.page_hash, its bytes are elsewhere */
    PAGE_SAME,       /* deltas only: it is that of the base */
};

struct snapshot {
    struct input input;
    struct snap_reader reader;
    struct snap_header header;
    struct snap_meta meta;    /* valid once `meta_bytes` is not NULL */
    uint8_t *meta_bytes;      /* owned; content of META */
    struct section section;   /* the current one */
    struct section *sections; /* owned; those behind us, then the current one */
    size_t section_count;
    int stage;             /* how many of the sections that must be there have begun */
    int place;             /* of the last section between META and GLOB; 0: none */
    bool open_section;     /* the current one is not read to its end */
    bool ended;            /* all was read and is sound */
    struct snap_runs runs; /* of the memory */
    uint32_t in_run;       /* pages of the current run still to be read */
    uint32_t page_number;
    enum page_kind page_kind;
    uint8_t page_hash[SNAP_PAGE_HASH_SIZE];
    struct page_sum run_sum; /* of the pages of the current run that were read */
    /* Their hashes, until those that they should have come behind them. */
    uint8_t run_hashes[SNAP_RUN_MAX][SNAP_PAGE_HASH_SIZE];
    _Alignas(8) uint8_t page[SNAP_PAGE_SIZE];
};

/* Reads header and META. Returns 0 or -1; close in both cases. */
int snapshot_open(struct snapshot *file, const char *path, const struct input_options *options);
void snapshot_close(struct snapshot *file);

/* Skips what is left of the current section and goes to the next one. Returns its type; 0 at the
 * end, when `ended` is set, and if something is wrong. */
uint32_t snapshot_next(struct snapshot *file);

/* In MEMORY or DELTA: the next page, in rising order. Pages that do not come hold zeros. Returns
 * false behind the last one and if something is wrong. */
bool snapshot_page(struct snapshot *file);

/* Up to `size` bytes of the current section. Returns their count: 0 at its end or if something is
 * wrong. */
size_t snapshot_bytes(struct snapshot *file, void *bytes, size_t size);

/* Appends what is left of the current section, at most `limit` bytes of it. */
void snapshot_content(struct snapshot *file, struct buf *out, size_t limit);

bool snapshot_failed(const struct snapshot *file);

/* True if the memory is that of a delta. Known behind the section of memory. */
bool snapshot_is_delta(const struct snapshot *file);

/* The fingerprint of a snapshot that was read to its end. */
uint64_t snapshot_fingerprint(const struct snapshot *file);

/* Name of a section type as text: four letters, others as dots. */
struct type_name {
    char text[5];
};
struct type_name section_type_name(uint32_t type);

/* Why and where a snapshot is refused. The text is static. */
struct snapshot_fault {
    const char *text;
    struct type_name section; /* empty: the header, or no section */
    bool has_offset;
    uint64_t offset; /* bytes from the start of the snapshot, outside of its envelopes */
};
struct snapshot_fault snapshot_fault(const struct snapshot *file);

/* The number-th name of the node table; NULL for 0 and if there is none. Borrowed. */
const char *snapshot_node(const struct snap_meta *meta, uint32_t number);

#endif
