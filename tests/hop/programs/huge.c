/*
 * Proves: a function with a loop of 320 calls around which 64 locals live is two (emit_parts.c),
 * and the program goes on in the right one with the right values: from calls, from loops in that
 * loop, in the next round again, and while the function is in both parts, because it calls itself.
 */
#include "kafu.h"
#include <stdio.h>

#define EIGHT(X, n) X(n##0) X(n##1) X(n##2) X(n##3) X(n##4) X(n##5) X(n##6) X(n##7)
#define ALL(X)                                                                                     \
    EIGHT(X, 00)                                                                                   \
    EIGHT(X, 01) EIGHT(X, 02) EIGHT(X, 03) EIGHT(X, 04) EIGHT(X, 05) EIGHT(X, 06) EIGHT(X, 07)

KAFU_DEST("edge1")
unsigned step(unsigned x) {
    return x * 5 + 1;
}

/* Barriers keep the compiler from making one call of all. */
#define CASE(number, n, value)                                                                     \
    case number:                                                                                   \
        v##n ^= step(value);                                                                       \
        __asm__ volatile("" : "+r"(v##n) : "i"(number));                                           \
        break;
#define DEFINE(n) unsigned v##n = first + n;
#define CASE_0(n) CASE(n, n, v##n + i)
#define CASE_1(n) CASE(0100 + n, n, v##n - i)
#define CASE_2(n) CASE(0200 + n, n, v##n * 3)
#define CASE_3(n) CASE(0300 + n, n, v##n / 3)
#define CASE_4(n)                                                                                  \
    case 0400 + n:                                                                                 \
        for (unsigned j = 0; j < 3; j++) {                                                         \
            v##n ^= step(~v##n + j);                                                               \
            __asm__ volatile("" : "+r"(v##n) : "i"(n));                                            \
        }                                                                                          \
        break;
#define SUM(n) sum = sum * 31 + v##n;

static unsigned run(unsigned first) {
    unsigned random = first, sum = 0;
    ALL(DEFINE)
    for (unsigned i = 0; i < 12; i++) {
        random = random * 1664525 + 1013904223;
        if (i == 5 && first != 77)
            sum = run(77);
        switch ((random >> 8) % 320) { ALL(CASE_0) ALL(CASE_1) ALL(CASE_2) ALL(CASE_3) ALL(CASE_4) }
    }
    ALL(SUM)
    return sum;
}

int main(void) {
    printf("%u\n", run(step(0)));
    return 0;
}
