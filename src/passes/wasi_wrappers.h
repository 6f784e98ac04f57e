/*
 * wasi_wrappers.h: what stands between the application and its WASI imports.
 */
#ifndef SNAPIFY_PASSES_WASI_WRAPPERS_H
#define SNAPIFY_PASSES_WASI_WRAPPERS_H

#include "passes/program.h"

#define WASI_MODULE "wasi_snapshot_preview1"

/* Does the module import a function that opens something, or names it by a path? */
bool wasi_opens_files(const struct program *program);

/* Puts wrappers into the place of the imports that concern descriptors. */
void wasi_wrap(struct program *program);

/* Was this one of them? */
bool wasi_is_wrapped(const struct program *program, const char *base);

/* The name of the import itself, made if there is none; owned by the caller. */
char *wasi_import(BinaryenModuleRef module, const char *base, BinaryenType params,
                  BinaryenType results);

#endif
