/*
 * Proves: a trap inside a marked function stays a trap on every engine, before and after a hop, and
 * what was written before it is there.
 */
#include "kafu.h"
#include <stdio.h>

KAFU_DEST("edge1")
int fragile(int x) {
    printf("fragile %d\n", x);
    fflush(stdout);
    if (x == 2) {
        __builtin_trap();
    }
    return x;
}

int main(void) {
    for (int i = 0; i < 5; i++) {
        fragile(i);
    }
    return 0;
}
