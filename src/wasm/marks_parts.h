/*
 * marks_parts.h: what the parts of the mark reader share; private to marks*.c.
 *
 *   marks_records.c   sections and options -> records, each as its author wrote it
 *   marks_calls.c     who calls or names whom inside the module
 *   marks_wrappers.c  functions the linker put around exports -> the function meant
 *   marks_main.c      a marked main() that lost its export
 *   marks_tie.c       records -> functions
 *   marks.c           the order of all this, checks, the finished list
 */
#ifndef SNAPIFY_WASM_MARKS_PARTS_H
#define SNAPIFY_WASM_MARKS_PARTS_H

#include "wasm/marks.h"

#define MARKS_NO_FUNCTION UINT32_MAX

/* The first four are the form bytes of include/kafu.h. */
enum record_form {
    RECORD_EXPORTED =
        1,              /* function exported as kafu:UNIT:LINE:NUMBER, or that of the next record */
    RECORD_INDEX = 2,   /* function index written by the linker */
    RECORD_NAMED = 3,   /* function name */
    RECORD_EXPORT = 4,  /* KAFU_EXPORT: no mark, but ends a stack of marks */
    RECORD_SECTION = 5, /* older empty section .kafu_dest.FUNCTION.NODE */
    RECORD_OPTION = 6,  /* command line */
};

struct record {
    enum record_form form;
    enum mark_kind kind;        /* not of RECORD_EXPORT */
    struct wasm_bytes node;     /* borrowed, as all bytes here */
    struct wasm_bytes file;     /* size 0 for RECORD_SECTION and RECORD_OPTION */
    struct wasm_bytes line;     /* decimal */
    struct wasm_bytes unit;     /* the file given to the compiler; size 0 as above */
    struct wasm_bytes number;   /* decimal, unique in the unit */
    struct wasm_bytes function; /* its name; not of RECORD_EXPORTED */
    uint32_t index;             /* RECORD_INDEX */
    size_t offset;              /* in the module; 0 for RECORD_OPTION */
    uint32_t tied;              /* function found, wrappers followed; MARKS_NO_FUNCTION before */
};

struct record_list {
    struct record *items; /* owned */
    size_t count;
    size_t capacity;
};

/* Reads all sections that carry marks, or the options. Return 0, or -1 with an error. */
int records_read_sections(struct record_list *records, const struct wasm_scan *scan,
                          struct diag *diag);
int records_read_options(struct record_list *records, const struct snapify_options *options,
                         struct diag *diag);

/* The record as its author wrote it, for messages. Owned by the caller. */
char *record_describe(const struct record *record);

/* True for sections that carry marks. */
bool records_is_section(const struct wasm_section *section);

/* What the code of a module says about its functions. */
enum call_flags {
    CALL_FROM_OTHER = 1, /* some other function calls it */
    CALL_REFERENCE = 2,  /* an element segment, ref.func, a global or the start section names it */
};

struct calls {
    uint8_t *flags;      /* owned; enum call_flags by function index */
    uint32_t total;      /* functions, imported ones included */
    size_t plain_calls;  /* direct calls with an index as short as it can be */
    size_t padded_calls; /* direct calls with an index padded to 5 bytes: the linker's own */
};

int calls_read(struct calls *calls, const struct wasm_scan *scan, struct diag *diag);
void calls_release(struct calls *calls);

/* Fills inner[function] with the function that the linker wrapped, for wrappers, and with
 * `function` itself for all others. `inner` has calls->total entries. */
void wrappers_find(uint32_t *inner, const struct wasm_scan *scan, const struct calls *calls);

/* The marked main() that has lost its export, or MARKS_NO_FUNCTION. */
uint32_t find_hidden_main(const struct wasm_scan *scan);

/* Fills `tied` of all records. Returns 0, or -1 with an error. */
int records_tie(struct record_list *records, const struct wasm_scan *scan, const uint32_t *inner,
                struct diag *diag);

#endif
