/*
 * input_seal.c: out of the encryption: XChaCha20-Poly1305 in chunks, by libsodium. A chunk is
 * handed on only when it has been authenticated; the last one says so, which a truncated file
 * lacks.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "snapshot-format/snapshot_layout.h"
#include "snapshot-tool/envelope.h"
#include "snapshot-tool/stage.h"
#include "support/buf.h"

_Static_assert(SEAL_KEY_SIZE == crypto_secretstream_xchacha20poly1305_KEYBYTES, "libsodium's");
_Static_assert(SEAL_HEADER_SIZE == 8 + crypto_secretstream_xchacha20poly1305_HEADERBYTES, "all");

static const char refused[] = "cannot be decrypted: another key, or altered";

struct seal_stage {
    struct stage stage;
    crypto_secretstream_xchacha20poly1305_state state;
    uint8_t header[SEAL_HEADER_SIZE];
    bool first, ended;
    size_t begin, end; /* of what is in `plain` */
    uint8_t plain[SEAL_CHUNK_SIZE];
    uint8_t chunk[SEAL_CHUNK_SIZE + crypto_secretstream_xchacha20poly1305_ABYTES];
};

/* Opens the next chunk into `plain`; false at the end or if something is wrong. */
static bool open_chunk(struct seal_stage *seal) {
    struct stage *below = seal->stage.below;
    unsigned char tag = 0;
    unsigned long long size = 0;
    size_t count = below->read(below, seal->chunk, sizeof seal->chunk);
    if (*seal->stage.fault)
        return false;
    if (count == 0) {
        *seal->stage.fault = "truncated";
        return false;
    }
    if (crypto_secretstream_xchacha20poly1305_pull(
            &seal->state, seal->plain, &size, &tag, seal->chunk, count,
            seal->first ? seal->header : NULL, seal->first ? sizeof seal->header : 0) != 0) {
        *seal->stage.fault = refused;
        return false;
    }
    seal->first = false;
    seal->ended = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    seal->begin = 0;
    seal->end = (size_t)size;
    if (seal->ended && below->read(below, seal->chunk, 1) > 0)
        *seal->stage.fault = "damaged: something stands behind the end";
    return !*seal->stage.fault;
}

static size_t seal_read(struct stage *stage, void *bytes, size_t size) {
    struct seal_stage *seal = (struct seal_stage *)stage;
    size_t done = 0;
    while (done < size && !*stage->fault) {
        if (seal->begin == seal->end && (seal->ended || !open_chunk(seal)))
            break;
        size_t count = seal->end - seal->begin;
        if (count > size - done)
            count = size - done;
        memcpy((uint8_t *)bytes + done, seal->plain + seal->begin, count);
        seal->begin += count;
        done += count;
    }
    return done;
}

static void seal_free(struct stage *stage) {
    sodium_memzero(stage, sizeof(struct seal_stage));
    free(stage);
}

static void begin(struct seal_stage *seal, const uint8_t *key) {
    const char **fault = seal->stage.fault;
    struct stage *below = seal->stage.below;
    if (below->read(below, seal->header, SEAL_HEADER_SIZE) < SEAL_HEADER_SIZE)
        *fault = *fault ? *fault : "truncated";
    else if (load_u32(seal->header + 4) != SEAL_VERSION)
        *fault = "is encrypted in a way that this version does not know";
    else if (sodium_init() < 0 ||
             crypto_secretstream_xchacha20poly1305_init_pull(&seal->state, seal->header + 8, key))
        *fault = refused;
}

struct stage *stage_unseal(struct stage *below, const uint8_t *key) {
    struct seal_stage *seal = mem_calloc(1, sizeof *seal);
    seal->stage = (struct stage){seal_read, seal_free, below, below->fault};
    seal->first = true;
    begin(seal, key);
    return &seal->stage;
}
