/*
 * elements.h: reads the entries of an element section, all eight forms of the core specification
 * (5.5.12). Shared by the scan, which checks them, and by the marks, which ask what they name.
 */
#ifndef SNAPIFY_WASM_ELEMENTS_H
#define SNAPIFY_WASM_ELEMENTS_H

#include "wasm/code.h"

enum wasm_element_mode {
    WASM_ELEMENT_ACTIVE,
    WASM_ELEMENT_PASSIVE,
    WASM_ELEMENT_DECLARED,
};

/* What stands in front of a segment's items. */
struct wasm_element_head {
    enum wasm_element_mode mode;
    uint32_t table;           /* active only */
    struct wasm_bytes offset; /* active only: expression */
    bool expressions;         /* items are constant expressions, not function indices */
    uint32_t count;           /* items */
};

/* The parts of an element segment; false if it is malformed. `visit` may be NULL. */
bool wasm_elements_read_head(struct reader *reader, struct wasm_element_head *head);
bool wasm_elements_skip_items(struct reader *reader, struct wasm_element_head head,
                              wasm_visit_function *visit, void *context);

/* Moves over one element segment; false if it is malformed. `visit` may be NULL. */
bool wasm_elements_skip(struct reader *reader, wasm_visit_function *visit, void *context);

/* Calls `visit` for every function that a payload of an element section (id 9) or of a global
 * section (id 6) names. The payload has been scanned before. */
void wasm_elements_visit(struct wasm_bytes payload, wasm_visit_function *visit, void *context);
void wasm_globals_visit(struct wasm_bytes payload, wasm_visit_function *visit, void *context);

#endif
