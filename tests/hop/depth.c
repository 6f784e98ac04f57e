/*
 * depth.c: stacks as deep as the shallower of two engines allows.
 *
 * The .expect file says how many frames to ask of each engine; a pair gets the smaller number. What
 * is proved: the frame area grows as needed, and rewinding needs no more stack than the program.
 */
#include "hop.h"

#include <stdlib.h>

static void cut_pair(struct trial *trial, const char *from, const char *to) {
    struct saved saved;
    char *name = text_make("depth-%d-%s-%s", trial->depth, from, to);
    char *place = trial_directory(trial, name);
    bool good = true;

    for (long point = 1; point <= trial->variant->expect.points; point++) {
        saved_init(&saved, place, from);
        good &= cut_save(trial, &saved, point) && cut_restore(trial, &saved, to, point);
        saved_release(&saved);
    }
    if (good) {
        directory_remove(place);
    }
    free(place);
    free(name);
}

void depth_test(struct trial *trial) {
    const struct expect *expect = &trial->variant->expect;
    const size_t count = trial->engine_count;
    const int before = trial->depth;

    for (size_t from = 0; from < count; from++) {
        for (size_t to = 0; to < count; to++) {
            const int here = expect_depth(expect, trial->engines[from]);
            const int there = expect_depth(expect, trial->engines[to]);
            const bool wanted = trial->settings->pairs == PAIRS_ALL || to == (from + 1) % count;
            trial->depth = here < there ? here : there;
            if (wanted && trial->depth > 0) {
                cut_pair(trial, trial->engines[from], trial->engines[to]);
            }
        }
    }
    trial->depth = before;
}
