/*
 * The sections that say what the engine did for the program: snapshot_{files,process}.c, there and
 * back, and forged with checksums that are right.
 */
#include "snapshot_content.h"
#include "snapshot_forge.h"

static const char texts[] = "/data\0log"; /* base and path of the file */

struct state {
    struct snap_process process;
    uint64_t monotonic;
    uint32_t count, home_size;
    struct snap_file files[2];
};

static const struct state example = {
    .process = {2, 8, 1, 7, SNAP_PROCESS_PROMISED},
    .monotonic = UINT64_C(0x1122334455667788),
    .count = 2,
    .home_size = 6,
    .files = {{.number = 0, .kind = SNAP_FILE_ENGINE, .offset = SNAP_FILE_NO_OFFSET},
              {5, SNAP_FILE_PATH, 4, SNAP_FILE_CONTENTS, 1, 4, 66, 77, 88, 99, 6, 4, 0}},
};

static enum snap_error write_state(struct sink *sink) {
    struct snap_writer writer;
    struct snap_header header = {.form = SNAP_FORM_HASHED, .identity = "identity"};
    snap_write_header(&writer, sink_io(sink), &header);
    snap_write_process(&writer, &example.process, (struct snap_bytes){"program\0", 8},
                       (struct snap_bytes){"HOME=/", 7});
    snap_write_clock(&writer, example.monotonic);
    snap_write_files(&writer, snap_files_length(2, 6 + sizeof texts), 2, 6);
    snap_write_bytes(&writer, "/snap", 6);
    snap_write_file(&writer, &example.files[0]);
    snap_write_file(&writer, &example.files[1]);
    snap_write_bytes(&writer, texts, sizeof texts);
    return snap_write_section_end(&writer);
}

static void pass_over(struct snap_reader *reader, size_t size) {
    char bytes[100];
    if (reader->status == SNAP_OK)
        snap_read_bytes(reader, bytes, size < sizeof bytes ? size : sizeof bytes);
}

static enum snap_error read_state(struct source *source, struct state *state) {
    struct snap_reader reader;
    struct snap_header header;
    uint32_t number = 0;
    snap_read_header(&reader, source_io(source), &header);
    snap_read_process(&reader, &state->process);
    pass_over(&reader, 15);
    snap_read_section_end(&reader);
    snap_read_clock(&reader, &state->monotonic);
    snap_read_files(&reader, &state->count, &state->home_size);
    pass_over(&reader, state->home_size);
    for (uint32_t i = 0; i < state->count && i < 2; i++) {
        struct snap_file *file = &state->files[i];
        snap_read_file(&reader, &number, file);
        pass_over(&reader, (size_t)file->base_size + file->path_size + file->listing_size);
    }
    return snap_read_section_end(&reader);
}

static enum snap_error read_state_of(const struct buf *bytes, size_t size, struct state *state) {
    uint8_t *copy = malloc(size + 1);
    memcpy(copy, bytes->data, size);
    struct source source = {.bytes = copy, .size = size};
    enum snap_error error = read_state(&source, state);
    free(copy);
    return error;
}

static void test_snapshot_state__round_trip(void **unused) {
    (void)unused;
    struct sink sink = {.room = SIZE_MAX};
    struct state state = {0};
    assert_int_equal(write_state(&sink), SNAP_OK);
    assert_int_equal(read_state_of(&sink.bytes, sink.bytes.size, &state), SNAP_OK);
    assert_memory_equal(&state.process, &example.process, sizeof state.process);
    assert_true(state.monotonic == example.monotonic && state.count == 2 && state.home_size == 6);
    assert_memory_equal(&state.files[0], &example.files[0], sizeof state.files[0]);
    assert_memory_equal(&state.files[1], &example.files[1], sizeof state.files[1]);
    for (size_t size = 0; size < sink.bytes.size; size++)
        assert_int_equal(read_state_of(&sink.bytes, size, &state), SNAP_ERROR_TRUNCATED);
    for (size_t at = 0; at < sink.bytes.size; at++) {
        sink.bytes.data[at] ^= 0x41;
        assert_int_not_equal(read_state_of(&sink.bytes, sink.bytes.size, &state), SNAP_OK);
        sink.bytes.data[at] ^= 0x41;
    }
    buf_release(&sink.bytes);
}

static void test_snapshot_state__forged_fields(void **unused) {
    (void)unused;
    enum {
        FIRST = SNAP_FILES_FIXED_SIZE + 6, /* of the descriptors in FILE */
        SECOND = FIRST + SNAP_FILE_FIXED_SIZE
    };
    const struct {
        const char *type;
        size_t offset;
        uint32_t value;
        enum snap_error error;
    } rows[] = {
        {"PROC", 4, 7, SNAP_ERROR_PROCESS},
        {"PROC", 4, 0xffffffff, SNAP_ERROR_PROCESS},
        {"PROC", 12, 8, SNAP_ERROR_PROCESS},
        {"PROC", 0, 99, SNAP_OK}, /* the module counts */
        {"FILE", 4, 0xffffffff, SNAP_ERROR_FILES},
        {"FILE", 4, 65537, SNAP_ERROR_FILES},
        {"FILE", 0, 1, SNAP_ERROR_LENGTH},
        {"FILE", FIRST, 5, SNAP_ERROR_FILES}, /* numbers ascend */
        {"FILE", SECOND, 0, SNAP_ERROR_FILES},
        {"FILE", SECOND, SNAP_FILES_MAX, SNAP_ERROR_FILES},
        {"FILE", SECOND, SNAP_FILES_MAX - 1, SNAP_OK},
        {"FILE", SECOND + 4, SNAP_FILE_NONE, SNAP_ERROR_FILES},
        {"FILE", SECOND + 4, SNAP_FILE_KINDS, SNAP_ERROR_FILES},
        {"FILE", SECOND + 12, 0xffffffff, SNAP_OK}, /* unused bits */
        {"FILE", SECOND + 56, 0, SNAP_ERROR_FILES}, /* a file has a name */
        {"FILE", SECOND + 60, 0, SNAP_ERROR_FILES},
        {"FILE", SECOND + 56, 65537, SNAP_ERROR_FILES},
        {"FILE", SECOND + 60, 0xffffffff, SNAP_ERROR_FILES},
        {"FILE", SECOND + 64, 1, SNAP_ERROR_FILES},
        {"FILE", SECOND + 64, 0xffffffff, SNAP_ERROR_FILES},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sink sink = {.room = SIZE_MAX};
        struct state state = {0};
        assert_int_equal(write_state(&sink), SNAP_OK);
        forge(&sink.bytes, rows[i].type, SNAP_SECTION_HEADER_SIZE + rows[i].offset, rows[i].value);
        assert_int_equal(read_state_of(&sink.bytes, sink.bytes.size, &state), rows[i].error);
        buf_release(&sink.bytes);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_snapshot_state__round_trip),
        cmocka_unit_test(test_snapshot_state__forged_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
