/*
 * seal.h: sets checksums right after a test has changed a snapshot, so that it is refused for what
 * it says. An old snapshot has plain checksums; the header tells.
 */
#ifndef SNAPIFY_TESTS_SEAL_H
#define SNAPIFY_TESTS_SEAL_H

#include "snapshot-format/page_sum.h"
#include "snapshot-format/snapshot_layout.h"
#include "snapshot-format/xxh3.h"

static inline void seal_header(uint8_t *snapshot) {
    store_u64(snapshot + SNAP_HEADER_HASHED, xxh3_of_32(snapshot));
}

static inline void sum_run(struct snap_hash *hash, const uint8_t *pages, uint32_t count) {
    struct page_sum sum;
    page_sum_start(&sum);
    page_sum_add_all(&sum, pages, count);
    page_sum_end(&sum, hash);
}

/* The pages of a run, and the hashes behind them or their sum, if any, which are made anew. Returns
 * the bytes that both take, 0 if they are not all there. */
static inline size_t seal_pages(struct snap_hash *hash, uint8_t *pages, uint64_t count, size_t left,
                                enum snap_form form) {
    if (count > left / snap_stored_size(form))
        return 0;
    if (form == SNAP_FORM_SUMMED)
        sum_run(hash, pages, (uint32_t)count);
    if (form != SNAP_FORM_HASHED)
        return (size_t)count * SNAP_PAGE_SIZE;
    uint8_t *hashes = pages + (size_t)count * SNAP_PAGE_SIZE;
    for (uint64_t i = 0; i < count; i++)
        snap_page_hash(pages + (size_t)i * SNAP_PAGE_SIZE, hashes + i * SNAP_PAGE_HASH_SIZE);
    snap_hash_update(hash, hashes, (size_t)count * SNAP_PAGE_HASH_SIZE);
    return (size_t)count * (SNAP_PAGE_SIZE + SNAP_PAGE_HASH_SIZE);
}

/* A section of memory as far as its runs can be followed. */
static inline void seal_memory(struct snap_hash *hash, uint8_t *content, size_t length, bool delta,
                               enum snap_form form) {
    size_t at = delta ? SNAP_DELTA_FIXED_SIZE : SNAP_MEMORY_FIXED_SIZE;
    if (length < at)
        at = length;
    snap_hash_update(hash, content, at);
    while (length - at >= SNAP_RUN_SIZE) {
        uint32_t count = load_u32(content + at + 4);
        snap_hash_update(hash, content + at, SNAP_RUN_SIZE);
        at += SNAP_RUN_SIZE;
        size_t size = 0;
        if (delta && (count & SNAP_RUN_NAMED) != 0) {
            size = (size_t)(count & ~SNAP_RUN_NAMED) * SNAP_PAGE_HASH_SIZE;
            size = size > length - at ? 0 : size;
            snap_hash_update(hash, content + at, size);
        } else {
            size = seal_pages(hash, content + at, count, length - at, form);
        }
        if (size == 0 && count != 0)
            break;
        at += size;
    }
    snap_hash_update(hash, content + at, length - at);
}

/* `size` is without the checksum, which stands behind; `flags` are the header's. */
static inline void seal_section(uint8_t *section, size_t size, uint32_t flags) {
    struct snap_hash hash;
    uint32_t type = load_u32(section);
    bool delta = type == SNAP_SECTION_DELTA;
    enum snap_form form = (enum snap_form)(flags & SNAP_HEADER_FORM);
    snap_hash_reset(&hash, form);
    snap_hash_update(&hash, section, SNAP_SECTION_HEADER_SIZE);
    if (form != SNAP_FORM_PLAIN && (type == SNAP_SECTION_MEMORY || delta))
        seal_memory(&hash, section + SNAP_SECTION_HEADER_SIZE, size - SNAP_SECTION_HEADER_SIZE,
                    delta, snap_form_of_runs(form, delta));
    else
        snap_hash_update(&hash, section + SNAP_SECTION_HEADER_SIZE,
                         size - SNAP_SECTION_HEADER_SIZE);
    store_u64(section + size, snap_hash_digest(&hash));
}

static inline uint32_t flags_of(const uint8_t *snapshot) {
    return load_u32(snapshot + 12);
}

#endif
