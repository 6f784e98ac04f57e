/*
 * main.c: many damaged, forged or starved runs in one process.
 *
 *     driver bytes MODULE SNAPSHOT DIRECTORY STRIDE [NAME]
 *                                                     cut off after every byte, every byte changed;
 *                                                     NAME: of the file, if it is a base
 *     driver lies MODULE SNAPSHOT DIRECTORY           what forge.c makes up
 *     driver emit SNAPSHOT DIRECTORY STRIDE           writes the lies for other engines: N.snap
 *     driver memory MODULE DIRECTORY POINT STRIDE     stops at POINT and before, under memory
 * limits
 *
 * A snapshot is refused (status 78, one line on standard error, nothing on standard output) or, if
 * what was changed does not matter, the program ends as it does with the good one. Nothing else, a
 * trap least of all. STRIDE 1 leaves nothing out. The last line counts.
 */
#include "faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    STATUS_SAVED = 75,
    STATUS_REFUSED = 78,
    PAGE = 65536
};

static long passed, failed, harmless;

struct bytes bytes_read(const char *path) {
    FILE *file = fopen(path, "rb");
    struct bytes bytes = {0};
    if (!file) {
        perror(path);
        exit(2);
    }
    fseek(file, 0, SEEK_END);
    bytes.size = (size_t)ftell(file);
    rewind(file);
    bytes.data = malloc(bytes.size + 1);
    bytes.size = fread(bytes.data, 1, bytes.size, file);
    fclose(file);
    return bytes;
}

void bytes_write(const char *path, struct bytes bytes) {
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes.data, 1, bytes.size, file) != bytes.size || fclose(file) != 0) {
        perror(path);
        exit(2);
    }
}

struct bytes bytes_copy(struct bytes bytes) {
    struct bytes copy = {malloc(bytes.size + 1), bytes.size};
    memcpy(copy.data, bytes.data, bytes.size);
    return copy;
}

static void judge(bool good, const char *what, const struct outcome *outcome) {
    if (good) {
        passed++;
        return;
    }
    failed++;
    printf("FAIL %s: status %d, output \"%.40s\", errors \"%.100s\", %.200s\n", what,
           outcome->status, outcome->out, outcome->err, outcome->trap);
}

static bool is_one_line(const char *text) {
    size_t size = strlen(text);
    return strncmp(text, "snapify: ", 9) == 0 && strchr(text, '\n') == text + size - 1;
}

static bool is_refused(const struct outcome *outcome) {
    return outcome->status == STATUS_REFUSED && outcome->out[0] == '\0' &&
           is_one_line(outcome->err);
}

static bool is_same(const struct outcome *a, const struct outcome *b) {
    return a->status == b->status && strcmp(a->out, b->out) == 0 && strcmp(a->err, b->err) == 0;
}

/* ---- restoring ---- */

struct campaign {
    struct trial *trial;
    struct bytes good;
    struct outcome expected;
    char path[4096]; /* of the file to try */
};

static void restore(struct campaign *campaign, struct bytes snapshot, struct outcome *outcome) {
    static const char *const variables[] = {"SNAPIFY_RESTORE=trial.snap", "SNAPIFY_DIR=/snap"};
    bytes_write(campaign->path, snapshot);
    trial_run(campaign->trial, variables, 2, 0, outcome);
}

/* `name`: of the file that is damaged; the one to restore is always trial.snap. */
static void open_campaign(struct campaign *campaign, char **arguments, const char *name) {
    campaign->trial = trial_open(arguments[0], arguments[2]);
    campaign->good = bytes_read(arguments[1]);
    snprintf(campaign->path, sizeof campaign->path, "%s/%s", arguments[2], name);
    restore(campaign, campaign->good, &campaign->expected);
    judge(campaign->expected.status == 3 && campaign->expected.err[0] == '\0', "the good snapshot",
          &campaign->expected);
}

static void try_damage(struct campaign *campaign, struct bytes damaged, const char *what,
                       size_t offset) {
    struct outcome outcome;
    char text[100];
    restore(campaign, damaged, &outcome);
    snprintf(text, sizeof text, "%s at %zu of %zu", what, offset, campaign->good.size);
    judge(is_refused(&outcome), text, &outcome);
}

static void try_bytes(struct campaign *campaign, size_t stride) {
    struct bytes good = campaign->good;
    for (size_t size = 0; size < good.size; size += stride)
        try_damage(campaign, (struct bytes){good.data, size}, "cut off", size);
    struct bytes damaged = bytes_copy(good);
    for (size_t at = 0; at < good.size; at += stride) {
        const uint8_t values[] = {good.data[at] ^ 1, 0, 255, good.data[at] ^ 0x80};
        for (size_t i = 0; i < sizeof values; i++) {
            damaged.data[at] = values[i];
            if (values[i] != good.data[at])
                try_damage(campaign, damaged, "another byte", at);
        }
        damaged.data[at] = good.data[at];
    }
    free(damaged.data);
}

static void try_lies(struct campaign *campaign) {
    struct bytes forged;
    struct outcome outcome;
    char what[FORGE_WHAT];
    for (size_t number = 0; forge(campaign->good, number, &forged, what); number++) {
        restore(campaign, forged, &outcome);
        harmless += is_same(&outcome, &campaign->expected);
        judge(is_refused(&outcome) || is_same(&outcome, &campaign->expected), what, &outcome);
        free(forged.data);
    }
}

static void emit_lies(const char *snapshot, const char *directory, size_t stride) {
    struct bytes good = bytes_read(snapshot), forged;
    char what[FORGE_WHAT], path[4096];
    for (size_t number = 0; forge(good, number, &forged, what); number += stride) {
        snprintf(path, sizeof path, "%s/%zu.snap", directory, number);
        bytes_write(path, forged);
        free(forged.data);
    }
    free(good.data);
}

/* ---- saving ---- */

/* From no page more than the module starts with up to enough: it saves, or says so and goes on. */
static long try_memory_at(struct trial *trial, const struct outcome *plain, unsigned long point) {
    struct outcome outcome;
    char stop[64], what[64];
    const char *variables[] = {"SNAPIFY_DIR=/snap", stop};
    long pages = 1, refusals = 0;
    snprintf(stop, sizeof stop, "SNAPIFY_STOP_AT=%lu", point);
    do {
        trial_run(trial, variables, 2, pages * PAGE, &outcome);
        snprintf(what, sizeof what, "saving at %lu in %ld pages", point, pages);
        bool starts = strstr(outcome.trap, "memory minimum size") == NULL;
        bool goes_on = outcome.status == plain->status && strcmp(outcome.out, plain->out) == 0 &&
                       is_one_line(outcome.err) && strstr(outcome.err, "; going on\n");
        refusals += starts && goes_on;
        if (starts && outcome.status != STATUS_SAVED)
            judge(goes_on, what, &outcome);
    } while (outcome.status != STATUS_SAVED && ++pages < 1000);
    judge(outcome.status == STATUS_SAVED, what, &outcome);
    return refusals;
}

static void try_memory(char **arguments) {
    struct trial *trial = trial_open(arguments[0], arguments[1]);
    unsigned long point = strtoul(arguments[2], NULL, 10);
    unsigned long stride = strtoul(arguments[3], NULL, 10);
    struct outcome plain;
    long refusals = 0;
    trial_run(trial, NULL, 0, 0, &plain);
    for (; point > stride; point -= stride)
        refusals += try_memory_at(trial, &plain, point);
    judge(refusals > 10, "some limits are too low", &plain);
}

int main(int argc, char **argv) {
    struct campaign campaign;
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "bytes") == 0 && (argc == 6 || argc == 7)) {
        open_campaign(&campaign, argv + 2, argc == 7 ? argv[6] : "trial.snap");
        try_bytes(&campaign, strtoul(argv[5], NULL, 10));
    } else if (strcmp(what, "lies") == 0 && argc == 5) {
        open_campaign(&campaign, argv + 2, "trial.snap");
        try_lies(&campaign);
        printf("%ld lies do not matter\n", harmless);
    } else if (strcmp(what, "emit") == 0 && argc == 5) {
        emit_lies(argv[2], argv[3], strtoul(argv[4], NULL, 10));
        return 0;
    } else if (strcmp(what, "memory") == 0 && argc == 6) {
        try_memory(argv + 2);
    } else {
        return 2;
    }
    printf("driver: %ld passed, %ld failed\n", passed, failed);
    return failed > 0;
}
