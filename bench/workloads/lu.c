/* lu: factors a matrix into a lower and an upper triangle in place; loops that get shorter. */
#include "workload.h"

enum {
    SIZE = 96
};

static double a[SIZE][SIZE];

static void factor(void) {
    for (int k = 0; k < SIZE; k++)
        for (int i = k + 1; i < SIZE; i++) {
            a[i][k] /= a[k][k];
            for (int j = k + 1; j < SIZE; j++)
                a[i][j] -= a[i][k] * a[k][j];
        }
}

uint32_t kernel(void) {
    uint32_t seed = 5;
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++)
            a[i][j] = next_random(&seed) % 100 + (i == j ? 10000 : 0);
    factor();
    double sum = 0;
    for (int i = 0; i < SIZE; i++)
        sum += a[i][i];
    return (uint32_t)(sum * 16);
}
