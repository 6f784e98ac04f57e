/*
 * Proves: buffered output travels with the program. The buffer of stdout is full (not line)
 * buffered and small, so every hop finds part of the text written and part still in memory, in the
 * middle of a line; marked calls stand among variadic arguments and inside a variadic function.
 */
#include "kafu.h"
#include <stdarg.h>
#include <stdio.h>

KAFU_DEST("edge1")
int next(int x) {
    return 2 * x + 1;
}

static double total(const char *kinds, ...) {
    va_list arguments;
    double sum = 0;
    va_start(arguments, kinds);
    for (; *kinds; kinds++) {
        if (*kinds == 'i') {
            sum += next(va_arg(arguments, int));
        } else if (*kinds == 'd') {
            sum += va_arg(arguments, double);
        } else {
            sum += (double)va_arg(arguments, long long);
        }
    }
    va_end(arguments);
    return sum;
}

int main(void) {
    static char buffer[32];
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    printf("a=%d b=%s", next(1), "some text;");
    printf(" %6.2f %lld %c|", next(2) / 4.0, (long long)next(3) << 33, 'z');
    printf(" %s %.3e", "a string that is longer than the buffer", 1e100 * next(4));
    printf(" total %g\n", total("idli", 1, 0.5, 1LL << 40, 2));
    return 0;
}
