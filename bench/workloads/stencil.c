/* stencil: heat spreads over a grid, each point the mean of its neighbours. */
#include <string.h>

#include "workload.h"

enum {
    SIZE = 128,
    STEPS = 20
};

static double grid[SIZE][SIZE], next[SIZE][SIZE];

static void step(void) {
    for (int y = 1; y < SIZE - 1; y++)
        for (int x = 1; x < SIZE - 1; x++)
            next[y][x] = (grid[y - 1][x] + grid[y + 1][x] + grid[y][x - 1] + grid[y][x + 1]) / 4;
    memcpy(grid, next, sizeof grid);
}

uint32_t kernel(void) {
    memset(grid, 0, sizeof grid);
    memset(next, 0, sizeof next);
    for (int x = 0; x < SIZE; x++)
        grid[0][x] = next[0][x] = 1 << 20;
    for (int i = 0; i < STEPS; i++)
        step();
    double sum = 0;
    for (int y = 0; y < SIZE; y++)
        for (int x = 0; x < SIZE; x++)
            sum += grid[y][x];
    return (uint32_t)(sum / 16);
}
