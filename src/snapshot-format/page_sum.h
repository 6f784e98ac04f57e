/*
 * page_sum.h: what notices damage in pages that have no hashes, at a third of their cost. It takes
 * part in the checksum of the section and is nowhere else.
 */
#ifndef SNAPIFY_SNAPSHOT_FORMAT_PAGE_SUM_H
#define SNAPIFY_SNAPSHOT_FORMAT_PAGE_SUM_H

#include "snapshot-format/snapshot.h"

void page_sum_start(struct page_sum *sum);

/* The next page of the run, SNAP_PAGE_SIZE bytes. */
void page_sum_add(struct page_sum *sum, const uint8_t *page);

/* The next `count` pages; returns where they end. */
const uint8_t *page_sum_add_all(struct page_sum *sum, const uint8_t *pages, uint32_t count);

/* The run ends: the checksum takes the sum in place of the pages. */
void page_sum_end(const struct page_sum *sum, struct snap_hash *hash);

#endif
