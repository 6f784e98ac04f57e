/*
 * seed.c: the module that the fuzzer damages: small, and with a bit of everything that the
 * rewriting looks at: marks of both kinds, recursion, a call through a table, a loop, a global,
 * data, floats.
 */
#include "kafu.h"

static volatile int turns = 3;
static const char greeting[] = "hello";

KAFU_DEST("edge1") int count(int n) {
    return n <= 0 ? turns : n + count(n - 1);
}

KAFU_MAY_OFFLOAD("cloud1") double scale(double x, long long y) {
    for (int i = 0; i < turns; i++)
        x = x * 1.5 + (double)count((int)y & 3);
    return x;
}

int (*volatile chosen)(int) = count;

void _start(void) {
    if (scale(2, greeting[1]) > chosen(2))
        turns++;
}
