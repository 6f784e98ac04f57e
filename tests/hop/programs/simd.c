/*
 * Proves: 128-bit locals that live across a marked call, as variables and as operands already
 * evaluated; with the vector type of the compiler, so that it runs natively too.
 */
#include "kafu.h"
#include <stdio.h>

typedef int four __attribute__((vector_size(16)));

KAFU_DEST("edge1")
int ask(int x) {
    return x + 1;
}

static four spread(int x) {
    return (four){x, x * 2, x * 3, x * 4};
}

static void show(const char *name, four v) {
    printf("%s %d %d %d %d\n", name, v[0], v[1], v[2], v[3]);
}

int main(void) {
    four kept = spread(ask(0));
    four sum = kept * ask(1) + spread(ask(2));
    show("sum", sum);
    for (int i = 0; i < 2; i++) {
        sum ^= kept << ask(i);
    }
    show("mixed", sum);
    show("kept", kept);
    return 0;
}
