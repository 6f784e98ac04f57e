/*
 * Proves: a marked function that calls itself and returns by four different paths, with a product,
 * a difference and a sum pending over the inner call.
 */
#include "kafu.h"
#include <stdio.h>

KAFU_DEST("edge1")
int walk(int n, int sign) {
    printf("walk %d %d\n", n, sign);
    if (n <= 0) {
        return 1;
    }
    if (n % 3 == 0) {
        return walk(n - 1, -sign) * 2 + sign;
    }
    int left = walk(n - 1, sign);
    if (left > 6) {
        return left - walk(n - 3, sign);
    }
    return left + n;
}

int main(void) {
    printf("result %d\n", walk(4, 1));
    return 3;
}
