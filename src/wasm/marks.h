/*
 * marks.h: reads the marks that include/kafu.h leaves in a module, and those of the command line.
 */
#ifndef SNAPIFY_WASM_MARKS_H
#define SNAPIFY_WASM_MARKS_H

#include "support/buf.h"
#include "wasm/scan.h"

enum mark_kind {
    MARK_DEST = 0,
    MARK_MAY_OFFLOAD = 1,
};

struct mark {
    enum mark_kind kind;
    uint32_t function; /* function index in the input, wrappers followed */
    char *node;        /* owned, NUL-terminated, not empty */
};

struct mark_list {
    struct mark *items; /* owned; in the order of function index, then of the source */
    size_t count;
    /* Owned; indices of linker-made wrappers that only the marks' exports reach. */
    uint32_t *wrappers;
    size_t wrapper_count;
};

/* Collects all marks of the module and of the options. Returns 0, or -1 with an error. */
int marks_read(struct mark_list *marks, const struct wasm_scan *scan,
               const struct snapify_options *options, struct diag *diag);
void marks_release(struct mark_list *marks);

/* True for the names of exports that exist only for the marks ("kafu:..."). */
bool marks_is_export(struct wasm_bytes name);

/* Appends the module to `out` without the sections that carry marks. */
void marks_strip_sections(const struct wasm_scan *scan, struct buf *out);

#endif
