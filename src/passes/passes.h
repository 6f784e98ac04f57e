/*
 * passes.h: the passes in running order. Each takes the program as the one before left it; those
 * that can refuse return 0, or -1 with an error in program->diag.
 */
#ifndef SNAPIFY_PASSES_PASSES_H
#define SNAPIFY_PASSES_PASSES_H

#include "passes/callgraph.h"
#include "passes/glue_data.h"
#include "passes/program.h"

/* poll_oneoff becomes a loop that can have a point; notes what the module asks of WASI. */
void pass_wasi_poll(struct program *program);
void pass_wasi_reads(struct program *program); /* behind it */

/* Short recursive functions that are loaded take two levels with one call, where points are
 * everywhere. */
void pass_unroll_calls(struct program *program);

/* Which functions get points: sets `entry_point`, `return_point`, `loop_points`, `cost`, `budget`.
 */
void pass_select_points(struct program *program, const struct callgraph *graph);

/* Its part where no kinds are named: points in the `chosen` functions (one flag per function), as
 * few as keep the distance between two of them short. */
void pass_thin_points(struct program *program, const struct callgraph *graph, const bool *chosen);

/* Hands every point that was selected to `add`; the strings are gone afterwards. */
typedef void program_point_fn(void *context, const struct snapify_point *point);
void program_list_points(const struct program *program, program_point_fn *add, void *context);

/* Which functions can be on the stack at a point: sets `suspendable`, `indirect`. */
void pass_find_suspendable(struct program *program, const struct callgraph *graph);

/* Refuse what cannot be suspended, naming function and remedy: what is refused in any program with
 * points, before Binaryen reads it, and what is refused in a suspendable function. */
int pass_refuse_module(const struct wasm_scan *scan, struct diag *diag);
int pass_refuse_unsupported(struct program *program);

/* Tables that change become arrays of the glue: what wasm_references_lower() left of them goes,
 * and before that the calls that stand for their instructions. */
void pass_table_calls(struct program *program);
void pass_tables(struct program *program);

/* Optimizes functions that are loaded, if the options say so. `code` is what they were read from,
 * per defined function. */
bool pass_optimizes(const struct snapify_options *options);
void pass_optimize(struct program *program, const struct wasm_bytes *code);

/* memory.size and memory.grow of the application keep clear of the region. */
void pass_app_memory(struct program *program);

/* Which passive data segments were dropped is kept in globals: one is made when the first
 * instruction that drops the segment is noted, at the latest by the pass. */
void pass_note_data_drop(struct program *program, BinaryenExpressionRef drop);
void pass_data_drop(struct program *program);

/* Calls of imports that only translate a descriptor do it themselves. Is this such a call? Does the
 * function do nothing else? When it is known what is suspendable, the callers of those change. */
bool pass_is_wasi_direct(const struct program *program, BinaryenExpressionRef expr);
void pass_note_wasi_direct(struct program *program, struct function *function);
void pass_find_wasi_direct(struct program *program, const struct callgraph *graph);
void pass_wasi_direct(struct program *program);

/* Points, unwind and rewind in every suspendable function. */
int pass_instrument(struct program *program);

/* Behind pass_instrument(): says which functions lost their tail calls; where none is left, the
 * output asks for no engine that has them. */
void pass_settle_tail_calls(struct program *program);

/* Saving and loading the application's globals; the flags of the marks. */
void pass_globals(struct program *program);

/* Puts a wrapper around every exported function; fills `exports`. */
void pass_wrap_exports(struct program *program);

/* Copies the glue into the module. Where its data lies is not known yet: the globals that say so
 * are 0. */
int pass_attach_glue(struct program *program);

/* When all sites are known: appends the bytes of the glue's data, config filled in, to `image`, and
 * sets the globals. */
int pass_place_glue(struct program *program, struct glue_layout *layout, struct buf *image);

#endif
