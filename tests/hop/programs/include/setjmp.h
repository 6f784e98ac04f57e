/*
 * setjmp and longjmp as clang turns them into exceptions (-mllvm -wasm-enable-sjlj); the run time
 * is longjmp.c, since wasi-libc of 2022 has none and its own setjmp.h refuses.
 */
#ifndef SNAPIFY_TESTS_SETJMP_H
#define SNAPIFY_TESTS_SETJMP_H

typedef struct jump_buffer {
    void *call; /* of the function that called setjmp: the address of something on its stack */
    unsigned label;
    struct jump_thrown {
        void *buffer;
        int value;
    } thrown;
} jmp_buf[1];

int setjmp(jmp_buf) __attribute__((returns_twice));
_Noreturn void longjmp(jmp_buf, int);

#endif
