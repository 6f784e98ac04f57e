/*
 * Proves: setjmp and longjmp, which clang turns into exceptions (-mllvm -wasm-enable-sjlj): a jump
 * over frames that have been saved and loaded again, out of a marked function, from a handler's
 * continuation, past an inner setjmp; a buffer that is set on one engine is jumped to on another.
 */
#include <setjmp.h>
#include <stdio.h>

#include "kafu.h"

static jmp_buf outer, inner;

/* says n; jumps with what is above 100 */
KAFU_DEST("edge1")
int ask(int n) {
    printf("%d\n", n);
    fflush(stdout);
    if (n > 100)
        longjmp(n > 200 ? outer : inner, n);
    return n;
}

static int deep(int depth, int n) {
    return depth == 0 ? ask(n) : deep(depth - 1, n) + 1;
}

static int with_inner(int n) {
    volatile int before = ask(1);
    int value = setjmp(inner);
    if (value == 0)
        return deep(3, n) + before;
    return ask(value - 100) * 10 + before;
}

int main(void) {
    volatile int rounds = 0;
    int value = setjmp(outer);
    rounds = rounds + 1;
    printf("outer %d, round %d\n", value, rounds);
    if (rounds == 1)
        printf("plain %d\n", with_inner(5));
    if (rounds == 1)
        printf("inner %d\n", with_inner(107));
    if (rounds < 3)
        with_inner(200 + rounds);
    printf("%d\n", ask(9));
}
