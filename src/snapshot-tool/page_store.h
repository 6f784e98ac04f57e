/*
 * page_store.h: a directory that holds pages of memory, each once, under its hash.
 *
 *     DIR/ab/abcdef0123456789abcdef0123456789.zst    a frame of zstd with the 4,096 bytes of the
 * page that has this hash DIR/lock                                       shared while pages are
 * added, exclusive while they are removed
 *
 * A page is written under another name and renamed. Two writers of one page write the same; the
 * later one wins.
 */
#ifndef SNAPIFY_SNAPSHOT_TOOL_PAGE_STORE_H
#define SNAPIFY_SNAPSHOT_TOOL_PAGE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "snapshot-format/snapshot.h"

struct page_store {
    const char *path;         /* borrowed */
    int lock;                 /* file; -1: none */
    int level;                /* of zstd, for new pages */
    struct ZSTD_CCtx_s *zstd; /* owned; made with the first of them */
    uint64_t added, added_bytes;
    uint64_t removed, removed_bytes;
    uint64_t kept;
};

enum page_store_use {
    PAGE_STORE_READS,
    PAGE_STORE_ADDS, /* makes the directory if there is none */
    PAGE_STORE_REMOVES,
};

/* Returns an enum tool_status, having said what is wrong. Close in any case. */
int page_store_open(struct page_store *store, const char *path, enum page_store_use use);
void page_store_close(struct page_store *store);

/* `page` is SNAP_PAGE_SIZE, `hash` SNAP_PAGE_HASH_SIZE bytes in all of these. */

/* Adds a page unless it is there already, the same byte for byte; one that is damaged is replaced.
 * Returns an enum tool_status. */
int page_store_put(struct page_store *store, const uint8_t *page, const uint8_t *hash);

/* All that was added is on the medium. Returns an enum tool_status. */
int page_store_sync(struct page_store *store);

enum page_state {
    PAGE_SOUND,
    PAGE_MISSING,
    PAGE_UNREADABLE, /* see errno */
    PAGE_DAMAGED,
};

enum page_state page_store_get(const struct page_store *store, uint8_t *page, const uint8_t *hash);

/* Removes all pages but those that `wanted` holds (`count` hashes, which it sorts) and what
 * interrupted writers left. Returns an enum tool_status. */
int page_store_keep(struct page_store *store, uint8_t (*wanted)[SNAP_PAGE_HASH_SIZE], size_t count);

/* A hash as it is written in the names of files. */
struct hash_text {
    char text[2 * SNAP_PAGE_HASH_SIZE + 1];
};
struct hash_text hash_text(const uint8_t *hash);

#endif
