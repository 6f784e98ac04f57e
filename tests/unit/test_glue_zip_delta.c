/*
 * Deltas and their bases, compressed: runtime-glue/delta.c on top of runtime-glue/zip/zip.c.
 */
#include "glue_zip.h"

#include "glue_delta.h"

/* A program whose memory does not compress to nothing: sizes tell what is in a file. */
static void first_hop(void) {
    run_program(node, wanted);
    uint32_t x = 1;
    for (uint32_t i = 0; i < SNAP_PAGE_SIZE; i++)
        at(0)[i] = (uint8_t)((x = x * 1664525 + 1013904223) >> 24);
    hop();
    assert_true(is_zipped(file_named(first_base)) && is_zipped(file_named(newest)));
}

static void keep_page_0(uint8_t *page) {
    memcpy(page, at(0), SNAP_PAGE_SIZE);
}

/* The random page is in the base, and not in the delta until it changes. */
static void test_glue_zip_delta__only_changes(void **state) {
    (void)state;
    uint8_t page[SNAP_PAGE_SIZE];
    first_hop();
    keep_page_0(page);
    size_t base = file_named(first_base)->size, empty = file_named(newest)->size;
    at(5 * SNAP_PAGE_SIZE)[9] ^= 1;
    hop();
    assert_true(file_named(newest)->size < empty + SNAP_PAGE_SIZE / 2);
    assert_memory_equal(at(0), page, sizeof page);
    at(0)[17] ^= 1;
    hop();
    assert_true(file_named(newest)->size > empty + SNAP_PAGE_SIZE);
    assert_int_equal(file_named(first_base)->size, base);
    page[17] ^= 1;
    assert_memory_equal(at(0), page, sizeof page);
    at(5 * SNAP_PAGE_SIZE)[9] ^= 1;
    for (uint32_t i = 0; i < SNAP_PAGE_SIZE; i++)
        at(0)[i] = pattern(i);
    hop();
    check_program();
    assert_int_equal(snapify_memory_grow(1), 5);
}

/* Both bases were there for a while, and what the older was needed for is restorable throughout. */
static void test_glue_zip_delta__new_base(void **state) {
    (void)state;
    first_hop();
    change_base();
    assert_true(is_zipped(file_named(second_base)));
    assert_int_equal(at(SNAP_PAGE_SIZE)[0], pattern(SNAP_PAGE_SIZE) ^ 0x55);
}

static void unzip_file(const char *name) {
    size_t size;
    struct world_file *file = file_named(name);
    uint8_t *plain = decompress(file, &size);
    free(file->bytes);
    file->bytes = plain;
    file->size = size;
}

static void rezip_file(const char *name, int window_log) {
    size_t size;
    uint8_t *plain = decompress(file_named(name), &size);
    compress_as(file_named(name), plain, size, window_log);
    free(plain);
}

/* Tools pack and unpack each of the two by itself. */
static void test_glue_zip_delta__one_of_two(void **state) {
    (void)state;
    for (int which = 0; which < 4; which++) {
        for (int i = 0; i < WORLD_FILES; i++)
            world_remove(&world.files[i]);
        world_start(1, NULL);
        run_program(node, wanted);
        save_program();
        if ((which & 1) != 0)
            unzip_file(newest);
        if ((which & 2) != 0)
            unzip_file(first_base);
        restore();
        hop();
        check_program();
    }
}

/* 8 MiB is the largest window that is taken, in scratch as well. */
static void test_glue_zip_delta__windows(void **state) {
    (void)state;
    run_program(node, wanted);
    save_program();
    rezip_file(newest, 10);
    for (int window_log = 10; window_log <= 27; window_log++) {
        rezip_file(first_base, window_log);
        restore_program(node, wanted);
        if (window_log <= 23) {
            check_program();
        } else {
            assert_int_equal(world.status, SNAPIFY_EXIT_UNFIT);
            assert_string_equal(world.errors, "snapify: snapshot.snap.1: is compressed: decompress "
                                              "it first (snapify-snapshot compact)\n");
        }
    }
}

/* Without memory to look into the newest snapshot nobody knows which base it needs. */
static void test_glue_zip_delta__no_memory(void **state) {
    (void)state;
    first_hop();
    rezip_file(newest, 22);
    rezip_file(first_base, 22);
    size_t size = file_named(first_base)->size;
    world.state = SNAPIFY_STATE_UNWIND;
    world.max_pages = world.real_pages;
    world_run(snapify_leave);
    assert_int_equal(world.status, -1);
    assert_non_null(strstr(world.errors, "snapshot.snap.1: no memory left; saving everything\n"));
    assert_non_null(strstr(world.errors, "cannot save snapshot.snap: no memory left; going on\n"));
    assert_int_equal(file_named(first_base)->size, size);
    assert_null(file_named(second_base));
    restore();
}

static void test_glue_zip_delta__base_is_damaged(void **state) {
    (void)state;
    first_hop();
    struct world_file *base = file_named(first_base);
    base->bytes[base->size - 1] ^= 1; /* its trailer */
    world.state = SNAPIFY_STATE_UNWIND;
    world_run(snapify_leave);
    assert_int_equal(world.status, SNAPIFY_EXIT_SAVED);
    assert_string_equal(world.errors, "snapify: snapshot.snap.1: damaged: the compressed data are "
                                      "not as they were written; saving everything\n");
    assert_non_null(file_named(second_base));
    restore();
}

/* ---- damage ---- */

/* A small program: what is refused is refused soon. */
static void save_small(void) {
    world_environment(node, wanted, NULL);
    world_run(snapify_begin);
    for (uint32_t i = 0; i < 600; i++)
        *at(i) = (uint8_t)(i * i);
    snapify_point(1, 2);
    frame_push(16);
    save_program();
    world_environment(node, wanted, "SNAPIFY_RESTORE=snapshot.snap", NULL);
}

static void expect_refusal(void) {
    restore_program(node, wanted);
    assert_int_equal(world.status, SNAPIFY_EXIT_UNFIT);
    assert_true(strlen(world.errors) > 20);
}

static void damage(const char *name) {
    struct world_file *file = file_named(name);
    size_t whole = file->size;
    for (file->size = 0; file->size < whole; file->size++)
        expect_refusal();
    for (size_t i = 0; i < whole; i++) {
        file->bytes[i] ^= (uint8_t)(1 << i % 8);
        expect_refusal();
        file->bytes[i] ^= (uint8_t)(1 << i % 8);
    }
    restore();
}

static void test_glue_zip_delta__damaged(void **state) {
    (void)state;
    save_small();
    damage(newest);
    damage(first_base);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_glue_zip_delta__only_changes),
        WORLD_TEST(test_glue_zip_delta__new_base),
        WORLD_TEST(test_glue_zip_delta__one_of_two),
        WORLD_TEST(test_glue_zip_delta__windows),
        WORLD_TEST(test_glue_zip_delta__no_memory),
        WORLD_TEST(test_glue_zip_delta__base_is_damaged),
        WORLD_TEST(test_glue_zip_delta__damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
