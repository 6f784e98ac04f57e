/*
 * origins.h: where in the input an instruction stood that Binaryen made an expression of.
 */
#ifndef SNAPIFY_PASSES_ORIGINS_H
#define SNAPIFY_PASSES_ORIGINS_H

#include "dwarf/source_lines.h"
#include "passes/body.h"

struct events; /* origins.c */

/* What is needed to name the source of a site. */
struct origins {
    const struct wasm_scan *scan; /* of the input as it was; borrowed */
    struct source_lines lines;    /* owned; empty: nothing is known */
    struct map addresses;         /* calls and loops that are loaded -> addresses of DWARF */
    struct events *kept; /* owned; per defined function: its calls and loops when it was optimized;
                            NULL: there are no lines */
};

/* Notes in `diag` why there are no lines. `scan` is of the input before references were lowered. */
void origins_init(struct origins *origins, const struct wasm_scan *scan, struct diag *diag);

/* For the functions that have just been loaded: no expression has changed yet. */
void origins_load(struct origins *origins, const struct program *program);

/* `copy` was made of `expr`, and nothing in it has changed yet. */
void origins_copied(struct origins *origins, BinaryenExpressionRef expr,
                    BinaryenExpressionRef copy);

/* Before the functions that are loaded are written, when they have been optimized. */
void origins_keep(struct origins *origins, const struct program *program);

void origins_release(struct origins *origins);

/* The line of a site; false if it is not known. */
bool origins_of_site(const struct origins *origins, const struct body *body,
                     const struct site *site, struct source_place *place);

/* The line where a function begins. */
bool origins_of_function(const struct origins *origins, uint32_t function,
                         struct source_place *place);

#endif
