/*
 * Proves: many operands evaluated before a marked call and used after it, of four types; locals
 * that are set between the calls; the same function active at two different places.
 */
#include "kafu.h"
#include <stdio.h>

KAFU_DEST("edge1")
long long get(int x) {
    return (long long)x * x;
}

static double chain(int x, int deep) {
    int i0 = x + 1, i1 = x * 3, i2 = x ^ 21, i3 = x - 7, i4 = x << 2;
    long long l0 = (long long)x << 33, l1 = l0 ^ i1, l2 = l0 - i2, l3 = ~l0, l4 = l1 * 3;
    float f0 = (float)x / 4, f1 = f0 + 1, f2 = f0 * f1, f3 = f0 - 9, f4 = -f2;
    double d0 = x / 8.0, d1 = d0 * d0, d2 = d1 - x, d3 = d0 + 0.5, d4 = -d3;
    long long inner = deep ? (long long)chain(x + 1, deep - 1) : get(x);
    long long integers = i0 + 2 * i1 + 3 * i2 + 4 * i3 + 5 * i4 + l0 + 2 * l1 + 3 * l2 + 4 * l3 +
                         5 * l4 + get(i0) * (l0 - i4 * get(3));
    double floats = (double)f0 + (double)f1 * 2 + (double)f2 * 4 + (double)f3 * 8 +
                    (double)f4 * 16 + d0 * 32 + d1 * 64 + d2 * 128 + d3 * 256 + d4 * 512;
    printf("%d: %lld %lld %.6f\n", x, inner, integers, floats);
    return (double)(integers % 1000) + floats;
}

int main(void) {
    printf("%.6f\n", chain(5, 1));
    return 0;
}
