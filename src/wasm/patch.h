/*
 * patch.h: last changes to a finished module, on its bytes: what Binaryen's C API cannot say in
 * the same way in every version.
 */
#ifndef SNAPIFY_WASM_PATCH_H
#define SNAPIFY_WASM_PATCH_H

#include "support/buf.h"
#include "wasm/scan.h"

struct wasm_patch {
    uint32_t initial_pages; /* new initial size of memory 0 */
    bool has_maximum;       /* the new declaration has a maximum */
    bool export_memory;     /* as "memory", if no memory is exported */
    uint32_t maximum_pages;
    uint32_t segment_address; /* where the new data goes */
    struct wasm_bytes segment;
};

/*
 * Appends to `out` the module with memory 0's limits replaced, an export of it if wanted (where
 * there is an export section) and the new data in active segments behind the others, at least one,
 * without longer stretches of zeros, which are there already (data count section kept in step;
 * sections made if missing). Returns 0, or -1 with an error if the module
 * defines no memory or is malformed.
 */
int wasm_patch_apply(const struct wasm_patch *patch, const uint8_t *module, size_t size,
                     struct buf *out, struct diag *diag);

#endif
