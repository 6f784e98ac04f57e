/*
 * splice.h: puts the bodies of functions into a module that has been written without them.
 */
#ifndef SNAPIFY_WASM_SPLICE_H
#define SNAPIFY_WASM_SPLICE_H

#include "wasm/names.h"
#include "wasm/remap.h"

struct wasm_splice {
    struct wasm_bytes frame;          /* borrowed; the module to put them into */
    const struct wasm_bytes *code;    /* borrowed; per function of the frame, imports included: the
                                         body to put there, its types being those of `types`; size 0:
                                         the frame's own stays */
    struct wasm_function_names names; /* of the result, used if the frame has a name section */
    struct wasm_types *types;         /* borrowed; the types of the result: the frame's are added */
};

/* Appends the result to `out`. Returns 0, or -1 with an error. */
int wasm_splice_apply(const struct wasm_splice *splice, struct buf *out, struct diag *diag);

#endif
