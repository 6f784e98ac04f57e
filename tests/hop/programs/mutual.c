/*
 * Proves: two marked functions that call each other; every call and every return changes the node,
 * and each frame remembers the node it was entered from.
 */
#include "kafu.h"
#include <stdio.h>

int odd(int n);

KAFU_DEST("edge1")
int even(int n) {
    int result = n == 0 ? 1 : 2 * odd(n - 1) + n;
    printf("even %d = %d\n", n, result);
    return result;
}

KAFU_DEST("cloud1")
int odd(int n) {
    int result = 3 * even(n - 1) - n;
    printf("odd %d = %d\n", n, result);
    return result;
}

int main(void) {
    printf("result %d\n", even(4));
    return 0;
}
