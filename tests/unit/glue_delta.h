/*
 * glue_delta.h: a program that saves deltas. Included behind glue_program.h or glue_zip.h.
 */
#ifndef SNAPIFY_TESTS_GLUE_DELTA_H
#define SNAPIFY_TESTS_GLUE_DELTA_H

static const char *const wanted = "SNAPIFY_DELTA=1";
static const char *const newest = "/snap/snapshot.snap";
static const char *const first_base = "/snap/snapshot.snap.1";
static const char *const second_base = "/snap/snapshot.snap.2";

static inline void restore(void) {
    restore_program(node, wanted);
    assert_string_equal(world.errors, "");
    assert_int_equal(world.status, -1);
    assert_null(world.open);
}

/* Saves once more and restores. */
static inline void hop(void) {
    world.state = SNAPIFY_STATE_UNWIND;
    save_program();
    restore();
}

/* More changes than not: the next save makes a new base, the one behind it drops the older. */
static inline void change_base(void) {
    for (uint32_t page = 0; page < 80; page++)
        if (page % 5 < 2)
            at(page * SNAP_PAGE_SIZE)[0] ^= 0x55;
    hop();
    assert_non_null(file_named(first_base));
    assert_null(file_named(second_base));
    world.state = SNAPIFY_STATE_UNWIND;
    glue.saving = true;
    world_run(snapify_leave);
    assert_int_equal(world.status, -1);
    glue.saving = false;
    hop();
    assert_null(file_named(first_base));
    assert_non_null(file_named(second_base));
}

#endif
