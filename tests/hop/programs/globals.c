/*
 * Proves: global and static objects of every size keep their values, including those changed
 * between entry and return of a marked function, uninitialised ones, and a static inside it.
 */
#include "kafu.h"
#include <stdint.h>
#include <stdio.h>

static int8_t tiny = -1;
int16_t small = 300;
static uint64_t wide = UINT64_C(0x123456789abcdef0);
float single_precision = 0.5f;
static double precise = 1e-300;
static int blank[3];
static const char *text = "before";

KAFU_DEST("edge1")
int change(int by) {
    static int calls;
    calls++;
    tiny = (int8_t)(tiny - by);
    small = (int16_t)(small * by);
    wide = (wide << by) | (wide >> (64 - by));
    single_precision += (float)by;
    precise *= by;
    blank[calls % 3] += by;
    text = calls > 1 ? "after" : "between";
    return calls;
}

int main(void) {
    for (int by = 3; by < 6; by++) {
        printf("%d:", change(by));
        printf(" %d %d %llx %.1f %g %d%d%d %s\n", tiny, small, (unsigned long long)wide,
               single_precision, precise, blank[0], blank[1], blank[2], text);
    }
    return 0;
}
