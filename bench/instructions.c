/*
 * instructions.c: how many machine instructions one repetition of a kernel takes, counted by
 * callgrind, on engines that run under it.
 *
 * A count is the difference of two runs, so that starting and compiling do not count. It does not
 * depend on how busy the machine is, and says nothing of caches and branches.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench.h"

/* What the plain variant has to take more in the longer run: threads and clocks of engines differ
 * by some 100,000 instructions from run to run. */
#define ENOUGH 5e7

enum {
    MOST_REPETITIONS = 1 << 20
};

/* valgrind 3.19 cannot run Go's programs and the build of WAMR (notrack jumps), V8 compiles by
 * time, and WasmEdge takes 10 s to start. */
static bool is_countable(const char *engine) {
    return strcmp(engine, "wasmtime") == 0 || strcmp(engine, "wasmi") == 0;
}

static double read_count(const char *log) {
    char line[256];
    double count = INFINITY;
    FILE *file = fopen(log, "r");
    while (file && fgets(line, sizeof line, file)) {
        const char *found = strstr(line, "Collected : ");
        if (found)
            count = strtod(found + strlen("Collected : "), NULL);
    }
    if (file)
        fclose(file);
    return count;
}

/* Instructions of a whole run; infinite if the engine fails under callgrind. */
static double count_run(const struct bench *bench, int engine, int workload, enum variant variant,
                        int repetitions) {
    const struct workload *kernel = &bench->workloads[workload];
    char module[PATH_SIZE], log[PATH_SIZE], log_option[PATH_SIZE + 16], number[16], expected[64];
    struct run_result result = {0};
    if (!module_path(bench, kernel->name, variant_name(variant), module))
        return INFINITY;
    snprintf(log, sizeof log, "%s/callgrind.log", bench->modules);
    snprintf(log_option, sizeof log_option, "--log-file=%s", log);
    snprintf(number, sizeof number, "%d", repetitions);
    snprintf(expected, sizeof expected, "start 00000000\nresult %s\n", kernel->expected);
    char *argv[] = {"valgrind",
                    "--tool=callgrind",
                    "--callgrind-out-file=/dev/null",
                    "--trace-children=yes", /* the front is a script */
                    log_option,
                    (char *)bench->engine_run,
                    bench->engines[engine],
                    module,
                    number,
                    NULL};
    remove(log);
    if (run_measured(argv, &result) < 0 || result.status != 0 ||
        strcmp(result.output, expected) != 0)
        return INFINITY;
    return read_count(log);
}

/* Two runs of one variant, the second with `more` repetitions on top. */
static double count_more(const struct bench *bench, int engine, int workload, enum variant variant,
                         int more) {
    double first = count_run(bench, engine, workload, variant, 1);
    return isfinite(first) ? count_run(bench, engine, workload, variant, 1 + more) - first
                           : INFINITY;
}

static void count_kernel(struct bench *bench, int engine, int workload) {
    double *counts = bench->results.cells[engine][workload].instructions;
    int more = 1;
    double plain;
    count_run(bench, engine, workload, PLAIN, 1); /* fills the engine's cache */
    while ((plain = count_more(bench, engine, workload, PLAIN, more)) < ENOUGH &&
           more < MOST_REPETITIONS)
        more *= 8;
    counts[PLAIN] = plain / more;
    for (int v = PLAIN + 1; v < VARIANTS && isfinite(plain); v++) {
        count_run(bench, engine, workload, (enum variant)v, 1);
        counts[v] = count_more(bench, engine, workload, (enum variant)v, more) / more;
    }
}

void bench_instructions(struct bench *bench) {
    for (int e = 0; e < bench->engine_count; e++)
        for (int w = 0; w < bench->workload_count; w++) {
            double *counts = bench->results.cells[e][w].instructions;
            for (int v = 0; v < VARIANTS; v++)
                counts[v] = INFINITY;
            if (!bench->counting || !is_countable(bench->engines[e]))
                continue;
            fprintf(stderr, "bench: instructions of %s on %s\n", bench->workloads[w].name,
                    bench->engines[e]);
            count_kernel(bench, e, w);
        }
}

double instruction_ratio(const struct bench *bench, int engine, int workload,
                         enum variant variant) {
    const double *counts = bench->results.cells[engine][workload].instructions;
    return isfinite(counts[PLAIN]) ? counts[variant] / counts[PLAIN] : NAN;
}

double mean_instruction_ratio(const struct bench *bench, int engine, enum variant variant) {
    double sum = 0;
    int counted = 0;
    for (int w = 0; w < bench->workload_count; w++) {
        double ratio = instruction_ratio(bench, engine, w, variant);
        if (isfinite(ratio) && ratio > 0) {
            sum += log(ratio);
            counted++;
        }
    }
    return counted > 0 ? exp(sum / counted) : NAN;
}
