/* floyd: all shortest paths by Floyd and Warshall; three loops over integers with a comparison. */
#include "workload.h"

enum {
    SIZE = 96
};

static uint32_t distance[SIZE][SIZE];

static void shorten(void) {
    for (int k = 0; k < SIZE; k++)
        for (int i = 0; i < SIZE; i++)
            for (int j = 0; j < SIZE; j++) {
                uint32_t over = distance[i][k] + distance[k][j];
                if (over < distance[i][j])
                    distance[i][j] = over;
            }
}

uint32_t kernel(void) {
    uint32_t seed = 11;
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++)
            distance[i][j] = i == j ? 0 : 1 + next_random(&seed) % 10000;
    shorten();
    uint32_t sum = 0;
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++)
            sum = sum * 31 + distance[i][j];
    return sum;
}
