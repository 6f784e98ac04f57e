/*
 * Proves: sites by the dozen: a loop with more sites than a table of jumps takes for one loop, in a
 * loop with sites before, between and behind, and two such loops in a row.
 */
#include "kafu.h"
#include <stdio.h>

static unsigned mixed;

KAFU_DEST("edge1")
unsigned tick(unsigned x) {
    return mixed = mixed * 31 + x;
}

/* Each call is a site of its own. */
#define TWO(x) sum += tick(x), sum ^= tick((x) + 1) * 3
#define TEN(x) TWO(x), TWO((x) + 2), TWO((x) + 4), TWO((x) + 6), TWO((x) + 8)

int main(void) {
    unsigned sum = tick(1);
    for (unsigned i = 0; i < 1; i++) {
        sum += tick(i);
        for (unsigned j = 0; j < 1 + i; j++)
            TEN(j), TEN(sum & 7), TEN(i), TEN(3);
        sum = sum * 3 + tick(i + 9);
        for (unsigned j = 0; j < 1; j++)
            TEN(j + 2), TEN(4), TEN(j), TEN(5);
        printf("%u %u\n", sum, tick(sum));
    }
    printf("%u\n", tick(sum));
    return 0;
}
