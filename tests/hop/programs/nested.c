/*
 * Proves: marks nested three nodes deep: every function calls the next one twice, holding a partial
 * result, and each return goes back to the node its own call came from.
 */
#include "kafu.h"
#include <stdio.h>

KAFU_DEST("edge2")
int third(int x) {
    printf("  third %d\n", x);
    return x * x;
}

KAFU_DEST("cloud1")
int second(int x) {
    int here = third(x) + 1;
    return here * 100 + third(x + 1);
}

KAFU_DEST("edge1")
int first(int x) {
    int left = second(x);
    printf(" between %d\n", left);
    return second(x + 1) - left;
}

int main(void) {
    printf("result %d\n", first(2));
    return 0;
}
