/*
 * excerpts.h: the passes that look at code, over a module of which Binaryen never has all of it.
 *
 * Each of these steps goes through the module batch by batch: it reads an excerpt (wasm/bodies.h),
 * turns the program to it, does its work on the functions that are loaded, takes their new bodies
 * as bytes and disposes of the excerpt. In the end the bodies are put into the frame.
 *
 * Nothing depends on which functions are in a batch together.
 */
#ifndef SNAPIFY_EXCERPTS_H
#define SNAPIFY_EXCERPTS_H

#include "ir/spaces.h"
#include "passes/callgraph.h"
#include "passes/program.h"
#include "wasm/bodies.h"

struct excerpts {
    struct wasm_bodies bodies;  /* owned */
    struct program *program;    /* borrowed */
    BinaryenFeatures features;  /* of the module */
    struct ir_spaces original;  /* owned; of the frame as it was read */
    struct wasm_bytes *landing; /* owned array, by position: the function's second part, if any */
    bool with_names;            /* of locals: somebody will see them */
    size_t batch_bytes;         /* of code that Binaryen reads at a time, if several functions */
};

/* Over the module of the `size` bytes, which must outlive this. Returns 0, or -1 with an error;
 * release in both cases. */
int excerpts_init(struct excerpts *excerpts, const uint8_t *module, size_t size,
                  const struct snapify_options *options, struct diag *diag);
void excerpts_release(struct excerpts *excerpts);

/* The module without code, for the caller to dispose of; `features` are set. NULL, with an error,
 * if it is not valid. */
BinaryenModuleRef excerpts_read_frame(struct excerpts *excerpts, const struct wasm_scan *scan,
                                      struct diag *diag);

/* Reads all functions, checks that they are valid and fills the graph (NULL: nobody needs it),
 * which the caller has zeroed and releases in any case. Returns 0, or -1 with an error. */
int excerpts_survey(struct excerpts *excerpts, struct callgraph *graph);

/* Optimizes the functions that are going to change. */
int excerpts_optimize(struct excerpts *excerpts);

/* Gives the functions that change their new bodies. The frame must have everything by now that
 * these name. */
int excerpts_rewrite(struct excerpts *excerpts);

/* Writes the frame and puts all bodies into it: appends the module to `out`. */
int excerpts_splice(struct excerpts *excerpts, struct buf *out);

#endif
