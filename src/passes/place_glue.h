/*
 * place_glue.h: what attach_glue.c and place_glue.c share.
 */
#ifndef SNAPIFY_PASSES_PLACE_GLUE_H
#define SNAPIFY_PASSES_PLACE_GLUE_H

#include "passes/program.h"

/* The glue as a module; the caller disposes of it. */
BinaryenModuleRef place_glue_read(const struct snapify_options *options);

/* Adds the globals that the glue works with. */
void place_glue_globals(struct program *program);

#endif
