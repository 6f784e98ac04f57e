/*
 * wasi_wrappers.h: what stands between the application and its WASI imports.
 */
#ifndef SNAPIFY_PASSES_WASI_WRAPPERS_H
#define SNAPIFY_PASSES_WASI_WRAPPERS_H

#include "passes/program.h"

#define WASI_MODULE "wasi_snapshot_preview1"

/* What a module asks of WASI that a move would show; bits. */
enum wasi_feature {
    WASI_FILES = 1,    /* it opens something, or names it by a path */
    WASI_CLOCK = 2,    /* it asks for the time, or waits */
    WASI_PROCESS = 4,  /* it asks for its arguments or its environment */
    WASI_READS = 8,    /* it can be asked to leave while it waits for input */
    WASI_ENVIRON = 16, /* it asks for its environment; then WASI_PROCESS, too */
};

/* Notes which functions are imports of WASI, and what the module asks of it. */
void wasi_find_imports(struct program *program);

/* Is it the import `base`, with these parameters (wasi_wrappers.c) and an i32 as result? */
bool wasi_is_import(const struct function *function, const char *base, const char *params);

/* Puts a function of ours into the place of the import `base` (a static text): its parameters, an
 * i32 as result, `locals` behind the parameters, and this body. */
void wasi_stand_in(struct program *program, struct function *function, const char *base,
                   BinaryenType *locals, BinaryenIndex local_count, BinaryenExpressionRef body);

/* What a call of this import becomes, with the parameters of a function like it as operands. */
BinaryenExpressionRef wasi_make_call(struct program *program, const struct function *function);

/* Is it an import (or does it stand for one) of which nothing but its first parameter is
 * translated, a descriptor? */
bool wasi_is_translated(const struct program *program, const struct function *function);

/* A call of the import that such a function is or stands for. The operands are used up, as many as
 * it has parameters; the first of them is a local or a constant. */
BinaryenExpressionRef wasi_make_translated_call(struct program *program,
                                                const struct function *function,
                                                BinaryenExpressionRef *operands);

/* Puts wrappers into the place of the imports that program->features concerns. */
void wasi_wrap(struct program *program);

/* Was this one of them? */
bool wasi_is_wrapped(const struct program *program, const char *base);

/* The name of the import itself, made if there is none; owned by the caller. */
char *wasi_import(BinaryenModuleRef module, const char *base, BinaryenType params,
                  BinaryenType results);

#endif
