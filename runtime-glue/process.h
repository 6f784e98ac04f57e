/*
 * process.h: the calls for arguments and environment; linked only into modules that ask for them.
 */
#ifndef SNAPIFY_GLUE_PROCESS_H
#define SNAPIFY_GLUE_PROCESS_H

#include "runtime-glue/glue.h"

WASI_IMPORT("args_sizes_get") uint32_t wasi_args_sizes_get(uint32_t *count, uint32_t *size);
WASI_IMPORT("args_get") uint32_t wasi_args_get(uint8_t **arguments, uint8_t *bytes);

#endif
