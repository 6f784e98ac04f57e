/*
 * references.h: references become numbers, tables that change become arrays.
 *
 * No instruction can look into a reference, so a snapshot cannot hold one. A module whose code
 * handles references is rewritten, before anything else, into one that does the same with numbers:
 *
 *     funcref, externref    =>  i32; 0 is null, n the n-th function in a new table that never
 *                               changes, the *directory*. No WASI host gives an externref away, so
 *                               that all of them are null.
 *     ref.func, ref.null    =>  i32.const
 *     table.set and others  =>  calls of helpers with the table's number, on an array of numbers
 *     table.get             =>  if entry < size: array, else trap
 *     call_indirect         =>  on a table that changes: array, then directory
 *     elem.drop             =>  the segment's length, now a global, becomes 0
 *
 * So numbers are locals, globals and frames like any others, and the array is all that a snapshot
 * needs of a table. An indirect call that is on the stack is called again by its number in the
 * directory: the right function even if its entry in the table has changed since.
 *
 * On bytes, because each instruction has a replacement of its own, whatever Binaryen can read. No
 * index moves: helpers, globals and the directory come behind what is there, and what is not needed
 * any more is left empty for a pass to remove.
 */
#ifndef SNAPIFY_WASM_REFERENCES_H
#define SNAPIFY_WASM_REFERENCES_H

#include "support/buf.h"
#include "wasm/scan.h"

/* Functions that stand for the instructions; their last parameters are what the instruction has as
 * immediates: number of the array, of the segment, length of the segment. */
enum wasm_helper {
    WASM_HELPER_SET,  /* entry, number, array */
    WASM_HELPER_SIZE, /* array: entries */
    WASM_HELPER_GROW, /* number, entries, array: size before, or -1 */
    WASM_HELPER_FILL, /* entry, number, entries, array */
    WASM_HELPER_COPY, /* to entry, from entry, entries, to array, from array */
    WASM_HELPER_INIT, /* to entry, from item, items, array, segment, length of the segment */
    WASM_HELPER_AT,   /* entry, array: number; the entry is there */
    WASM_HELPER_COUNT,
};

struct wasm_numbers {
    uint32_t *items; /* owned */
    size_t count;
};

/* A table that is an array now. */
struct wasm_array {
    uint32_t table;               /* its index in the module */
    bool changes;                 /* the table itself is empty and used no more */
    uint32_t initial, maximum;    /* entries */
    struct wasm_numbers contents; /* of the first entries; those behind are null */
};

struct wasm_references {
    bool used;                 /* the module was rewritten; else the rest is empty */
    struct wasm_array *arrays; /* owned */
    size_t array_count;
    struct wasm_numbers
        *segments; /* owned; by index of the element segment; empty if not passive */
    size_t segment_count;
    uint32_t first_helper; /* function index; WASM_HELPER_COUNT of them */
};

/*
 * Appends the rewritten module to `out`, or nothing if its code handles no references. Returns 0,
 * or -1 with an error if references come from or go to the host. Release `references` in both
 * cases.
 */
int wasm_references_lower(struct wasm_references *references, const struct wasm_scan *scan,
                          struct buf *out, struct diag *diag);
void wasm_references_release(struct wasm_references *references);

#endif
