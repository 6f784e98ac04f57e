/*
 * snapshot_forge.h: a snapshot that says something else, with right checksums.
 */
#ifndef SNAPIFY_TESTS_SNAPSHOT_FORGE_H
#define SNAPIFY_TESTS_SNAPSHOT_FORGE_H

#include "snapshot_content.h"
#include "tests/seal.h"

/* Writes 4 bytes at an offset of a section's header or content and repairs the checksum behind. */
static inline void forge(struct buf *bytes, const char *type, size_t offset, uint32_t value) {
    for (size_t at = SNAP_HEADER_SIZE; at < bytes->size;) {
        uint8_t *section = bytes->data + at;
        size_t length = load_u64(section + 8);
        if (memcmp(section, type, 4) == 0) {
            store_u32(section + offset, value);
            seal_section(section, SNAP_SECTION_HEADER_SIZE + length, SNAP_FORM_HASHED);
            return;
        }
        at += SNAP_SECTION_HEADER_SIZE + length + SNAP_CHECKSUM_SIZE;
    }
    fail();
}

#endif
