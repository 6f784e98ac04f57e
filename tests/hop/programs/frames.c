/*
 * Proves: the shadow stack: arrays of variable length and alloca in several active functions, an
 * address of a local handed down through a marked call, written there and read after it.
 */
#include "kafu.h"
#include <alloca.h>
#include <stdio.h>

KAFU_DEST("edge1")
void deposit(int *where, int count, int value) {
    for (int i = 0; i < count; i++) {
        where[i] += value;
    }
}

static int layer(int depth, int *outer) {
    int values[depth + 1];
    int *extra = alloca(sizeof *extra * (size_t)(depth + 2));
    for (int i = 0; i <= depth; i++) {
        values[i] = i;
        extra[i] = 100 * depth;
    }
    deposit(values, depth + 1, 10);
    deposit(outer, 1, depth);
    int below = depth > 1 ? layer(depth - 1, values + 1) : 0;
    int sum = below;
    for (int i = 0; i <= depth; i++) {
        sum += values[i] + extra[i];
    }
    printf("layer %d: %d\n", depth, sum);
    return sum;
}

int main(void) {
    int total = 1000;
    int sum = layer(3, &total);
    printf("%d %d\n", sum, total);
    return 0;
}
