/*
 * envelope.h: what may stand around a snapshot: compression, and around that encryption
 * (docs/snapshot-format.md, "Envelopes").
 */
#ifndef SNAPIFY_SNAPSHOT_TOOL_ENVELOPE_H
#define SNAPIFY_SNAPSHOT_TOOL_ENVELOPE_H

#include <stdint.h>

#include "snapshot-format/zip_layout.h"

#define ENVELOPE_MAGIC_SIZE 4u

#define ZIP_WINDOW_LOG_MAX 27 /* 128 MiB: what a reader must be ready to hold */
#define ZIP_LEVEL_DEFAULT 3

/* Encryption: header, then chunks of crypto_secretstream_xchacha20poly1305. The whole header is
 * authenticated with the first chunk. */
#define SEAL_MAGIC UINT32_C(0x454e5389) /* 89 53 4e 45 */
#define SEAL_VERSION 1u
#define SEAL_HEADER_SIZE 32u /* magic, u32 version, 24 bytes for the cipher */
#define SEAL_CHUNK_SIZE 65536u
#define SEAL_KEY_SIZE 32u

#endif
