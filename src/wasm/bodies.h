/*
 * bodies.h: a module whose function bodies are taken out, a few at a time, and replaced.
 *
 * Binaryen's code takes twenty times the bytes it was read from, instrumented code eighty times. So
 * it never gets all of it: an *excerpt* is the module with some bodies, the others are
 * `unreachable`. Nothing moves, so every index in it is that of the module. Functions have no
 * names.
 */
#ifndef SNAPIFY_WASM_BODIES_H
#define SNAPIFY_WASM_BODIES_H

#include "support/buf.h"
#include "wasm/scan.h"
#include "wasm/types.h"

struct wasm_bodies {
    struct wasm_scan scan;          /* owned; of the module, whose bytes are borrowed */
    struct wasm_types types;        /* owned; those that the bodies name */
    size_t count;                   /* of defined functions; `code` is by their position */
    struct wasm_bytes *code;        /* owned array: locals and code as they are by now */
    struct wasm_bytes *local_names; /* owned array, by function index, imports first (names.h) */
    struct buf *written;            /* owned; what replaced bodies point into */
    size_t written_count;
};

/* Over a module, `size` bytes, that must outlive this; `with_names`: of locals, too. Returns 0, or
 * -1 with an error; release in both cases. */
int wasm_bodies_init(struct wasm_bodies *bodies, const uint8_t *module, size_t size,
                     bool with_names, struct diag *diag);
void wasm_bodies_release(struct wasm_bodies *bodies);

/* Takes over the bytes that code and local names are about to point into. */
void wasm_bodies_own(struct wasm_bodies *bodies, struct buf *written);

/* Which bodies are together in an excerpt: neighbours. */
struct wasm_batch {
    size_t first, end; /* positions */
};

/* The batch behind `batch` (zeroed: the first one): as many wanted bodies as fit into `most` bytes,
 * at least one. `wanted` has a flag per position. Returns false if no wanted body is left. */
bool wasm_bodies_next(const struct wasm_bodies *bodies, const bool *wanted, size_t most,
                      struct wasm_batch *batch);

/* Appends the module with the wanted bodies of the batch. If these are not all, exports, the start
 * section, contents of data segments and custom sections other than names and features are left
 * out, too. */
void wasm_bodies_excerpt(const struct wasm_bodies *bodies, const bool *wanted,
                         struct wasm_batch batch, struct buf *out);

/* Appends the module without any body and without the names of locals. What bodies take references
 * of is still referred to. */
void wasm_bodies_frame(const struct wasm_bodies *bodies, struct buf *out);

#endif
