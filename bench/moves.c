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
    MOVED_MIB = 64,
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

void bench_start(struct bench *bench) {
    static const char *const variants[] = {"plain", "annotated", "always"};
    printf("\n## Start of hello, milliseconds\n\n"
           "| engine | plain, CPU | plain, wall | annotated, more CPU | more wall "
           "| always, more CPU | more wall |\n|---|---|---|---|---|---|---|\n");
    for (int e = 0; e < bench->engine_count; e++) {
        struct cost least[3] = {cost_none(), cost_none(), cost_none()};
        char path[PATH_SIZE];
        const char *words[] = {path, NULL};
        for (int i = 0; i < 3 * START_ROUNDS * bench->runs; i++)
            if (module_path(bench, "hello", variants[i % 3], path))
                run_once(bench, bench->engines[e], words, 0, "hello\n", &least[i % 3]);
        printf("| %s | %.2f | %.2f |", bench->engines[e], least[0].busy * 1e3, least[0].wall * 1e3);
        for (int i = 1; i < 3; i++)
            printf(" %.2f | %.2f |", (least[i].busy - least[0].busy) * 1e3,
                   (least[i].wall - least[0].wall) * 1e3);
        printf("\n");
    }
}

/* The runs of the program `memory`, in the order in which one round makes them. */
enum move {
    MOVE_IDLE,
    MOVE_FILL,
    MOVE_WRITE,
    MOVE_READ,
    MOVE_SAVE,
    MOVE_RESTORE,
    MOVES
};

static const struct {
    const char *variant, *env[2], *what;
    int status;
} moves[MOVES] = {
    [MOVE_IDLE] = {"annotated", {0}, "idle", 0},
    [MOVE_FILL] = {"annotated", {0}, "fill", 0},
    [MOVE_WRITE] = {"plain", {0}, "write", 0},
    [MOVE_READ] = {"plain", {0}, "read", 0},
    [MOVE_SAVE] = {"annotated", {"KAFU_NODE=home", "SNAPIFY_SAVE=m.snap"}, "fill", STATUS_SAVED},
    [MOVE_RESTORE] = {"annotated", {"SNAPIFY_RESTORE=m.snap", NULL}, "fill", 0},
};

static void run_move(struct bench *bench, const char *engine, enum move move, struct cost *least) {
    char path[PATH_SIZE], file[PATH_SIZE];
    const char *words[RUN_WORDS_MAX] = {"--dir", bench->snapshots};
    int count = 2;
    for (int i = 0; i < 2 && moves[move].env[i]; i++) {
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
    bool silent = move == MOVE_IDLE || move == MOVE_SAVE;
    run_once(bench, engine, words, moves[move].status, silent ? "" : "sum 676d9f06\n", least);
}

/* A run that failed has left an infinite cost; noise may leave a negative difference. */
static void print_rates(double by_hand, double ours) {
    if (isfinite(by_hand) && isfinite(ours) && by_hand > 0 && ours > 0)
        printf(" %.0f | %.0f | %.2f |", MOVED_MIB / by_hand, MOVED_MIB / ours, by_hand / ours);
    else
        printf(" - | - | - |");
}

static void print_moves(const char *engine, const struct cost *least) {
    printf("| %s |", engine);
    print_rates(least[MOVE_WRITE].busy - least[MOVE_FILL].busy,
                least[MOVE_SAVE].busy - least[MOVE_FILL].busy);
    print_rates(least[MOVE_READ].busy - least[MOVE_IDLE].busy,
                least[MOVE_RESTORE].busy - least[MOVE_IDLE].busy);
    printf("\n");
}

void bench_moves(struct bench *bench) {
    printf("\n## Saving and restoring 64 MiB, MiB per second of CPU time\n\n"
           "| engine | plain write | save | save : write | plain read | restore "
           "| restore : read |\n|---|---|---|---|---|---|---|\n");
    for (int e = 0; e < bench->engine_count; e++) {
        struct cost least[MOVES];
        for (int i = 0; i < MOVES; i++)
            least[i] = cost_none();
        fprintf(stderr, "bench: 64 MiB on %s\n", bench->engines[e]);
        for (int i = 0; i < MOVES * bench->runs; i++)
            run_move(bench, bench->engines[e], (enum move)(i % MOVES), &least[i % MOVES]);
        print_moves(bench->engines[e], least);
    }
}
