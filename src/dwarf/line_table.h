/*
 * line_table.h: inside of source_lines_read(): the part that looks into DWARF, by libdw.
 *
 * What it finds is passed on as numbers and texts (u32, little-endian; a text is its length and its
 * bytes): count of files, each a text; count of rows, each: address, file, line.
 */
#ifndef SNAPIFY_DWARF_LINE_TABLE_H
#define SNAPIFY_DWARF_LINE_TABLE_H

#include "support/buf.h"
#include "wasm/scan.h"

/* libdw reads ELF files: puts the debug sections of a module into one. */
void line_table_make_elf(const struct wasm_scan *scan, struct buf *elf);

/* Is this a section of DWARF? */
bool line_table_is_debug(const struct wasm_section *section);

/* The rows of all units; `code_size` bytes of code are there, rows elsewhere are left out. False if
 * there is nothing that can be read. */
bool line_table_dump(struct buf *elf, uint32_t code_size, struct buf *out);

#endif
