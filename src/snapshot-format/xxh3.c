/*
 * xxh3.c: XXH3 by xxHash's specification (doc/xxhash_spec.md there), whose names are kept.
 */
#include "snapshot-format/xxh3.h"

#include <string.h>

#define PRIME32_1 UINT64_C(0x9E3779B1)
#define PRIME32_2 UINT64_C(0x85EBCA77)
#define PRIME32_3 UINT64_C(0xC2B2AE3D)
#define PRIME64_1 UINT64_C(0x9E3779B185EBCA87)
#define PRIME64_2 UINT64_C(0xC2B2AE3D27D4EB4F)
#define PRIME64_3 UINT64_C(0x165667B19E3779F9)
#define PRIME64_4 UINT64_C(0x85EBCA77C2B2AE63)
#define PRIME64_5 UINT64_C(0x27D4EB2F165667C5)
#define PRIME_MX1 UINT64_C(0x165667919E3779F9)

#define STRIPE_SIZE 64
#define BLOCK_STRIPES 16
#define SECRET_LAST 121 /* for the last stripe */
#define SECRET_SCRAMBLE 128
#define SECRET_LOW 11
#define SECRET_HIGH 117

static const uint8_t secret[192] = {
    0xb8, 0xfe, 0x6c, 0x39, 0x23, 0xa4, 0x4b, 0xbe, 0x7c, 0x01, 0x81, 0x2c, 0xf7, 0x21, 0xad, 0x1c,
    0xde, 0xd4, 0x6d, 0xe9, 0x83, 0x90, 0x97, 0xdb, 0x72, 0x40, 0xa4, 0xa4, 0xb7, 0xb3, 0x67, 0x1f,
    0xcb, 0x79, 0xe6, 0x4e, 0xcc, 0xc0, 0xe5, 0x78, 0x82, 0x5a, 0xd0, 0x7d, 0xcc, 0xff, 0x72, 0x21,
    0xb8, 0x08, 0x46, 0x74, 0xf7, 0x43, 0x24, 0x8e, 0xe0, 0x35, 0x90, 0xe6, 0x81, 0x3a, 0x26, 0x4c,
    0x3c, 0x28, 0x52, 0xbb, 0x91, 0xc3, 0x00, 0xcb, 0x88, 0xd0, 0x65, 0x8b, 0x1b, 0x53, 0x2e, 0xa3,
    0x71, 0x64, 0x48, 0x97, 0xa2, 0x0d, 0xf9, 0x4e, 0x38, 0x19, 0xef, 0x46, 0xa9, 0xde, 0xac, 0xd8,
    0xa8, 0xfa, 0x76, 0x3f, 0xe3, 0x9c, 0x34, 0x3f, 0xf9, 0xdc, 0xbb, 0xc7, 0xc7, 0x0b, 0x4f, 0x1d,
    0x8a, 0x51, 0xe0, 0x4b, 0xcd, 0xb4, 0x59, 0x31, 0xc8, 0x9f, 0x7e, 0xc9, 0xd9, 0x78, 0x73, 0x64,
    0xea, 0xc5, 0xac, 0x83, 0x34, 0xd3, 0xeb, 0xc3, 0xc5, 0x81, 0xa0, 0xff, 0xfa, 0x13, 0x63, 0xeb,
    0x17, 0x0d, 0xdd, 0x51, 0xb7, 0xf0, 0xda, 0x49, 0xd3, 0x16, 0x55, 0x26, 0x29, 0xd4, 0x68, 0x9e,
    0x2b, 0x16, 0xbe, 0x58, 0x7d, 0x47, 0xa1, 0xfc, 0x8f, 0xf8, 0xb8, 0xd1, 0x7a, 0xd0, 0x31, 0xce,
    0x45, 0xcb, 0x3a, 0x8f, 0x95, 0x16, 0x04, 0x28, 0xaf, 0xd7, 0xfb, 0xca, 0xbb, 0x4b, 0x40, 0x7e,
};

static inline uint64_t word(const uint8_t *bytes, int index) {
    uint64_t value;
    __builtin_memcpy(&value, bytes + 8 * index, sizeof value);
    return value;
}

/* The two halves of the product, folded. Without a wide multiplication, as in wasm, it is four. */
static uint64_t multiply_fold(uint64_t a, uint64_t b) {
    uint64_t low = (a & UINT32_MAX) * (b & UINT32_MAX);
    uint64_t cross = (a >> 32) * (b & UINT32_MAX) + (low >> 32);
    uint64_t other = (a & UINT32_MAX) * (b >> 32) + (cross & UINT32_MAX);
    uint64_t high = (a >> 32) * (b >> 32) + (cross >> 32) + (other >> 32);
    return (other << 32 | (low & UINT32_MAX)) ^ high;
}

static uint64_t avalanche(uint64_t hash) {
    hash = (hash ^ hash >> 37) * PRIME_MX1;
    return hash ^ hash >> 32;
}

static uint64_t mix_words(const uint8_t *bytes, const uint8_t *keys) {
    return multiply_fold(word(bytes, 0) ^ word(keys, 0), word(bytes, 1) ^ word(keys, 1));
}

/* Pairs of words with the secret's at `key`, bytes. Out of line for size: all hashes end here. */
static __attribute__((noinline)) uint64_t mix(const void *pairs, int count, int key,
                                              uint64_t hash) {
    const uint8_t *bytes = pairs;
    for (int i = 0; i < count; i++)
        hash += mix_words(bytes + 16 * i, secret + key + 16 * i);
    return avalanche(hash);
}

/* One lane of a stripe: the data goes to its neighbour, the product to itself. */
#define LANE(own, neighbour, index)                                                                \
    do {                                                                                           \
        uint64_t data = word(in, index);                                                           \
        uint64_t key = data ^ word(keys, index);                                                   \
        (neighbour) += data;                                                                       \
        (own) += (key & UINT32_MAX) * (key >> 32);                                                 \
    } while (0)

/* Out of the lanes' way: a sixteenth of the work, and a fifth of the code if it were unrolled. */
static void scramble(uint64_t acc[8]) {
    for (int i = 0; i < 8; i++)
        acc[i] = (acc[i] ^ acc[i] >> 47 ^ word(secret + SECRET_SCRAMBLE, i)) * PRIME32_1;
}

/* The lanes are locals meanwhile, which is what makes it fast. */
static void add_stripes(uint64_t acc[8], const uint8_t *in, size_t count, const uint8_t *keys) {
    uint64_t a = acc[0], b = acc[1], c = acc[2], d = acc[3];
    uint64_t e = acc[4], f = acc[5], g = acc[6], h = acc[7];
    for (; count > 0; count--) {
        LANE(a, b, 0);
        LANE(b, a, 1);
        LANE(c, d, 2);
        LANE(d, c, 3);
        LANE(e, f, 4);
        LANE(f, e, 5);
        LANE(g, h, 6);
        LANE(h, g, 7);
        in += STRIPE_SIZE;
        keys += 8;
    }
    acc[0] = a, acc[1] = b, acc[2] = c, acc[3] = d;
    acc[4] = e, acc[5] = f, acc[6] = g, acc[7] = h;
}

struct xxh3 xxh3_long(const void *bytes, size_t size) {
    uint64_t acc[8] = {PRIME32_3, PRIME64_1, PRIME64_2, PRIME64_3,
                       PRIME64_4, PRIME32_2, PRIME64_5, PRIME32_1};
    const uint8_t *in = bytes;
    size_t left = size / STRIPE_SIZE;
    for (; left > BLOCK_STRIPES; left -= BLOCK_STRIPES, in += BLOCK_STRIPES * STRIPE_SIZE) {
        add_stripes(acc, in, BLOCK_STRIPES, secret);
        scramble(acc);
    }
    add_stripes(acc, in, left - 1, secret);
    add_stripes(acc, in + (left - 1) * STRIPE_SIZE, 1, secret + SECRET_LAST);
    return (struct xxh3){mix(acc, 4, SECRET_LOW, size * PRIME64_1),
                         mix(acc, 4, SECRET_HIGH, ~(size * PRIME64_2))};
}

uint64_t xxh3_of_32(const void *bytes) {
    return mix(bytes, 2, 0, 32 * PRIME64_1);
}
