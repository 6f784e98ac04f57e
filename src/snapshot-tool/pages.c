#include "snapshot-tool/pages.h"

#include <string.h>

bool pages_begin(struct pages *pages, struct snapshot *file) {
    uint32_t type;
    *pages = (struct pages){.file = file};
    while ((type = snapshot_next(file)) != 0)
        if (type == SNAP_SECTION_MEMORY || type == SNAP_SECTION_DELTA) {
            pages_next(pages);
            return !snapshot_failed(file);
        }
    return false;
}

void pages_next(struct pages *pages) {
    pages->has_page = snapshot_page(pages->file);
}

bool pages_at(const struct pages *pages, uint32_t number) {
    return pages->has_page && pages->file->page_number == number;
}

bool pages_both(const struct pages *a, const struct pages *b, uint32_t *number) {
    *number = UINT32_MAX;
    if (a->has_page)
        *number = a->file->page_number;
    if (b->has_page && b->file->page_number < *number)
        *number = b->file->page_number;
    return *number != UINT32_MAX;
}

const uint8_t *pages_bytes(const struct pages *pages, uint32_t number) {
    static _Alignas(8) const uint8_t zeros[SNAP_PAGE_SIZE];
    return pages_at(pages, number) ? pages->file->page : zeros;
}

bool pages_same(const struct pages *a, const struct pages *b, uint32_t number) {
    const uint8_t *other = pages_bytes(b, number);
    if (pages_at(a, number) && a->file->page_kind == PAGE_SAME)
        return true;
    if (pages_at(a, number) && a->file->page_kind == PAGE_NAMED) {
        uint8_t hash[SNAP_PAGE_HASH_SIZE];
        snap_page_hash(other, hash);
        return memcmp(hash, a->file->page_hash, sizeof hash) == 0;
    }
    return memcmp(pages_bytes(a, number), other, SNAP_PAGE_SIZE) == 0;
}
