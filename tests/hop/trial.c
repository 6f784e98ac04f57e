/*
 * trial.c: where a variant under test reads and writes.
 */
#include "hop.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int trial_input(const struct trial *trial, long position) {
    int input = open(trial->variant->input, O_RDONLY | O_CLOEXEC);
    if (input < 0) {
        perror(trial->variant->input);
        exit(1);
    }
    lseek(input, position, SEEK_SET);
    return input;
}

char *trial_directory(const struct trial *trial, const char *name) {
    char *path = text_make("%s/%s/%s", trial->settings->work, trial->variant->name, name);
    if (!directory_make(path)) {
        exit(1);
    }
    return path;
}

void leg_set_depth(struct leg *leg, const struct trial *trial) {
    if (trial->depth) {
        leg_set_number(leg, "DEPTH", trial->depth);
    }
}
