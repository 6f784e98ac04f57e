/* spectral: the spectral norm of an endless matrix, whose elements a small function computes. */
#include <math.h>

#include "workload.h"

enum {
    SIZE = 100
};

static double element(int i, int j) {
    return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1);
}

static void multiply(const double *in, double *out) {
    for (int i = 0; i < SIZE; i++) {
        out[i] = 0;
        for (int j = 0; j < SIZE; j++)
            out[i] += element(i, j) * in[j];
    }
}

static void multiply_transposed(const double *in, double *out) {
    for (int i = 0; i < SIZE; i++) {
        out[i] = 0;
        for (int j = 0; j < SIZE; j++)
            out[i] += element(j, i) * in[j];
    }
}

uint32_t kernel(void) {
    double u[SIZE], v[SIZE], half[SIZE];
    for (int i = 0; i < SIZE; i++)
        u[i] = 1;
    for (int i = 0; i < 10; i++) {
        multiply(u, half);
        multiply_transposed(half, v);
        multiply(v, half);
        multiply_transposed(half, u);
    }
    double uv = 0, vv = 0;
    for (int i = 0; i < SIZE; i++) {
        uv += u[i] * v[i];
        vv += v[i] * v[i];
    }
    return (uint32_t)(sqrt(uv / vv) * 1e8);
}
