/*
 * For tests/hop/requests: computes for a while without any WASI call, in a loop that may leave.
 */
#include <stdio.h>

#include "kafu.h"

KAFU_MAY_OFFLOAD("cloud1")
KAFU_MAY_OFFLOAD("cloud2")
unsigned spin(unsigned rounds) {
    unsigned x = 1;
    for (unsigned i = 0; i < rounds; i++) {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
    }
    return x;
}

int main(void) {
    printf("%u\n", spin(30000000));
    return 5;
}
