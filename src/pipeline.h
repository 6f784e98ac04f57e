/*
 * pipeline.h: rewrites one module in this process, pass after pass.
 *
 * Binaryen ends the process on some malformed modules, so nobody but isolate.c calls this: it does
 * so in a child process, on a thread with a very large stack (deeply nested code recurses deeply).
 * What is printed meanwhile is captured and never shown as it is.
 */
#ifndef SNAPIFY_PIPELINE_H
#define SNAPIFY_PIPELINE_H

#include "snapify.h"
#include "support/buf.h"
#include "support/diag.h"
#include "support/explanation.h"

/* How far a run came. Who is to blame when the process dies depends on it: while Binaryen reads
 * and validates the input it is the input, everywhere else it is snapify. */
enum pipeline_phase {
    PIPELINE_SCAN = SNAPIFY_PHASE_SCAN,
    PIPELINE_READ = SNAPIFY_PHASE_READ,
    PIPELINE_REWRITE = SNAPIFY_PHASE_REWRITE,
    PIPELINE_WRITE = SNAPIFY_PHASE_WRITE, /* the patching and checking of the bytes included */
};
#define PIPELINE_PHASE_COUNT SNAPIFY_PHASE_COUNT

struct pipeline_result {
    struct buf module;            /* owned; empty unless SNAPIFY_OK and not list_only */
    struct snapify_point *points; /* owned, and so are the strings in them (malloc) */
    size_t point_count;
    struct explanation_list explanations; /* owned */
    struct diag diag;                     /* owned */
    enum pipeline_phase phase_reached;    /* set by pipeline_enter() */

    /* Called by pipeline_enter(); NULL: nobody listens. Borrowed, set by the caller before the run;
     * it must survive the death of the process, so it only stores. */
    void (*progress)(void *context, enum pipeline_phase phase);
    void *progress_context;
};

/*
 * Rewrites `wasm` (borrowed, `size` bytes, untrusted). `options` have passed the checks of
 * snapify_rewrite(). The caller zeroes *result, sets `progress`, and releases it whatever the
 * status. On any status but SNAPIFY_OK at least one message of `diag` is an error.
 */
enum snapify_status pipeline_run(const uint8_t *wasm, size_t size,
                                 const struct snapify_options *options,
                                 struct pipeline_result *result);

/* Says that a phase begins. pipeline_run() calls this at the start of each; PIPELINE_SCAN is
 * implied by the zeroed result. */
void pipeline_enter(struct pipeline_result *result, enum pipeline_phase phase);

/* Appends a point; both strings are copied. */
void pipeline_add_point(struct pipeline_result *result, const struct snapify_point *point);

/* Frees what the result owns and zeroes that part of it. */
void pipeline_result_release(struct pipeline_result *result);

#endif
