/*
 * glue_program.h: a program in a world, to be saved and restored by the glue.
 */
#ifndef SNAPIFY_TESTS_GLUE_PROGRAM_H
#define SNAPIFY_TESTS_GLUE_PROGRAM_H

#include "glue_world.h"

#define FRAME_COUNT 3000u

static const char *const node = "KAFU_NODE=edge1";
static const char *program_setting; /* one more variable, or NULL */

static uint8_t pattern(uint32_t address) {
    return (uint8_t)(address * 31 + address / 4096 + 1);
}

/* A program of 5 pages with holes in its memory, two globals and a deep stack. */
static inline void run_program(const char *first, const char *second) {
    world_environment(first, second, program_setting, NULL);
    world_run(snapify_begin);
    assert_int_equal(world.status, -1);
    assert_int_equal(snapify_memory_grow(3), WORLD_APP_PAGES);
    for (uint32_t i = 0; i < 5 * SNAPIFY_PAGE_SIZE; i++)
        if (i / 4096 % 5 < 2)
            *at(i) = pattern(i);
    world.globals[0] = UINT64_C(0x1122334455667788);
    world.globals[2] = 42;
    snapify_point(1, 2);
    assert_int_equal(world.state, SNAPIFY_STATE_UNWIND);
    for (uint32_t i = 0; i < FRAME_COUNT; i++)
        memset(at(frame_push(16 + i % 3 * 8)), (int)(i % 251), 16 + i % 3 * 8);
}

static inline void check_program(void) {
    assert_int_equal(world.state, SNAPIFY_STATE_REWIND);
    assert_int_equal(world.real_pages - world.extra, 5);
    for (uint32_t i = 0; i < 5 * SNAPIFY_PAGE_SIZE; i++)
        assert_int_equal(*at(i), i / 4096 % 5 < 2 ? pattern(i) : 0);
    assert_true(world.globals[0] == UINT64_C(0x1122334455667788) && world.globals[2] == 42);
    assert_int_equal(glue.frame_count, FRAME_COUNT);
    for (uint32_t i = FRAME_COUNT; i-- > 0;) {
        uint32_t size = 16 + i % 3 * 8;
        const uint8_t *frame = at(frame_pop(size));
        for (uint32_t k = 0; k < size; k++)
            assert_int_equal(frame[k], i % 251);
    }
    assert_int_equal(world.frames, world.base + frames_start());
    world.state = SNAPIFY_STATE_RUN;
}

static inline void save_program(void) {
    world_run(snapify_leave);
    assert_string_equal(world.errors, "");
    assert_int_equal(world.status, SNAPIFY_EXIT_SAVED);
    assert_null(world.open);
}

static inline void restore_program(const char *first, const char *second) {
    world_start(1, NULL);
    /* What the application's data segments put where the snapshot has nothing. */
    memset(at(0), 0xee, WORLD_APP_PAGES * SNAPIFY_PAGE_SIZE);
    world_environment("SNAPIFY_RESTORE=snapshot.snap", first, second, program_setting, NULL);
    world_run(snapify_begin);
}

/* Saved on one new node after the other, restored on the next; ends on n4, which was met before
 * and has its number, 7, still. The region is where it was each time. */
static inline void hop_around(void) {
    uint32_t start = 0;
    for (int hop = 0; hop < 20; hop++) {
        char name[32];
        snprintf(name, sizeof name, "KAFU_NODE=n%d", hop);
        world.state = SNAPIFY_STATE_UNWIND;
        save_program();
        start = hop > 0 ? start : snapify_config.frames_offset;
        restore_program(name, NULL);
        assert_int_equal(world.status, -1);
        assert_int_equal(world.here, 3 + hop);
        assert_int_equal(glue.more_nodes, hop + 1);
        assert_int_equal(snapify_config.frames_offset, start);
    }
    world.state = SNAPIFY_STATE_UNWIND;
    save_program();
    restore_program("KAFU_NODE=n4", NULL);
    assert_int_equal(world.here, 7);
}

static inline struct world_file *file_named(const char *name) {
    for (int i = 0; i < WORLD_FILES; i++)
        if (strcmp(world.files[i].name, name) == 0)
            return &world.files[i];
    return NULL;
}

#endif
