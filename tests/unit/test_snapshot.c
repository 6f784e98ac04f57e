/*
 * The snapshot format (docs/snapshot-format.md): what is written comes back, nothing else does.
 */
#include "snapshot_content.h"
#include "tests/seal.h"

/* ---- it works ---- */

static void test_snapshot__round_trip(void **state) {
    (void)state;
    const struct {
        uint32_t full;
        uint32_t runs;
        uint32_t stored;
    } rows[] = {
        {0, 0, 0},         {1, 1, 1},          {0x800000, 1, 1},
        {0xffffff, 1, 24}, {0x555555, 12, 12}, {0x0ff0f1, 3, 13},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct content *content = make_content(rows[i].full);
        struct content *back = calloc(1, sizeof *back);
        struct sink sink = written(content);
        assert_int_equal(sink.bytes.size,
                         40 + 24 + (48 + 13 + sizeof more_nodes + 12 + 8 + 8 + 20) +
                             (24 + GLOBALS_SIZE) + (24 + FRAMES_SIZE) + 24 +
                             (24 + 16 + rows[i].runs * 8 + rows[i].stored * (4096 + 16)));
        assert_int_equal(read_bytes(sink.bytes.data, sink.bytes.size, back), SNAP_OK);
        assert_int_equal(back->header.major, 1);
        assert_int_equal(back->header.minor, 7);
        assert_same(content, back);
        buf_release(&sink.bytes);
        free(content);
        free(back);
    }
}

/* The example of docs/snapshot-format.md; its checksums were computed by tests/snapshots/read.py.
 */
static void test_snapshot__bytes_of_the_example(void **state) {
    (void)state;
    struct content *content = make_content(0);
    struct sink sink = written(content);
    const uint8_t *end = sink.bytes.data + sink.bytes.size - 24;
    assert_memory_equal(sink.bytes.data, "\x89SNP\r\n\x1a\n\1\0\7\0\1\0\0\0", 16);
    assert_memory_equal(sink.bytes.data + 16, "0123456789abcdef", 16);
    assert_memory_equal(sink.bytes.data + 32, "\x64\x54\xe1\x28\x48\x5d\x17\x29", 8);
    assert_memory_equal(sink.bytes.data + 40, "META\1\0\0\0", 8);
    assert_memory_equal(end, "END.\1\0\0\0\0\0\0\0\0\0\0\0", 16);
    assert_memory_equal(end + 16, "\xad\x8b\x00\x48\x9e\x00\x28\xbd", 8);
    buf_release(&sink.bytes);
    free(content);
}

/* A page that has another hash is refused although the checksum of its section fits. */
static void test_snapshot__hash_of_a_page(void **state) {
    (void)state;
    struct content *content = make_content(0x104);
    struct content *back = calloc(1, sizeof *back);
    struct sink sink = written(content);
    uint8_t *section = sink.bytes.data + SNAP_HEADER_SIZE;
    while (load_u32(section) != SNAP_SECTION_MEMORY)
        section += SNAP_SECTION_HEADER_SIZE + load_u64(section + 8) + SNAP_CHECKSUM_SIZE;
    size_t size = SNAP_SECTION_HEADER_SIZE + (size_t)load_u64(section + 8);
    uint8_t *page = section + SNAP_SECTION_HEADER_SIZE + SNAP_MEMORY_FIXED_SIZE + SNAP_RUN_SIZE;
    uint8_t sum[SNAP_CHECKSUM_SIZE];
    page[100] ^= 1;
    assert_int_equal(read_bytes(sink.bytes.data, sink.bytes.size, back), SNAP_ERROR_CHECKSUM);
    memcpy(sum, section + size, sizeof sum);
    seal_section(section, size, SNAP_FORM_HASHED);
    assert_memory_not_equal(sum, section + size, sizeof sum);
    assert_int_equal(read_bytes(sink.bytes.data, sink.bytes.size, back), SNAP_OK);
    buf_release(&sink.bytes);
    free(content);
    free(back);
}

/* Versions before 1.4: no page hashes, plain checksums, runs of any length. */
static void test_snapshot__older_form(void **state) {
    (void)state;
    struct content *content = make_content(0xff);
    struct content *back = calloc(1, sizeof *back);
    struct sink sink = {.room = SIZE_MAX};
    struct snap_writer writer;
    content->header.major = 1;
    content->header.minor = 3;
    content->header.form = SNAP_FORM_PLAIN;
    snap_copy_header(&writer, sink_io(&sink), &content->header);
    snap_write_meta(&writer, &content->meta);
    snap_write_globals(&writer, content->globals, GLOBALS_SIZE);
    snap_write_runs(&writer, &(struct snap_runs){.pages = PAGES, .left = 1, .stored = 8});
    snap_write_run(&writer, 0, 8, 0);
    snap_write_page_bytes(&writer, content->memory, 8 * SNAP_PAGE_SIZE);
    snap_write_section_end(&writer);
    snap_write_frames(&writer, content->frames, FRAMES_SIZE);
    assert_int_equal(snap_write_end(&writer), SNAP_OK);
    assert_memory_equal(sink.bytes.data + sink.bytes.size - 8, "\x9f\xc9\xd8\x19\xfc\xbe\x4a\x9f",
                        8);
    assert_int_equal(read_bytes(sink.bytes.data, sink.bytes.size, back), SNAP_OK);
    assert_int_equal(back->header.minor, 3);
    assert_int_equal(back->header.form, SNAP_FORM_PLAIN);
    assert_same(content, back);
    buf_release(&sink.bytes);
    free(content);
    free(back);
}

/* Offset of the first page. */
static size_t find_page(const struct sink *sink) {
    size_t at = SNAP_HEADER_SIZE;
    while (load_u32(sink->bytes.data + at) != SNAP_SECTION_MEMORY)
        at += SNAP_SECTION_HEADER_SIZE + load_u64(sink->bytes.data + at + 8) + SNAP_CHECKSUM_SIZE;
    return at + SNAP_SECTION_HEADER_SIZE + SNAP_MEMORY_FIXED_SIZE + SNAP_RUN_SIZE;
}

/* What a program is told to leave out is protected by nothing, all else as ever. */
static void test_snapshot__pages_without_hashes(void **state) {
    (void)state;
    struct content *content = make_content(0x100);
    struct content *back = calloc(1, sizeof *back);
    struct sink hashed = written(content);
    content->header.form = SNAP_FORM_BARE;
    struct sink sink = written(content);
    assert_int_equal(sink.bytes.data[12], 3);
    assert_int_equal(hashed.bytes.size - sink.bytes.size, SNAP_PAGE_HASH_SIZE);
    assert_int_equal(read_bytes(sink.bytes.data, sink.bytes.size, back), SNAP_OK);
    assert_int_equal(back->header.form, SNAP_FORM_BARE);
    assert_same(content, back);
    size_t page = find_page(&sink);
    for (size_t i = 0; i < sink.bytes.size; i++) {
        sink.bytes.data[i] ^= 0x41;
        bool accepted = read_bytes(sink.bytes.data, sink.bytes.size, back) == SNAP_OK;
        assert_true(accepted == (i >= page && i < page + SNAP_PAGE_SIZE));
        sink.bytes.data[i] ^= 0x41;
    }
    for (size_t size = 0; size < sink.bytes.size; size++)
        assert_int_equal(read_bytes(sink.bytes.data, size, back), SNAP_ERROR_TRUNCATED);
    buf_release(&sink.bytes);
    buf_release(&hashed.bytes);
    free(content);
    free(back);
}

/* A flag that makes no sense without the other, and deltas, whose base has to be known by hashes.
 */
static void test_snapshot__needs_hashes(void **state) {
    (void)state;
    struct content *content = make_content(0x100);
    struct content *back = calloc(1, sizeof *back);
    struct sink sink = written(content), delta = {.room = SIZE_MAX};
    struct snap_writer writer;
    sink.bytes.data[12] = 2;
    seal_header(sink.bytes.data);
    assert_int_equal(read_bytes(sink.bytes.data, sink.bytes.size, back), SNAP_ERROR_RESERVED);
    content->header.form = SNAP_FORM_BARE;
    snap_write_header(&writer, sink_io(&delta), &content->header);
    snap_write_meta(&writer, &content->meta);
    snap_write_globals(&writer, content->globals, GLOBALS_SIZE);
    snap_write_runs(&writer, &(struct snap_runs){.pages = PAGES, .delta = true});
    assert_int_equal(snap_write_section_end(&writer), SNAP_OK);
    assert_int_equal(read_bytes(delta.bytes.data, delta.bytes.size, back), SNAP_ERROR_ORDER);
    buf_release(&sink.bytes);
    buf_release(&delta.bytes);
    free(content);
    free(back);
}

/* Behind META, only where the program has such tables. */
static void test_snapshot__tables(void **state) {
    (void)state;
    static const uint8_t tables[] = {1, 0, 0, 0, 2, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0};
    struct content *content = make_content(1);
    struct sink sink = {.room = SIZE_MAX};
    struct snap_writer writer;
    snap_write_header(&writer, sink_io(&sink), &content->header);
    snap_write_meta(&writer, &content->meta);
    size_t start = sink.bytes.size;
    snap_write_tables(&writer, tables, sizeof tables);
    size_t end = sink.bytes.size;
    snap_write_globals(&writer, content->globals, GLOBALS_SIZE);
    assert_memory_equal(sink.bytes.data + start, "TABL\1\0\0\0\20\0\0\0\0\0\0\0", 16);
    assert_int_equal(end - start, 24 + sizeof tables);

    for (size_t damaged = start; damaged <= end; damaged++) { /* at the end: nothing is */
        struct source source = {.bytes = sink.bytes.data, .size = sink.bytes.size};
        struct snap_reader reader;
        uint8_t back[sizeof tables] = {0};
        sink.bytes.data[damaged] ^= damaged < end;
        snap_read_header(&reader, source_io(&source), &content->header);
        snap_read_section(&reader, SNAP_SECTION_META);
        snap_read_meta(&reader, content->storage, &content->meta);
        snap_read_section(&reader, SNAP_SECTION_TABLES);
        if (reader.status == SNAP_OK && reader.left == sizeof back)
            snap_read_tables(&reader, back, sizeof back);
        else if (reader.status == SNAP_OK)
            reader.status = SNAP_ERROR_LENGTH;
        snap_read_globals(&reader, content->globals, GLOBALS_SIZE);
        assert_true((reader.status == SNAP_OK) == (damaged == end));
        assert_true(damaged < end || memcmp(back, tables, sizeof tables) == 0);
        sink.bytes.data[damaged] ^= damaged < end;
    }
    assert_int_equal(read_bytes(sink.bytes.data, sink.bytes.size, content), SNAP_ERROR_ORDER);
    buf_release(&sink.bytes);
    free(content);
}

/* Pages known to be zero are not looked at. */
static void test_snapshot__clean_pages_are_left_alone(void **state) {
    (void)state;
    struct content *content = make_content(0x11);
    struct sink sink = written(content);
    struct source source = {.bytes = sink.bytes.data, .size = sink.bytes.size};
    struct snap_reader reader;
    memset(content->memory, 0xdd, sizeof content->memory);
    snap_read_header(&reader, source_io(&source), &content->header);
    snap_read_section(&reader, SNAP_SECTION_META);
    snap_read_meta(&reader, content->storage, &content->meta);
    snap_read_globals(&reader, content->globals, GLOBALS_SIZE);
    assert_int_equal(snap_read_memory(&reader, content->memory, PAGES, 10), SNAP_OK);
    for (uint32_t page = 0; page < PAGES; page++) {
        uint8_t expected = page == 0 || page == 4 ? 0 : page < 10 ? 0 : 0xdd;
        assert_int_equal(content->memory[page * SNAP_PAGE_SIZE + 4095], expected);
    }
    buf_release(&sink.bytes);
    free(content);
}

/* ---- damage ---- */

static void test_snapshot__every_truncation(void **state) {
    (void)state;
    struct content *content = make_content(0x000104);
    struct content *back = calloc(1, sizeof *back);
    struct sink sink = written(content);
    for (size_t size = 0; size < sink.bytes.size; size++)
        assert_int_equal(read_bytes(sink.bytes.data, size, back), SNAP_ERROR_TRUNCATED);
    buf_release(&sink.bytes);
    free(content);
    free(back);
}

static void test_snapshot__every_changed_byte(void **state) {
    (void)state;
    const uint8_t changes[] = {0x01, 0x80, 0xff};
    struct content *content = make_content(0x000104);
    struct content *back = calloc(1, sizeof *back);
    struct sink sink = written(content);
    for (size_t i = 0; i < sink.bytes.size; i++) {
        for (size_t k = 0; k < sizeof changes; k++) {
            sink.bytes.data[i] ^= changes[k];
            assert_int_not_equal(read_bytes(sink.bytes.data, sink.bytes.size, back), SNAP_OK);
            sink.bytes.data[i] ^= changes[k];
        }
    }
    assert_int_equal(read_bytes(sink.bytes.data, sink.bytes.size, back), SNAP_OK);
    buf_release(&sink.bytes);
    free(content);
    free(back);
}

/* ---- misuse and failing I/O ---- */

static void test_snapshot__writer_keeps_its_error(void **state) {
    (void)state;
    struct content *content = make_content(0x000104);
    struct sink whole = written(content);
    for (size_t room = 0; room < whole.bytes.size; room += room < 300 ? 1 : 777) {
        struct sink sink = {.room = room};
        assert_int_equal(write_content(&sink, content), SNAP_ERROR_WRITE);
        assert_memory_equal(sink.bytes.data, whole.bytes.data, sink.bytes.size);
        buf_release(&sink.bytes);
    }
    buf_release(&whole.bytes);
    free(content);
}

static void test_snapshot__writer_holds_to_the_length(void **state) {
    (void)state;
    struct sink sink = {.room = SIZE_MAX};
    struct snap_writer writer;
    struct snap_header header = {0};
    snap_write_header(&writer, sink_io(&sink), &header);
    snap_write_section(&writer, SNAP_SECTION_GLOBALS, 1, 3);
    assert_int_equal(snap_write_bytes(&writer, "1234", 4), SNAP_ERROR_MISUSE);
    snap_write_header(&writer, sink_io(&sink), &header);
    snap_write_section(&writer, SNAP_SECTION_GLOBALS, 1, 3);
    snap_write_bytes(&writer, "12", 2);
    assert_int_equal(snap_write_section_end(&writer), SNAP_ERROR_MISUSE);
    struct snap_meta meta = {.function = {"", SNAP_META_LENGTH_MAX}};
    snap_write_header(&writer, sink_io(&sink), &header);
    assert_int_equal(snap_write_meta(&writer, &meta), SNAP_ERROR_LIMIT);
    buf_release(&sink.bytes);
}

static void test_snapshot__reader_tells_failure_from_end(void **state) {
    (void)state;
    struct content *content = make_content(1);
    struct sink sink = written(content);
    struct source source = {.bytes = sink.bytes.data, .size = 100, .fails = true};
    assert_int_equal(read_content(&source, content), SNAP_ERROR_READ);
    buf_release(&sink.bytes);
    free(content);
}

static void test_snapshot__error_texts(void **state) {
    (void)state;
    assert_string_equal(snap_error_text(SNAP_OK), "no error");
    assert_string_equal(snap_error_text(SNAP_ERROR_TRUNCATED), "truncated");
    assert_string_equal(snap_error_text(SNAP_ERROR_IDENTITY),
                        "was made by another build of this program");
    assert_int_equal(SNAP_ERROR_TRUNCATED, -3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_snapshot__round_trip),
        cmocka_unit_test(test_snapshot__bytes_of_the_example),
        cmocka_unit_test(test_snapshot__hash_of_a_page),
        cmocka_unit_test(test_snapshot__older_form),
        cmocka_unit_test(test_snapshot__pages_without_hashes),
        cmocka_unit_test(test_snapshot__needs_hashes),
        cmocka_unit_test(test_snapshot__tables),
        cmocka_unit_test(test_snapshot__clean_pages_are_left_alone),
        cmocka_unit_test(test_snapshot__every_truncation),
        cmocka_unit_test(test_snapshot__every_changed_byte),
        cmocka_unit_test(test_snapshot__writer_keeps_its_error),
        cmocka_unit_test(test_snapshot__writer_holds_to_the_length),
        cmocka_unit_test(test_snapshot__reader_tells_failure_from_end),
        cmocka_unit_test(test_snapshot__error_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
