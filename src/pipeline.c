/*
 * pipeline.c: a stand-in that hands the input back unchanged, until the passes are in place.
 */
#include "pipeline.h"

#include <string.h>

enum snapify_status pipeline_run(const uint8_t *wasm, size_t size,
                                 const struct snapify_options *options,
                                 struct pipeline_result *result) {
    if (size < 8 || memcmp(wasm, "\0asm\1\0\0\0", 8) != 0) {
        diag_error(&result->diag, (struct diag_place){0}, "this is not a WebAssembly module");
        return SNAPIFY_REFUSED;
    }
    pipeline_enter(result, PIPELINE_READ);
    pipeline_enter(result, PIPELINE_REWRITE);
    pipeline_enter(result, PIPELINE_WRITE);
    if (!options->list_only)
        buf_append(&result->module, wasm, size);
    return SNAPIFY_OK;
}
