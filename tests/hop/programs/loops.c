/*
 * Proves: loop-carried variables in three nested loops with marked calls at every level, one of
 * them in a loop condition; some variables change only in the inner loop, some only outside.
 */
#include "kafu.h"
#include <stdio.h>

KAFU_DEST("edge1")
int tick(int x) {
    return x;
}

int main(void) {
    unsigned mixed = 1;
    int outer = 0;
    double weight = 1.0;
    for (int i = 0; i < tick(2); i++) {
        unsigned before = mixed;
        for (int j = i; j < 2; j++) {
            int rounds = 0;
            do {
                mixed = mixed * 7 + (unsigned)(i + 2 * j + rounds);
            } while (++rounds < 2);
            mixed += (unsigned)tick(j) + 1;
            weight = weight / 2 + j;
        }
        outer += (int)(mixed - before) % 100;
        printf("%d: %u %d %.4f\n", i, mixed, outer, weight);
    }
    return 0;
}
