/* nbody: the planets around the sun; floating point with many values alive at once. */
#include <math.h>
#include <string.h>

#include "workload.h"

enum {
    BODIES = 5,
    STEPS = 6000
};

struct body {
    double x[3], v[3], mass;
};

static const struct body initial[BODIES] = {
    {{0, 0, 0}, {0, 0, 0}, 39.47},
    {{4.84, -1.16, -0.10}, {0.606, 2.81, -0.02}, 0.037},
    {{8.34, 4.12, -0.4}, {-1.01, 1.82, 0.008}, 0.011},
    {{12.89, -15.11, -0.22}, {1.08, 0.868, -0.01}, 0.0017},
    {{15.37, -25.9, 0.179}, {0.979, 0.594, -0.034}, 0.002},
};

static struct body bodies[BODIES];

static void attract(struct body *a, struct body *b, double dt) {
    double d[3], square = 0;
    for (int i = 0; i < 3; i++) {
        d[i] = a->x[i] - b->x[i];
        square += d[i] * d[i];
    }
    double force = dt / (square * sqrt(square));
    for (int i = 0; i < 3; i++) {
        a->v[i] -= d[i] * b->mass * force;
        b->v[i] += d[i] * a->mass * force;
    }
}

static void step(double dt) {
    for (int i = 0; i < BODIES; i++)
        for (int j = i + 1; j < BODIES; j++)
            attract(&bodies[i], &bodies[j], dt);
    for (int i = 0; i < BODIES; i++)
        for (int k = 0; k < 3; k++)
            bodies[i].x[k] += dt * bodies[i].v[k];
}

uint32_t kernel(void) {
    memcpy(bodies, initial, sizeof bodies);
    for (int i = 0; i < STEPS; i++)
        step(0.01);
    double sum = 0;
    for (int i = 0; i < BODIES; i++)
        sum += fabs(bodies[i].x[0]) + fabs(bodies[i].x[1]);
    return (uint32_t)(sum * 1e6);
}
