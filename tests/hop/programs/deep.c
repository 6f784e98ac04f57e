/*
 * Proves: deep stacks: DEPTH frames below the marked function, each with a value pending over the
 * call. Half of the recursion goes through a function pointer, so that both kinds of call are deep.
 * How deep the engines can go differs by a factor of thousands: DEPTH comes from the environment.
 */
#include "kafu.h"
#include <stdio.h>
#include <stdlib.h>

KAFU_DEST("edge1")
int bottom(int x) {
    return x;
}

static long long descend(int level);
static long long (*volatile indirect)(int) = descend;

static long long descend(int level) {
    if (level == 0) {
        return bottom(5);
    }
    long long below = level % 2 ? descend(level - 1) : indirect(level - 1);
    return below + level;
}

int main(void) {
    const char *wanted = getenv("DEPTH");
    long long depth = wanted ? atoi(wanted) : 200;
    long long sum = descend((int)depth);
    printf("%s\n", sum == depth * (depth + 1) / 2 + 5 ? "deep enough" : "wrong sum");
    return 0;
}
