/*
 * xxh3.h: XXH3 for the two sizes that snapshots are checked with: 32 bytes, and whole blocks.
 *
 * An own implementation, because inside of the module each byte of code counts and so does each
 * instruction: the state stays in locals, which makes it two to three times as fast as xxhash.h
 * compiled for size (MiB/s, 4 KiB at once: wasmtime 4,021 and 7,697, wazero 1,873 and 6,850, WAMR
 * 212 and 472). Tests compare the two.
 */
#ifndef SNAPIFY_SNAPSHOT_FORMAT_XXH3_H
#define SNAPIFY_SNAPSHOT_FORMAT_XXH3_H

#include <stddef.h>
#include <stdint.h>

/* XXH3-128 with seed 0; `low` is XXH3-64 of the same bytes. */
struct xxh3 {
    uint64_t low, high;
};

/* `size` is a multiple of 64 above 240. */
struct xxh3 xxh3_long(const void *bytes, size_t size);

/* XXH3-64 of 32 bytes. */
uint64_t xxh3_of_32(const void *bytes);

#endif
