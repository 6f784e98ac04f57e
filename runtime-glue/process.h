/*
 * process.h: the calls for arguments and environment; linked only into modules that ask for them.
 */
#ifndef SNAPIFY_GLUE_PROCESS_H
#define SNAPIFY_GLUE_PROCESS_H

#include "runtime-glue/glue.h"

WASI_IMPORT("args_sizes_get") uint32_t wasi_args_sizes_get(uint32_t *count, uint32_t *size);
WASI_IMPORT("args_get") uint32_t wasi_args_get(uint8_t **arguments, uint8_t *bytes);

/* Hook of environ.c: what environ_get would give now, without the variables that are for us. Takes
 * scratch. Elsewhere it leaves *variables as it is. */
void snapify_environ_gather(struct snap_bytes *variables);

#pragma GCC visibility push(hidden)

/* process.c: what was restored. */
bool process_is_restored(void);
const struct snap_process *process_restored(void);
const char *process_restored_bytes(void);

/* Copies strings that end in NUL, and says where each begins. */
void process_copy_strings(const char *strings, uint32_t size, uint8_t ***pointers, uint8_t **bytes);

/* The arguments, or the environment, in scratch. */
struct snap_bytes process_strings_of_engine(bool arguments);

#pragma GCC visibility pop

#endif
