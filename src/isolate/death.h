/*
 * death.h: explains to the user why a run in a child process gave no answer.
 */
#ifndef SNAPIFY_ISOLATE_DEATH_H
#define SNAPIFY_ISOLATE_DEATH_H

#include "isolate/last_words.h"
#include "pipeline.h"

struct death {
    int wait_status;           /* as waitpid() gives it */
    enum pipeline_phase phase; /* the run was in */
    bool finished;             /* the run ended, only its answer did not arrive */
    struct last_words words;   /* borrowed */
};

/* Adds one error; returns the status that says who is to blame. */
enum snapify_status death_explain(const struct death *death, struct diag *diag);

#endif
