/*
 * elf_image.c: the debug sections of a module as an ELF file in memory, which is what libdw reads.
 *
 *     header | contents of the sections, one behind the other | their names | table of sections
 *
 * 32 bits, little-endian, as wasm32 is. The machine is none: line tables do not depend on it.
 */
#include <elf.h>
#include <string.h>

#include "dwarf/line_table.h"

static const char prefix[] = ".debug_";

bool line_table_is_debug(const struct wasm_section *section) {
    return section->id == 0 && section->name.size > strlen(prefix) &&
           memcmp(section->name.data, prefix, strlen(prefix)) == 0;
}

static void add_header(struct buf *table, uint32_t name, uint32_t type, size_t offset,
                       size_t size) {
    Elf32_Shdr header = {.sh_name = name,
                         .sh_type = type,
                         .sh_offset = (uint32_t)offset,
                         .sh_size = (uint32_t)size,
                         .sh_addralign = 1};
    buf_append(table, &header, sizeof header);
}

static void set_header(struct buf *elf, size_t table_offset, size_t section_count) {
    Elf32_Ehdr header = {
        .e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB, EV_CURRENT},
        .e_type = ET_EXEC,
        .e_machine = EM_NONE,
        .e_version = EV_CURRENT,
        .e_ehsize = sizeof(Elf32_Ehdr),
        .e_shentsize = sizeof(Elf32_Shdr),
        .e_shoff = (uint32_t)table_offset,
        .e_shnum = (uint16_t)section_count,
        .e_shstrndx = (uint16_t)(section_count - 1),
    };
    memcpy(elf->data, &header, sizeof header);
}

void line_table_make_elf(const struct wasm_scan *scan, struct buf *elf) {
    struct buf table = {0}, names = {0};
    buf_append_zeros(elf, sizeof(Elf32_Ehdr));
    buf_append_u8(&names, 0);
    add_header(&table, 0, SHT_NULL, 0, 0);
    for (size_t i = 0; i < scan->section_count; i++) {
        const struct wasm_section *section = &scan->sections[i];
        if (!line_table_is_debug(section))
            continue;
        add_header(&table, (uint32_t)names.size, SHT_PROGBITS, elf->size, section->payload.size);
        buf_append(elf, section->payload.data, section->payload.size);
        buf_append(&names, section->name.data, section->name.size);
        buf_append_u8(&names, 0);
    }
    uint32_t own_name = (uint32_t)names.size;
    buf_append(&names, ".shstrtab", sizeof ".shstrtab");
    add_header(&table, own_name, SHT_STRTAB, elf->size, names.size);
    buf_append(elf, names.data, names.size);
    buf_append_zeros(elf, -elf->size % 4);
    set_header(elf, elf->size, table.size / sizeof(Elf32_Shdr));
    buf_append(elf, table.data, table.size);
    buf_release(&table);
    buf_release(&names);
}
