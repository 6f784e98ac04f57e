/*
 * journey.c: a program that goes on and on from engine to engine.
 *
 * Relay: stop at the next point, hand over to the next engine, until it ends.
 * Tour: KAFU_NODE is set, the marks decide. Each leg runs on the node that the last snapshot names,
 * on another engine; the nodes passed must be the route in the .expect file.
 */
#include "hop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    MAX_LEGS = 1000,
};

struct journey {
    struct trial *trial;
    char *place;
    char *directory; /* the guest's; snapshots are called leg-N.snap */
    struct output output;
    int input;    /* one descriptor for all legs: each goes on reading where the last one stopped */
    size_t first; /* engine of the first leg */
    size_t stride;
    size_t legs; /* run so far */
};

static void journey_begin(struct journey *journey, struct trial *trial, const char *name,
                          size_t first, size_t stride) {
    *journey = (struct journey){.trial = trial, .first = first, .stride = stride};
    journey->place = trial_directory(trial, name);
    journey->directory = text_make("%s/snapshots", journey->place);
    directory_make(journey->directory);
    journey->input = trial_input(trial, 0);
}

static void journey_end(struct journey *journey, bool good) {
    close(journey->input);
    output_release(&journey->output);
    if (good) {
        directory_remove(journey->place);
    }
    free(journey->directory);
    free(journey->place);
}

static const char *next_engine(const struct journey *journey) {
    const struct trial *trial = journey->trial;
    return trial->engines[(journey->first + journey->legs * journey->stride) % trial->engine_count];
}

/* Runs the next leg, with one more variable. The caller releases *leg and its label. */
static int run_leg(struct journey *journey, struct leg *leg, const char *name, const char *value) {
    char *save = text_make("leg-%zu.snap", journey->legs + 1);
    char *restore = text_make("leg-%zu.snap", journey->legs);

    *leg = (struct leg){.engine = next_engine(journey),
                        .module = journey->trial->variant->rewritten,
                        .directory = journey->directory,
                        .label = text_make("leg-%zu-%s", journey->legs + 1, next_engine(journey)),
                        .place = journey->place,
                        .input = journey->input};
    leg_set_depth(leg, journey->trial);
    leg_set(leg, name, value);
    leg_set(leg, "SNAPIFY_SAVE", save);
    if (journey->legs > 0) {
        leg_set(leg, "SNAPIFY_RESTORE", restore);
    }
    free(restore);
    free(save);
    journey->legs++;
    return leg_run(journey->trial, leg, &journey->output);
}

static void end_leg(struct leg *leg) {
    free((char *)leg->label);
    leg_release(leg);
}

/* ---- relay ---- */

/* With its number of points known, a program needs one leg more than it has points. */
static bool judge_relay(struct journey *journey, const struct leg *leg, int status) {
    struct trial *trial = journey->trial;
    const long expected = trial->variant->expect.points;
    if (!leg_is_end(trial, leg->engine, status, &journey->output)) {
        return leg_judge(trial, leg, false, "relay, leg %zu: status %d, or other output",
                         journey->legs, status);
    }
    return leg_judge(trial, leg, expected < 0 || journey->legs == (size_t)expected + 1,
                     "relay: %zu legs instead of %ld", journey->legs, expected + 1);
}

void relay_test(struct trial *trial) {
    struct journey journey;
    struct leg leg;
    bool good = false;
    int status = EXIT_SAVED;

    journey_begin(&journey, trial, "relay", trial->variant->index, 1);
    while (status == EXIT_SAVED) {
        status = run_leg(&journey, &leg, "SNAPIFY_STOP_AT", "1");
        if (status != EXIT_SAVED || journey.legs == MAX_LEGS) {
            good = judge_relay(&journey, &leg, status);
            status = 0;
        }
        end_leg(&leg);
    }
    journey_end(&journey, good);
}

/* ---- tour ---- */

/* Judges a leg that ended; true if the tour goes on. */
static bool judge_stop(struct journey *journey, const struct leg *leg, int status, bool *good) {
    struct trial *trial = journey->trial;
    const struct expect *expect = &trial->variant->expect;
    if (status != EXIT_SAVED) {
        bool ended = leg_is_end(trial, leg->engine, status, &journey->output);
        *good = leg_judge(trial, leg, ended && journey->legs == expect->route_length,
                          "tour: status %d after %zu legs of %zu, or other output", status,
                          journey->legs, expect->route_length);
        return false;
    }
    char *path = text_make("%s/leg-%zu.snap", journey->directory, journey->legs);
    char *node = snapshot_node(path);
    const char *wanted =
        journey->legs < expect->route_length ? expect->route[journey->legs] : "the end";
    bool right = node && strcmp(node, wanted) == 0;
    if (!right) {
        *good = leg_judge(trial, leg, false, "tour, leg %zu: leaves for %s instead of %s",
                          journey->legs, node ? node : "(no readable snapshot)", wanted);
    }
    free(node);
    free(path);
    return right;
}

static void tour(struct trial *trial, const char *name, size_t first, size_t stride) {
    const struct expect *expect = &trial->variant->expect;
    struct journey journey;
    struct leg leg;
    bool good = false;
    bool more = true;

    journey_begin(&journey, trial, name, first, stride);
    while (more) {
        int status = run_leg(&journey, &leg, "KAFU_NODE", expect->route[journey.legs]);
        more = judge_stop(&journey, &leg, status, &good);
        end_leg(&leg);
    }
    journey_end(&journey, good);
}

/* Once around the engines in each direction, so that most pairs of neighbours meet. */
void tour_test(struct trial *trial) {
    const size_t count = trial->engine_count;
    if (trial->variant->expect.route_length == 0) {
        return;
    }
    tour(trial, "tour-forth", trial->variant->index % count, 1);
    if (!trial->settings->quick) {
        tour(trial, "tour-back", (trial->variant->index + 3) % count, count > 1 ? count - 1 : 1);
    }
}
