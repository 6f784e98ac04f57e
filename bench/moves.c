/*
 * moves.c: what a start costs that restores nothing, and how fast 64 MiB are saved and restored.
 *
 * Both are differences: of a rewritten and a plain program, and of a run with and without the move.
 * System time counts, because moving bytes is the kernel's work.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/bench.h"

enum {
    START_ROUNDS = 10, /* per run asked for */
    STATUS_SAVED = 75
};

/* Keeps the least cost; `status` is the one that a good run ends with. */
static void run_once(struct bench *bench, const char *engine, const char *const *words, int status,
                     const char *expected, struct cost *least) {
    struct run_result result = {0};
    if (bench_run(bench, engine, words, &result) == 0 && result.status == status &&
        strcmp(result.output, expected) == 0) {
        cost_keep_least(least, &result.cost);
        return;
    }
    fprintf(stderr, "bench: %s, %s: status %d, output: %s\n", engine, words[0], result.status,
            result.output);
    bench->failed = true;
}

/* `name` says which of the files is started: "hello", or what was made of it for one engine. */
static void measure_start(struct bench *bench, const char *engine, const char *name,
                          const char *how) {
    struct start *start = &bench->results.starts[bench->results.start_count];
    char path[PATH_SIZE];
    const char *words[] = {path, NULL};
    snprintf(start->what, sizeof start->what, "%s%s", engine, how);
    for (int v = 0; v < STARTED; v++) {
        start->least[v] = cost_none();
        if (!module_path(bench, name, variant_name((enum variant)v), path))
            return;
    }
    for (int i = 0; i < STARTED * START_ROUNDS * bench->runs; i++) {
        module_path(bench, name, variant_name((enum variant)(i % STARTED)), path);
        run_once(bench, engine, words, 0, "hello\n", &start->least[i % STARTED]);
    }
    bench->results.start_count++;
}

void bench_starts(struct bench *bench) {
    for (int e = 0; e < bench->engine_count; e++) {
        char compiled[64];
        fprintf(stderr, "bench: start on %s\n", bench->engines[e]);
        snprintf(compiled, sizeof compiled, "hello-%s", bench->engines[e]);
        measure_start(bench, bench->engines[e], "hello", "");
        measure_start(bench, bench->engines[e], compiled, ", compiled before");
    }
}

static const struct {
    const char *variant, *env[3], *what;
    int status;
} moves[MOVES] = {
    [MOVE_IDLE] = {"annotated", {0}, "idle", 0},
    [MOVE_FILL] = {"annotated", {0}, "fill", 0},
    [MOVE_WRITE] = {"plain", {0}, "write", 0},
    [MOVE_READ] = {"plain", {0}, "read", 0},
    [MOVE_SAVE] = {"annotated", {"KAFU_NODE=home", "SNAPIFY_SAVE=m.snap"}, "fill", STATUS_SAVED},
    [MOVE_RESTORE] = {"annotated", {"SNAPIFY_RESTORE=m.snap"}, "fill", 0},
    [MOVE_SAVE_BARE] = {"annotated",
                        {"KAFU_NODE=home", "SNAPIFY_SAVE=m.snap", "SNAPIFY_HASH=0"},
                        "fill",
                        STATUS_SAVED},
    [MOVE_RESTORE_BARE] = {"annotated", {"SNAPIFY_RESTORE=m.snap"}, "fill", 0},
};

static void run_move(struct bench *bench, const char *engine, enum move move, struct cost *least) {
    char path[PATH_SIZE], file[PATH_SIZE];
    const char *words[RUN_WORDS_MAX] = {"--dir", bench->snapshots};
    int count = 2;
    for (int i = 0; i < 3 && moves[move].env[i]; i++) {
        words[count++] = "--env";
        words[count++] = moves[move].env[i];
    }
    if (!module_path(bench, "memory", moves[move].variant, path))
        return;
    snprintf(file, sizeof file, "%s/m.raw",
             strcmp(engine, "wasmi") == 0 ? bench->snapshots : "/snap");
    words[count++] = path;
    words[count++] = moves[move].what;
    words[count++] = file;
    bool silent = move == MOVE_IDLE || moves[move].status == STATUS_SAVED;
    run_once(bench, engine, words, moves[move].status, silent ? "" : "sum 676d9f06\n", least);
}

void bench_moves(struct bench *bench) {
    for (int e = 0; e < bench->engine_count; e++) {
        struct cost *least = bench->results.moves[e];
        for (int i = 0; i < MOVES; i++)
            least[i] = cost_none();
        fprintf(stderr, "bench: %d MiB on %s\n", MOVED_MIB, bench->engines[e]);
        for (int i = 0; i < MOVES * bench->runs; i++)
            run_move(bench, bench->engines[e], (enum move)(i % MOVES), &least[i % MOVES]);
    }
}

/* A run that failed has left an infinite cost; noise may leave a negative difference. */
double move_rate(const struct bench *bench, int engine, enum move move, enum move base) {
    const struct cost *least = bench->results.moves[engine];
    double seconds = least[move].busy - least[base].busy;
    return isfinite(seconds) && seconds > 0 ? MOVED_MIB / seconds : NAN;
}
