/*
 * matrix.c: the cut at every point: saved on each engine, restored on each engine.
 *
 * Snapshots of two engines are compared byte for byte; equal ones are restored once per engine, not
 * once per pair, which is what keeps the whole matrix affordable: six saves and six restores per
 * point instead of six and thirty-six.
 */
#include "hop.h"

#include <stdlib.h>
#include <string.h>

/* The first of those before `index` with the same bytes, or `index`. Output so far and position in
 * the input are part of what the next leg goes on from. */
static size_t first_equal(const struct saved *saved, size_t index) {
    for (size_t i = 0; i < index; i++) {
        if (saved[i].snapshot && saved[i].snapshot_size == saved[index].snapshot_size &&
            saved[i].output.size == saved[index].output.size &&
            saved[i].position == saved[index].position &&
            memcmp(saved[i].snapshot, saved[index].snapshot, saved[index].snapshot_size) == 0) {
            return i;
        }
    }
    return index;
}

static void judge_equality(struct trial *trial, const struct saved *first,
                           const struct saved *other, long point) {
    struct leg leg = {.engine = other->engine,
                      .module = trial->variant->rewritten,
                      .directory = other->directory,
                      .label = other->engine,
                      .place = other->place};
    leg_set_depth(&leg, trial);
    leg_set_number(&leg, "SNAPIFY_STOP_AT", point);
    leg_set(&leg, "SNAPIFY_SAVE", CUT_SNAPSHOT);
    leg_judge(trial, &leg, false, "point %ld: snapshots differ: cmp %s/%s %s/%s", point,
              first->directory, CUT_SNAPSHOT, other->directory, CUT_SNAPSHOT);
    leg_release(&leg);
}

/* A point that is cut at, and with PAIRS_TURNS who saves there and who restores it. */
struct cut {
    long point;
    size_t from, to;
};

/* All pairs of different engines, one after the other; each program begins with another one. */
static void cut_choose(struct cut *cut, const struct trial *trial, size_t turn) {
    const size_t count = trial->engine_count;
    const size_t pair = turn + trial->variant->index;
    const size_t distance = count > 1 ? 1 + pair / count % (count - 1) : 0;
    cut->from = pair % count;
    cut->to = (cut->from + distance) % count;
}

static bool saves(const struct trial *trial, const struct cut *cut, size_t from) {
    return trial->settings->pairs != PAIRS_TURNS || from == cut->from || from == cut->to;
}

static bool restores(const struct trial *trial, const struct cut *cut, size_t from, size_t to,
                     bool first) {
    switch (trial->settings->pairs) {
    case PAIRS_RING:
        return to == (from + 1) % trial->engine_count;
    case PAIRS_TURNS:
        return from == cut->from && to == cut->to;
    default:
        return first;
    }
}

static void restore_everywhere(struct trial *trial, const struct saved *saved,
                               const struct cut *cut) {
    const size_t count = trial->engine_count;
    size_t first = 0;
    while (first < count && !saved[first].snapshot) {
        first++;
    }
    for (size_t from = first; from < count; from++) {
        const size_t equal = first_equal(saved, from);
        if (!saved[from].snapshot) {
            continue;
        }
        if (equal == from && from > first && !trial->variant->expect.differ) {
            judge_equality(trial, &saved[first], &saved[from], cut->point);
        }
        for (size_t to = 0; to < count; to++) {
            if (restores(trial, cut, from, to, equal == from)) {
                cut_restore(trial, &saved[from], trial->engines[to], cut->point);
            }
        }
    }
}

static void cut_at(struct trial *trial, const struct cut *cut) {
    struct saved saved[MAX_ENGINES];
    char *name = text_make("point-%ld", cut->point);
    char *place = trial_directory(trial, name);
    const long failed = trial->counts.failed;

    for (size_t i = 0; i < trial->engine_count; i++) {
        saved_init(&saved[i], place, trial->engines[i]);
        if (saves(trial, cut, i)) {
            cut_save(trial, &saved[i], cut->point);
        }
    }
    restore_everywhere(trial, saved, cut);
    for (size_t i = 0; i < trial->engine_count; i++) {
        saved_release(&saved[i]);
    }
    if (trial->counts.failed == failed) {
        directory_remove(place);
    }
    free(place);
    free(name);
}

static bool point_exists(struct trial *trial, const char *place, const char *engine, long point) {
    struct saved saved;
    saved_init(&saved, place, engine);
    bool exists = cut_exists(trial, &saved, point);
    saved_release(&saved);
    return exists;
}

/* The number of points: as expected, or found by halving, for programs where the compiler or the C
 * library decides. */
static long count_points(struct trial *trial, const char *place, const char *engine) {
    long known = 0;
    long beyond = 1;
    if (trial->variant->expect.points >= 0) {
        return trial->variant->expect.points;
    }
    while (beyond < MAX_POINTS && point_exists(trial, place, engine, beyond)) {
        known = beyond;
        beyond *= 2;
    }
    while (beyond - known > 1) {
        const long middle = known + (beyond - known) / 2;
        if (point_exists(trial, place, engine, middle)) {
            known = middle;
        } else {
            beyond = middle;
        }
    }
    return known;
}

/* Every point of a program with a manageable number of them; else an even choice that begins with
 * the first. */
static long choose_step(const struct trial *trial, long points) {
    const int sample = trial->variant->expect.sample;
    const long many = sample > 0 ? sample : MANY_POINTS;
    const long wanted = trial->settings->quick && many > QUICK_POINTS ? QUICK_POINTS : many;
    return points > wanted ? (points + wanted - 1) / wanted : 1;
}

void matrix_test(struct trial *trial) {
    const char *engine = trial->engines[trial->variant->index % trial->engine_count];
    char *place = trial_directory(trial, "behind-last");
    struct saved saved;
    const long points = count_points(trial, place, engine);

    saved_init(&saved, place, engine);
    if (cut_behind_last(trial, &saved, points + 1)) {
        directory_remove(place);
    }
    saved_release(&saved);
    free(place);
    const long step = choose_step(trial, points);
    size_t turn = 0;
    for (struct cut cut = {.point = 1}; cut.point <= points; cut.point += step) {
        cut_choose(&cut, trial, turn++);
        cut_at(trial, &cut);
    }
}
