/* mandelbrot: how soon points leave the set; a loop of unknown length over doubles. */
#include "workload.h"

enum {
    SIZE = 64,
    STEPS = 200
};

static uint32_t steps(double real, double imaginary) {
    double x = 0, y = 0;
    uint32_t count = 0;
    while (x * x + y * y <= 4 && count < STEPS) {
        double next = x * x - y * y + real;
        y = 2 * x * y + imaginary;
        x = next;
        count++;
    }
    return count;
}

uint32_t kernel(void) {
    uint32_t sum = 0;
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++)
            sum = sum * 3 + steps(j * 3.0 / SIZE - 2.25, i * 2.5 / SIZE - 1.25);
    return sum;
}
