/* fib: recursion and nothing else, the dearest case for tests at entry and return. */
#include "workload.h"

static uint32_t fib(uint32_t n);

static uint32_t fib(uint32_t n) {
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

uint32_t kernel(void) {
    return fib(25);
}
