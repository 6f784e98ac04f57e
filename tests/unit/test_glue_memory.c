/*
 * The application's memory.grow, the region on top, frames: runtime-glue/{memory,frames}.c.
 */
#include "glue_world.h"

static bool is_zero(uint32_t address, uint32_t size) {
    for (uint32_t i = 0; i < size; i++)
        if (*at(address + i) != 0)
            return false;
    return true;
}

static void begin(const char *variable) {
    world_environment(variable, NULL);
    world_run(snapify_begin);
    assert_int_equal(world.status, -1);
}

static uint32_t app_size(void) {
    return world.real_pages - world.extra;
}

static void test_glue_memory__grow_moves_region(void **state) {
    (void)state;
    begin("KAFU_NODE=edge1");
    uint32_t frame = frame_push(16);
    memset(at(frame), 0x5a, 16);
    for (uint32_t round = 0; round < 3; round++) {
        uint32_t app = app_size();
        uint32_t base = world.base;
        uint32_t frames = world.frames;
        assert_int_equal(snapify_memory_grow(2), app);
        assert_int_equal(app_size(), app + 2);
        assert_int_equal(world.base, base + 2 * SNAPIFY_PAGE_SIZE);
        assert_int_equal(world.frames, frames + 2 * SNAPIFY_PAGE_SIZE);
        assert_int_equal(world.stack, world.base + snapify_config.stack_offset);
        assert_true(is_zero(app * SNAPIFY_PAGE_SIZE, 2 * SNAPIFY_PAGE_SIZE));
        assert_int_equal(*at(frame_pop(16)), 0x5a);
        memset(at(frame_push(16)), 0x5a, 16);
        assert_string_equal(setting("KAFU_NODE"), "edge1");
    }
}

/* A region of several pages, moved by less than its size: both lie on each other. */
static void test_glue_memory__grow_moves_overlapping_region(void **state) {
    (void)state;
    begin("KAFU_NODE=edge1");
    uint32_t size = 5 * SNAPIFY_PAGE_SIZE;
    uint32_t frame = frame_push(size);
    for (uint32_t i = 0; i < size; i++)
        *at(frame + i) = (uint8_t)(i * 7 + i / 251 + 1);
    assert_int_equal(snapify_memory_grow(1), WORLD_APP_PAGES);
    assert_true(is_zero(WORLD_APP_PAGES * SNAPIFY_PAGE_SIZE, SNAPIFY_PAGE_SIZE));
    frame = frame_pop(size);
    for (uint32_t i = 0; i < size; i++)
        assert_int_equal(*at(frame + i), (uint8_t)(i * 7 + i / 251 + 1));
}

static void test_glue_memory__grow_by_zero(void **state) {
    (void)state;
    begin("KAFU_NODE=edge1");
    assert_int_equal(snapify_memory_grow(0), WORLD_APP_PAGES);
    assert_int_equal(world.base, WORLD_APP_PAGES * SNAPIFY_PAGE_SIZE);
}

static void test_glue_memory__grow_keeps_limits(void **state) {
    (void)state;
    snapify_config.app_max_pages = 5;
    begin("KAFU_NODE=edge1");
    assert_int_equal(snapify_memory_grow(4), -1);
    assert_int_equal(snapify_memory_grow(-1), -1);
    assert_int_equal(snapify_memory_grow(65536), -1);
    assert_int_equal(snapify_memory_grow(3), WORLD_APP_PAGES);
    assert_int_equal(snapify_memory_grow(1), -1);
    assert_int_equal(snapify_memory_grow(0), 5);
    world.max_pages = world.real_pages;
    snapify_config.app_max_pages = 100;
    assert_int_equal(snapify_memory_grow(1), -1);
    assert_int_equal(app_size(), 5);
}

/* Without a reason to leave, the region's pages become the application's, as good as new. */
static void test_glue_memory__region_is_given_up(void **state) {
    (void)state;
    world_start(3, NULL);
    snapify_config.app_max_pages = 7;
    begin("HOME=/");
    assert_int_equal(world.state, SNAPIFY_STATE_RUN);
    assert_int_equal(world.extra, 3);
    const struct {
        int32_t pages;
        int32_t result;
        uint32_t real;
        uint32_t extra;
    } rows[] = {
        {1, 2, 5, 2}, {0, 3, 5, 2}, {5, -1, 5, 2}, {3, 3, 6, 0}, {1, 6, 7, 0}, {1, -1, 7, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(snapify_memory_grow(rows[i].pages), rows[i].result);
        assert_int_equal(world.real_pages, rows[i].real);
        assert_int_equal(world.extra, rows[i].extra);
    }
    assert_true(is_zero(WORLD_APP_PAGES * SNAPIFY_PAGE_SIZE, 5 * SNAPIFY_PAGE_SIZE));
}

/* A budget is spent some day, whatever it was, and then a point pushes a frame. */
static void test_glue_memory__points_with_a_budget_keep_the_region(void **state) {
    (void)state;
    world_start(1, NULL);
    snapify_config.flags = SNAPIFY_CONFIG_BUDGET;
    begin("HOME=/");
    assert_int_equal(snapify_memory_grow(1), WORLD_APP_PAGES);
    assert_int_not_equal(world.base, 0);
    uint32_t frame = frame_push(16);
    assert_true(frame >= app_size() * SNAPIFY_PAGE_SIZE);
    snapify_point(0, 0);
    assert_int_equal(world.state, SNAPIFY_STATE_RUN);
    assert_int_equal(frame_pop(16), frame);
}

static void test_glue_memory__given_up_growth_fails(void **state) {
    (void)state;
    begin(NULL);
    world.max_pages = world.real_pages;
    assert_int_equal(snapify_memory_grow(2), -1);
    assert_int_equal(app_size(), WORLD_APP_PAGES);
    assert_int_equal(snapify_memory_grow(1), WORLD_APP_PAGES);
    assert_int_equal(app_size(), WORLD_APP_PAGES + 1);
}

/* ---- frames ---- */

static void test_glue_frames__area_grows_in_steps(void **state) {
    (void)state;
    begin("KAFU_NODE=edge1");
    world.state = SNAPIFY_STATE_UNWIND;
    const uint32_t count = 100000;
    uint32_t bottom = world.frames;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t frame = frame_push(64);
        assert_int_equal(frame, bottom + i * 64);
        memcpy(at(frame), &i, sizeof i);
        uint64_t end = (uint64_t)world.real_pages * SNAPIFY_PAGE_SIZE;
        assert_true(frame + 64 + 4 * 64 + 64 <= end);
    }
    assert_int_equal(glue.frame_count, count);
    assert_true(world.grow_count < 25);
    assert_int_equal(app_size(), WORLD_APP_PAGES);
    for (uint32_t i = count; i-- > 0;) {
        uint32_t value;
        memcpy(&value, at(frame_pop(64)), sizeof value);
        assert_int_equal(value, i);
    }
    assert_int_equal(world.frames, bottom);
    assert_int_equal(world.state, SNAPIFY_STATE_UNWIND);
}

static void test_glue_frames__full_area_turns_round(void **state) {
    (void)state;
    begin("KAFU_NODE=edge1");
    world.state = SNAPIFY_STATE_UNWIND;
    world.max_pages = world.real_pages;
    uint32_t count = 0;
    while (world.state == SNAPIFY_STATE_UNWIND) {
        memset(at(frame_push(64)), 1, 64);
        count++;
    }
    assert_int_equal(world.state, SNAPIFY_STATE_REWIND);
    assert_string_equal(world.errors,
                        "snapify: cannot save snapshot.snap: no memory left; going on\n");
    /* The frames that a caller may still push fit. */
    for (int i = 0; i < 4; i++)
        memset(at(frame_push(64)), 1, 64);
    assert_true(count > 100);
}

/* Growth that fails while nobody leaves is no failure. */
static void test_glue_frames__full_area_while_running(void **state) {
    (void)state;
    begin("KAFU_NODE=edge1");
    world.max_pages = world.real_pages;
    frame_push(world.real_pages * SNAPIFY_PAGE_SIZE - world.frames - 64);
    assert_int_equal(world.state, SNAPIFY_STATE_RUN);
    assert_string_equal(world.errors, "");
}

static void test_glue_frames__small_step_at_the_limit(void **state) {
    (void)state;
    begin("KAFU_NODE=edge1");
    world.max_pages = world.real_pages + 1;
    world.state = SNAPIFY_STATE_UNWIND;
    frame_push(60000);
    assert_int_equal(world.state, SNAPIFY_STATE_UNWIND);
    assert_int_equal(world.extra, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_glue_memory__grow_moves_region),
        WORLD_TEST(test_glue_memory__grow_moves_overlapping_region),
        WORLD_TEST(test_glue_memory__grow_by_zero),
        WORLD_TEST(test_glue_memory__grow_keeps_limits),
        WORLD_TEST(test_glue_memory__region_is_given_up),
        WORLD_TEST(test_glue_memory__points_with_a_budget_keep_the_region),
        WORLD_TEST(test_glue_memory__given_up_growth_fails),
        WORLD_TEST(test_glue_frames__area_grows_in_steps),
        WORLD_TEST(test_glue_frames__full_area_turns_round),
        WORLD_TEST(test_glue_frames__full_area_while_running),
        WORLD_TEST(test_glue_frames__small_step_at_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
