/*
 * names.h: the name section as Binaryen can read it.
 */
#ifndef SNAPIFY_WASM_NAMES_H
#define SNAPIFY_WASM_NAMES_H

#include "support/buf.h"
#include "wasm/scan.h"

bool wasm_is_name_section(const struct wasm_section *section);

/*
 * Appends the section to `out` without the subsections that tools number differently: wabt writes
 * the names of tags as number 10, which are names of fields elsewhere, and Binaryen 108 ends the
 * process over them. What stands behind a malformed subsection is left out, too.
 */
void wasm_copy_names(const struct wasm_section *section, struct buf *out);

#endif
