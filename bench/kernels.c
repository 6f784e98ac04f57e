/*
 * kernels.c: how long the kernels run, per engine and variant, and how large they are.
 *
 * Variants of one kernel run one after the other, round by round, so that a busy machine slows all
 * of them; the least of the rounds counts. How often a kernel repeats is found with the plain
 * variant, for each engine, and is the same for all variants.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench.h"

struct cell {
    int count;              /* repetitions of the kernel */
    double least[VARIANTS]; /* seconds of user time; infinite: not there */
};

struct table {
    struct cell cells[ENGINES_MAX][WORKLOADS_MAX];
};

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

/* More by four until the time says something, then in proportion. */
static int find_count(struct bench *bench, int engine, int workload) {
    int count = 1;
    double time = run_kernel(bench, engine, workload, PLAIN, count);
    double empty = time;
    while (time - empty < bench->target / 5 && time < bench->target && count < 1 << 22) {
        count *= 4;
        time = run_kernel(bench, engine, workload, PLAIN, count);
    }
    if (time >= bench->target || isinf(time))
        return count;
    return (int)ceil(count * (bench->target / (time - empty)));
}

static void run_round(struct bench *bench, struct table *table, int round) {
    for (int e = 0; e < bench->engine_count; e++)
        for (int w = 0; w < bench->workload_count; w++)
            for (int i = 0; i < VARIANTS; i++) {
                enum variant variant = (enum variant)((i + round) % VARIANTS);
                struct cell *cell = &table->cells[e][w];
                double time = run_kernel(bench, e, w, variant, cell->count);
                cell->least[variant] = fmin(cell->least[variant], time);
            }
}

static void measure(struct bench *bench, struct table *table) {
    for (int e = 0; e < bench->engine_count; e++)
        for (int w = 0; w < bench->workload_count; w++) {
            struct cell *cell = &table->cells[e][w];
            cell->count = find_count(bench, e, w);
            for (int i = 0; i < VARIANTS; i++)
                cell->least[i] = INFINITY;
        }
    for (int round = 0; round < bench->runs; round++) {
        fprintf(stderr, "bench: kernels, round %d of %d\n", round + 1, bench->runs);
        run_round(bench, table, round);
    }
}

static void print_ratio(double ratio) {
    if (isfinite(ratio) && ratio > 0)
        printf(" %.2f |", ratio);
    else
        printf(" - |");
}

static double mean_ratio(const struct bench *bench, const struct table *table, int engine,
                         enum variant variant) {
    double sum = 0;
    for (int w = 0; w < bench->workload_count; w++) {
        const double *least = table->cells[engine][w].least;
        sum += log(least[variant] / least[PLAIN]);
    }
    return exp(sum / bench->workload_count);
}

static void print_means(const struct bench *bench, const struct table *table) {
    printf("## Run time, geometric mean over %d kernels, ratio to plain\n\n"
           "| engine | annotated | always | asyncify |\n|---|---|---|---|\n",
           bench->workload_count);
    for (int e = 0; e < bench->engine_count; e++) {
        printf("| %s |", bench->engines[e]);
        for (int v = ANNOTATED; v < VARIANTS; v++)
            print_ratio(mean_ratio(bench, table, e, (enum variant)v));
        printf("\n");
    }
}

static void print_engine(const struct bench *bench, const struct table *table, int engine) {
    printf("\n### %s\n\n| kernel | repetitions | plain, s | annotated | always | asyncify |\n"
           "|---|---|---|---|---|---|\n",
           bench->engines[engine]);
    for (int w = 0; w < bench->workload_count; w++) {
        const struct cell *cell = &table->cells[engine][w];
        printf("| %s | %d | %.3f |", bench->workloads[w].name, cell->count, cell->least[PLAIN]);
        for (int v = ANNOTATED; v < VARIANTS; v++)
            print_ratio(cell->least[v] / cell->least[PLAIN]);
        printf("\n");
    }
}

void bench_kernels(struct bench *bench) {
    struct table *table = calloc(1, sizeof *table);
    if (!table) {
        bench->failed = true;
        return;
    }
    measure(bench, table);
    print_means(bench, table);
    for (int e = 0; e < bench->engine_count; e++)
        print_engine(bench, table, e);
    free(table);
}

/* --- sizes --- */

static double module_code(const struct bench *bench, const char *name, const char *variant) {
    char path[PATH_SIZE];
    return module_path(bench, name, variant, path) ? (double)code_size(path) : NAN;
}

void bench_sizes(struct bench *bench) {
    double glue = module_code(bench, "empty", "annotated") - module_code(bench, "empty", "plain");
    double product[VARIANTS] = {1, 1, 1, 1};
    printf("\n## Code section, ratio to plain\n\n"
           "Without the glue's code (%.0f bytes, constant); Asyncify has none.\n\n"
           "| kernel | plain, bytes | annotated | always | asyncify |\n|---|---|---|---|---|\n",
           glue);
    for (int w = 0; w < bench->workload_count; w++) {
        const char *name = bench->workloads[w].name;
        double plain = module_code(bench, name, "plain");
        printf("| %s | %.0f |", name, plain);
        for (int v = ANNOTATED; v < VARIANTS; v++) {
            double size = module_code(bench, name, variant_name((enum variant)v));
            double ratio = (size - (v == ASYNCIFY ? 0 : glue)) / plain;
            product[v] *= ratio;
            print_ratio(ratio);
        }
        printf("\n");
    }
    printf("| geometric mean | |");
    for (int v = ANNOTATED; v < VARIANTS; v++)
        print_ratio(pow(product[v], 1.0 / bench->workload_count));
    printf("\n");
}
