/*
 * explain.h: fills the explanations that the options ask for.
 */
#ifndef SNAPIFY_PASSES_EXPLAIN_H
#define SNAPIFY_PASSES_EXPLAIN_H

#include "passes/body.h"
#include "passes/callgraph.h"

/* Which functions, and why they are instrumented or not. Call it when points and suspendable
 * functions are known. Returns 0, or -1 with an error if a pattern matches nothing. */
int pass_explain(struct program *program, const struct callgraph *graph);

/* The sites of a function whose frames have been laid out. */
void explain_body(const struct body *body);

/* What a site is ("call", "loop"), what it calls ("": nothing) and how a local is called; the last
 * two owned by the caller. */
const char *explain_kind(const struct site *site);
char *explain_callee(const struct body *body, const struct site *site);
char *explain_local(const struct body *body, BinaryenIndex local);

/* The sizes of the bodies in the module that has been written. */
void explain_sizes(const struct program *program, const struct wasm_scan *written);

#endif
