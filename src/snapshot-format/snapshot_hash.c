/*
 * snapshot_hash.c: checksums, page hashes, a size and the texts of errors: what writer and reader
 * need and tools too.
 *
 * A chained checksum hashes blocks of 1,024 bytes that begin with the checksum of what was before:
 * all hashing is over whole blocks, so nothing of XXH3 is needed that streams.
 */
#include "snapshot-format/snapshot_layout.h"
#include "snapshot-format/xxh3.h"

#include <string.h>

#ifndef __wasm__
#define XXH_INLINE_ALL
#include <xxhash.h>

_Static_assert(sizeof(XXH3_state_t) <= sizeof(((struct snap_hash *)0)->stream), "room");
_Static_assert(_Alignof(XXH3_state_t) <= _Alignof(struct snap_hash), "aligned as the state");

static XXH3_state_t *stream_of(struct snap_hash *hash) {
    return (XXH3_state_t *)(void *)hash->stream;
}
#endif

void snap_hash_reset(struct snap_hash *hash, enum snap_form form) {
    hash->fill = SNAP_CHECKSUM_SIZE;
    memset(hash->block, 0, SNAP_CHECKSUM_SIZE);
#ifdef __wasm__
    (void)form;
#else
    hash->chained = form != SNAP_FORM_PLAIN;
    XXH3_64bits_reset(stream_of(hash));
#endif
}

static uint64_t sum_of_block(const struct snap_hash *hash) {
    return xxh3_long(hash->block, sizeof hash->block).low;
}

void snap_hash_update(struct snap_hash *hash, const void *bytes, size_t size) {
    const uint8_t *in = bytes;
#ifndef __wasm__
    if (!hash->chained) {
        if (size > 0) /* XXH3 takes no NULL */
            XXH3_64bits_update(stream_of(hash), bytes, size);
        return;
    }
#endif
    while (size > 0) {
        size_t room = sizeof hash->block - hash->fill;
        if (room == 0) {
            store_u64(hash->block, sum_of_block(hash));
            hash->fill = SNAP_CHECKSUM_SIZE;
            continue;
        }
        if (room > size)
            room = size;
        memcpy(hash->block + hash->fill, in, room);
        hash->fill += (uint32_t)room;
        in += room;
        size -= room;
    }
}

uint64_t snap_hash_digest(struct snap_hash *hash) {
#ifndef __wasm__
    if (!hash->chained)
        return XXH3_64bits_digest(stream_of(hash));
#endif
    memset(hash->block + hash->fill, 0, sizeof hash->block - hash->fill);
    return sum_of_block(hash);
}

void snap_sums_add(struct snap_sums *sums, uint32_t flags, uint64_t checksum) {
    if ((flags & SNAP_FLAG_MUST_KNOW) != 0 && sums->count < SNAP_SUMS_MAX)
        sums->items[sums->count++] = checksum;
}

uint64_t snap_sums_fingerprint(const struct snap_sums *sums, const uint8_t *identity,
                               enum snap_form form, struct snap_hash *hash) {
    snap_hash_reset(hash, form);
    snap_hash_update(hash, identity, SNAP_IDENTITY_SIZE);
    for (uint32_t i = 0; i < sums->count; i++) {
        uint8_t bytes[SNAP_CHECKSUM_SIZE];
        store_u64(bytes, sums->items[i]);
        snap_hash_update(hash, bytes, sizeof bytes);
    }
    return snap_hash_digest(hash);
}

uint64_t snap_runs_size(const struct snap_runs *runs, enum snap_form form) {
    return (runs->delta ? SNAP_DELTA_FIXED_SIZE : SNAP_MEMORY_FIXED_SIZE) +
           (uint64_t)runs->left * SNAP_RUN_SIZE + runs->stored * snap_stored_size(form) +
           (uint64_t)runs->named * SNAP_PAGE_HASH_SIZE;
}

static void store_swapped(uint8_t *at, uint64_t value) {
    for (int i = 8; i-- > 0; value >>= 8)
        at[i] = (uint8_t)value;
}

void snap_page_hash(const uint8_t *page, uint8_t hash[SNAP_PAGE_HASH_SIZE]) {
    struct xxh3 result = xxh3_long(page, SNAP_PAGE_SIZE);
    store_swapped(hash, result.high);
    store_swapped(hash + 8, result.low);
}

bool snap_page_is_zero(const uint8_t *page) {
    const uint64_t *word = (const uint64_t *)(const void *)page;
    const uint64_t *end = word + SNAP_PAGE_SIZE / sizeof *word;
    for (; word < end; word += 16) {
        if ((word[0] | word[1] | word[2] | word[3] | word[4] | word[5] | word[6] | word[7] |
             word[8] | word[9] | word[10] | word[11] | word[12] | word[13] | word[14] | word[15]) !=
            0)
            return false;
    }
    return true;
}

/* No array of pointers: in the glue it would need relocations. */
#ifdef __wasm__
/* One behind the other, in the order of their codes; an empty one stands for the next one. */
const char *snap_error_text(enum snap_error error) {
#define SNAP_ERROR(name, code, text) text "\0"
#define SNAP_ERROR_SHORT(name, code, text, short) short "\0"
#define SNAP_ERROR_LIKE_NEXT(name, code, text) "\0"
#define SNAP_ERROR_UNUSED(from, to) "\0\0\0\0\0"
    const char *text =
#include "snapshot-format/errors.def"
        ;
#undef SNAP_ERROR
    for (int code = error; code < SNAP_ERROR_READ; code++)
        while (*text++ != '\0') {
        }
    while (*text == '\0')
        text++;
    return text;
}
#else
const char *snap_error_text(enum snap_error error) {
    switch (error) {
#define SNAP_ERROR(name, code, text)                                                               \
    case name:                                                                                     \
        return text;
#include "snapshot-format/errors.def"
#undef SNAP_ERROR
    default:
        return "no error";
    }
}
#endif
