/* sha256: of 256 KiB; long runs of integer code between the loop's ends. */
#include <string.h>

#include "workload.h"

enum {
    SIZE = 256 * 1024
};

static uint32_t constants[64];
static uint8_t text[SIZE];

static uint32_t rotate(uint32_t x, int n) {
    return x >> n | x << (32 - n);
}

/* The fractional parts of the cube roots of primes, found by bisection in integers. */
static void find_constants(void) {
    int count = 0;
    for (uint64_t n = 2; count < 64; n++) {
        uint64_t d = 2;
        while (d * d <= n && n % d != 0)
            d++;
        if (d * d <= n)
            continue;
        unsigned __int128 target = (unsigned __int128)n << 96, root = 0;
        for (int bit = 35; bit >= 0; bit--) {
            unsigned __int128 next = root | (unsigned __int128)1 << bit;
            if (next * next * next <= target)
                root = next;
        }
        constants[count++] = (uint32_t)root;
    }
}

static void expand(uint32_t w[64], const uint8_t *block) {
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
               (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
}

static void compress(uint32_t hash[8], const uint8_t *block) {
    uint32_t w[64], s[8];
    expand(w, block);
    memcpy(s, hash, sizeof s);
    for (int i = 0; i < 64; i++) {
        uint32_t sum1 = rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25);
        uint32_t t1 = s[7] + sum1 + ((s[4] & s[5]) ^ (~s[4] & s[6])) + constants[i] + w[i];
        uint32_t sum0 = rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22);
        uint32_t t2 = sum0 + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
        memmove(s + 1, s, 7 * sizeof *s);
        s[4] += t1;
        s[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++)
        hash[i] += s[i];
}

uint32_t kernel(void) {
    uint32_t hash[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    if (constants[0] == 0) {
        find_constants();
        uint32_t seed = 1;
        for (int i = 0; i < SIZE; i++)
            text[i] = (uint8_t)next_random(&seed);
    }
    for (int i = 0; i < SIZE; i += 64)
        compress(hash, text + i);
    uint8_t last[64] = {0x80};
    uint32_t bits = SIZE * 8u;
    for (int i = 0; i < 4; i++)
        last[60 + i] = (uint8_t)(bits >> (24 - 8 * i));
    compress(hash, last);
    return hash[0];
}
