/*
 * setjmp.h: for sources that include it but whose jumps are defined away, since wasi-libc refuses.
 */
#ifndef ORACLE_SETJMP_H
#define ORACLE_SETJMP_H

typedef int jmp_buf[1];

#endif
