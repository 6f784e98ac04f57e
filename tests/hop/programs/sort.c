/*
 * Proves: a marked callback called by library code that knows nothing of marks (qsort, then
 * bsearch), whose frames lie between main and the point.
 */
#include "kafu.h"
#include <stdio.h>
#include <stdlib.h>

KAFU_DEST("edge1")
int compare(const void *left, const void *right) {
    int a = *(const int *)left;
    int b = *(const int *)right;
    return (a > b) - (a < b);
}

int main(void) {
    int values[] = {31, -4, 15, 9};
    const size_t count = sizeof values / sizeof *values;
    qsort(values, count, sizeof *values, compare);
    for (size_t i = 0; i < count; i++) {
        printf("%d ", values[i]);
    }
    int wanted = 15;
    const int *found = bsearch(&wanted, values, count, sizeof *values, compare);
    printf("found at %d\n", found ? (int)(found - values) : -1);
    return 0;
}
