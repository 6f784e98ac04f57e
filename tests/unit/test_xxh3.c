/*
 * The project's XXH3 against xxhash.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "snapshot-format/snapshot_layout.h"
#include "snapshot-format/xxh3.h"

enum {
    SIZE = 16384
};

static uint8_t bytes[SIZE + 16];

static int fill(void **state) {
    (void)state;
    for (uint32_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * i * 7 + i / 3 + (i >> 5));
    return 0;
}

static void test_xxh3__blocks(void **state) {
    (void)state;
    for (size_t size = 256; size <= SIZE; size += 64) {
        const uint8_t *start = bytes + size / 64 % 16; /* aligned or not */
        struct xxh3 hash = xxh3_long(start, size);
        XXH128_hash_t wanted = XXH3_128bits(start, size);
        assert_true(hash.low == wanted.low64 && hash.high == wanted.high64);
        assert_true(hash.low == XXH3_64bits(start, size));
    }
}

static void test_xxh3__32_bytes(void **state) {
    (void)state;
    for (size_t at = 0; at < 1000; at++)
        assert_true(xxh3_of_32(bytes + at) == XXH3_64bits(bytes + at, 32));
}

/* The same in whatever pieces the bytes come; lengths around the ends of blocks. */
static void test_xxh3__chained(void **state) {
    (void)state;
    static const size_t sizes[] = {0, 1, 16, 1015, 1016, 1017, 2031, 2032, 2033, 5000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint64_t wanted = 0;
        for (size_t at = 0; at == 0 || at < sizes[i]; at += 1016) {
            uint8_t block[1024] = {0};
            size_t left = sizes[i] - at;
            store_u64(block, wanted);
            memcpy(block + 8, bytes + at, left < 1016 ? left : 1016);
            wanted = XXH3_64bits(block, sizeof block);
        }
        for (size_t step = 1; step < 3000; step += 331) {
            struct snap_hash hash;
            snap_hash_reset(&hash, true);
            for (size_t at = 0; at < sizes[i]; at += step)
                snap_hash_update(&hash, bytes + at, sizes[i] - at < step ? sizes[i] - at : step);
            assert_true(snap_hash_digest(&hash) == wanted);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_xxh3__blocks),
        cmocka_unit_test(test_xxh3__32_bytes),
        cmocka_unit_test(test_xxh3__chained),
    };
    return cmocka_run_group_tests(tests, fill, NULL);
}
