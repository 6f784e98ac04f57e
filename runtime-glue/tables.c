/*
 * tables.c: tables that the program changes, as arrays of numbers that stand for functions.
 *
 *     kept strings | count | sizes of all tables | entries of table 0 | of table 1 ... |
 * descriptors ^ tables_start()                                                    ^ tables_end()
 *
 * All are u32, and just what the snapshot's section holds. A table grows while the program runs.
 * table.get and call_indirect look into it by themselves (src/passes/tables.c), other instructions
 * call a function here. Linked only into modules that have such tables.
 */
#include "runtime-glue/glue.h"

static struct snapify_table *tables(void) {
    return (struct snapify_table *)(void *)at(base_get() + snapify_config.tables_offset);
}

static uint32_t *content(void) {
    return (uint32_t *)(void *)at(base_get() + tables_start());
}

static uint32_t head_words(void) {
    return 1 + 2 * snapify_config.table_count;
}

static uint32_t *size_of(uint32_t table) {
    return content() + 1 + 2 * table;
}

/* Of its first entry: words from the start of the content. */
static uint32_t *position_of(uint32_t table) {
    return size_of(table) + 1;
}

static uint32_t *entry_of(uint32_t table, uint32_t index) {
    return content() + *position_of(table) + index;
}

/* Traps like an instruction that goes beyond a table or segment. */
static void check_bounds(uint32_t start, uint32_t count, uint32_t size) {
    if (count > size || start > size - count)
        __builtin_trap();
}

/* ---- the start, the restore ---- */

/* Do the sizes fit the tables, the positions the sizes, and all of it into `words`? */
static bool is_sound(uint32_t words) {
    uint64_t next = head_words();
    for (uint32_t i = 0; i < snapify_config.table_count; i++) {
        if (*size_of(i) < tables()[i].initial || *size_of(i) > tables()[i].maximum ||
            *position_of(i) != next)
            return false;
        next += *size_of(i);
    }
    return *content() == snapify_config.table_count && next == words;
}

SNAPIFY_EXPORT("snapify_tables_moved") void snapify_tables_moved(void) {
    tables_set(tables_start());
}

/* What is behind them moves. */
static bool resize(uint64_t size) {
    uint32_t end = tables_end();
    uint64_t new_end = (tables_start() + size + 15) & ~UINT64_C(15);
    if (new_end > UINT32_MAX || !room_make(end, (uint32_t)new_end - end))
        return false;
    glue.tables_size = (uint32_t)size;
    snapify_tables_moved();
    return true;
}

static void make_tables(void) {
    uint32_t next = head_words();
    *content() = snapify_config.table_count;
    for (uint32_t i = 0; i < snapify_config.table_count; i++) {
        const struct snapify_table *table = &tables()[i];
        *size_of(i) = table->initial;
        *position_of(i) = next;
        next += table->initial;
        memset(entry_of(i, 0), 0, table->initial * 4);
        memmove(entry_of(i, 0), at(base_get() + table->contents_offset), table->contents_count * 4);
    }
}

SNAPIFY_EXPORT("snapify_tables_begin") void snapify_tables_begin(void) {
    uint64_t words = head_words();
    for (uint32_t i = 0; i < snapify_config.table_count; i++)
        words += tables()[i].initial;
    if (!resize(words * 4))
        refuse("tables", REASON_NO_MEMORY, "");
    make_tables();
}

SNAPIFY_EXPORT("snapify_tables_write") void snapify_tables_write(void) {
    snap_write_tables(&writer, content(), glue.tables_size);
}

SNAPIFY_EXPORT("snapify_tables_restore") void snapify_tables_restore(void) {
    restore_check(snap_read_section(&reader, SNAP_SECTION_TABLES));
    if (reader.left % 4 != 0 || reader.left < head_words() * 4)
        restore_refuse((reason)SNAP_ERROR_LENGTH);
    if (!resize(reader.left))
        restore_no_memory();
    restore_check(snap_read_tables(&reader, content(), glue.tables_size));
    if (!is_sound(glue.tables_size / 4))
        restore_refuse((reason)SNAP_ERROR_UNFIT);
}

/* ---- instructions ---- */

SNAPIFY_EXPORT("snapify_table_size") uint32_t snapify_table_size(uint32_t table) {
    return *size_of(table);
}

SNAPIFY_EXPORT("snapify_table_fill")
void snapify_table_fill(uint32_t index, uint32_t number, uint32_t count, uint32_t table) {
    check_bounds(index, count, *size_of(table));
    uint32_t *entry = entry_of(table, index);
    while (count-- > 0)
        *entry++ = number;
}

SNAPIFY_EXPORT("snapify_table_set")
void snapify_table_set(uint32_t index, uint32_t number, uint32_t table) {
    snapify_table_fill(index, number, 1, table);
}

SNAPIFY_EXPORT("snapify_table_copy")
void snapify_table_copy(uint32_t to, uint32_t from, uint32_t count, uint32_t table,
                        uint32_t from_table) {
    check_bounds(to, count, *size_of(table));
    check_bounds(from, count, *size_of(from_table));
    memmove(entry_of(table, to), entry_of(from_table, from), count * 4);
}

SNAPIFY_EXPORT("snapify_table_init")
void snapify_table_init(uint32_t to, uint32_t from, uint32_t count, uint32_t table,
                        uint32_t segment, uint32_t length) {
    const uint32_t *offsets =
        (const uint32_t *)(const void *)at(base_get() + snapify_config.segments_offset);
    check_bounds(to, count, *size_of(table));
    check_bounds(from, count, length);
    memmove(entry_of(table, to), at(base_get() + offsets[segment] + from * 4), count * 4);
}

SNAPIFY_EXPORT("snapify_table_grow")
uint32_t snapify_table_grow(uint32_t number, uint32_t count, uint32_t table) {
    uint32_t old = *size_of(table);
    uint32_t used = glue.tables_size;
    if (count > tables()[table].maximum - old || !resize(used + (uint64_t)count * 4))
        return UINT32_MAX;
    uint32_t *end = entry_of(table, old);
    memmove(end + count, end, used - (uint32_t)(end - content()) * 4);
    *size_of(table) += count;
    for (uint32_t i = table + 1; i < snapify_config.table_count; i++)
        *position_of(i) += count;
    snapify_table_fill(old, number, count, table);
    return old;
}
