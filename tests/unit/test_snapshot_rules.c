/*
 * What a reader of the snapshot format refuses although every checksum is right, and what it lets
 * pass because a later version may need it (docs/snapshot-format.md).
 */
#include "snapshot_content.h"
#include "snapshot_forge.h"

/* ---- damage whose checksums are right ---- */

static void test_snapshot_rules__forged_fields(void **state) {
    (void)state;
    enum {
        TYPE = 0,
        FLAGS = 4,
        LENGTH = 8,
        CONTENT = 16
    };
    const struct {
        const char *type;
        size_t offset;
        uint32_t value;
        enum snap_error error;
    } rows[] = {
        {"META", TYPE, SNAP_SECTION_GLOBALS, SNAP_ERROR_ORDER},
        {"META", TYPE, SNAP_TYPE('X', 'Y', 'Z', '!'), SNAP_ERROR_SECTION},
        {"META", FLAGS, 0x101, SNAP_ERROR_CODEC},
        {"META", FLAGS, 0x10001, SNAP_ERROR_RESERVED},
        {"META", FLAGS, 0x80000001, SNAP_ERROR_RESERVED},
        {"META", FLAGS, 0xff, SNAP_OK}, /* unused bits */
        {"META", FLAGS, 0, SNAP_OK},    /* a known section need not say that it must be known */
        {"META", CONTENT + 4, 65537, SNAP_ERROR_META},
        {"META", CONTENT + 12, FRAMES_SIZE + 1, SNAP_ERROR_META},
        {"META", CONTENT + 28, 5, SNAP_ERROR_META},
        {"META", CONTENT + 32, 0xffffffff, SNAP_ERROR_META},
        {"META", CONTENT + 36, 3, SNAP_ERROR_META},
        {"META", CONTENT + 40, 19, SNAP_ERROR_META},
        {"META", CONTENT + 40, 21, SNAP_ERROR_META},
        {"META", CONTENT + 40, 0xffffffff, SNAP_ERROR_META},
        {"META", CONTENT + 40, 60, SNAP_ERROR_META},
        {"META", CONTENT + 44, 13, SNAP_ERROR_META}, /* the export's size moves, too */
        {"META", CONTENT + 84, 29, SNAP_ERROR_META}, /* longer than all that follows */
        {"META", CONTENT + 84, 0xffffffff, SNAP_ERROR_META},
        {"META", CONTENT + 84, 7, SNAP_OK}, /* what follows is unused */
        {"META", CONTENT + 44, 0xffffffff, SNAP_ERROR_META},
        {"MEMP", CONTENT, 8192, SNAP_ERROR_LENGTH},
        {"MEMP", CONTENT + 4, PAGES + 1, SNAP_ERROR_LENGTH},
        {"MEMP", CONTENT + 4, PAGES - 1, SNAP_ERROR_LENGTH},
        {"MEMP", CONTENT + 8, 3, SNAP_ERROR_LENGTH},
        {"MEMP", CONTENT + 12, 0xffffffff, SNAP_ERROR_LENGTH},
        {"MEMP", CONTENT + 16, PAGES, SNAP_ERROR_RUN},
        {"MEMP", CONTENT + 16, 0xffffffff, SNAP_ERROR_RUN},
        {"MEMP", CONTENT + 20, 0, SNAP_ERROR_RUN},
        {"MEMP", CONTENT + 20, 3, SNAP_ERROR_RUN},
        {"MEMP", CONTENT + 20, 0xffffffff, SNAP_ERROR_RUN},
        {"MEMP", CONTENT + 24 + 4096 + 16, 2, SNAP_ERROR_RUN}, /* the second run is not behind */
    };
    struct content *content = make_content(0x000104);
    struct content *back = calloc(1, sizeof *back);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sink sink = written(content);
        forge(&sink.bytes, rows[i].type, rows[i].offset, rows[i].value);
        assert_int_equal(read_bytes(sink.bytes.data, sink.bytes.size, back), rows[i].error);
        buf_release(&sink.bytes);
    }
    free(content);
    free(back);
}

/* Lengths that lie are found before anything is read by them. */
static void test_snapshot_rules__forged_lengths(void **state) {
    (void)state;
    const struct {
        const char *type;
        uint32_t low, high;
        enum snap_error error;
    } rows[] = {
        {"META", 47, 0, SNAP_ERROR_CHECKSUM},
        {"META", SNAP_META_LENGTH_MAX + 1, 0, SNAP_ERROR_LIMIT},
        {"META", 0xffffffff, 0xffffffff, SNAP_ERROR_LIMIT},
        {"GLOB", GLOBALS_SIZE + 1, 0, SNAP_ERROR_LENGTH},
        {"GLOB", GLOBALS_SIZE, 1, SNAP_ERROR_LENGTH},
        {"MEMP", 15, 0, SNAP_ERROR_LENGTH},
        {"MEMP", 16, 0, SNAP_ERROR_LENGTH},
        {"MEMP", 0xffffffff, 0xffffffff, SNAP_ERROR_LENGTH},
        {"FRAM", 0, 0, SNAP_ERROR_LENGTH},
        {"FRAM", FRAMES_SIZE, 0x80000000, SNAP_ERROR_LENGTH},
        {"END.", 1, 0, SNAP_ERROR_LENGTH},
    };
    struct content *content = make_content(0x000104);
    struct content *back = calloc(1, sizeof *back);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sink sink = written(content);
        uint8_t *section = sink.bytes.data + SNAP_HEADER_SIZE;
        while (memcmp(section, rows[i].type, 4) != 0)
            section += 24 + load_u64(section + 8);
        store_u32(section + 8, rows[i].low);
        store_u32(section + 12, rows[i].high);
        assert_int_equal(read_bytes(sink.bytes.data, sink.bytes.size, back), rows[i].error);
        buf_release(&sink.bytes);
    }
    free(content);
    free(back);
}

/* ---- versions ---- */

static void test_snapshot_rules__header_rules(void **state) {
    (void)state;
    const struct {
        size_t offset;
        uint8_t value;
        bool repair; /* the checksum */
        enum snap_error error;
    } rows[] = {
        {0, 0x09, true, SNAP_ERROR_MAGIC}, /* the top bit was cleared */
        {5, '\r', true, SNAP_ERROR_MAGIC}, /* line ends were translated */
        {8, 2, true, SNAP_ERROR_VERSION},  /* another major version */
        {8, 0, false, SNAP_ERROR_VERSION}, /* known before the checksum is */
        {10, 9, true, SNAP_OK},            /* a later minor version */
        {12, 4, true, SNAP_ERROR_RESERVED},
        {12, 7, true, SNAP_ERROR_RESERVED},
        {13, 0x80, true, SNAP_ERROR_RESERVED},
        {14, 0xff, true, SNAP_OK}, /* unused bits */
        {15, 0xff, true, SNAP_OK},
        {15, 0xff, false, SNAP_ERROR_CHECKSUM},
        {16, 'x', false, SNAP_ERROR_CHECKSUM},
    };
    struct content *content = make_content(1);
    struct content *back = calloc(1, sizeof *back);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sink sink = written(content);
        sink.bytes.data[rows[i].offset] = rows[i].value;
        if (rows[i].repair)
            seal_header(sink.bytes.data);
        assert_int_equal(read_bytes(sink.bytes.data, sink.bytes.size, back), rows[i].error);
        buf_release(&sink.bytes);
    }
    free(content);
    free(back);
}

/* A section of a later version, in front of FRAMES. */
static enum snap_error read_with_extra(uint32_t flags, uint32_t size, size_t cut) {
    struct content *content = make_content(0x31);
    struct content *back = calloc(1, sizeof *back);
    struct sink sink = {.room = SIZE_MAX};
    struct snap_writer writer;
    snap_write_header(&writer, sink_io(&sink), &content->header);
    snap_write_meta(&writer, &content->meta);
    snap_write_globals(&writer, content->globals, GLOBALS_SIZE);
    snap_write_memory(&writer, content->memory, PAGES, NULL);
    for (int i = 0; i < 2; i++) {
        snap_write_section(&writer, SNAP_TYPE('W', 'A', 'S', 'I'), flags, size);
        for (uint32_t k = 0; k < size; k++)
            snap_write_bytes(&writer, "x", 1);
        snap_write_section_end(&writer);
    }
    snap_write_frames(&writer, content->frames, FRAMES_SIZE);
    assert_int_equal(snap_write_end(&writer), SNAP_OK);
    enum snap_error error = read_bytes(sink.bytes.data, sink.bytes.size - cut, back);
    if (error == SNAP_OK)
        assert_same(content, back);
    buf_release(&sink.bytes);
    free(content);
    free(back);
    return error;
}

static void test_snapshot_rules__unknown_sections(void **state) {
    (void)state;
    assert_int_equal(read_with_extra(0, 0, 0), SNAP_OK);
    assert_int_equal(read_with_extra(0, 1000, 0), SNAP_OK);
    assert_int_equal(read_with_extra(0xfe, 256, 0), SNAP_OK);
    assert_int_equal(read_with_extra(0x300, 257, 0), SNAP_OK); /* its codec is nobody's business */
    assert_int_equal(read_with_extra(0x1, 10, 0), SNAP_ERROR_SECTION);
    assert_int_equal(read_with_extra(0x10000, 10, 0), SNAP_ERROR_RESERVED);
    assert_int_equal(read_with_extra(0, 1000, 1), SNAP_ERROR_TRUNCATED);
    assert_int_equal(read_with_extra(0, 1000, 1000), SNAP_ERROR_TRUNCATED);
}

static void test_snapshot_rules__meta_may_grow(void **state) {
    (void)state;
    struct sink sink = {.room = SIZE_MAX};
    struct snap_writer writer;
    struct snap_header header = {.form = SNAP_FORM_HASHED, .identity = "x"};
    uint8_t bytes[SNAP_META_FIXED_SIZE + SNAP_META_EXPORT_SIZE + 5] = {0};
    snap_write_header(&writer, sink_io(&sink), &header);
    snap_write_section(&writer, SNAP_SECTION_META, 1, sizeof bytes);
    snap_write_bytes(&writer, bytes, sizeof bytes);
    snap_write_section_end(&writer);
    struct source source = {.bytes = sink.bytes.data, .size = sink.bytes.size};
    struct snap_reader reader;
    struct snap_meta meta;
    snap_read_header(&reader, source_io(&source), &header);
    snap_read_section(&reader, SNAP_SECTION_META);
    assert_int_equal(reader.left, sizeof bytes);
    assert_int_equal(snap_read_meta(&reader, bytes, &meta), SNAP_OK);
    assert_int_equal(meta.node_count, 0);
    buf_release(&sink.bytes);
}

/* What version 1.0 wrote. */
static void test_snapshot_rules__meta_without_export(void **state) {
    (void)state;
    struct sink sink = {.room = SIZE_MAX};
    struct snap_writer writer;
    struct snap_header header = {.form = SNAP_FORM_HASHED, .identity = "x"};
    uint8_t bytes[SNAP_META_FIXED_SIZE] = {0};
    snap_write_header(&writer, sink_io(&sink), &header);
    snap_write_section(&writer, SNAP_SECTION_META, 1, sizeof bytes);
    snap_write_bytes(&writer, bytes, sizeof bytes);
    snap_write_section_end(&writer);
    struct source source = {.bytes = sink.bytes.data, .size = sink.bytes.size};
    struct snap_reader reader;
    struct snap_meta meta = {.export = 9};
    snap_read_header(&reader, source_io(&source), &header);
    snap_read_section(&reader, SNAP_SECTION_META);
    assert_int_equal(snap_read_meta(&reader, bytes, &meta), SNAP_OK);
    assert_int_equal(meta.export, 0);
    assert_int_equal(meta.export_name.size, 0);
    buf_release(&sink.bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_snapshot_rules__forged_fields),
        cmocka_unit_test(test_snapshot_rules__forged_lengths),
        cmocka_unit_test(test_snapshot_rules__header_rules),
        cmocka_unit_test(test_snapshot_rules__unknown_sections),
        cmocka_unit_test(test_snapshot_rules__meta_may_grow),
        cmocka_unit_test(test_snapshot_rules__meta_without_export),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
