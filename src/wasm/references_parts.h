/*
 * references_parts.h: what the parts of the lowering of references share; private to references*.c.
 *
 *   references_survey.c    which tables change, which functions are named, is there anything to do
 *   references_contents.c  what globals, tables and segments hold at the start -> numbers
 *   references_check.c     refusals: references that come from the host or go there
 *   references_code.c      function bodies, rewritten
 *   references.c           the order of all this; the sections, rewritten
 */
#ifndef SNAPIFY_WASM_REFERENCES_PARTS_H
#define SNAPIFY_WASM_REFERENCES_PARTS_H

#include "wasm/code.h"
#include "wasm/references.h"

#define NO_INDEX UINT32_MAX

/* What instructions do with a table. */
struct table_use {
    bool written;
    bool read;
    uint32_t array; /* its number among the arrays, or NO_INDEX */
};

struct lowering {
    const struct wasm_scan *scan;
    struct diag *diag;
    struct wasm_references *result;
    bool used;                 /* the code handles references */
    bool has_typed;            /* typed function references, too */
    size_t typed_offset;       /* where */
    struct table_use *tables;  /* owned; by index, as in the scan */
    uint32_t *numbers;         /* owned; by function index; 0: none */
    struct wasm_numbers named; /* functions in the order of their numbers, from 1 */
    uint32_t *global_numbers;  /* owned; by index: what a global that is a reference starts with */
    bool *called;              /* owned; by type: an indirect call names it */
    uint32_t *length_global;   /* owned; by segment: global with its length, or NO_INDEX */
    uint32_t *lengths;         /* owned; initial values of these globals */
    uint32_t length_count;
    bool directory;                   /* some table changes, so that indirect calls go through it */
    bool globals_done, elements_done; /* sections, while they are written */
};

/* What a value type is to us. */
enum value_kind {
    VALUE_NUMBER,    /* stays as it is */
    VALUE_REFERENCE, /* funcref, externref */
    VALUE_TYPED,     /* to a type of its own, or never null */
    VALUE_MALFORMED,
};
enum value_kind references_read_type(struct reader *reader);

/* Does a list of types, its count in front, hold a reference? Moves over it. */
bool references_in_list(struct reader *reader);

/* Does a function type take or give references? */
bool references_in_type(const struct wasm_scan *scan, uint32_t type);

/* Index of the type of a function, which may be imported. */
uint32_t references_type_of(const struct wasm_scan *scan, uint32_t function);

/* The number that stands for a function; the first who asks gives it one. */
uint32_t references_number(struct lowering *lowering, uint32_t function);

/* The payload of a section, empty if there is none. */
struct wasm_bytes references_section(const struct wasm_scan *scan, uint8_t id);

/* The steps. Those that return an int return 0, or -1 with an error. */
int references_survey(struct lowering *lowering);
int references_read_contents(struct lowering *lowering);
int references_check(const struct lowering *lowering);

/* Is global `global` a reference? */
bool references_is_global(const struct wasm_scan *scan, uint32_t global);

/* Append what stands at the reader, lowered: a type, a list of types. */
void references_append_type(struct buf *out, struct reader *reader);
void references_append_types(struct buf *out, struct reader *reader);

/* A body with its size in front. */
void references_append_body(struct buf *out, struct lowering *lowering,
                            const struct wasm_function *function);

#endif
