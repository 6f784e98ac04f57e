/* queens: counts the ways to put queens on a board; recursion with a loop in it. */
#include "workload.h"

enum {
    SIZE = 8
};

static uint32_t place(uint32_t columns, uint32_t left, uint32_t right) {
    const uint32_t all = (1u << SIZE) - 1;
    uint32_t count = 0;
    if (columns == all)
        return 1;
    for (uint32_t free = all & ~(columns | left | right); free; free &= free - 1) {
        uint32_t queen = free & -free;
        count += place(columns | queen, (left | queen) << 1, (right | queen) >> 1);
    }
    return count;
}

uint32_t kernel(void) {
    return place(0, 0, 0);
}
