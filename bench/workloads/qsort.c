/* qsort: the C library's sort, which calls back for each comparison through the table. */
#include "workload.h"

enum {
    COUNT = 12000
};

static uint32_t numbers[COUNT];

static int compare(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

uint32_t kernel(void) {
    uint32_t seed = 7;
    for (int i = 0; i < COUNT; i++)
        numbers[i] = next_random(&seed);
    qsort(numbers, COUNT, sizeof *numbers, compare);
    uint32_t sum = 0;
    for (int i = 0; i < COUNT; i++)
        sum = sum * 31 + numbers[i];
    return sum;
}
