/*
 * What happens when the host calls an exported function: runtime-glue/begin.c.
 */
#include "glue_world.h"

enum {
    COMPUTE = 1,
    INITIALIZE = 2,
    OTHER = 3
};

static uint32_t called;  /* the export that enter() calls */
static uint32_t entered; /* what snapify_enter() said */

static void call(void) {
    entered = snapify_enter(called);
}

static void enter(uint32_t export) {
    called = export;
    entered = UINT32_MAX;
    world_run(call);
}

/* Stops inside of an export, and starts again with its snapshot. */
static void stop_in(uint32_t export) {
    world_environment("SNAPIFY_STOP_AT=1", NULL);
    enter(export);
    assert_int_equal(entered, 1);
    frame_push(16);
    snapify_point(0, 0);
    assert_int_equal(world.state, SNAPIFY_STATE_UNWIND);
    world_run(snapify_leave);
    assert_int_equal(world.status, SNAPIFY_EXIT_SAVED);
    world_start(1, NULL);
    glue.export = 0;
    world_environment("SNAPIFY_RESTORE=snapshot.snap", NULL);
}

static void arrive(void) {
    snapify_point(0, 0);
    frame_pop(16);
    assert_int_equal(world.state, SNAPIFY_STATE_RUN);
}

static void test_glue_enter__begins_once(void **state) {
    (void)state;
    world_environment("SNAPIFY_STOP_AT=2", NULL);
    enter(INITIALIZE);
    assert_int_equal(entered, 1);
    frame_push(16);
    snapify_point(0, 0);
    frame_pop(16);
    enter(COMPUTE); /* does not count from the start again */
    assert_int_equal(entered, 1);
    frame_push(16);
    snapify_point(0, 0);
    assert_int_equal(world.state, SNAPIFY_STATE_UNWIND);
    assert_string_equal(export_name(), "compute");
}

static void test_glue_enter__goes_on_in_the_same_export(void **state) {
    (void)state;
    stop_in(OTHER);
    enter(INITIALIZE);
    assert_int_equal(entered, 0);
    assert_int_equal(world.state, SNAPIFY_STATE_REWIND);
    enter(INITIALIZE);
    assert_int_equal(entered, 0);
    enter(OTHER);
    assert_int_equal(entered, 1);
    assert_int_equal(world.state, SNAPIFY_STATE_REWIND);
    arrive();
    enter(COMPUTE);
    assert_int_equal(entered, 1);
    assert_string_equal(world.errors, "");
}

static void test_glue_enter__goes_on_in_initialize(void **state) {
    (void)state;
    stop_in(INITIALIZE);
    enter(INITIALIZE);
    assert_int_equal(entered, 1);
    arrive();
    enter(INITIALIZE); /* of the host's own accord, as it would without us */
    assert_int_equal(entered, 1);
}

static void test_glue_enter__refuses_another_export(void **state) {
    (void)state;
    stop_in(OTHER);
    enter(COMPUTE);
    assert_int_equal(world.status, SNAPIFY_EXIT_UNFIT);
    assert_string_equal(world.errors, "snapify: snapshot.snap: the program was stopped in other, "
                                      "which has to be called first\n");
}

static void test_glue_enter__refuses_an_export_that_is_not_there(void **state) {
    (void)state;
    stop_in(OTHER);
    snapify_config.export_count = 2;
    enter(OTHER);
    assert_int_equal(world.status, SNAPIFY_EXIT_UNFIT);
    assert_string_equal(world.errors, "snapify: snapshot.snap: does not fit this program\n");
}

static void test_glue_enter__without_region(void **state) {
    (void)state;
    world_environment(NULL);
    enter(COMPUTE);
    assert_int_equal(snapify_memory_grow(1), WORLD_APP_PAGES);
    assert_int_equal(world.base, 0);
    memset(at(0), 0xff, WORLD_APP_PAGES * SNAPIFY_PAGE_SIZE);
    enter(OTHER);
    assert_int_equal(entered, 1);
    assert_int_equal(*at(0), 0xff);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_glue_enter__begins_once),
        WORLD_TEST(test_glue_enter__goes_on_in_the_same_export),
        WORLD_TEST(test_glue_enter__goes_on_in_initialize),
        WORLD_TEST(test_glue_enter__refuses_another_export),
        WORLD_TEST(test_glue_enter__refuses_an_export_that_is_not_there),
        WORLD_TEST(test_glue_enter__without_region),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
