/*
 * snapshot_hash.c: XXH3-64 and the texts of errors: what writer and reader need and tools too.
 *
 * xxhash.h is included whole, here only, so that the glue needs no library. Scalar code: the glue
 * may not use SIMD. The long-input loop is kept out of line for size.
 */
#include "snapshot-format/snapshot_layout.h"

#define XXH_INLINE_ALL
#ifdef __wasm__
#define XXH_VECTOR 0 /* XXH_SCALAR, whose name is defined later in the header */
#define XXH_FORCE_MEMORY_ACCESS 1
#define XXH_NO_INLINE_HINTS 1
#endif
#include <xxhash.h>

_Static_assert(sizeof(XXH3_state_t) <= sizeof(struct snap_hash), "room for the state");
_Static_assert(_Alignof(XXH3_state_t) <= _Alignof(struct snap_hash), "aligned as the state");

void snap_hash_reset(struct snap_hash *hash) {
    XXH3_64bits_reset((XXH3_state_t *)(void *)hash);
}

/* XXH3 takes address 0 for no bytes at all; in wasm it is where the memory begins. */
#ifdef __wasm__
static size_t update_from_null(struct snap_hash *hash, const void *bytes, size_t size) {
    uint8_t first[64];
    size_t count = size < sizeof first ? size : sizeof first;
    const volatile uint8_t *from = bytes;
    for (size_t i = 0; i < count; i++)
        first[i] = from[i];
    XXH3_64bits_update((XXH3_state_t *)(void *)hash, first, count);
    return count;
}
#endif

void snap_hash_update(struct snap_hash *hash, const void *bytes, size_t size) {
#ifdef __wasm__
    if (bytes == NULL && size > 0) {
        size_t count = update_from_null(hash, bytes, size);
        bytes = (const uint8_t *)bytes + count;
        size -= count;
    }
#endif
    if (size > 0) /* XXH3 takes no NULL */
        XXH3_64bits_update((XXH3_state_t *)(void *)hash, bytes, size);
}

uint64_t snap_hash_digest(const struct snap_hash *hash) {
    return XXH3_64bits_digest((const XXH3_state_t *)(const void *)hash);
}

void snap_sums_add(struct snap_sums *sums, uint32_t flags, uint64_t checksum) {
    if ((flags & SNAP_FLAG_MUST_KNOW) != 0 && sums->count < SNAP_SUMS_MAX)
        sums->items[sums->count++] = checksum;
}

uint64_t snap_sums_fingerprint(const struct snap_sums *sums, const uint8_t *identity,
                               struct snap_hash *hash) {
    snap_hash_reset(hash);
    snap_hash_update(hash, identity, SNAP_IDENTITY_SIZE);
    for (uint32_t i = 0; i < sums->count; i++) {
        uint8_t bytes[SNAP_CHECKSUM_SIZE];
        store_u64(bytes, sums->items[i]);
        snap_hash_update(hash, bytes, sizeof bytes);
    }
    return snap_hash_digest(hash);
}

void snap_page_hash(const uint8_t *page, uint8_t hash[SNAP_PAGE_HASH_SIZE]) {
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(page, SNAP_PAGE_SIZE));
    for (int i = 0; i < SNAP_PAGE_HASH_SIZE; i++)
        hash[i] = canonical.digest[i];
}

bool snap_page_is_zero(const uint8_t *page) {
    const uint64_t *word = (const uint64_t *)(const void *)page;
    const uint64_t *end = word + SNAP_PAGE_SIZE / sizeof *word;
    for (; word < end; word += 4) {
        if ((word[0] | word[1] | word[2] | word[3]) != 0)
            return false;
    }
    return true;
}

/* No array of pointers: in the glue it would need relocations. */
const char *snap_error_text(enum snap_error error) {
#define SNAP_ERROR(name, code, text)                                                               \
    if (error == name)                                                                             \
        return text;
#include "snapshot-format/errors.def"
#undef SNAP_ERROR
    return "no error";
}
