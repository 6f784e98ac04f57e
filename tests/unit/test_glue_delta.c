/*
 * Snapshots that hold what has changed since another one: runtime-glue/delta.c.
 */
#include "glue_program.h"

#include "glue_delta.h"

/* Of 5 times 16 pages two out of five are not zero: 32. */
static void first_hop(void) {
    run_program(node, wanted);
    hop();
    assert_true(file_named(first_base)->size > 32 * SNAP_PAGE_SIZE);
    assert_true(file_named(newest)->size < file_named(first_base)->size - 32 * SNAP_PAGE_SIZE);
}

static void assert_refused(const char *text) {
    restore_program(node, wanted);
    assert_int_equal(world.status, SNAPIFY_EXIT_UNFIT);
    assert_string_equal(world.errors, text);
}

static void test_glue_delta__two_files(void **state) {
    (void)state;
    first_hop();
    check_program();
}

/* The directory's name stands in the region, which moves before the base is read. */
static void test_glue_delta__directory_below(void **state) {
    (void)state;
    program_setting = "SNAPIFY_DIR=/snap/below";
    run_program(node, wanted);
    hop();
    assert_non_null(file_named("/snap/below/snapshot.snap.1"));
    check_program();
    program_setting = NULL;
}

/* A page that changes, one that comes, one that becomes zero. */
static void test_glue_delta__only_changes(void **state) {
    (void)state;
    first_hop();
    size_t empty = file_named(newest)->size, base = file_named(first_base)->size;
    for (int round = 1; round <= 3; round++) {
        at(0)[7] = (uint8_t)round;
        at(3 * SNAP_PAGE_SIZE)[5] = 9;
        memset(at(5 * SNAP_PAGE_SIZE), 0, SNAP_PAGE_SIZE);
        hop();
        assert_int_equal(file_named(first_base)->size, base);
        assert_null(file_named(second_base));
        size_t more = file_named(newest)->size - empty;
        assert_true(more > 2 * SNAP_PAGE_SIZE && more < 3 * SNAP_PAGE_SIZE);
        assert_true(at(0)[7] == round && at(3 * SNAP_PAGE_SIZE)[5] == 9);
        assert_int_equal(at(5 * SNAP_PAGE_SIZE)[1], 0);
    }
    at(0)[7] = pattern(7);
    at(3 * SNAP_PAGE_SIZE)[5] = 0;
    for (uint32_t i = 5 * SNAP_PAGE_SIZE; i < 6 * SNAP_PAGE_SIZE; i++)
        *at(i) = pattern(i);
    hop();
    check_program();
}

static void test_glue_delta__new_base(void **state) {
    (void)state;
    first_hop();
    change_base();
    assert_int_equal(at(0)[0], pattern(0) ^ 0x55);
}

static void test_glue_delta__base_is_gone(void **state) {
    (void)state;
    first_hop();
    world_remove(file_named(first_base));
    world.state = SNAPIFY_STATE_UNWIND;
    world_run(snapify_leave);
    assert_int_equal(world.status, SNAPIFY_EXIT_SAVED);
    assert_string_equal(world.errors, "snapify: snapshot.snap.1: no such file or directory; saving "
                                      "everything\n");
    assert_non_null(file_named(second_base)); /* the newest snapshot still named the other */
    restore_program(node, NULL);
    check_program();
}

static void test_glue_delta__refused(void **state) {
    (void)state;
    first_hop();
    struct world_file *base = file_named(first_base);
    base->bytes[base->size / 2] ^= 4;
    assert_refused("snapify: snapshot.snap.1: damaged: a checksum does not fit\n");
    base->bytes[base->size / 2] ^= 4;
    base->size -= 3;
    assert_refused("snapify: snapshot.snap.1: truncated\n");
    base->size += 3;
    struct world_file *delta = file_named(newest);
    struct world_file copy = *base;
    *base = *delta;
    strcpy(base->name, first_base);
    assert_refused("snapify: snapshot.snap.1: is not the base that the snapshot was made "
                   "against\n");
    *base = copy;
    world_remove(base);
    assert_refused("snapify: snapshot.snap.1: no such file or directory\n");
}

/* What a tool has verified is not looked at once more: neither hashes nor checksums. */
static void test_glue_delta__trusted(void **state) {
    (void)state;
    run_program(node, NULL);
    save_program();
    struct world_file *saved = file_named(newest);
    saved->bytes[saved->size - 1] ^= 1;
    restore_program(node, NULL);
    assert_int_equal(world.status, SNAPIFY_EXIT_UNFIT);
    restore_program(node, "SNAPIFY_VERIFY=0");
    assert_int_equal(world.status, -1);
    check_program();
}

/* Without hashes nothing could be compared: they stand wherever a delta is asked for. */
static void test_glue_delta__hashes(void **state) {
    (void)state;
    const struct {
        const char *delta, *hash;
        uint8_t flags;
    } rows[] = {{"SNAPIFY_DELTA=0", "SNAPIFY_HASH=0", 3},
                {"SNAPIFY_DELTA=1", "SNAPIFY_HASH=0", 1},
                {"SNAPIFY_DELTA=0", "SNAPIFY_HASH=1", 5},
                {"SNAPIFY_DELTA=1", "SNAPIFY_HASH=1", 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        world_start(1, NULL);
        program_setting = rows[i].delta;
        run_program(node, rows[i].hash);
        save_program();
        assert_int_equal(file_named(newest)->bytes[12], rows[i].flags);
        program_setting = NULL;
        restore_program(node, NULL);
        check_program();
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_glue_delta__two_files),       WORLD_TEST(test_glue_delta__only_changes),
        WORLD_TEST(test_glue_delta__new_base),        WORLD_TEST(test_glue_delta__base_is_gone),
        WORLD_TEST(test_glue_delta__refused),         WORLD_TEST(test_glue_delta__trusted),
        WORLD_TEST(test_glue_delta__directory_below), WORLD_TEST(test_glue_delta__hashes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
