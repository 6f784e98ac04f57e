/*
 * saver.c: works for a while on a table of 2 MiB, so that saving takes a while, too. Where it works
 * moves slowly, so that from one snapshot to the next some pages change and others do not.
 *
 *     saver ROUNDS
 */
#include <stdio.h>
#include <stdlib.h>

#include "kafu.h"

enum {
    SIZE = 1 << 19,
    WINDOW = 1 << 14
};

static unsigned table[SIZE];

KAFU_MAY_OFFLOAD("cloud1") unsigned work(unsigned rounds) {
    unsigned x = 1, sum = 0;
    for (unsigned i = 0; i < SIZE; i++)
        table[i] = i | 1;
    for (unsigned i = 0; i < rounds; i++) {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        table[((i >> 16) * 2048 + x % WINDOW) % SIZE] += x;
    }
    for (unsigned i = 0; i < SIZE; i++)
        sum = sum * 31 + table[i];
    return sum;
}

int main(int argc, char **argv) {
    printf("%u\n", work(argc > 1 ? (unsigned)atoi(argv[1]) : 0));
    return 5;
}
