/*
 * isolate.h: runs the pipeline where its death does no harm.
 */
#ifndef SNAPIFY_ISOLATE_ISOLATE_H
#define SNAPIFY_ISOLATE_ISOLATE_H

#include "pipeline.h"

/* pipeline_run(), or what a test puts in its place. */
typedef enum snapify_status (*isolate_function)(const uint8_t *wasm, size_t size,
                                                const struct snapify_options *options,
                                                struct pipeline_result *result);

/*
 * Calls `run` in a child process (in this one if options->no_isolation), on a thread with a very
 * large stack, and moves everything it answers into the zeroed *result. If the child dies instead,
 * `result->diag` says of what, and the status says who is to blame. `nanoseconds` receives the wall
 * time of each phase, 0 for those not reached. Leaves no process, file or descriptor behind.
 */
enum snapify_status isolate_run(isolate_function run, const uint8_t *wasm, size_t size,
                                const struct snapify_options *options,
                                struct pipeline_result *result,
                                uint64_t nanoseconds[PIPELINE_PHASE_COUNT]);

#endif
