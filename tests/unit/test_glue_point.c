/*
 * Settings, nodes and the decision at a point: runtime-glue/{begin,env,node,point}.c.
 */
#include "glue_world.h"

static void begin(const char *first, const char *second) {
    world_environment(first, second, NULL);
    world_run(snapify_begin);
    assert_int_equal(world.status, -1);
}

/* ---- settings ---- */

static void test_glue_env__start_without_settings(void **state) {
    (void)state;
    begin(NULL, NULL);
    assert_int_equal(world.state, SNAPIFY_STATE_RUN);
    assert_int_equal(world.here, 0);
    assert_false(glue.leaves);
    assert_int_equal(world.grow_count, 0);
}

static void test_glue_env__values(void **state) {
    (void)state;
    world_environment("PATH=/bin", "SNAPIFY_SAVE=a=b c", "XKAFU_NODE=wrong",
                      "SNAPIFY_DIR=", "KAFU_NODE=edge1", "KAFU_NODE=later", "KAFU_NODES=wrong",
                      NULL);
    world_run(snapify_begin);
    assert_string_equal(setting("SNAPIFY_SAVE"), "a=b c");
    assert_string_equal(setting("KAFU_NODE"), "edge1");
    assert_null(setting("SNAPIFY_DIR"));
    assert_null(setting("SNAPIFY_RESTORE"));
    assert_null(setting("PATH"));
}

static void test_glue_env__baked_defaults(void **state) {
    (void)state;
    world_start(1, "KAFU_NODE=cloud1");
    begin("HOME=/", NULL);
    assert_int_equal(world.here, 2);
    world_start(1, "KAFU_NODE=cloud1");
    begin("KAFU_NODE=edge1", NULL);
    assert_int_equal(world.here, 1);
    world_start(1, "KAFU_NODE=cloud1");
    begin("KAFU_NODE=", NULL);
    assert_int_equal(world.here, 0);
    assert_false(glue.leaves);
}

static void test_glue_env__large_environment(void **state) {
    (void)state;
    char *large = malloc(300000);
    memset(large, 'x', 299999);
    large[299999] = '\0';
    memcpy(large, "LARGE=", 6);
    begin(large, "KAFU_NODE=edge1");
    assert_int_equal(world.here, 1);
    assert_int_equal(world.grow_count, 1);
    assert_int_equal(world.real_pages - world.extra, WORLD_APP_PAGES);
    assert_true(world.frames - world.base < SNAPIFY_PAGE_SIZE);
    free(large);
}

static void test_glue_env__large_node_name(void **state) {
    (void)state;
    static char variable[100000] = "KAFU_NODE=";
    memset(variable + 10, 'n', sizeof variable - 11);
    begin(variable, NULL);
    assert_int_equal(world.here, 3);
    assert_string_equal(nodes_kept().bytes, variable + 10);
    assert_int_equal(nodes_kept().size, sizeof variable - 10);
}

static void test_glue_env__no_memory(void **state) {
    (void)state;
    static char variable[100000];
    memset(variable, 'n', sizeof variable - 1);
    world.max_pages = world.real_pages;
    world_environment(variable, NULL);
    world_run(snapify_begin);
    assert_int_equal(world.status, SNAPIFY_EXIT_UNFIT);
    assert_string_equal(world.errors, "snapify: environment: no memory left\n");
}

static void test_glue_env__bad_stop_at(void **state) {
    (void)state;
    const char *rows[] = {"0",  "-1",  "x", "1x", " 1", "1 ", "99999999999999999999999",
                          "+1", "1\n2"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char variable[64];
        snprintf(variable, sizeof variable, "SNAPIFY_STOP_AT=%s", rows[i]);
        world_start(1, NULL);
        world_environment(variable, NULL);
        world_run(snapify_begin);
        assert_int_equal(world.status, SNAPIFY_EXIT_UNFIT);
        assert_string_equal(world.errors, "snapify: SNAPIFY_STOP_AT: not a number from 1 on\n");
    }
}

static void test_glue_env__unknown_variables_are_ignored(void **state) {
    (void)state;
    begin("SNAPIFY_EVERY_MS=x", "SNAPIFY_WHATEVER=1");
    assert_false(glue.leaves);
    assert_string_equal(world.errors, "");
}

/* ---- nodes ---- */

static void test_glue_node__numbers(void **state) {
    (void)state;
    const struct {
        const char *variable;
        uint32_t here;
    } rows[] = {
        {"KAFU_NODE=edge1", 1},   {"KAFU_NODE=cloud1", 2}, {"KAFU_NODE=cloud", 3},
        {"KAFU_NODE=cloud12", 3}, {"KAFU_NODE=", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        world_start(1, NULL);
        begin(rows[i].variable, NULL);
        assert_int_equal(world.here, rows[i].here);
    }
}

static void test_glue_node__names_are_kept_once(void **state) {
    (void)state;
    begin("KAFU_NODE=a", NULL);
    assert_int_equal(node_find_or_add("b"), 4);
    assert_int_equal(node_find_or_add("a"), 3);
    assert_int_equal(node_find_or_add("c"), 5);
    assert_int_equal(node_find_or_add("b"), 4);
    assert_int_equal(node_find_or_add("edge1"), 1);
    assert_memory_equal(nodes_kept().bytes, "a\0b\0c", 6);
    assert_int_equal(frames_start() % 16, 0);
    assert_int_equal(world.frames, world.base + frames_start());
}

/* ---- points ---- */

static void test_glue_point__leaves_for_wanted_node(void **state) {
    (void)state;
    const struct {
        const char *variable;
        uint32_t wanted;
        int32_t state;
    } rows[] = {
        {"KAFU_NODE=edge1", 0, SNAPIFY_STATE_RUN},    {"KAFU_NODE=edge1", 1, SNAPIFY_STATE_RUN},
        {"KAFU_NODE=edge1", 2, SNAPIFY_STATE_UNWIND}, {"KAFU_NODE=other", 2, SNAPIFY_STATE_UNWIND},
        {"KAFU_NODE=other", 3, SNAPIFY_STATE_RUN},    {"HOME=/", 2, SNAPIFY_STATE_RUN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        world_start(1, NULL);
        begin(rows[i].variable, NULL);
        snapify_point(1, rows[i].wanted);
        assert_int_equal(world.state, rows[i].state);
        if (world.state == SNAPIFY_STATE_UNWIND) {
            assert_int_equal(glue.point, 1);
            assert_int_equal(glue.goal, rows[i].wanted);
        }
    }
}

static void test_glue_point__stops_at_count(void **state) {
    (void)state;
    begin("SNAPIFY_STOP_AT=3", NULL);
    for (int i = 1; i < 3; i++) {
        assert_int_equal(world.budget, SNAPIFY_BUDGET_SLOW);
        snapify_point(0, 0);
    }
    assert_int_equal(world.budget, SNAPIFY_BUDGET_SLOW);
    snapify_point(1, 2);
    assert_int_equal(world.state, SNAPIFY_STATE_UNWIND);
    assert_int_equal(glue.goal, 0);
}

static void test_glue_point__stop_and_mark_coincide(void **state) {
    (void)state;
    begin("SNAPIFY_STOP_AT=1", "KAFU_NODE=edge1");
    snapify_point(1, 2);
    assert_int_equal(world.state, SNAPIFY_STATE_UNWIND);
    assert_int_equal(glue.goal, 2);
}

/* After a failed save the program goes on, the point is not counted, its mark waits. */
static void test_glue_point__after_failed_save(void **state) {
    (void)state;
    begin("SNAPIFY_STOP_AT=3", "KAFU_NODE=edge1");
    snapify_point(1, 2);
    assert_int_equal(world.state, SNAPIFY_STATE_UNWIND);
    world.state = SNAPIFY_STATE_REWIND;
    snapify_point(1, 2);
    assert_int_equal(world.budget, SNAPIFY_BUDGET_SLOW);
    assert_int_equal(glue.points_left, 2);
    snapify_point(1, 2);
    assert_int_equal(world.state, SNAPIFY_STATE_UNWIND);
}

/* Arrived on a node that the mark does not want: on at once. */
static void test_glue_point__after_restore(void **state) {
    (void)state;
    begin("KAFU_NODE=edge1", NULL);
    glue.point = 1;
    glue.frame_count = 1;
    glue.restored = true;
    world.state = SNAPIFY_STATE_REWIND;
    snapify_point(1, 2);
    assert_int_equal(world.state, SNAPIFY_STATE_UNWIND);
    glue.restored = true;
    world.state = SNAPIFY_STATE_REWIND;
    snapify_point(1, 1);
    assert_int_equal(world.state, SNAPIFY_STATE_RUN);
}

/* ---- frames that are rewound at once ---- */

static void test_glue_point__goes_on(void **state) {
    (void)state;
    begin("KAFU_NODE=edge1", NULL);
    uint32_t frame = snapify_unwind_frame(10, 16);
    assert_int_equal(snapify_saved(), 1);
    assert_int_equal(world.state, SNAPIFY_STATE_REWIND);
    assert_int_equal(world.budget, SNAPIFY_BUDGET_SLOW);
    snapify_rewind_frame(16, 8, 3);
    assert_int_equal(world.frames, frame);
    assert_int_equal(world.site, 2);
    snapify_landed();
    assert_int_equal(world.state, SNAPIFY_STATE_RUN);
    assert_int_equal(world.site, SNAPIFY_NO_SITE);
    assert_true(world.budget >= 0);
}

static void test_glue_point__leaves_with_its_frame(void **state) {
    (void)state;
    begin("SNAPIFY_STOP_AT=2", NULL);
    snapify_unwind_frame(10, 16);
    assert_int_equal(snapify_saved(), 1);
    snapify_rewind_frame(16, 10, 1);
    snapify_landed();
    snapify_unwind_frame(11, 16);
    assert_int_equal(snapify_saved(), 0);
    assert_int_equal(world.state, SNAPIFY_STATE_UNWIND);
    assert_int_equal(glue.point, 1);
}

/* The frame of a call is none of a point. */
static void test_glue_point__unwinding_decides_nothing(void **state) {
    (void)state;
    begin("SNAPIFY_STOP_AT=1", NULL);
    world.state = SNAPIFY_STATE_UNWIND;
    snapify_unwind_frame(5, 16);
    assert_int_equal(snapify_saved(), 0);
    assert_int_equal(glue.points_left, 1);
    world.state = SNAPIFY_STATE_REWIND; /* it was the last one to fit */
    assert_int_equal(snapify_saved(), 1);
}

static int32_t refill_of_innermost(void) {
    world.state = SNAPIFY_STATE_REWIND;
    world.refill = -9;
    snapify_unwind_frame(5, 16);
    snapify_unwind_frame(10, 16);
    snapify_rewind_frame(16, 10, 1);
    assert_int_equal(world.refill, -9); /* not the innermost */
    snapify_rewind_frame(16, 5, 1);
    assert_int_equal(world.budget, SNAPIFY_BUDGET_SLOW);
    return world.refill;
}

/* What a loop goes on with. */
static void test_glue_point__refill(void **state) {
    (void)state;
    begin("SNAPIFY_STOP_AT=9", NULL);
    snapify_config.flags = SNAPIFY_CONFIG_BUDGET;
    assert_int_equal(refill_of_innermost(), SNAPIFY_BUDGET_SPENT);
    glue.points_left = 0;
    assert_int_equal(refill_of_innermost(), SNAPIFY_BUDGET_MOST); /* nobody can ask */
    glue.save_period = 1;
    glue.budget = 77;
    assert_int_equal(refill_of_innermost(), 77);
    snapify_config.flags = 0;
}

static void test_glue_point__slots_in_their_order(void **state) {
    (void)state;
    begin("KAFU_NODE=edge1", NULL);
    uint32_t frame = snapify_unwind_frame(10, 40);
    snapify_put_wide(UINT64_C(0x0102030405060708));
    snapify_put_4(1, 2, 3, 4);
    snapify_put_2(5, 6);
    snapify_put_1(7);
    const uint32_t expected[] = {0x05060708, 0x01020304, 1, 2, 3, 4, 5, 6, 7, 10};
    assert_memory_equal(at(frame), expected, 40);
    snapify_rewind_frame(40, 10, 1);
    assert_true(snapify_take_wide() == UINT64_C(0x0102030405060708));
    for (uint32_t i = 1; i <= 7; i++)
        assert_int_equal(snapify_take(), i);
}

/* What its function stored behind the top stays, and makes room for the next one. */
static void test_glue_point__filled_before(void **state) {
    (void)state;
    begin("KAFU_NODE=edge1", NULL);
    uint32_t frame = world.frames;
    const uint32_t slots[] = {1, 2, 3, 0x55}, expected[] = {1, 2, 3, 10};
    memcpy(at(frame), slots, sizeof slots);
    snapify_frame_filled(10, 16);
    assert_int_equal(world.frames, frame + 16);
    assert_int_equal(glue.frame_count, 1);
    assert_memory_equal(at(frame), expected, sizeof expected);
    assert_int_equal(snapify_saved(), 1);
    snapify_rewind_frame(16, 10, 1);
    assert_int_equal(world.frames, frame);
}

/* What points of marks load in place does not start rewinding again. */
static void test_glue_point__loads_in_place(void **state) {
    (void)state;
    begin("KAFU_NODE=edge1", NULL);
    snapify_unwind_frame(10, 16);
    snapify_point(0, 0);
    snapify_rewind_frame(16, 10, 1);
    assert_int_equal(world.site, SNAPIFY_NO_SITE);
    assert_true(world.budget >= 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_glue_env__start_without_settings),
        WORLD_TEST(test_glue_env__values),
        WORLD_TEST(test_glue_env__baked_defaults),
        WORLD_TEST(test_glue_env__large_environment),
        WORLD_TEST(test_glue_env__large_node_name),
        WORLD_TEST(test_glue_env__no_memory),
        WORLD_TEST(test_glue_env__bad_stop_at),
        WORLD_TEST(test_glue_env__unknown_variables_are_ignored),
        WORLD_TEST(test_glue_node__numbers),
        WORLD_TEST(test_glue_node__names_are_kept_once),
        WORLD_TEST(test_glue_point__leaves_for_wanted_node),
        WORLD_TEST(test_glue_point__stops_at_count),
        WORLD_TEST(test_glue_point__stop_and_mark_coincide),
        WORLD_TEST(test_glue_point__after_failed_save),
        WORLD_TEST(test_glue_point__after_restore),
        WORLD_TEST(test_glue_point__goes_on),
        WORLD_TEST(test_glue_point__leaves_with_its_frame),
        WORLD_TEST(test_glue_point__unwinding_decides_nothing),
        WORLD_TEST(test_glue_point__refill),
        WORLD_TEST(test_glue_point__filled_before),
        WORLD_TEST(test_glue_point__loads_in_place),
        WORLD_TEST(test_glue_point__slots_in_their_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
