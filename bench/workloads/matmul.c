/* matmul: product of two matrices of doubles, a loop of three instructions that matter. */
#include "workload.h"

enum {
    SIZE = 96
};

static double a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE];

static void multiply(void) {
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            double sum = 0;
            for (int k = 0; k < SIZE; k++)
                sum += a[i][k] * b[k][j];
            c[i][j] = sum;
        }
}

uint32_t kernel(void) {
    uint32_t seed = 1;
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            a[i][j] = next_random(&seed) % 1000;
            b[i][j] = next_random(&seed) % 1000;
        }
    multiply();
    double trace = 0;
    for (int i = 0; i < SIZE; i++)
        trace += c[i][i];
    return (uint32_t)trace;
}
