/*
 * test_snapshot_file.c: snapshots as files, plain, in each envelope and in both: what was written
 * is read again, and neither a truncation nor a changed byte gets through.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "snapshot-tool/output.h"
#include "snapshot-tool/snapshot_file.h"
#include "snapshot_content.h"

struct envelope {
    const char *name;
    int zstd;
    bool sealed;
};

static const struct envelope envelopes[] = {
    {"plain", 0, false}, {"zstd", 3, false}, {"sealed", 0, true}, {"both", 19, true}};

/* A directory of our own, the output in it, and damaged copies in memory: some file systems write
 * a file that is replaced to the disk at once, which takes long for thousands of them. */
struct place {
    char directory[32];
    char path[48];
    int copy;
    char copy_path[32];
    struct tool tool;
};

static struct place make_place(const struct envelope *envelope) {
    struct place place = {.directory = "/tmp/snapify-unit-XXXXXX"};
    assert_non_null(mkdtemp(place.directory));
    snprintf(place.path, sizeof place.path, "%s/snapshot", place.directory);
    place.copy = memfd_create("copy", MFD_CLOEXEC);
    assert_true(place.copy >= 0);
    snprintf(place.copy_path, sizeof place.copy_path, "/proc/self/fd/%d", place.copy);
    memset(place.tool.output_key, 7, SEAL_KEY_SIZE);
    memset(place.tool.input_key, 7, SEAL_KEY_SIZE);
    place.tool.options.zstd = envelope->zstd;
    place.tool.options.encrypt = envelope->sealed ? "a key" : NULL;
    place.tool.input.quiet = true;
    return place;
}

static void remove_place(const struct place *place) {
    close(place->copy);
    unlink(place->path);
    assert_int_equal(rmdir(place->directory), 0); /* nothing was left over */
}

/* The file's bytes: a snapshot in the envelope. */
static struct buf write_enveloped(struct place *place, uint32_t full) {
    struct content *content = make_content(full);
    struct sink sink = written(content);
    struct output out;
    struct buf bytes = {0};
    uint8_t piece[4096];
    size_t size;
    assert_int_equal(output_open(&out, &place->tool, place->path), TOOL_OK);
    assert_int_equal(output_write(&out, sink.bytes.data, sink.bytes.size), SNAP_IO_OK);
    assert_int_equal(output_finish(&out, TOOL_OK), TOOL_OK);
    FILE *file = fopen(place->path, "rbe");
    while ((size = fread(piece, 1, sizeof piece, file)) > 0)
        buf_append(&bytes, piece, size);
    fclose(file);
    buf_release(&sink.bytes);
    free(content);
    return bytes;
}

static void put_copy(const struct place *place, const uint8_t *bytes, size_t size) {
    assert_int_equal(ftruncate(place->copy, (off_t)size), 0);
    assert_int_equal(pwrite(place->copy, bytes, size, 0), size);
}

/* Reads the whole copy; the number of pages in *pages. Returns whether it is sound. */
static bool is_sound(struct place *place, uint32_t *pages) {
    struct snapshot *file = tool_alloc(sizeof *file);
    uint32_t type;
    *pages = 0;
    place->tool.input.key = place->tool.input_key;
    if (snapshot_open(file, place->copy_path, &place->tool.input) == 0)
        while ((type = snapshot_next(file)) != 0)
            while (type == SNAP_SECTION_MEMORY && snapshot_page(file))
                ++*pages;
    bool sound = file->ended;
    assert_non_null(snapshot_fault(file).text);
    snapshot_close(file);
    free(file);
    return sound;
}

static void test_snapshot_file__is_read_as_written(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof envelopes / sizeof *envelopes; i++) {
        struct place place = make_place(&envelopes[i]);
        struct buf bytes = write_enveloped(&place, 0x800105);
        uint32_t pages;
        put_copy(&place, bytes.data, bytes.size);
        assert_true(is_sound(&place, &pages));
        assert_int_equal(pages, 4);
        buf_release(&bytes);
        remove_place(&place);
    }
}

static void test_snapshot_file__refuses_every_truncation(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof envelopes / sizeof *envelopes; i++) {
        struct place place = make_place(&envelopes[i]);
        struct buf bytes = write_enveloped(&place, 0x4);
        uint32_t pages;
        for (size_t size = 0; size < bytes.size; size++) {
            put_copy(&place, bytes.data, size);
            if (is_sound(&place, &pages))
                fail_msg("%s: accepted with %zu of %zu bytes", envelopes[i].name, size, bytes.size);
        }
        buf_release(&bytes);
        remove_place(&place);
    }
}

/* Another bit of each byte, so that all eight have their turn. */
static void test_snapshot_file__refuses_every_changed_byte(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof envelopes / sizeof *envelopes; i++) {
        struct place place = make_place(&envelopes[i]);
        struct buf bytes = write_enveloped(&place, 0x4);
        uint32_t pages;
        for (size_t at = 0; at < bytes.size; at++) {
            uint8_t bit = (uint8_t)(1u << at % 8);
            bytes.data[at] ^= bit;
            put_copy(&place, bytes.data, bytes.size);
            if (is_sound(&place, &pages))
                fail_msg("%s: accepted with byte %zu changed", envelopes[i].name, at);
            bytes.data[at] ^= bit;
        }
        buf_release(&bytes);
        remove_place(&place);
    }
}

/* Envelopes end with the snapshot; behind a plain one anything may stand. */
static void test_snapshot_file__looks_behind_the_end_of_envelopes(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof envelopes / sizeof *envelopes; i++) {
        struct place place = make_place(&envelopes[i]);
        struct buf bytes = write_enveloped(&place, 0x4);
        uint32_t pages;
        buf_append_u8(&bytes, 0);
        put_copy(&place, bytes.data, bytes.size);
        assert_int_equal(is_sound(&place, &pages), i == 0);
        buf_release(&bytes);
        remove_place(&place);
    }
}

static void test_snapshot_file__refuses_another_key(void **state) {
    (void)state;
    struct place place = make_place(&envelopes[2]);
    struct buf bytes = write_enveloped(&place, 0x4);
    uint32_t pages;
    put_copy(&place, bytes.data, bytes.size);
    for (size_t at = 0; at < SEAL_KEY_SIZE; at++) {
        place.tool.input_key[at] ^= 0x10;
        assert_false(is_sound(&place, &pages));
        place.tool.input_key[at] ^= 0x10;
    }
    assert_true(is_sound(&place, &pages));
    buf_release(&bytes);
    remove_place(&place);
}

/* Chunks of exactly one and two chunk sizes, and around them. */
static void test_snapshot_file__seals_any_size(void **state) {
    (void)state;
    static const size_t sizes[] = {1, 65535, 65536, 65537, 131072, 131073, 200000};
    uint8_t *bytes = calloc(1, 200000), *again = calloc(1, 200001);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct place place = make_place(&envelopes[2]);
        struct output out;
        struct input in;
        for (size_t at = 0; at < sizes[i]; at++)
            bytes[at] = (uint8_t)(at * 7 + at / 251);
        assert_int_equal(output_open(&out, &place.tool, place.path), TOOL_OK);
        for (size_t at = 0; at < sizes[i]; at += 32768)
            output_write(&out, bytes + at, sizes[i] - at < 32768 ? sizes[i] - at : 32768);
        assert_int_equal(output_finish(&out, TOOL_OK), TOOL_OK);
        place.tool.input.key = place.tool.input_key;
        assert_int_equal(input_open(&in, place.path, &place.tool.input), 0);
        assert_int_equal(input_read(&in, again, sizes[i]), SNAP_IO_OK);
        assert_int_equal(input_finish(&in), 0);
        input_close(&in);
        assert_memory_equal(bytes, again, sizes[i]);
        remove_place(&place);
    }
    free(bytes);
    free(again);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_snapshot_file__is_read_as_written),
        cmocka_unit_test(test_snapshot_file__refuses_every_truncation),
        cmocka_unit_test(test_snapshot_file__refuses_every_changed_byte),
        cmocka_unit_test(test_snapshot_file__looks_behind_the_end_of_envelopes),
        cmocka_unit_test(test_snapshot_file__refuses_another_key),
        cmocka_unit_test(test_snapshot_file__seals_any_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
