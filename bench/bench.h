/*
 * bench.h: what the parts of the driver share.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>

#include "bench/measure.h"

enum {
    ENGINES_MAX = 8,
    WORKLOADS_MAX = 16,
    PATH_SIZE = 512,
    RUN_WORDS_MAX = 24
};

enum variant {
    PLAIN,
    ANNOTATED,
    ALWAYS,
    ASYNCIFY,
    VARIANTS
};

struct workload {
    char name[32];
    char expected[16]; /* the result it prints */
};

struct bench {
    const char *engine_run; /* the front of all engines */
    const char *modules;    /* directory with NAME.VARIANT.wasm */
    const char *snapshots;  /* directory that guests may write to */
    char *engines[ENGINES_MAX];
    int engine_count;
    struct workload workloads[WORKLOADS_MAX];
    int workload_count;
    int runs;
    double target; /* seconds that the plain variant is made to run */
    bool failed;   /* something gave a wrong output */
};

const char *variant_name(enum variant variant);

/* The path of a module, in `path` of PATH_SIZE bytes; false if it was not built. */
bool module_path(const struct bench *bench, const char *name, const char *variant, char *path);

/* Runs `engine` with `words`, which end in NULL: options, module and its arguments. */
int bench_run(const struct bench *bench, const char *engine, const char *const *words,
              struct run_result *result);

/* Each measures its subject and prints a part of the report. */
void bench_kernels(struct bench *bench);
void bench_sizes(struct bench *bench);
void bench_start(struct bench *bench);
void bench_moves(struct bench *bench);

#endif
