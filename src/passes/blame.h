/*
 * blame.h: where in the source the thing stands that a module is refused for.
 */
#ifndef SNAPIFY_PASSES_BLAME_H
#define SNAPIFY_PASSES_BLAME_H

#include "wasm/scan.h"

/* Adds the line of the instruction, or of the function, to each error that names one; from DWARF,
 * so often there is none. `scan`: of the input, borrowed; it may be empty. */
void blame_source(struct diag *diag, const struct wasm_scan *scan);

#endif
