/*
 * bench.h: what the parts of the driver share: what is to be measured, and what came out.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>

#include "bench/measure.h"

enum {
    ENGINES_MAX = 8,
    WORKLOADS_MAX = 32,
    FACTS_MAX = 16,
    PATH_SIZE = 512,
    RUN_WORDS_MAX = 24
};

enum variant {
    PLAIN,
    ANNOTATED,
    ALWAYS,
    EVERY,
    ASYNCIFY,
    VARIANTS,
    STARTED = EVERY /* the variants before it are those whose start is measured */
};

/* The runs of the program `memory`, in the order in which one round makes them. */
enum move {
    MOVE_IDLE,
    MOVE_FILL,
    MOVE_WRITE,
    MOVE_READ,
    MOVE_SAVE,
    MOVE_RESTORE,
    MOVE_SAVE_BARE, /* without hashes of pages */
    MOVE_RESTORE_BARE,
    MOVES
};

struct workload {
    char name[32];
    char expected[16]; /* the result it prints */
};

/* Of where and how it was measured, for the reader. */
struct fact {
    char name[32];
    char text[400];
};

struct cell {
    int count;                     /* repetitions of the kernel */
    double least[VARIANTS];        /* seconds of user time; infinite: not there, or failed */
    double instructions[VARIANTS]; /* of one repetition; infinite: not counted */
};

struct start {
    char what[48]; /* the engine, and how it starts */
    struct cost least[STARTED];
};

struct results {
    struct cell cells[ENGINES_MAX][WORKLOADS_MAX];
    double code[WORKLOADS_MAX][VARIANTS]; /* bytes of the code section, with the glue; 0: none */
    double glue;                          /* bytes of it that are the glue's */
    struct start starts[2 * ENGINES_MAX];
    int start_count;
    struct cost moves[ENGINES_MAX][MOVES];
};

struct bench {
    const char *engine_run; /* the front of all engines */
    const char *modules;    /* directory with NAME.VARIANT.wasm */
    const char *snapshots;  /* directory that guests may write to */
    char *engines[ENGINES_MAX];
    int engine_count;
    struct workload workloads[WORKLOADS_MAX];
    int workload_count;
    struct fact facts[FACTS_MAX];
    int fact_count;
    int runs;
    double target; /* seconds that the plain variant is made to run */
    bool counting; /* instructions are wanted, too */
    bool failed;   /* something gave a wrong output */
    struct results results;
};

const char *variant_name(enum variant variant);

/* The path of a module, in `path` of PATH_SIZE bytes; false if it was not built. */
bool module_path(const struct bench *bench, const char *name, const char *variant, char *path);

/* Runs `engine` with `words`, which end in NULL: options, module and its arguments. */
int bench_run(const struct bench *bench, const char *engine, const char *const *words,
              struct run_result *result);

/* Each measures its subject. */
void bench_kernels(struct bench *bench);
void bench_instructions(struct bench *bench);
void bench_sizes(struct bench *bench);
void bench_starts(struct bench *bench);
void bench_moves(struct bench *bench);

/* A variant's time, instructions or code over those of plain; NAN or infinite where one is missing.
 */
double time_ratio(const struct bench *bench, int engine, int workload, enum variant variant);
double instruction_ratio(const struct bench *bench, int engine, int workload, enum variant variant);
double code_ratio(const struct bench *bench, int workload, enum variant variant);

/* Geometric means over all workloads, of instructions over those that were counted (NAN: none); of
 * the times also the largest one. */
double mean_time_ratio(const struct bench *bench, int engine, enum variant variant);
double most_time_ratio(const struct bench *bench, int engine, enum variant variant);
double mean_instruction_ratio(const struct bench *bench, int engine, enum variant variant);
double mean_code_ratio(const struct bench *bench, enum variant variant);

enum {
    MOVED_MIB = 64
};

/* MiB per second of a move: what it took above `base`. NAN if that drowned in noise. */
double move_rate(const struct bench *bench, int engine, enum move move, enum move base);

/* Each writes all results to `path`. Returns 0, or -1 after a message on standard error. */
int write_json(const struct bench *bench, const char *path);
int write_markdown(const struct bench *bench, const char *path);
int write_svg(const struct bench *bench, const char *path);

#endif
