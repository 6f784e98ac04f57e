/*
 * Proves: marked functions that take and return structures: one that fits a register, one returned
 * through a hidden pointer, one by value in the arguments; 128-bit integers and long double, which
 * the ABI passes in pairs; twelve parameters of mixed types.
 */
#include "kafu.h"
#include <stdio.h>

struct one {
    double value;
};

struct many {
    int key;
    long long wide;
    char text[24];
};

KAFU_DEST("edge1")
struct one wrap(double x) {
    struct one result = {x * 2};
    return result;
}

KAFU_DEST("edge1")
struct many label(struct many from, int key) {
    from.wide += key;
    from.key = key;
    snprintf(from.text, sizeof from.text, "key %d", key);
    return from;
}

KAFU_DEST("cloud1")
unsigned __int128 square(unsigned __int128 x) {
    return x * x;
}

KAFU_DEST("cloud1")
long double half(long double x) {
    return x / 2;
}

KAFU_DEST("edge1")
double mix(int a, long long b, float c, double d, char e, short f, unsigned long long g, float h,
           int i, double j, long long k, const char *l) {
    return a + (double)b + (double)c + d + e + f + (double)g + (double)h + i + j + (double)k + l[0];
}

int main(void) {
    struct many start = {1, 1LL << 40, "start"};
    struct many end = label(label(start, 5), (int)wrap(3.5).value);
    printf("%d %lld %s; %s\n", end.key, end.wide, end.text, start.text);
    unsigned __int128 big = square(((unsigned __int128)1 << 40) + 1);
    printf("%llx %llx\n", (unsigned long long)(big >> 64), (unsigned long long)big);
    printf("%.2f\n", (double)half(half(1.0L) + 1));
    printf("%.1f\n", mix(1, 2, 0.5f, 4, 5, 6, 7, 8, 9, 10, 1LL << 33, "A"));
    return 0;
}
