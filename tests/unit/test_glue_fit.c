/*
 * Snapshots whose checksums are right and whose contents do not fit the module: restore.c,
 * frames.c.
 */
#include "glue_world.h"
#include "snapshot-format/snapshot_layout.h"
#include "tests/seal.h"

enum {
    FRAMES = 3,
    FRAME_SIZE = 24,
    POINT = 1,
    KIND = 1,
    SITE = 11
};

/* Offsets in the content of META. */
enum {
    META_ABI = 0,
    META_APP_PAGES = 4,
    META_GLOBALS_SIZE = 8,
    META_FRAMES_SIZE = 12,
    META_FRAME_COUNT = 16,
    META_POINT = 20,
    META_KIND = 24,
    META_NODE_COUNT = 36,
    META_NODES = 48,
    META_EXPORT = 48 + 13 + 4
};

static struct world_file *snapshot(void) {
    for (int i = 0; i < WORLD_FILES; i++)
        if (strcmp(world.files[i].name, "/snap/snapshot.snap") == 0)
            return &world.files[i];
    fail();
    return NULL;
}

static void save_program(void) {
    world_environment("SNAPIFY_STOP_AT=1", NULL);
    world_run(snapify_begin);
    snapify_point(POINT, 0);
    for (uint32_t i = 0; i < FRAMES; i++)
        frame_push(FRAME_SIZE);
    world_run(snapify_leave);
    assert_int_equal(world.status, SNAPIFY_EXIT_SAVED);
    world_start(1, NULL);
    world_environment("SNAPIFY_RESTORE=snapshot.snap", NULL);
}

/* The section of that type: its header. */
static uint8_t *section(uint32_t type) {
    uint8_t *at = snapshot()->bytes + SNAP_HEADER_SIZE;
    while (load_u32(at) != type)
        at += SNAP_SECTION_HEADER_SIZE + load_u64(at + 8) + SNAP_CHECKSUM_SIZE;
    return at;
}

static void forge(uint32_t type, uint32_t offset, uint32_t value) {
    uint8_t *start = section(type);
    size_t size = SNAP_SECTION_HEADER_SIZE + (size_t)load_u64(start + 8);
    store_u32(start + SNAP_SECTION_HEADER_SIZE + offset, value);
    seal_section(start, size, flags_of(snapshot()->bytes));
}

static void rewind_frames(void) {
    for (uint32_t i = 0; i < FRAMES - 1; i++)
        frame_pop(FRAME_SIZE);
    snapify_point(POINT, 0);
    frame_pop(FRAME_SIZE);
}

static void assert_refused(const char *why) {
    char line[200];
    snprintf(line, sizeof line, "snapify: snapshot.snap: %s\n", why);
    assert_int_equal(world.status, SNAPIFY_EXIT_UNFIT);
    assert_string_equal(world.errors, line);
}

static const char unfit[] = "does not fit this program";
static const char frames[] = "has frames that do not fit this program";

static void test_glue_fit__good(void **state) {
    (void)state;
    save_program();
    forge(SNAP_SECTION_META, META_POINT, POINT);
    world_run(snapify_begin);
    world_run(rewind_frames);
    assert_int_equal(world.status, -1);
    assert_int_equal(world.state, SNAPIFY_STATE_RUN);
    assert_int_equal(glue.frame_count, 0);
}

/* Before a frame is touched. */
static void test_glue_fit__forged_description(void **state) {
    (void)state;
    const struct {
        uint32_t offset, value;
        const char *why;
    } rows[] = {
        {META_ABI, 2, "was made by another version of snapify"},
        {META_APP_PAGES, WORLD_APP_PAGES - 1, unfit},
        {META_APP_PAGES, 101, unfit},
        {META_GLOBALS_SIZE, 0, unfit},
        {META_POINT, 2, unfit},
        {META_POINT, UINT32_MAX, unfit},
        {META_POINT, 0, unfit}, /* is of another kind */
        {META_KIND, 2, unfit},
        {META_NODE_COUNT, 1, "malformed: the description contradicts itself"},
        {META_NODES, 0x65676445, unfit}, /* "Edge1" */
        {META_EXPORT, 0, unfit},
        {META_EXPORT, 4, unfit},
        {META_FRAMES_SIZE, UINT32_MAX - 7, "no memory left"},
        {META_FRAMES_SIZE, FRAMES * FRAME_SIZE - 8, "malformed: a section has the wrong length"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        world_start(1, NULL);
        save_program();
        snapify_config.app_max_pages = 100;
        forge(SNAP_SECTION_META, rows[i].offset, rows[i].value);
        world_run(snapify_begin);
        assert_refused(rows[i].why);
    }
}

static void test_glue_fit__forged_set_of_nodes(void **state) {
    (void)state;
    save_program();
    snapify_config.offload_count = 1;
    world.inside = 2;
    world_run(snapify_begin);
    assert_refused(unfit);
    world.inside = 0;
}

static void pop_too_much(void) {
    frame_pop(FRAMES * FRAME_SIZE + 8);
}

static void pop_all_at_once(void) {
    frame_pop(FRAMES * FRAME_SIZE);
}

static void arrive_early(void) {
    frame_pop(FRAME_SIZE);
    snapify_point(POINT, 0);
}

static void arrive_elsewhere(void) {
    snapify_point(0, 0);
}

/* The frames say site 0, that of the point is 11. */
static void rewind_other_function(void) {
    snapify_rewind_frame(FRAME_SIZE, 1, UINT32_MAX - 1);
}

/* The frame above is that of a point. */
static void land_early(void) {
    *(uint32_t *)at(frames_get() - 4) = SITE;
    snapify_rewind_frame(FRAME_SIZE, SITE, 1);
}

/* The innermost frame is that of a call. */
static void land_elsewhere(void) {
    for (uint32_t i = 0; i < FRAMES; i++)
        snapify_rewind_frame(FRAME_SIZE, 0, 1);
}

/* While they are rewound: what a function asks for and what is there. */
static void test_glue_fit__frames_that_do_not_come_out_even(void **state) {
    (void)state;
    const struct {
        uint32_t frame_count;
        void (*rewind)(void);
    } rows[] = {
        {FRAMES - 1, rewind_frames}, {FRAMES + 1, rewind_frames}, {0, rewind_frames},
        {UINT32_MAX, rewind_frames}, {FRAMES, pop_too_much},      {FRAMES, pop_all_at_once},
        {FRAMES, arrive_elsewhere},  {FRAMES, arrive_early},      {FRAMES, rewind_other_function},
        {FRAMES, land_early},        {FRAMES, land_elsewhere},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        world_start(1, NULL);
        save_program();
        forge(SNAP_SECTION_META, META_FRAME_COUNT, rows[i].frame_count);
        world_run(snapify_begin);
        assert_int_equal(world.status, -1);
        world_run(rows[i].rewind);
        assert_refused(frames);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_glue_fit__good),
        WORLD_TEST(test_glue_fit__forged_description),
        WORLD_TEST(test_glue_fit__forged_set_of_nodes),
        WORLD_TEST(test_glue_fit__frames_that_do_not_come_out_even),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
