/*
 * Requests and periodic snapshots: runtime-glue/poll.c. Time only moves when a test moves it.
 */
#include "glue_world.h"

#define MS UINT64_C(1000000)
#define LEAVES (-100)

static void begin_with(uint32_t flags, const char *variable) {
    world_start(1, NULL);
    snapify_config.flags = SNAPIFY_CONFIG_BUDGET | flags;
    world.time = 1000 * MS;
    world.inside = 0;
    world_environment("KAFU_NODE=edge1", variable, NULL);
    world_run(snapify_begin);
}

static void put_request(const char *text) {
    struct world_file *file = world_find(3, REQUEST_NAME, strlen(REQUEST_NAME), true);
    file->size = strlen(text);
    file->bytes = realloc(file->bytes, file->size + 1);
    memcpy(file->bytes, text, file->size);
}

/* A loop point `time` nanoseconds later: the budget to go on with, or LEAVES. */
static int32_t reach_point(uint64_t time) {
    world.time += time;
    uint32_t frame = frame_push(16);
    snapify_point(0, 0);
    if (world.state == SNAPIFY_STATE_UNWIND)
        return LEAVES;
    assert_int_equal(frame_pop(16), frame);
    return world.budget;
}

static void test_glue_poll__no_request(void **state) {
    (void)state;
    begin_with(0, NULL);
    assert_true(world.budget > 0);
    world.inside = 1;
    for (int i = 0; i < 100; i++)
        assert_true(reach_point(MS) > 0);
}

static void test_glue_poll__not_asked_to_look(void **state) {
    (void)state;
    world_start(1, NULL);
    snapify_config.flags = SNAPIFY_CONFIG_BUDGET;
    world_run(snapify_begin);
    assert_int_equal(world.budget, SNAPIFY_BUDGET_MOST);
    assert_false(glue.leaves);
    put_request("");
    assert_int_equal(reach_point(1000 * MS), SNAPIFY_BUDGET_MOST);
}

static void test_glue_poll__who_may_leave(void **state) {
    (void)state;
    static const struct {
        uint32_t flags, inside;
        const char *text;
        bool leaves;
        uint32_t goal; /* edge1 is node 1, where it runs; cloud1 is 2 */
    } cases[] = {
        {0, 0, "", false, 0},
        {0, 0, "cloud1", false, 0},
        {0, 1, "", true, 2},
        {0, 1, "cloud1", true, 2},
        {0, 1, "cloud1\n", true, 2},
        {0, 1, "edge1", false, 0},
        {0, 1, "elsewhere", false, 0},
        {0, 2, "", false, 0}, /* the first node of the mark is this one */
        {0, 2, "cloud1", true, 2},
        {SNAPIFY_CONFIG_ALWAYS, 0, "", true, 0},
        {SNAPIFY_CONFIG_ALWAYS, 0, "cloud1 \r\n", true, 2},
        {SNAPIFY_CONFIG_ALWAYS, 0, "edge1", false, 0},
        {SNAPIFY_CONFIG_ALWAYS, 0, "elsewhere", true, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        begin_with(cases[i].flags, NULL);
        world.inside = cases[i].inside;
        put_request(cases[i].text);
        assert_int_equal(reach_point(6 * MS) == LEAVES, cases[i].leaves);
        assert_int_equal(glue.goal, cases[i].goal);
    }
}

static void test_glue_poll__looks_once_in_a_period(void **state) {
    (void)state;
    begin_with(0, "SNAPIFY_POLL_MS=20");
    world.inside = 1;
    assert_true(reach_point(0) > 0); /* looks: nothing there */
    put_request("");
    for (int i = 0; i < 19; i++)
        assert_true(reach_point(MS) > 0);
    assert_int_equal(reach_point(MS), LEAVES);
}

static void test_glue_poll__unknown_node_is_named(void **state) {
    (void)state;
    begin_with(SNAPIFY_CONFIG_ALWAYS, NULL);
    put_request("elsewhere");
    uint32_t frame = world.frames - world.base;
    assert_int_equal(reach_point(6 * MS), LEAVES);
    memcpy(at(world.base + frame), "frame of 16 byte", 16);
    memset(world.globals, 0x5a, sizeof world.globals);
    world_run(snapify_leave);
    assert_int_equal(world.status, SNAPIFY_EXIT_SAVED);
    assert_int_equal(glue.goal, 3);
    assert_string_equal(nodes_kept().bytes, "elsewhere");
    assert_memory_equal(at(world.frames - 16), "frame of 16 byte", 16);
    assert_null(world_find(3, REQUEST_NAME, strlen(REQUEST_NAME), false));

    begin_with(SNAPIFY_CONFIG_ALWAYS, "SNAPIFY_RESTORE=snapshot.snap");
    assert_int_equal(world.status, -1);
    for (size_t i = 0; i < sizeof world.globals; i++)
        assert_int_equal(((uint8_t *)world.globals)[i], 0x5a);
    assert_memory_equal(at(world.frames - 16), "frame of 16 byte", 16);
}

static void test_glue_poll__failed_save_keeps_the_request(void **state) {
    (void)state;
    begin_with(SNAPIFY_CONFIG_ALWAYS, NULL);
    put_request("cloud1");
    assert_int_equal(reach_point(6 * MS), LEAVES);
    world.disk_left = 100;
    world_run(snapify_leave);
    assert_int_equal(world.status, -1);
    assert_int_equal(world.state, SNAPIFY_STATE_REWIND);
    snapify_point(0, 0);
    frame_pop(16);
    assert_non_null(world_find(3, REQUEST_NAME, strlen(REQUEST_NAME), false));
    assert_true(reach_point(500 * MS) > 0);
    assert_int_equal(reach_point(600 * MS), LEAVES);
}

static void test_glue_poll__saves_and_goes_on(void **state) {
    (void)state;
    begin_with(0, "SNAPIFY_EVERY_MS=30");
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 29; i++)
            assert_true(reach_point(MS) > 0);
        assert_int_equal(reach_point(MS), LEAVES);
        world_run(snapify_leave);
        assert_int_equal(world.status, -1);
        assert_int_equal(world.state, SNAPIFY_STATE_REWIND);
        assert_non_null(world_find(3, "snapshot.snap", strlen("snapshot.snap"), false));
        snapify_point(0, 0);
        frame_pop(16);
        assert_true(world.budget > 0);
    }
}

/* Saving takes longer than the time between two snapshots: the program runs at least as long, at
 * the speed it had, whether the save worked or not. */
static void test_glue_poll__slow_saves_leave_time_to_run(void **state) {
    (void)state;
    for (int fails = 0; fails < 2; fails++) {
        begin_with(0, "SNAPIFY_EVERY_MS=30");
        world.sync_time = 500 * MS;
        world.error_sync = fails ? 29 : 0;
        for (int i = 0; i < 29; i++)
            reach_point(MS);
        for (int round = 0; round < 5; round++) {
            int32_t budget = world.budget;
            assert_int_equal(reach_point(MS), LEAVES);
            world_run(snapify_leave);
            snapify_point(0, 0);
            frame_pop(16);
            assert_int_equal(world.budget, budget);
            for (int i = 0; i < 499; i++)
                assert_true(reach_point(MS) >= budget);
        }
    }
    world.sync_time = 0;
}

static void test_glue_poll__budget_follows_the_clock(void **state) {
    (void)state;
    begin_with(0, NULL);
    int32_t first = world.budget;
    assert_int_equal(reach_point(0), 2 * first);
    for (int i = 0; i < 30; i++)
        reach_point(0);
    assert_int_equal(world.budget, HIGHEST_BUDGET);
    assert_true(reach_point(100 * MS) <= (int32_t)HIGHEST_BUDGET / 32);
    for (int i = 0; i < 30; i++)
        reach_point(100 * MS);
    assert_int_equal(world.budget, 1);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(test_glue_poll__no_request),
        CASE(test_glue_poll__not_asked_to_look),
        CASE(test_glue_poll__who_may_leave),
        CASE(test_glue_poll__looks_once_in_a_period),
        CASE(test_glue_poll__unknown_node_is_named),
        CASE(test_glue_poll__failed_save_keeps_the_request),
        CASE(test_glue_poll__saves_and_goes_on),
        CASE(test_glue_poll__slow_saves_leave_time_to_run),
        CASE(test_glue_poll__budget_follows_the_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
