/*
 * scan.h: our own look at the raw sections of a module, before Binaryen sees a byte.
 *
 * Everything points into the caller's bytes, which must stay alive and unchanged as long as the
 * scan is used. All lengths are checked against what is left.
 */
#ifndef SNAPIFY_WASM_SCAN_H
#define SNAPIFY_WASM_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "support/diag.h"

/* A custom section with the version of snapify that made the module. */
#define SECTION_REWRITTEN "snapify"

struct wasm_bytes { /* borrowed */
    const uint8_t *data;
    size_t size; /* bytes */
};

/* Order of the bytes, shorter first if one begins the other: <0, 0, >0. */
int wasm_bytes_compare(struct wasm_bytes a, struct wasm_bytes b);

struct wasm_section {
    uint8_t id;                /* WebAssembly core specification 5.5.2; 0 = custom */
    struct wasm_bytes name;    /* custom sections only */
    struct wasm_bytes payload; /* behind id and size; for custom sections behind the name */
    size_t start;              /* offset of the id byte in the module */
    size_t end;                /* offset behind the section */
};

enum wasm_kind {
    WASM_FUNCTION,
    WASM_TABLE,
    WASM_MEMORY,
    WASM_GLOBAL,
    WASM_TAG
};

struct wasm_import {
    struct wasm_bytes module, name;
    uint8_t kind;           /* enum wasm_kind */
    struct wasm_bytes what; /* behind the kind */
    uint32_t type;          /* of a function or tag: index into the type section; else 0 */
};

struct wasm_export {
    struct wasm_bytes name;
    uint8_t kind; /* enum wasm_kind */
    uint32_t index;
};

struct wasm_table {
    uint64_t initial; /* entries */
    uint64_t maximum; /* entries; only if has_maximum */
    bool has_maximum;
    bool is64;
    bool imported;
    struct wasm_bytes entry;       /* all of its declaration; size 0 if imported */
    struct wasm_bytes initializer; /* expression; size 0: none, all entries are null */
};

struct wasm_global {
    struct wasm_bytes type; /* a value type */
    bool is_mutable;
    bool imported;
    struct wasm_bytes initializer; /* expression; size 0 if imported */
};

struct wasm_memory {
    uint64_t initial; /* pages */
    uint64_t maximum; /* pages; only if has_maximum */
    bool has_maximum;
    bool shared;
    bool is64;
    bool imported;
};

struct wasm_function {      /* defined functions only */
    uint32_t type;          /* index into the type section */
    struct wasm_bytes body; /* locals and code, without the size in front */
};

struct wasm_scan {
    struct wasm_bytes module;
    struct wasm_section *sections; /* owned */
    size_t section_count;
    struct wasm_import *imports; /* owned */
    size_t import_count;
    struct wasm_table *tables; /* owned; imported ones first, and so below */
    uint32_t table_count;
    struct wasm_global *globals; /* owned */
    uint32_t global_count;
    uint32_t *tag_types; /* owned; indices into the type section */
    uint32_t tag_count;
    struct wasm_export *exports; /* owned */
    size_t export_count;
    struct wasm_function *functions; /* owned; function index = imported_functions + position */
    size_t function_count;
    uint32_t imported_functions;
    struct wasm_bytes
        *types; /* owned; each the bytes of one function type, parameters' count first */
    uint32_t type_count;
    struct wasm_memory memory; /* of memory 0 */
    uint32_t memory_count;     /* imported ones included */
    bool has_start;
    uint32_t start;         /* function index, only if has_start */
    bool is_shared_library; /* a position-independent side module, not a program */
    bool is_rewritten;      /* carries the section that snapify leaves in what it made */
    bool has_target_features;
    bool uses_bulk_memory_opt; /* said by target_features; a name that Binaryen may not know */
    struct wasm_bytes *function_names; /* owned; from the name section, indexed by function index;
                                          size 0 = none; NULL = no name section */
};

/* Returns 0, or -1 with one error in `diag`. Release the scan in both cases. */
int wasm_scan_read(struct wasm_scan *scan, const uint8_t *module, size_t size, struct diag *diag);
void wasm_scan_release(struct wasm_scan *scan);

/* The name to show a user: name section, else first export name (marks' own exports left aside),
 * else "func[INDEX]". Owned by the caller. */
char *wasm_scan_function_name(const struct wasm_scan *scan, uint32_t function);

/* The function with this export name or name-section name: its index, or UINT32_MAX if there is
 * none, UINT32_MAX - 1 if several functions carry the name-section name. */
uint32_t wasm_scan_find_function(const struct wasm_scan *scan, const char *name);

#endif
