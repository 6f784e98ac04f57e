/*
 * remap.h: a function body moves to a module in which things have other indices.
 *
 * Types, functions, globals, tables and element segments move; locals, labels, the memory, tags
 * and data segments keep their indices, because nobody adds any in front of those that are there.
 * What does not change is copied as it is: a body that nothing moves in stays byte for byte.
 */
#ifndef SNAPIFY_WASM_REMAP_H
#define SNAPIFY_WASM_REMAP_H

#include "support/buf.h"
#include "wasm/code.h"
#include "wasm/scan.h"
#include "wasm/types.h"

/* An index that nothing may name any more. */
#define WASM_GONE UINT32_MAX

/* From old to new indices. NULL: nothing moves. */
struct wasm_indices {
    const uint32_t *to; /* borrowed */
    size_t count;
};

struct wasm_remap {
    struct wasm_indices functions, globals, tables, elements;
    const struct wasm_scan *from; /* borrowed; the module whose types the body names */
    struct wasm_types *types;     /* borrowed; where they go. NULL: no type moves */
    uint32_t *known_types;        /* owned; per type of `from`: new index, WASM_GONE: not known */
};

/* Types of `from` move to `types`, in the order in which bodies name them; nothing else moves. */
void wasm_remap_init(struct wasm_remap *remap, const struct wasm_scan *from,
                     struct wasm_types *types);
void wasm_remap_release(struct wasm_remap *remap);

/* Where a type went. */
uint32_t wasm_remap_type(struct wasm_remap *remap, uint32_t type);

/* Appends the body (locals and code). Returns false if it is malformed, has instructions that the
 * walker does not know, names something that is gone, or names a type inside of a value type. */
bool wasm_remap_body(struct wasm_remap *remap, struct wasm_bytes body, struct buf *out);

/* Is a type of the module named by a local, or by a value of the instruction? Such types do not
 * move: they come with typed references, which are refused. */
bool wasm_has_typed_local(struct wasm_bytes body);
bool wasm_has_typed_value(const struct wasm_instruction *instruction, struct wasm_bytes body);

#endif
