/*
 * source_lines.h: which line of the source a place in the code comes from, from the DWARF that a
 * compiler left in the module (.debug_line and what it refers to).
 *
 * Addresses are those of DWARF for WebAssembly: bytes from the start of the code section's
 * contents.
 */
#ifndef SNAPIFY_DWARF_SOURCE_LINES_H
#define SNAPIFY_DWARF_SOURCE_LINES_H

#include "wasm/scan.h"

/* A line, for the code from `address` up to the next row's. */
struct source_row {
    uint32_t address;
    uint32_t file; /* position in source_lines.files */
    uint32_t line; /* from 1; 0: no line in particular, or no code */
    size_t order;  /* in the line table */
};

/* Zeroed is empty. */
struct source_lines {
    char **files; /* owned, and so are the strings: relative to where the compiler ran, if below */
    size_t file_count;
    struct source_row *rows; /* owned; by address */
    size_t row_count;
};

struct source_place {
    const char *file; /* borrowed from the lines */
    uint32_t line;    /* from 1 */
};

/* True if the module has what source_lines_read() needs. */
bool source_lines_exist(const struct wasm_scan *scan);

/*
 * Reads them all. What stands in DWARF is nobody's promise, so it is taken apart in a process of
 * its own, with limits to its time and memory. Returns NULL, or a static text that says why there
 * are no lines; release in both cases.
 */
const char *source_lines_read(struct source_lines *lines, const struct wasm_scan *scan);
void source_lines_release(struct source_lines *lines);

/* Where the instruction at an address comes from; false if that is not known. */
bool source_lines_find(const struct source_lines *lines, uint32_t address,
                       struct source_place *place);

/* The same; if no line is known there, the first one that is known before `end`. */
bool source_lines_first(const struct source_lines *lines, uint32_t from, uint32_t end,
                        struct source_place *place);

/* Where a function of the scanned module begins and ends. `function`: position among the defined.
 */
bool source_lines_begin(const struct source_lines *lines, const struct wasm_scan *scan,
                        size_t function, struct source_place *place);
bool source_lines_end(const struct source_lines *lines, const struct wasm_scan *scan,
                      size_t function, struct source_place *place);

/* Address of a byte of the code section; 0 if it is not in there. */
uint32_t source_address(const struct wasm_scan *scan, const uint8_t *byte);

#endif
