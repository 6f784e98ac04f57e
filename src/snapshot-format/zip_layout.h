/*
 * zip_layout.h: what stands where in a compressed snapshot (docs/snapshot-format.md, "Envelopes").
 *
 * One frame of zstd (RFC 8878), then a skippable frame that holds the XXH3-64 of the first.
 */
#ifndef SNAPIFY_SNAPSHOT_FORMAT_ZIP_LAYOUT_H
#define SNAPIFY_SNAPSHOT_FORMAT_ZIP_LAYOUT_H

#include <stdint.h>

#define ZIP_MAGIC UINT32_C(0xfd2fb528)
#define ZIP_TRAILER_MAGIC UINT32_C(0x184d2a5e)
#define ZIP_TRAILER_SIZE 16u /* magic, u32 8, u64 checksum */

#endif
