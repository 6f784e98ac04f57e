/*
 * snapshot_read.c: the bytes of a snapshot in, a program's state out. Twin of snapshot_write.c:
 * what is read here is written there, in the same order and under the same names.
 *
 * Every length is checked against what is left and against the room before it is used. Contents
 * go straight to where they belong; a checksum is therefore known only behind them, and on an error
 * the caller has to drop what it got.
 */
#include <string.h>

#include "snapshot-format/page_sum.h"
#include "snapshot-format/snapshot_layout.h"
#include "snapshot-format/xxh3.h"

static enum snap_io_result io_read(struct snap_reader *reader, void *bytes, size_t size) {
#ifdef __wasm__
    (void)reader;
    return snap_io_read(bytes, size);
#else
    return reader->io.read(reader->io.context, bytes, size);
#endif
}

/* Out of line for size: there are many reasons. */
static __attribute__((noinline)) enum snap_error fail(struct snap_reader *reader,
                                                      enum snap_error error) {
    if (reader->status == SNAP_OK)
        reader->status = error;
    return reader->status;
}

static void read_raw(struct snap_reader *reader, void *bytes, size_t size) {
    if (reader->status != SNAP_OK || size == 0)
        return;
    enum snap_io_result result = io_read(reader, bytes, size);
    if (result != SNAP_IO_OK)
        fail(reader, result == SNAP_IO_END ? SNAP_ERROR_TRUNCATED : SNAP_ERROR_READ);
}

/* ---- header and sections ---- */

static bool form_is_known(enum snap_form form) {
    return form == SNAP_FORM_PLAIN || form == SNAP_FORM_HASHED || form == SNAP_FORM_BARE ||
           form == SNAP_FORM_SUMMED;
}

/* Magic and major version come first: whatever another major version changes, they stay. */
enum snap_error snap_read_header(struct snap_reader *reader, struct snap_io io,
                                 struct snap_header *header) {
    reader->io = io;
    reader->left = 0;
    reader->status = SNAP_OK;
    reader->sums.count = 0;

    read_raw(reader, header, sizeof *header);
    if (reader->status != SNAP_OK)
        return reader->status;
    bool fits = load_u64((const uint8_t *)&header->checksum) == xxh3_of_32(header);
    swap_header(header);
    uint32_t flags = header->form;
    reader->trusting = false;
    header->form = reader->form = (enum snap_form)(flags & SNAP_HEADER_FORM);
    if (memcmp(header->magic, SNAP_MAGIC, SNAP_MAGIC_SIZE) != 0)
        return fail(reader, SNAP_ERROR_MAGIC);
    if (header->major != SNAP_VERSION_MAJOR)
        return fail(reader, SNAP_ERROR_VERSION);
    if (!fits)
        return fail(reader, SNAP_ERROR_CHECKSUM);
    if ((flags & SNAP_HEADER_RESERVED) != 0 || !form_is_known(header->form))
        return fail(reader, SNAP_ERROR_RESERVED);
#ifdef __wasm__
    if (reader->form == SNAP_FORM_PLAIN) /* was made by another build */
        return fail(reader, SNAP_ERROR_IDENTITY);
#endif
    return SNAP_OK;
}

enum snap_error snap_skip_section(struct snap_reader *reader) {
    uint8_t bytes[256];
    while (reader->status == SNAP_OK && reader->left > 0)
        snap_read_bytes(reader, bytes,
                        reader->left < sizeof bytes ? (size_t)reader->left : sizeof bytes);
    return snap_read_section_end(reader);
}

static bool type_is_known(uint32_t type) {
    return type == SNAP_SECTION_META || type == SNAP_SECTION_TABLES ||
           type == SNAP_SECTION_GLOBALS || type == SNAP_SECTION_PROCESS ||
           type == SNAP_SECTION_CLOCK || type == SNAP_SECTION_FILES ||
           type == SNAP_SECTION_CONTENTS || type == SNAP_SECTION_MEMORY ||
           type == SNAP_SECTION_DELTA || type == SNAP_SECTION_FRAMES || type == SNAP_SECTION_END;
}

uint32_t snap_next_section(struct snap_reader *reader) {
    uint8_t bytes[SNAP_SECTION_HEADER_SIZE];
    reader->type = 0;
    if (reader->status == SNAP_OK && reader->left != 0)
        fail(reader, SNAP_ERROR_MISUSE);
    read_raw(reader, bytes, sizeof bytes);
    if (reader->status != SNAP_OK)
        return 0;
    snap_hash_reset(&reader->hash, reader->form);
    snap_hash_update(&reader->hash, bytes, sizeof bytes);
    uint32_t type = reader->type = load_u32(bytes);
    uint32_t flags = reader->flags = load_u32(bytes + 4);
    reader->left = load_u64(bytes + 8);
    if ((flags & SNAP_FLAG_RESERVED) != 0)
        fail(reader, SNAP_ERROR_RESERVED);
    if (!type_is_known(type)) {
        if ((flags & SNAP_FLAG_MUST_KNOW) != 0)
            fail(reader, SNAP_ERROR_SECTION);
    } else if ((flags & SNAP_FLAG_CODEC) != 0) {
        fail(reader, SNAP_ERROR_CODEC);
    }
    return reader->status == SNAP_OK ? type : 0;
}

static uint32_t next_known_section(struct snap_reader *reader) {
    uint32_t found;
    while ((found = snap_next_section(reader)) != 0 && !type_is_known(found))
        snap_skip_section(reader);
    return found;
}

enum snap_error snap_read_section(struct snap_reader *reader, uint32_t type) {
    uint32_t found = next_known_section(reader);
    if (found != type)
        fail(reader, SNAP_ERROR_ORDER);
    if (type == SNAP_SECTION_META && reader->left > SNAP_META_LENGTH_MAX)
        fail(reader, SNAP_ERROR_LIMIT);
    return reader->status;
}

static enum snap_error read_some(struct snap_reader *reader, void *bytes, size_t size,
                                 bool summed) {
    if (size > reader->left)
        fail(reader, SNAP_ERROR_LENGTH);
    read_raw(reader, bytes, size);
    if (reader->status != SNAP_OK)
        return reader->status;
    if (summed && !reader->trusting)
        snap_hash_update(&reader->hash, bytes, size);
    reader->left -= size;
    return SNAP_OK;
}

enum snap_error snap_read_bytes(struct snap_reader *reader, void *bytes, size_t size) {
    return read_some(reader, bytes, size, true);
}

enum snap_error snap_read_page_bytes(struct snap_reader *reader, void *bytes, size_t size) {
    return read_some(reader, bytes, size, reader->form == SNAP_FORM_PLAIN);
}

enum snap_error snap_read_page_hash(struct snap_reader *reader, const uint8_t *page) {
    uint8_t wanted[SNAP_PAGE_HASH_SIZE], hash[SNAP_PAGE_HASH_SIZE];
    if (snap_read_bytes(reader, wanted, sizeof wanted) != SNAP_OK)
        return reader->status;
    if (reader->trusting)
        return SNAP_OK;
    snap_page_hash(page, hash);
    return memcmp(wanted, hash, sizeof hash) == 0 ? SNAP_OK : fail(reader, SNAP_ERROR_CHECKSUM);
}

enum snap_error snap_read_section_end(struct snap_reader *reader) {
    if (reader->left != 0)
        fail(reader, SNAP_ERROR_LENGTH);
    uint8_t checksum[SNAP_CHECKSUM_SIZE];
    read_raw(reader, checksum, sizeof checksum);
    if (reader->status != SNAP_OK)
        return reader->status;
    uint64_t sum = load_u64(checksum);
    if (!reader->trusting && sum != snap_hash_digest(&reader->hash))
        return fail(reader, SNAP_ERROR_CHECKSUM);
    snap_sums_add(&reader->sums, reader->flags, sum);
    return SNAP_OK;
}

static enum snap_error read_whole_section(struct snap_reader *reader, uint32_t type, void *bytes,
                                          uint32_t size) {
    snap_read_section(reader, type);
    if (reader->left != size)
        fail(reader, SNAP_ERROR_LENGTH);
    snap_read_bytes(reader, bytes, size);
    return snap_read_section_end(reader);
}

/* ---- META ---- */

uint32_t snap_strings_count(struct snap_bytes strings) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < strings.size; i++)
        count += strings.bytes[i] == '\0';
    return count;
}

bool snap_are_strings(struct snap_bytes bytes, uint32_t count) {
    return snap_strings_count(bytes) == count &&
           (bytes.size == 0 || bytes.bytes[bytes.size - 1] == '\0');
}

static bool meta_is_sound(const struct snap_meta *meta) {
    return snap_are_strings(meta->nodes, meta->node_count) && meta->node_to <= meta->node_count &&
           meta->node_from <= meta->node_count && meta->frames_size % 8 == 0 &&
           meta->app_pages <= SNAP_PAGES_MAX / 16;
}

/* What later versions put behind the function's name: the export, then the history. */
static bool read_more(struct snap_meta *meta, const uint8_t *bytes, uint32_t left) {
    meta->export = 0;
    meta->export_name = (struct snap_bytes){NULL, 0};
    meta->base = meta->time = 0;
    meta->generation = 0;
    if (left == 0)
        return true;
    if (left < SNAP_META_EXPORT_SIZE || load_u32(bytes + 4) > left - SNAP_META_EXPORT_SIZE)
        return false;
    meta->export = load_u32(bytes);
    meta->export_name =
        (struct snap_bytes){(const char *)bytes + SNAP_META_EXPORT_SIZE, load_u32(bytes + 4)};
    bytes += SNAP_META_EXPORT_SIZE + meta->export_name.size;
    if (left - SNAP_META_EXPORT_SIZE - meta->export_name.size < SNAP_META_HISTORY_SIZE)
        return true;
    meta->base = load_u64(bytes);
    meta->time = load_u64(bytes + 8);
    meta->generation = load_u32(bytes + 16);
    return true;
}

enum snap_error snap_parse_meta(const void *content, uint32_t length, struct snap_meta *meta) {
    const uint8_t *bytes = content;
    if (length < SNAP_META_FIXED_SIZE)
        return SNAP_ERROR_LENGTH;
    memcpy(meta, bytes, snap_fields_size(SNAP_META_FIELDS));
    swap_fields(meta, SNAP_META_FIELDS);
    meta->nodes.size = load_u32(bytes + 40);
    meta->function.size = load_u32(bytes + 44);
    uint32_t left = length - SNAP_META_FIXED_SIZE;
    if (meta->nodes.size > left || meta->function.size > left - meta->nodes.size)
        return SNAP_ERROR_META;
    left -= meta->nodes.size + meta->function.size;
    meta->nodes.bytes = (const char *)bytes + SNAP_META_FIXED_SIZE;
    meta->more_nodes = (struct snap_bytes){NULL, 0};
    meta->function.bytes = meta->nodes.bytes + meta->nodes.size;
    bool sound = read_more(meta, bytes + length - left, left) && meta_is_sound(meta);
    return sound ? SNAP_OK : SNAP_ERROR_META;
}

enum snap_error snap_read_meta(struct snap_reader *reader, void *storage, struct snap_meta *meta) {
    uint32_t length = (uint32_t)reader->left;
    snap_read_bytes(reader, storage, length);
    if (snap_read_section_end(reader) != SNAP_OK)
        return reader->status;
    enum snap_error error = snap_parse_meta(storage, length, meta);
    return error == SNAP_OK ? SNAP_OK : fail(reader, error);
}

/* ---- TABLES ---- */

enum snap_error snap_read_tables(struct snap_reader *reader, void *bytes, uint32_t size) {
    snap_read_bytes(reader, bytes, size);
    return snap_read_section_end(reader);
}

/* ---- GLOBALS ---- */

enum snap_error snap_read_globals(struct snap_reader *reader, void *bytes, uint32_t size) {
    return read_whole_section(reader, SNAP_SECTION_GLOBALS, bytes, size);
}

/* ---- MEMORY ---- */

/* Clears what is not clear already: a page that was never touched costs no memory if only read. */
static void clear_pages(uint8_t *memory, uint32_t first, uint32_t end) {
    for (uint32_t page = first; page < end; page++) {
        uint8_t *bytes = memory + (size_t)page * SNAP_PAGE_SIZE;
        if (!snap_page_is_zero(bytes))
            memset(bytes, 0, SNAP_PAGE_SIZE);
    }
}

enum snap_error snap_read_runs(struct snap_reader *reader, uint32_t pages, struct snap_runs *runs) {
    uint64_t length = reader->left;
    memset(runs, 0, sizeof *runs);
    runs->delta = reader->type == SNAP_SECTION_DELTA;
    if (snap_read_fields(reader, runs, runs->delta ? SNAP_DELTA_FIELDS : SNAP_MEMORY_FIELDS) !=
        SNAP_OK)
        return reader->status;
    if (pages == SNAP_PAGES_ANY && runs->pages <= SNAP_PAGES_MAX)
        pages = runs->pages;
    reader->form = snap_form_of_runs(reader->form, runs->delta);
    if (runs->delta && reader->form == SNAP_FORM_BARE)
        return fail(reader, SNAP_ERROR_ORDER);
    if (runs->page_size != SNAP_PAGE_SIZE || runs->pages != pages || runs->stored > pages ||
        runs->named > pages - runs->stored || length != snap_runs_size(runs, reader->form))
        return fail(reader, SNAP_ERROR_LENGTH);
    return SNAP_OK;
}

/* Its first page must not lie in front of the last run's end. Hashes stand behind the pages of a
 * run: who reads one by one holds them until then. */
static bool run_is_sound(const struct snap_runs *runs, uint32_t end, enum snap_form form) {
    return runs->first >= end && runs->first <= runs->pages && runs->count > 0 &&
           runs->count <= runs->pages - runs->first &&
           (form != SNAP_FORM_HASHED || runs->kind != 0 || runs->count <= SNAP_RUN_MAX);
}

bool snap_read_run(struct snap_reader *reader, struct snap_runs *runs) {
    uint32_t run[2];
    if (runs->left == 0 || snap_read_fields(reader, run, SNAP_PAIR_FIELDS) != SNAP_OK)
        return false;
    uint32_t end = runs->first + runs->count;
    uint32_t count = run[1];
    runs->kind = !runs->delta                    ? 0
                 : (count & SNAP_RUN_NAMED) != 0 ? SNAP_RUN_NAMED
                                                 : count & SNAP_RUN_SAME;
    runs->left--;
    runs->first = run[0];
    runs->count = count & ~runs->kind;
    uint32_t none = runs->count;
    uint32_t *budget = runs->kind == 0                ? &runs->stored
                       : runs->kind == SNAP_RUN_NAMED ? &runs->named
                                                      : &none;
    if (!run_is_sound(runs, end, reader->form) || runs->count > *budget) {
        fail(reader, SNAP_ERROR_RUN);
        return false;
    }
    *budget -= runs->count;
    return true;
}

static void read_summed(struct snap_reader *reader, uint8_t *pages, uint32_t count) {
    struct page_sum sum;
    page_sum_start(&sum);
    while (count > 0 && reader->status == SNAP_OK) {
        uint32_t piece = count < SNAP_PIECE ? count : SNAP_PIECE;
        snap_read_page_bytes(reader, pages, (size_t)piece * SNAP_PAGE_SIZE);
        page_sum_add_all(&sum, pages, piece);
        pages += (size_t)piece * SNAP_PAGE_SIZE;
        count -= piece;
    }
    page_sum_end(&sum, &reader->hash);
}

static void read_run(struct snap_reader *reader, uint8_t *pages, uint32_t count) {
    if (reader->form == SNAP_FORM_SUMMED && !reader->trusting) {
        read_summed(reader, pages, count);
        return;
    }
    snap_read_page_bytes(reader, pages, (size_t)count * SNAP_PAGE_SIZE);
    for (; reader->form == SNAP_FORM_HASHED && reader->status == SNAP_OK && count > 0; count--) {
        snap_read_page_hash(reader, pages);
        pages += SNAP_PAGE_SIZE;
    }
}

enum snap_error snap_read_pages(struct snap_reader *reader, uint8_t *memory, uint32_t clean,
                                struct snap_runs *runs) {
    uint32_t next = 0;
    if (clean > runs->pages)
        clean = runs->pages;
    while (snap_read_run(reader, runs)) {
        clear_pages(memory, next, runs->first < clean ? runs->first : clean);
        if (runs->kind == 0)
            read_run(reader, memory + (size_t)runs->first * SNAP_PAGE_SIZE, runs->count);
        else if (runs->kind == SNAP_RUN_NAMED)
            fail(reader, SNAP_ERROR_DELTA);
        next = runs->first + runs->count;
    }
    snap_read_section_end(reader);
    if (reader->status == SNAP_OK)
        clear_pages(memory, next, clean);
    return reader->status;
}

enum snap_error snap_read_memory_start(struct snap_reader *reader, uint32_t pages,
                                       struct snap_runs *runs) {
    uint32_t found;
    while ((found = snap_next_section(reader)) != SNAP_SECTION_MEMORY &&
           found != SNAP_SECTION_DELTA) {
        if (found == 0 || found == SNAP_SECTION_END)
            return fail(reader, SNAP_ERROR_ORDER);
        snap_skip_section(reader);
    }
    return snap_read_runs(reader, pages, runs);
}

enum snap_error snap_read_memory(struct snap_reader *reader, uint8_t *memory, uint32_t pages,
                                 uint32_t clean) {
    struct snap_runs runs;
    if (snap_read_memory_start(reader, pages, &runs) == SNAP_OK && runs.delta)
        fail(reader, SNAP_ERROR_DELTA);
    if (reader->status != SNAP_OK)
        return reader->status;
    return snap_read_pages(reader, memory, clean, &runs);
}

/* ---- FRAMES ---- */

enum snap_error snap_read_frames(struct snap_reader *reader, void *bytes, uint32_t size) {
    return read_whole_section(reader, SNAP_SECTION_FRAMES, bytes, size);
}

/* ---- END ---- */

enum snap_error snap_read_end(struct snap_reader *reader) {
    return read_whole_section(reader, SNAP_SECTION_END, NULL, 0);
}

uint64_t snap_read_fingerprint(struct snap_reader *reader, const uint8_t *identity) {
    return snap_sums_fingerprint(&reader->sums, identity, reader->form, &reader->hash);
}
