/*
 * cut.c: one program cut once: saved at a point on one engine, restored from there on another.
 */
#include "hop.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void saved_init(struct saved *saved, const char *place, const char *engine) {
    *saved = (struct saved){.engine = engine, .place = place};
    saved->directory = text_make("%s/%s", place, engine);
    directory_make(saved->directory);
}

void saved_release(struct saved *saved) {
    free(saved->directory);
    free(saved->kept);
    free(saved->snapshot);
    output_release(&saved->output);
}

static bool has_leftovers(const char *directory) {
    char *path = text_make("%s/%s.tmp", directory, CUT_SNAPSHOT);
    bool found = access(path, F_OK) == 0;
    free(path);
    return found;
}

/* Judges a run that was to stop at `point`. */
static bool judge_save(struct trial *trial, const struct leg *leg, struct saved *saved, int status,
                       long point) {
    char *path = text_make("%s/%s", saved->directory, CUT_SNAPSHOT);
    const char *wrong = NULL;

    saved->snapshot = file_read(path, &saved->snapshot_size);
    if (status != EXIT_SAVED) {
        wrong = "not stopped";
    } else if (!saved->snapshot) {
        wrong = "no snapshot";
    } else if (has_leftovers(saved->directory)) {
        wrong = "a .tmp file is left";
    } else if (!leg_is_beginning(trial, &saved->output)) {
        wrong = "wrong output before the stop";
    }
    free(path);
    return leg_judge(trial, leg, !wrong, "point %ld saved on %s: %s (status %d)", point,
                     saved->engine, wrong ? wrong : "", status);
}

/* A leg in the case of `saved`. */
static struct leg begin_leg(const struct trial *trial, const struct saved *saved,
                            const char *engine, const char *label, long position) {
    struct leg leg = {.engine = engine,
                      .module = trial->variant->rewritten,
                      .directory = saved->directory,
                      .label = label,
                      .place = saved->place,
                      .input = trial_input(trial, position)};
    leg_set_depth(&leg, trial);
    return leg;
}

static void end_leg(struct leg *leg) {
    close(leg->input);
    leg_release(leg);
}

static int run_to_point(struct trial *trial, struct leg *leg, struct saved *saved, long point) {
    leg_set_number(leg, "SNAPIFY_STOP_AT", point);
    leg_set(leg, "SNAPIFY_SAVE", CUT_SNAPSHOT);
    int status = leg_run(trial, leg, &saved->output);
    saved->position = lseek(leg->input, 0, SEEK_CUR);
    return status;
}

bool cut_save(struct trial *trial, struct saved *saved, long point) {
    struct leg leg = begin_leg(trial, saved, saved->engine, saved->engine, 0);
    int status = run_to_point(trial, &leg, saved, point);
    bool good = judge_save(trial, &leg, saved, status, point);
    if (trial->variant->expect.files) {
        saved->kept = text_make("%s.kept", saved->directory);
        good &= directory_copy(saved->directory, saved->kept);
    }
    end_leg(&leg);
    return good;
}

bool cut_exists(struct trial *trial, struct saved *saved, long point) {
    struct leg leg = begin_leg(trial, saved, saved->engine, saved->engine, 0);
    int status = run_to_point(trial, &leg, saved, point);
    end_leg(&leg);
    return status == EXIT_SAVED;
}

bool cut_behind_last(struct trial *trial, struct saved *saved, long point) {
    struct leg leg = begin_leg(trial, saved, saved->engine, saved->engine, 0);
    int status = run_to_point(trial, &leg, saved, point);
    bool good = leg_judge(trial, &leg, leg_is_end(trial, saved->engine, status, &saved->output),
                          "point %ld, one more than there are, on %s: status %d, or other output",
                          point, saved->engine, status);
    end_leg(&leg);
    return good;
}

bool cut_restore(struct trial *trial, const struct saved *saved, const char *engine, long point) {
    char *label = text_make("%s-to-%s", saved->engine, engine);
    struct leg leg = begin_leg(trial, saved, engine, label, saved->position);
    struct output output = {0};

    if (saved->kept && !directory_copy(saved->kept, saved->directory)) {
        abort();
    }
    leg_set(&leg, "SNAPIFY_RESTORE", CUT_SNAPSHOT);
    output_append(&output, saved->output.bytes ? saved->output.bytes : "", saved->output.size);
    int status = leg_run(trial, &leg, &output);
    bool good = leg_judge(trial, &leg, leg_is_end(trial, engine, status, &output),
                          "point %ld saved on %s, restored on %s: status %d, or other output",
                          point, saved->engine, engine, status);
    end_leg(&leg);
    output_release(&output);
    free(label);
    return good;
}
