/*
 * scan_parse.h: what the parts of the scan share; private to scan*.c.
 *
 *   scan.c           module header, list and order of sections, look-up of functions
 *   scan_sections.c  types, imports, tables, memories, exports, globals, segments
 *   scan_code.c      function bodies
 *   scan_custom.c    custom sections: names, and those that say what kind of file this is
 */
#ifndef SNAPIFY_WASM_SCAN_PARSE_H
#define SNAPIFY_WASM_SCAN_PARSE_H

#include "wasm/leb128.h"
#include "wasm/scan.h"

/* Section ids (core specification 5.5.2, tags from the exception proposal). */
enum section_id {
    SECTION_CUSTOM = 0,
    SECTION_TYPE = 1,
    SECTION_IMPORT = 2,
    SECTION_FUNCTION = 3,
    SECTION_TABLE = 4,
    SECTION_MEMORY = 5,
    SECTION_GLOBAL = 6,
    SECTION_EXPORT = 7,
    SECTION_START = 8,
    SECTION_ELEMENT = 9,
    SECTION_CODE = 10,
    SECTION_DATA = 11,
    SECTION_DATA_COUNT = 12,
    SECTION_TAG = 13,
    SECTION_COUNT = 14,
};

struct scan_state {
    struct wasm_scan *scan;
    struct diag *diag;
    struct reader reader; /* over the whole module; `end` is the end of the current section */
    const char *section;  /* name of the current section for messages */
    uint32_t data_count;  /* of the data count section */
    bool has_data_count;
    uint32_t segment_count; /* of the data section */
    uint32_t body_count;    /* of the code section */
};

/* Place of one byte of the module in a message. */
struct diag_place scan_place(size_t offset);

/* "the import section is malformed or cut off in entry 3", at the reader's position. */
int scan_error_entry(struct scan_state *state, uint32_t entry);

/* Reads a count of entries that take at least one byte each. Returns 0 or -1 with an error. */
int scan_read_count(struct scan_state *state, uint32_t *count);

/* Reads a name (length, UTF-8). */
bool scan_read_name(struct reader *reader, struct wasm_bytes *name);

/* Parsers of one section each, reader at its payload. They return 0 or -1 with an error. */
int scan_types(struct scan_state *state);
int scan_imports(struct scan_state *state);
int scan_functions(struct scan_state *state);
int scan_tables(struct scan_state *state);
int scan_memories(struct scan_state *state);
int scan_globals(struct scan_state *state);
int scan_exports(struct scan_state *state);
int scan_start(struct scan_state *state);
int scan_elements(struct scan_state *state);
int scan_code(struct scan_state *state);
int scan_data(struct scan_state *state);
int scan_data_count(struct scan_state *state);
int scan_tags(struct scan_state *state);

/* Looks at all custom sections, when everything else has been read. */
int scan_custom_sections(struct scan_state *state);

#endif
