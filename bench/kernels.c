/*
 * kernels.c: how long the kernels run, per engine and variant, and how large they are.
 *
 * Variants of one kernel run one after the other, round by round, so that a busy machine slows all
 * of them; the least of the rounds counts. How often a kernel repeats is found with the plain
 * variant, for each engine, and is the same for all variants.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/bench.h"

/* Seconds of user time; infinite if there is no such module or it gave something else. */
static double run_kernel(struct bench *bench, int engine, int workload, enum variant variant,
                         int count) {
    const struct workload *kernel = &bench->workloads[workload];
    char path[PATH_SIZE], number[16], expected[64];
    struct run_result result = {0};
    if (!module_path(bench, kernel->name, variant_name(variant), path))
        return INFINITY;
    snprintf(number, sizeof number, "%d", count);
    snprintf(expected, sizeof expected, "start 00000000\nresult %s\n", kernel->expected);
    const char *words[] = {path, number, NULL};
    if (bench_run(bench, bench->engines[engine], words, &result) < 0 || result.status != 0 ||
        strcmp(result.output, expected) != 0) {
        fprintf(stderr, "bench: %s, %s, %s: status %d, output: %s\n", bench->engines[engine],
                kernel->name, variant_name(variant), result.status, result.output);
        bench->failed = true;
        return INFINITY;
    }
    return result.cost.user;
}

enum {
    COUNT_MAX = 1 << 22,
    STEADY = 4 /* times what start and compilation take */
};

/* Twice as often until the second half of a run takes long enough and twice what the half before
 * took, but for noise: what engines compile while the program runs is done by then. That and the
 * start are a small part of a run that is long enough. */
static int find_count(struct bench *bench, int engine, int workload) {
    int count = 1;
    run_kernel(bench, engine, workload, PLAIN, count); /* fills the engine's cache */
    double time = run_kernel(bench, engine, workload, PLAIN, count), before = 0, later = 0;
    while ((later < bench->target / 2 || later < 1.5 * before) && count < COUNT_MAX) {
        count *= 2;
        before = later;
        later = run_kernel(bench, engine, workload, PLAIN, count) - time;
        time += later;
    }
    if (!isfinite(time) || later <= 0)
        return 1;
    double each = later / (count / 2.0), rest = time - each * count;
    return (int)fmin(ceil(fmax(bench->target, STEADY * rest) / each), COUNT_MAX);
}

static void run_round(struct bench *bench, int round) {
    for (int e = 0; e < bench->engine_count; e++)
        for (int w = 0; w < bench->workload_count; w++)
            for (int i = 0; i < VARIANTS; i++) {
                enum variant variant = (enum variant)((i + round) % VARIANTS);
                struct cell *cell = &bench->results.cells[e][w];
                double time = run_kernel(bench, e, w, variant, cell->count);
                cell->least[variant] = fmin(cell->least[variant], time);
            }
}

void bench_kernels(struct bench *bench) {
    for (int e = 0; e < bench->engine_count; e++)
        for (int w = 0; w < bench->workload_count; w++) {
            struct cell *cell = &bench->results.cells[e][w];
            cell->count = find_count(bench, e, w);
            for (int i = 0; i < VARIANTS; i++)
                cell->least[i] = INFINITY;
        }
    for (int round = 0; round < bench->runs; round++) {
        fprintf(stderr, "bench: kernels, round %d of %d\n", round + 1, bench->runs);
        run_round(bench, round);
    }
}

double time_ratio(const struct bench *bench, int engine, int workload, enum variant variant) {
    const double *least = bench->results.cells[engine][workload].least;
    return least[variant] / least[PLAIN];
}

double mean_time_ratio(const struct bench *bench, int engine, enum variant variant) {
    double sum = 0;
    for (int w = 0; w < bench->workload_count; w++)
        sum += log(time_ratio(bench, engine, w, variant));
    return exp(sum / bench->workload_count);
}

double most_time_ratio(const struct bench *bench, int engine, enum variant variant) {
    double most = 0;
    for (int w = 0; w < bench->workload_count; w++)
        most = fmax(most, time_ratio(bench, engine, w, variant));
    return most;
}

/* --- sizes --- */

static double module_code(const struct bench *bench, const char *name, enum variant variant) {
    char path[PATH_SIZE];
    return module_path(bench, name, variant_name(variant), path) ? (double)code_size(path) : 0;
}

void bench_sizes(struct bench *bench) {
    struct results *results = &bench->results;
    results->glue = module_code(bench, "empty", ANNOTATED) - module_code(bench, "empty", PLAIN);
    for (int w = 0; w < bench->workload_count; w++)
        for (int v = 0; v < VARIANTS; v++)
            results->code[w][v] = module_code(bench, bench->workloads[w].name, (enum variant)v);
}

double code_ratio(const struct bench *bench, int workload, enum variant variant) {
    const double *code = bench->results.code[workload];
    bool has_glue = variant != PLAIN && variant != ASYNCIFY;
    if (code[variant] == 0 || code[PLAIN] == 0)
        return NAN;
    return (code[variant] - (has_glue ? bench->results.glue : 0)) / code[PLAIN];
}

double mean_code_ratio(const struct bench *bench, enum variant variant) {
    double sum = 0;
    for (int w = 0; w < bench->workload_count; w++)
        sum += log(code_ratio(bench, w, variant));
    return exp(sum / bench->workload_count);
}
