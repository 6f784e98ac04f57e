#include "dwarf/line_table.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdlib.h>
#include <string.h>

#include "support/map.h"

struct dump {
    struct buf files, rows;
    uint32_t file_count, row_count;
    struct map by_name; /* file's name, as libdw holds it -> position */
    uint32_t code_size;
};

/* Without the compiler's own directory, which belongs to the machine it ran on. */
static const char *below(const char *directory, const char *file) {
    size_t size = directory ? strlen(directory) : 0;
    if (size > 0 && strncmp(file, directory, size) == 0 && file[size] == '/')
        file += size + 1;
    while (file[0] == '.' && file[1] == '/')
        file += 2;
    return file;
}

static uint32_t file_number(struct dump *dump, const char *directory, const char *name) {
    uint32_t number;
    if (map_get(&dump->by_name, name, &number))
        return number;
    map_put(&dump->by_name, name, dump->file_count);
    const char *shown = below(directory, name);
    buf_append_u32le(&dump->files, (uint32_t)strlen(shown));
    buf_append_string(&dump->files, shown);
    return dump->file_count++;
}

/* The end of a sequence is a row without a line: what lies behind belongs to nobody. */
static void dump_row(struct dump *dump, const char *directory, Dwarf_Line *row) {
    Dwarf_Addr address = 0;
    bool ends = false;
    int line = 0;
    const char *name = dwarf_linesrc(row, NULL, NULL);
    if (dwarf_lineaddr(row, &address) != 0 || dwarf_lineendsequence(row, &ends) != 0 ||
        dwarf_lineno(row, &line) != 0 || !name || address > dump->code_size)
        return;
    buf_append_u32le(&dump->rows, (uint32_t)address);
    buf_append_u32le(&dump->rows, file_number(dump, directory, name));
    buf_append_u32le(&dump->rows, ends || line < 0 ? 0 : (uint32_t)line);
    dump->row_count++;
}

static void dump_unit(struct dump *dump, Dwarf_Die *unit) {
    Dwarf_Attribute attribute;
    Dwarf_Lines *lines;
    size_t count;
    const char *directory =
        dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute) ? &attribute : NULL);
    if (dwarf_getsrclines(unit, &lines, &count) != 0)
        return;
    for (size_t i = 0; i < count; i++)
        dump_row(dump, directory, dwarf_onesrcline(lines, i));
}

static void dump_units(struct dump *dump, Dwarf *dwarf) {
    Dwarf_CU *unit = NULL;
    Dwarf_Die die;
    while (dwarf_get_units(dwarf, unit, &unit, NULL, NULL, &die, NULL) == 0)
        dump_unit(dump, &die);
}

bool line_table_dump(struct buf *elf, uint32_t code_size, struct buf *out) {
    struct dump dump = {.code_size = code_size};
    elf_version(EV_CURRENT);
    Elf *file = elf_memory((char *)elf->data, elf->size);
    Dwarf *dwarf = file ? dwarf_begin_elf(file, DWARF_C_READ, NULL) : NULL;
    if (dwarf)
        dump_units(&dump, dwarf);
    buf_append_u32le(out, dump.file_count);
    buf_append(out, dump.files.data, dump.files.size);
    buf_append_u32le(out, dump.row_count);
    buf_append(out, dump.rows.data, dump.rows.size);
    buf_release(&dump.files);
    buf_release(&dump.rows);
    map_release(&dump.by_name);
    dwarf_end(dwarf);
    elf_end(file);
    return dwarf && dump.row_count > 0;
}
