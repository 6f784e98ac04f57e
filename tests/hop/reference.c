/*
 * reference.c: the plain run, and the rewritten one without variables on every engine.
 */
#include "hop.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool run_to_end(struct trial *trial, const char *engine, const char *module, bool plain) {
    char *place = trial_directory(trial, plain ? "plain" : "untouched");
    struct output output = {0};
    struct leg leg = {.engine = engine, .module = module, .label = engine, .place = place};

    char *directory = text_make("%s/%s-files", place, engine);
    if (trial->variant->expect.files && directory_make(directory)) {
        leg.directory = directory;
    }
    leg.input = trial_input(trial, 0);
    leg_set_depth(&leg, trial);
    int status = leg_run(trial, &leg, &output);
    bool good = leg_is_end(trial, engine, status, &output);
    if (plain && !good && trial->variant->expect.needs && status != PROCESS_TIMEOUT) {
        trial->counts.skipped++;
        printf("skip %s%s on %s: the engine has no %s\n", trial->variant->name,
               trial->variant->expect.lowered ? " as it was" : "", engine,
               trial->variant->expect.needs);
        fflush(stdout);
    } else {
        leg_judge(trial, &leg, good, "%s run on %s: status %d, or other output than expected",
                  plain ? "plain" : "rewritten", engine, status);
    }
    close(leg.input);
    leg_release(&leg);
    output_release(&output);
    free(directory);
    free(place);
    return good;
}

/* One engine gives the plain reference. Only if not every engine has what the program needs all are
 * asked. */
bool reference_test(struct trial *trial) {
    const struct settings *settings = trial->settings;
    const struct variant *variant = trial->variant;
    bool good = true;

    for (size_t i = 0; i < settings->engine_count; i++) {
        const char *engine = settings->engines[i];
        const bool ask = variant->expect.needs || i == variant->index % settings->engine_count;
        if (!ask || run_to_end(trial, engine, variant->plain, true) || variant->expect.lowered) {
            trial->engines[trial->engine_count++] = engine;
        } else if (!variant->expect.needs) {
            return false;
        }
    }
    for (size_t i = 0; i < trial->engine_count; i++) {
        good &= run_to_end(trial, trial->engines[i], variant->rewritten, false);
    }
    return good && trial->engine_count > 0;
}
