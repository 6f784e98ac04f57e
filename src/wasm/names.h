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

/* Sets names[i] to the names of the locals of function i (a name map, as in the section) for each
 * function that has some; `count` functions, the others' stay as they are. The bytes are borrowed
 * from the module. */
void wasm_read_local_names(const struct wasm_scan *scan, struct wasm_bytes *names, size_t count);

/* Names by function index, imports first; `count` of each, size 0: none. */
struct wasm_function_names {
    const struct wasm_bytes *functions; /* borrowed; NULL: no function has a name */
    const struct wasm_bytes *locals;    /* borrowed; as above */
    size_t count;
};

/* Appends the section to `out` with these names of functions and locals, and without those of
 * labels. */
void wasm_replace_names(const struct wasm_section *section, const struct wasm_function_names *names,
                        struct buf *out);

#endif
