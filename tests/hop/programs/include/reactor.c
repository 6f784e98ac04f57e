/*
 * reactor.c: a library for a host: state set up by a constructor, exports that call each other, a
 * marked function below them. tests/hop/reactors calls it.
 */
#include <stdint.h>

#include "kafu.h"

static int64_t seed;
static int calls;

__attribute__((constructor)) static void set_up(void) {
    for (int i = 0; i < 4; i++)
        seed += i * 1000;
}

KAFU_DEST("edge1") uint64_t mix(uint64_t n) {
    uint64_t sum = n;
    for (uint64_t i = 0; i < n % 7; i++)
        sum = sum * 31 + i;
    return sum;
}

__attribute__((export_name("depth"))) int32_t depth(int32_t n) {
    return n <= 0 ? (int32_t)mix(5) : depth(n - 1) + 1;
}

/* Arguments of every kind live over the calls. */
__attribute__((export_name("compute"))) int64_t compute(int32_t n, int64_t big, double factor) {
    calls++;
    uint64_t mixed = mix((uint64_t)n);
    int32_t below = depth(3);
    return (int64_t)(mixed % 1000003) + big * below + (int64_t)(factor * 8) + seed + calls;
}

__attribute__((export_name("twice"))) double twice(float x) {
    return (double)x * 2 + (double)(mix(3) % 10) + calls;
}
