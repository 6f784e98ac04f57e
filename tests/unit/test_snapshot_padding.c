/*
 * Padding in front of the memory (docs/snapshot-format.md, PAD.): the longest run of pages begins
 * at a multiple of their size in the file, if it is worth that.
 */
#include "snapshot_content.h"
#include "tests/seal.h"

#define MANY 1024u /* pages of the memory */

struct run {
    uint32_t first, count;
};

/* A snapshot of a memory with pages in these runs; `name_size` moves all that follows META. */
static struct sink write_runs(enum snap_form form, const struct run *runs, uint32_t name_size) {
    static const char name[SNAP_PAGE_SIZE];
    struct sink sink = {.room = SIZE_MAX};
    struct snap_writer writer;
    struct snap_header header = {.form = form};
    struct snap_meta meta = {.app_pages = MANY / 16, .function = {name, name_size}};
    uint8_t *memory = aligned_alloc(8, MANY * SNAP_PAGE_SIZE);
    memset(memory, 0, MANY * SNAP_PAGE_SIZE);
    for (; runs->count > 0; runs++)
        for (uint32_t i = 0; i < runs->count; i++)
            memory[(runs->first + i) * SNAP_PAGE_SIZE + i % 3000] = (uint8_t)(i % 255 + 1);
    snap_write_header(&writer, sink_io(&sink), &header);
    snap_write_meta(&writer, &meta);
    snap_write_globals(&writer, NULL, 0);
    snap_write_memory(&writer, memory, MANY, NULL);
    snap_write_frames(&writer, NULL, 0);
    assert_int_equal(snap_write_end(&writer), SNAP_OK);
    free(memory);
    return sink;
}

/* Offset of a section, SIZE_MAX if there is none. */
static size_t find_section(const struct sink *sink, uint32_t type) {
    size_t at = SNAP_HEADER_SIZE;
    while (at < sink->bytes.size && load_u32(sink->bytes.data + at) != type)
        at += SNAP_SECTION_HEADER_SIZE + load_u64(sink->bytes.data + at + 8) + SNAP_CHECKSUM_SIZE;
    return at < sink->bytes.size ? at : SIZE_MAX;
}

/* Offset of the longest run's first page. */
static size_t find_longest(const struct sink *sink) {
    size_t at =
        find_section(sink, SNAP_SECTION_MEMORY) + SNAP_SECTION_HEADER_SIZE + SNAP_MEMORY_FIXED_SIZE;
    uint32_t longest = 0;
    size_t found = 0;
    for (uint32_t left = load_u32(sink->bytes.data + at - 8); left > 0; left--) {
        uint32_t count = load_u32(sink->bytes.data + at + 4);
        at += SNAP_RUN_SIZE;
        if (count > longest) {
            longest = count;
            found = at;
        }
        at += count * SNAP_PAGE_SIZE;
    }
    return found;
}

static enum snap_error read_all(const uint8_t *bytes, size_t size, uint8_t *memory) {
    struct source source = {.bytes = bytes, .size = size};
    struct snap_reader reader;
    struct snap_header header;
    struct snap_meta meta;
    uint8_t storage[2 * SNAP_PAGE_SIZE];
    snap_read_header(&reader, source_io(&source), &header);
    snap_read_section(&reader, SNAP_SECTION_META);
    if (reader.status == SNAP_OK && reader.left > sizeof storage)
        return SNAP_ERROR_LIMIT;
    snap_read_meta(&reader, storage, &meta);
    snap_read_globals(&reader, NULL, 0);
    snap_read_memory(&reader, memory, MANY, MANY);
    snap_read_frames(&reader, NULL, 0);
    return snap_read_end(&reader);
}

/* ---- where pages lie ---- */

static void test_snapshot_padding__aligns_the_longest_run(void **state) {
    (void)state;
    const struct {
        struct run runs[5];
        bool padded;
    } rows[] = {
        {{{0}}, false},
        {{{0, 255}}, false},
        {{{0, 256}}, true},
        {{{0, MANY}}, true},
        {{{1, 2}, {10, 300}, {500, 256}}, true},
        {{{0, 255}, {300, 255}, {600, 255}}, false},
        {{{0, 2}, {5, 1}, {10, 255}, {700, 256}}, true},
    };
    static const enum snap_form forms[] = {SNAP_FORM_SUMMED, SNAP_FORM_BARE, SNAP_FORM_HASHED};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t k = 0; k < sizeof forms / sizeof *forms; k++) {
            struct sink sink = write_runs(forms[k], rows[i].runs, 12);
            bool padded = rows[i].padded && forms[k] != SNAP_FORM_HASHED;
            assert_true((find_section(&sink, SNAP_SECTION_PADDING) != SIZE_MAX) == padded);
            if (padded)
                assert_int_equal(find_longest(&sink) % SNAP_PAGE_SIZE, 0);
            buf_release(&sink.bytes);
        }
}

/* Whatever stands in front, it takes less than a page; an empty section may do. */
static void test_snapshot_padding__of_any_length(void **state) {
    (void)state;
    static const struct run runs[] = {{3, 5}, {100, 256}, {0, 0}};
    uint32_t length = 0; /* of the padding behind the shortest name */
    for (uint32_t size = 0; size < SNAP_PAGE_SIZE; size += 97) {
        struct sink sink = write_runs(SNAP_FORM_BARE, runs, size);
        const uint8_t *padding = sink.bytes.data + find_section(&sink, SNAP_SECTION_PADDING);
        assert_int_equal(find_longest(&sink) % SNAP_PAGE_SIZE, 0);
        assert_int_equal(load_u32(padding + 4), 0); /* skippable */
        assert_true(load_u64(padding + 8) < SNAP_PAGE_SIZE);
        if (size == 0)
            length = (uint32_t)load_u64(padding + 8);
        buf_release(&sink.bytes);
    }
    struct sink sink = write_runs(SNAP_FORM_BARE, runs, length);
    assert_int_equal(load_u64(sink.bytes.data + find_section(&sink, SNAP_SECTION_PADDING) + 8), 0);
    assert_int_equal(find_longest(&sink) % SNAP_PAGE_SIZE, 0);
    buf_release(&sink.bytes);
}

/* ---- how it is read ---- */

static void test_snapshot_padding__is_skipped(void **state) {
    (void)state;
    static const struct run runs[] = {{3, 5}, {100, 400}, {0, 0}};
    uint8_t *memory = aligned_alloc(8, MANY * SNAP_PAGE_SIZE);
    struct sink sink = write_runs(SNAP_FORM_SUMMED, runs, 12);
    struct sink again = write_runs(SNAP_FORM_SUMMED, runs, 12);
    assert_int_equal(sink.bytes.size, again.bytes.size);
    assert_memory_equal(sink.bytes.data, again.bytes.data, sink.bytes.size);
    memset(memory, 0xdd, MANY * SNAP_PAGE_SIZE);
    assert_int_equal(read_all(sink.bytes.data, sink.bytes.size, memory), SNAP_OK);
    for (uint32_t page = 0; page < MANY; page++) {
        bool full = (page >= 3 && page < 8) || (page >= 100 && page < 500);
        assert_true(snap_page_is_zero(memory + (size_t)page * SNAP_PAGE_SIZE) == !full);
    }
    /* What it holds means nothing, as long as it is what was written. */
    size_t at = find_section(&sink, SNAP_SECTION_PADDING);
    uint8_t *padding = sink.bytes.data + at;
    size_t size = SNAP_SECTION_HEADER_SIZE + (size_t)load_u64(padding + 8);
    padding[SNAP_SECTION_HEADER_SIZE] = 7;
    assert_int_equal(read_all(sink.bytes.data, sink.bytes.size, memory), SNAP_ERROR_CHECKSUM);
    seal_section(padding, size, SNAP_FORM_SUMMED);
    assert_int_equal(read_all(sink.bytes.data, sink.bytes.size, memory), SNAP_OK);
    buf_release(&again.bytes);
    buf_release(&sink.bytes);
    free(memory);
}

static void test_snapshot_padding__damaged(void **state) {
    (void)state;
    static const struct run runs[] = {{0, 256}, {0, 0}};
    uint8_t *memory = aligned_alloc(8, MANY * SNAP_PAGE_SIZE);
    struct sink sink = write_runs(SNAP_FORM_SUMMED, runs, 12);
    size_t first = find_section(&sink, SNAP_SECTION_PADDING);
    size_t end = find_section(&sink, SNAP_SECTION_MEMORY);
    for (size_t i = first; i < end; i++) {
        sink.bytes.data[i] ^= 0x41;
        assert_int_not_equal(read_all(sink.bytes.data, sink.bytes.size, memory), SNAP_OK);
        sink.bytes.data[i] ^= 0x41;
        assert_int_equal(read_all(sink.bytes.data, i, memory), SNAP_ERROR_TRUNCATED);
    }
    buf_release(&sink.bytes);
    free(memory);
}

/* A run is moved in pieces: damage in any of them is noticed, and a run that ends early. */
static void test_snapshot_padding__pieces(void **state) {
    (void)state;
    static const struct run runs[] = {{0, 3 * SNAP_PIECE + 1}, {0, 0}};
    uint8_t *memory = aligned_alloc(8, MANY * SNAP_PAGE_SIZE);
    struct sink sink = write_runs(SNAP_FORM_SUMMED, runs, 12);
    size_t first = find_longest(&sink);
    for (uint32_t page = 0; page < runs[0].count; page += SNAP_PIECE / 2) {
        size_t at = first + (size_t)page * SNAP_PAGE_SIZE;
        sink.bytes.data[at + 9] ^= 1;
        assert_int_equal(read_all(sink.bytes.data, sink.bytes.size, memory), SNAP_ERROR_CHECKSUM);
        sink.bytes.data[at + 9] ^= 1;
        assert_int_equal(read_all(sink.bytes.data, at, memory), SNAP_ERROR_TRUNCATED);
    }
    assert_int_equal(read_all(sink.bytes.data, sink.bytes.size, memory), SNAP_OK);
    buf_release(&sink.bytes);
    free(memory);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_snapshot_padding__aligns_the_longest_run),
        cmocka_unit_test(test_snapshot_padding__of_any_length),
        cmocka_unit_test(test_snapshot_padding__is_skipped),
        cmocka_unit_test(test_snapshot_padding__damaged),
        cmocka_unit_test(test_snapshot_padding__pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
