/* lcs: the longest common subsequence of two strings by dynamic programming. */
#include <string.h>

#include "workload.h"

enum {
    SIZE = 1000
};

static uint8_t first[SIZE], second[SIZE];
static uint16_t rows[2][SIZE + 1];

static uint32_t longest(void) {
    memset(rows, 0, sizeof rows);
    for (int i = 0; i < SIZE; i++) {
        const uint16_t *above = rows[i % 2];
        uint16_t *row = rows[1 - i % 2];
        for (int j = 0; j < SIZE; j++) {
            if (first[i] == second[j])
                row[j + 1] = (uint16_t)(above[j] + 1);
            else
                row[j + 1] = above[j + 1] > row[j] ? above[j + 1] : row[j];
        }
    }
    return rows[SIZE % 2][SIZE];
}

uint32_t kernel(void) {
    uint32_t seed = 17;
    for (int i = 0; i < SIZE; i++) {
        first[i] = (uint8_t)(next_random(&seed) % 4);
        second[i] = (uint8_t)(next_random(&seed) % 4);
    }
    return longest();
}
