/*
 * workload.h: what all kernels share. A kernel defines kernel(), which computes the same thing each
 * time; main() calls it as often as its argument says (once without one) and prints what it gave.
 * So the output does not depend on how long the run was made.
 *
 * report() is the cold function that the annotated variant marks. kernel() and report() are
 * exported, report() has two callers, and both are weak, so that no optimizer moves them into
 * others: an engine may only change to better code when a function is called again.
 */
#ifndef BENCH_WORKLOAD_H
#define BENCH_WORKLOAD_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define OWN_FUNCTION(name) __attribute__((noinline, weak, export_name(name)))

OWN_FUNCTION("kernel") uint32_t kernel(void);
OWN_FUNCTION("report") void report(const char *what, uint32_t value);

void report(const char *what, uint32_t value) {
    printf("%s %08x\n", what, (unsigned)value);
}

int main(int argc, char **argv) {
    int count = argc > 1 ? atoi(argv[1]) : 1;
    report("start", 0);
    uint32_t (*volatile run)(void) = kernel; /* or a pure kernel would be computed once */
    uint32_t first = run();
    for (int i = 1; i < count; i++)
        if (run() != first)
            return 1;
    report("result", first);
    return 0;
}

/* The same numbers everywhere. */
static inline uint32_t next_random(uint32_t *state) {
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

#endif
