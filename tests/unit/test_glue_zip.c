/*
 * Snapshots that the module compresses and decompresses itself: runtime-glue/zip/zip.c, with the
 * system's zstd in place of the one in the module.
 */
#include "glue_zip.h"

static struct world_file *snapshot(void) {
    struct world_file *file = file_named("/snap/snapshot.snap");
    assert_non_null(file);
    return file;
}

static void test_glue_zip__round_trip(void **state) {
    (void)state;
    const size_t transfer[] = {0, 1000, 4096, 7};
    for (size_t i = 0; i < sizeof transfer / sizeof *transfer; i++) {
        world_start(1, NULL);
        run_program(node, NULL);
        world.transfer_max = transfer[i];
        save_program();
        uint32_t magic;
        memcpy(&magic, snapshot()->bytes, sizeof magic);
        assert_int_equal(magic, ZIP_MAGIC);
        restore_program("KAFU_NODE=cloud1", NULL);
        assert_string_equal(world.errors, "");
        assert_int_equal(world.status, -1);
        assert_int_equal(world.here, 2);
        assert_null(world.open);
        check_program();
        assert_int_equal(snapify_memory_grow(1), 5);
    }
}

/* What is in it is what would have been written plain; and that is taken, too. */
static void test_glue_zip__holds_the_plain_snapshot(void **state) {
    (void)state;
    size_t size;
    run_program(node, NULL);
    save_program();
    uint8_t *unpacked = decompress(snapshot(), &size);
    world_start(1, NULL);
    snapify_config.zip_level = 0;
    run_program(node, NULL);
    save_program();
    assert_int_equal(snapshot()->size, size);
    assert_memory_equal(snapshot()->bytes, unpacked, size);
    free(unpacked);
    restore_program(NULL, NULL);
    assert_string_equal(world.errors, "");
    check_program();
}

/* Nothing is left where the decompressor was: the second snapshot is as long as the first. */
static void test_glue_zip__many_hops(void **state) {
    (void)state;
    run_program(node, NULL);
    hop_around();
    check_program();
}

/* A module of one size: the region stays, nothing is read twice. */
static void test_glue_zip__region_stays(void **state) {
    (void)state;
    world_environment(node, NULL);
    world_run(snapify_begin);
    memset(at(0), 0x5a, 4096);
    snapify_point(1, 2);
    frame_push(16);
    save_program();
    restore_program(NULL, NULL);
    assert_string_equal(world.errors, "");
    assert_int_equal(world.state, SNAPIFY_STATE_REWIND);
    assert_int_equal(*at(0), 0x5a);
    assert_int_equal(*at(4096), 0);
}

/* 8 MiB is the largest window that is taken. */
static void test_glue_zip__windows(void **state) {
    (void)state;
    size_t size;
    run_program(node, NULL);
    save_program();
    uint8_t *plain = decompress(snapshot(), &size);
    for (int window_log = 10; window_log <= 27; window_log++) {
        compress_as(snapshot(), plain, size, window_log);
        restore_program(NULL, NULL);
        if (window_log <= 23) {
            assert_string_equal(world.errors, "");
            check_program();
        } else {
            assert_int_equal(world.status, SNAPIFY_EXIT_UNFIT);
            assert_non_null(strstr(world.errors, "is compressed: decompress it first"));
        }
    }
    free(plain);
}

static void test_glue_zip__no_memory_to_compress(void **state) {
    (void)state;
    uint32_t magic;
    run_program(node, NULL);
    world.max_pages = world.real_pages + 2;
    save_program();
    memcpy(&magic, snapshot()->bytes, sizeof magic);
    assert_int_not_equal(magic, ZIP_MAGIC);
    restore_program(NULL, NULL);
    check_program();
}

static void test_glue_zip__no_memory_to_decompress(void **state) {
    (void)state;
    run_program(node, NULL);
    save_program();
    world_start(1, NULL);
    world.max_pages = world.real_pages + 2;
    world_environment("SNAPIFY_RESTORE=snapshot.snap", NULL);
    world_run(snapify_begin);
    assert_int_equal(world.status, SNAPIFY_EXIT_UNFIT);
    assert_non_null(strstr(world.errors, "no memory left"));
}

static void test_glue_zip__disk_full(void **state) {
    (void)state;
    for (size_t left = 0; left < 3000; left += 37) {
        world_start(1, NULL);
        run_program(node, NULL);
        world.disk_left = left;
        world_run(snapify_leave);
        assert_int_equal(world.status, -1);
        assert_non_null(strstr(world.errors, "no space left"));
        check_program();
    }
}

/* ---- damage ---- */

/* A small program: what is refused is refused soon. */
static void save_small(void) {
    world_environment(node, NULL);
    world_run(snapify_begin);
    for (uint32_t i = 0; i < 600; i++)
        *at(i) = (uint8_t)(i * i);
    snapify_point(1, 2);
    frame_push(16);
    save_program();
}

static void expect_refusal(void) {
    restore_program(NULL, NULL);
    assert_int_equal(world.status, SNAPIFY_EXIT_UNFIT);
    assert_true(strlen(world.errors) > 20);
}

static void test_glue_zip__truncated(void **state) {
    (void)state;
    save_small();
    for (size_t size = snapshot()->size; size-- > 0;) {
        snapshot()->size = size;
        expect_refusal();
    }
}

static void test_glue_zip__changed(void **state) {
    (void)state;
    save_small();
    for (size_t i = 0; i < snapshot()->size; i++) {
        for (int bit = 0; bit < 8; bit++) {
            snapshot()->bytes[i] ^= (uint8_t)(1 << bit);
            expect_refusal();
            snapshot()->bytes[i] ^= (uint8_t)(1 << bit);
        }
    }
    restore_program(NULL, NULL);
    assert_int_equal(world.status, -1);
}

static void test_glue_zip__more_behind(void **state) {
    (void)state;
    save_small();
    struct world_file *file = snapshot();
    file->bytes = realloc(file->bytes, file->size + 1);
    file->bytes[file->size++] = 0;
    expect_refusal();
    assert_non_null(strstr(world.errors, "the compressed data are not as they were written"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_glue_zip__round_trip),
        WORLD_TEST(test_glue_zip__holds_the_plain_snapshot),
        WORLD_TEST(test_glue_zip__many_hops),
        WORLD_TEST(test_glue_zip__region_stays),
        WORLD_TEST(test_glue_zip__windows),
        WORLD_TEST(test_glue_zip__no_memory_to_compress),
        WORLD_TEST(test_glue_zip__no_memory_to_decompress),
        WORLD_TEST(test_glue_zip__disk_full),
        WORLD_TEST(test_glue_zip__truncated),
        WORLD_TEST(test_glue_zip__changed),
        WORLD_TEST(test_glue_zip__more_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
