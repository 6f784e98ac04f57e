/*
 * snapshot_write.c: a program's state in, the bytes of a snapshot out. Twin of snapshot_read.c:
 * what is written here is read there, in the same order and under the same names.
 *
 * Lengths stand in front of contents, so that a reader can skip and a sink can reserve. Memory is
 * therefore scanned twice; a scan stops at the first set bit of a page and costs far less than the
 * writing. A list of all pages would save the second scan but needs room that we do not have; there
 * is some for long stretches of zeros, which cost most.
 */
#include <string.h>

#include "snapshot-format/page_sum.h"
#include "snapshot-format/snapshot_layout.h"
#include "snapshot-format/xxh3.h"

static enum snap_io_result io_write(struct snap_writer *writer, const void *bytes, size_t size) {
#ifdef __wasm__
    (void)writer;
    return snap_io_write(bytes, size);
#else
    return writer->io.write(writer->io.context, bytes, size);
#endif
}

static void write_raw(struct snap_writer *writer, const void *bytes, size_t size) {
    writer->position += (uint32_t)size;
    if (writer->status == SNAP_OK && size > 0 && io_write(writer, bytes, size) != SNAP_IO_OK)
        writer->status = SNAP_ERROR_WRITE;
}

/* ---- header and sections ---- */

enum snap_error snap_copy_header(struct snap_writer *writer, struct snap_io io,
                                 const struct snap_header *header) {
    writer->io = io;
    writer->form = header->form;
    writer->left = 0;
    writer->position = 0;
    writer->status = SNAP_OK;
    writer->sums.count = 0;

    struct snap_header bytes = *header;
    memcpy(bytes.magic, SNAP_MAGIC, SNAP_MAGIC_SIZE);
    swap_header(&bytes);
    store_u64((uint8_t *)&bytes.checksum, xxh3_of_32(&bytes));
    write_raw(writer, &bytes, sizeof bytes);
    return writer->status;
}

enum snap_error snap_write_header(struct snap_writer *writer, struct snap_io io,
                                  const struct snap_header *header) {
    struct snap_header current = *header;
    current.major = SNAP_VERSION_MAJOR;
    current.minor = SNAP_VERSION_MINOR;
    return snap_copy_header(writer, io, &current);
}

enum snap_error snap_write_section(struct snap_writer *writer, uint32_t type, uint32_t flags,
                                   uint64_t length) {
    uint8_t bytes[SNAP_SECTION_HEADER_SIZE];
    store_u32(bytes, type);
    store_u32(bytes + 4, flags);
    store_u64(bytes + 8, length);
    snap_hash_reset(&writer->hash, writer->form);
    snap_hash_update(&writer->hash, bytes, sizeof bytes);
    write_raw(writer, bytes, sizeof bytes);
    writer->left = length;
    writer->flags = flags;
    return writer->status;
}

static enum snap_error write_some(struct snap_writer *writer, const void *bytes, size_t size,
                                  bool summed) {
    if (writer->status == SNAP_OK && size > writer->left)
        writer->status = SNAP_ERROR_MISUSE;
    if (writer->status != SNAP_OK)
        return writer->status;
    write_raw(writer, bytes, size);
    if (summed)
        snap_hash_update(&writer->hash, bytes, size);
    writer->left -= size;
    return writer->status;
}

enum snap_error snap_write_bytes(struct snap_writer *writer, const void *bytes, size_t size) {
    return write_some(writer, bytes, size, true);
}

enum snap_error snap_write_page_bytes(struct snap_writer *writer, const void *bytes, size_t size) {
    return write_some(writer, bytes, size, writer->form == SNAP_FORM_PLAIN);
}

enum snap_error snap_write_section_end(struct snap_writer *writer) {
    if (writer->status == SNAP_OK && writer->left != 0)
        writer->status = SNAP_ERROR_MISUSE;
    uint64_t sum = snap_hash_digest(&writer->hash);
    uint8_t checksum[SNAP_CHECKSUM_SIZE];
    store_u64(checksum, sum);
    write_raw(writer, checksum, sizeof checksum);
    if (writer->status == SNAP_OK)
        snap_sums_add(&writer->sums, writer->flags, sum);
    return writer->status;
}

static enum snap_error write_whole_section(struct snap_writer *writer, uint32_t type,
                                           const void *bytes, uint32_t size) {
    snap_write_section(writer, type, SNAP_FLAG_MUST_KNOW, size);
    snap_write_bytes(writer, bytes, size);
    return snap_write_section_end(writer);
}

/* ---- META ---- */

enum snap_error snap_write_meta(struct snap_writer *writer, const struct snap_meta *meta) {
    size_t nodes_size = (size_t)meta->nodes.size + meta->more_nodes.size;
    size_t length = SNAP_META_FIXED_SIZE + nodes_size + meta->function.size +
                    SNAP_META_EXPORT_SIZE + meta->export_name.size + SNAP_META_HISTORY_SIZE;
    if (writer->status == SNAP_OK && length > SNAP_META_LENGTH_MAX)
        writer->status = SNAP_ERROR_LIMIT;
    if (writer->status != SNAP_OK)
        return writer->status;

    const uint32_t sizes[] = {(uint32_t)nodes_size, meta->function.size};
    const uint32_t export[] = {meta->export, meta->export_name.size};
    snap_write_section(writer, SNAP_SECTION_META, SNAP_FLAG_MUST_KNOW, length);
    snap_write_fields(writer, meta, SNAP_META_FIELDS);
    snap_write_fields(writer, sizes, SNAP_PAIR_FIELDS);
    snap_write_bytes(writer, meta->nodes.bytes, meta->nodes.size);
    snap_write_bytes(writer, meta->more_nodes.bytes, meta->more_nodes.size);
    snap_write_bytes(writer, meta->function.bytes, meta->function.size);
    snap_write_fields(writer, export, SNAP_PAIR_FIELDS);
    snap_write_bytes(writer, meta->export_name.bytes, meta->export_name.size);
    snap_write_fields(writer, &meta->base, SNAP_HISTORY_FIELDS);
    return snap_write_section_end(writer);
}

/* ---- TABLES ---- */

enum snap_error snap_write_tables(struct snap_writer *writer, const void *bytes, uint32_t size) {
    return write_whole_section(writer, SNAP_SECTION_TABLES, bytes, size);
}

/* ---- GLOBALS ---- */

enum snap_error snap_write_globals(struct snap_writer *writer, const void *bytes, uint32_t size) {
    return write_whole_section(writer, SNAP_SECTION_GLOBALS, bytes, size);
}

/* ---- MEMORY ---- */

#define KIND_ZERO UINT32_MAX /* of pages that are in no run */

static uint32_t kind_of(const uint8_t *memory, const struct snap_base *base, uint32_t page) {
    if (base != NULL && (base->same[page / 8] >> page % 8 & 1) != 0)
        return SNAP_RUN_SAME;
    return snap_page_is_zero(memory + (size_t)page * SNAP_PAGE_SIZE) ? KIND_ZERO : 0;
}

/* The first of these pages, or their end, that may hold zeros. On interpreters each instruction
 * counts here, and nearly all pages that are stored have something in their first bytes. */
static const uint8_t *skip_filled(const uint8_t *page, const uint8_t *end) {
    while (page != end && *(const uint64_t *)(const void *)page != 0)
        page += SNAP_PAGE_SIZE;
    return page;
}

/* The end of a run that begins at `page`, at most `end`. */
static uint32_t run_end(const uint8_t *memory, const struct snap_base *base, uint32_t page,
                        uint32_t end, uint32_t kind) {
    while (++page < end) {
        if (kind == 0 && base == NULL) {
            const uint8_t *at = skip_filled(memory + (size_t)page * SNAP_PAGE_SIZE,
                                            memory + (size_t)end * SNAP_PAGE_SIZE);
            page = (uint32_t)((size_t)(at - memory) / SNAP_PAGE_SIZE);
        }
        if (page == end || kind_of(memory, base, page) != kind)
            break;
    }
    return page;
}

/* The first page from `page` on that is stored, or the end of all. What was found to hold zeros is
 * not looked at a second time: to know that takes every one of its bytes. */
static uint32_t skip_zeros(struct snap_writer *writer, const uint8_t *memory,
                           const struct snap_base *base, uint32_t page, uint32_t end) {
    struct snap_gap gap = {page, 0};
    for (uint32_t i = 0; i < writer->gap_count; i++)
        if (writer->gaps[i].first == page)
            return page + writer->gaps[i].count;
    while (page < end && kind_of(memory, base, page) == KIND_ZERO)
        page++;
    gap.count = page - gap.first;
    if (gap.count >= SNAP_GAP_MIN && writer->gap_count < SNAP_GAPS_MAX)
        writer->gaps[writer->gap_count++] = gap;
    return page;
}

/* Goes to the next run; false if there is none. */
static bool next_run(struct snap_writer *writer, const uint8_t *memory,
                     const struct snap_base *base, struct snap_runs *run) {
    uint32_t end = run->pages;
    uint32_t page = skip_zeros(writer, memory, base, run->first + run->count, end);
    run->kind = page < end ? kind_of(memory, base, page) : KIND_ZERO;
    if (run->kind == 0 && writer->form == SNAP_FORM_HASHED && end - page > SNAP_RUN_MAX)
        end = page + SNAP_RUN_MAX;
    run->first = page;
    run->count = run->kind == KIND_ZERO ? 0 : run_end(memory, base, page, end, run->kind) - page;
    return run->kind != KIND_ZERO;
}

enum snap_error snap_write_run(struct snap_writer *writer, uint32_t first, uint32_t count,
                               uint32_t kind) {
    const uint32_t run[] = {first, count | kind};
    return snap_write_fields(writer, run, SNAP_PAIR_FIELDS);
}

/*
 * Whole pages move faster between memory and a file if they are whole pages there, too. With
 * padding in front of the memory those of the longest run are: what stands between the two is a
 * header for each run and other whole pages. Hashes, each run's behind its pages, would take
 * padding in each run.
 */
static void write_padding(struct snap_writer *writer, const struct snap_runs *runs) {
    const uint32_t between =
        2 * SNAP_SECTION_HEADER_SIZE + SNAP_CHECKSUM_SIZE + SNAP_MEMORY_FIXED_SIZE + SNAP_RUN_SIZE;
    uint8_t zeros[256];
    uint32_t page = writer->position + between + runs->before * SNAP_RUN_SIZE;
    uint32_t left = (0 - page) % SNAP_PAGE_SIZE, size;
    if (runs->longest < SNAP_ALIGNED_MIN || writer->form <= SNAP_FORM_HASHED)
        return;
    memset(zeros, 0, sizeof zeros);
    snap_write_section(writer, SNAP_SECTION_PADDING, 0, left);
    for (; left > 0; left -= size) {
        size = left < sizeof zeros ? left : (uint32_t)sizeof zeros;
        snap_write_bytes(writer, zeros, size);
    }
    snap_write_section_end(writer);
}

enum snap_error snap_write_runs(struct snap_writer *writer, struct snap_runs *runs) {
    writer->form = snap_form_of_runs(writer->form, runs->delta);
    write_padding(writer, runs);
    runs->page_size = SNAP_PAGE_SIZE;
    snap_write_section(writer, runs->delta ? SNAP_SECTION_DELTA : SNAP_SECTION_MEMORY,
                       SNAP_FLAG_MUST_KNOW, snap_runs_size(runs, writer->form));
    return snap_write_fields(writer, runs, runs->delta ? SNAP_DELTA_FIELDS : SNAP_MEMORY_FIELDS);
}

static void write_summed(struct snap_writer *writer, const uint8_t *pages, uint32_t count) {
    struct page_sum sum;
    page_sum_start(&sum);
    while (count > 0) {
        uint32_t piece = count < SNAP_PIECE ? count : SNAP_PIECE;
        snap_write_page_bytes(writer, pages, (size_t)piece * SNAP_PAGE_SIZE);
        pages = page_sum_add_all(&sum, pages, piece);
        count -= piece;
    }
    page_sum_end(&sum, &writer->hash);
}

/* With hashes a run is no longer than what stays in a cache between the writing and the hashing. */
static void write_pages(struct snap_writer *writer, const uint8_t *pages, uint32_t count) {
    if (writer->form == SNAP_FORM_SUMMED) {
        write_summed(writer, pages, count);
        return;
    }
    snap_write_page_bytes(writer, pages, (size_t)count * SNAP_PAGE_SIZE);
    for (; writer->form == SNAP_FORM_HASHED && count > 0; count--, pages += SNAP_PAGE_SIZE) {
        uint8_t hash[SNAP_PAGE_HASH_SIZE];
        snap_page_hash(pages, hash);
        snap_write_bytes(writer, hash, sizeof hash);
    }
}

enum snap_error snap_write_memory(struct snap_writer *writer, const uint8_t *memory, uint32_t pages,
                                  struct snap_base *base) {
    struct snap_runs runs;
    memset(&runs, 0, sizeof runs);
    runs.pages = pages;
    if (base != NULL) {
        runs.delta = true;
        runs.base = base->fingerprint;
        runs.number = base->number;
    }
    writer->gap_count = 0;
    while (next_run(writer, memory, base, &runs)) {
        if (runs.kind == 0)
            runs.stored += runs.count;
        if (runs.kind == 0 && runs.count > runs.longest) {
            runs.longest = runs.count;
            runs.before = runs.left;
        }
        runs.left++;
    }
    if (base != NULL)
        base->stored = runs.stored;
    snap_write_runs(writer, &runs);
    runs.first = runs.count = 0;
    while (writer->status == SNAP_OK && next_run(writer, memory, base, &runs)) {
        snap_write_run(writer, runs.first, runs.count, runs.kind);
        if (runs.kind == 0)
            write_pages(writer, memory + (size_t)runs.first * SNAP_PAGE_SIZE, runs.count);
    }
    return snap_write_section_end(writer);
}

/* ---- FRAMES ---- */

enum snap_error snap_write_frames(struct snap_writer *writer, const void *bytes, uint32_t size) {
    return write_whole_section(writer, SNAP_SECTION_FRAMES, bytes, size);
}

/* ---- END ---- */

enum snap_error snap_write_end(struct snap_writer *writer) {
    return write_whole_section(writer, SNAP_SECTION_END, NULL, 0);
}

uint64_t snap_write_fingerprint(struct snap_writer *writer, const uint8_t *identity) {
    return snap_sums_fingerprint(&writer->sums, identity, writer->form, &writer->hash);
}
