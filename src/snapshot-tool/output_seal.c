/*
 * output_seal.c: into the encryption; twin of input_seal.c.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "snapshot-format/snapshot_layout.h"
#include "snapshot-tool/output.h"

struct seal {
    crypto_secretstream_xchacha20poly1305_state state;
    uint8_t header[SEAL_HEADER_SIZE];
    bool first; /* no chunk was written yet, nor the header */
    size_t size;
    uint8_t plain[SEAL_CHUNK_SIZE];
    uint8_t chunk[SEAL_CHUNK_SIZE + crypto_secretstream_xchacha20poly1305_ABYTES];
};

struct seal *seal_open(const uint8_t *key) {
    struct seal *seal = mem_calloc(1, sizeof *seal);
    if (sodium_init() < 0)
        abort();
    store_u32(seal->header, SEAL_MAGIC);
    store_u32(seal->header + 4, SEAL_VERSION);
    crypto_secretstream_xchacha20poly1305_init_push(&seal->state, seal->header + 8, key);
    seal->first = true;
    return seal;
}

static bool write_chunk(struct seal *seal, struct output *output, uint8_t tag) {
    unsigned long long size = 0;
    crypto_secretstream_xchacha20poly1305_push(&seal->state, seal->chunk, &size, seal->plain,
                                               seal->size, seal->first ? seal->header : NULL,
                                               seal->first ? sizeof seal->header : 0, tag);
    if (seal->first)
        output_to_file(output, seal->header, sizeof seal->header);
    seal->first = false;
    seal->size = 0;
    return output_to_file(output, seal->chunk, (size_t)size);
}

bool seal_write(struct seal *seal, struct output *output, const void *bytes, size_t size) {
    const uint8_t *next = bytes;
    while (size > 0 && output->error == 0) {
        /* A full chunk has waited for more: the last one has a tag of its own. */
        if (seal->size == SEAL_CHUNK_SIZE)
            write_chunk(seal, output, 0);
        size_t count = SEAL_CHUNK_SIZE - seal->size;
        if (count > size)
            count = size;
        memcpy(seal->plain + seal->size, next, count);
        seal->size += count;
        next += count;
        size -= count;
    }
    return output->error == 0;
}

bool seal_finish(struct seal *seal, struct output *output) {
    return write_chunk(seal, output, crypto_secretstream_xchacha20poly1305_TAG_FINAL);
}

void seal_free(struct seal *seal) {
    if (seal)
        sodium_memzero(seal, sizeof *seal);
    free(seal);
}
