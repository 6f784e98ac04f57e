/*
 * hop.h: what the parts of the hop driver share.
 *
 * hop.c       options, the list of variants, the workers
 * expect.c    reads the .expect file of a program
 * process.c   runs one engine once, under a time limit
 * leg.c       one leg of a program's way: command line, judgement, failure line
 * trial.c     where a variant reads and writes
 * reference.c the plain run, and the rewritten one that never leaves
 * cut.c       saved once, restored once
 * matrix.c    save at every point on every engine, restore on every engine
 * journey.c   several legs in a row: relay and node tour
 * depth.c     stacks as deep as the shallower of two engines allows
 * snapshot_node.c  the node that a snapshot names
 *
 * A *variant* is one program compiled one way: its plain module and the rewritten one.
 */
#ifndef SNAPIFY_TESTS_HOP_H
#define SNAPIFY_TESTS_HOP_H

#include <stdbool.h>
#include <stddef.h>

enum {
    MAX_ENGINES = 12,
    MAX_VARIABLES = 6,
    MAX_POINTS = 1 << 24, /* a program whose number of points is not given ends before */
    MANY_POINTS = 40,     /* programs with more are cut at about so many of them */
    QUICK_POINTS = 4,
    EXIT_SAVED = 75,
};

/* ---- expect.c ---- */

struct depth {
    char engine[24];
    int frames;
};

struct expect {
    int status;        /* 0..255 */
    bool traps;        /* instead: the program traps, and each engine has its own status for that */
    int points;        /* -1: not given */
    int sample;        /* so many points are enough, and no relay; 0: all */
    bool differ;       /* snapshots of two engines need not be equal */
    bool files;        /* works on files in its directory, which go with its snapshots */
    const char *needs; /* not every engine has it: "SIMD", ...; NULL: nothing */
    bool lowered;      /* the rewritten module does without; else such engines are left out */
    char **route;      /* owned: the nodes of a tour, the first and the last included */
    size_t route_length; /* 0: no tour */
    struct depth depths[MAX_ENGINES];
    size_t depth_count;
    char *output; /* owned, `output_size` bytes */
    size_t output_size;
    char *text; /* owned: the file, `output` and `route` point into it */
};

/* Returns 0, or -1 after a message on stderr. */
int expect_read(struct expect *expect, const char *path);
void expect_release(struct expect *expect);
/* The frames asked of this engine, or 0. */
int expect_depth(const struct expect *expect, const char *engine);

/* ---- process.c ---- */

struct process {
    const char *const *arguments; /* NULL at the end; [0] is the program's path */
    int input;                    /* descriptor for its standard input */
    const char *output;           /* files for its standard output and error */
    const char *errors;
    int limit; /* seconds */
};

enum {
    PROCESS_TIMEOUT = -1,
    PROCESS_NOT_STARTED = -2,
};

/* Returns the exit status, 128 + signal number, or one of the above. */
int process_run(const struct process *process);

/* The contents of a file, NUL behind; NULL if it can't be read. Owned by the caller. */
char *file_read(const char *path, size_t *size);
/* mkdir -p; false after a message. */
bool directory_make(const char *path);
/* rm -r. */
void directory_remove(const char *path);
/* rm -r TO, cp -a FROM TO. */
bool directory_copy(const char *from, const char *to);
/* printf into a fresh string. */
char *text_make(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- hop.c ---- */

/* Which engines save at a point, and which restore what they saved. */
enum pairs {
    PAIRS_ALL,  /* each, on each */
    PAIRS_RING, /* each, on the next one */
    PAIRS_TURNS /* two, one of them; at each point another pair */
};

struct settings {
    const char *engine_run; /* scripts/engine-run */
    const char *work;       /* absolute directory for what the runs write */
    const char *engines[MAX_ENGINES];
    size_t engine_count;
    enum pairs pairs;
    bool quick; /* a few points instead of all */
    int limit;  /* seconds for one run */
};

struct counts {
    long passed, failed, skipped, runs;
};

struct variant {
    char *name; /* "recursion-O2" */
    char *plain;
    char *rewritten;
    char *input; /* file for the standard input */
    struct expect expect;
    size_t index; /* place in the list: varies who starts */
};

/* One variant under test, inside one worker. */
struct trial {
    const struct settings *settings;
    const struct variant *variant;
    const char *engines[MAX_ENGINES]; /* those that can run it */
    size_t engine_count;
    int depth; /* for programs that take DEPTH; else 0 */
    struct counts counts;
};

/* ---- leg.c ---- */

struct leg {
    const char *engine;
    const char *module;
    const char *directory;          /* preopened for snapshots; NULL: none */
    const char *label;              /* names the files for its output in `place` */
    const char *place;              /* directory of the case */
    char *variables[MAX_VARIABLES]; /* "NAME=VALUE", owned */
    size_t variable_count;
    int input;
};

struct output {
    char *bytes; /* owned */
    size_t size;
};

void leg_set(struct leg *leg, const char *name, const char *value);
void leg_set_number(struct leg *leg, const char *name, long value);
/* Runs it and appends what it wrote to `output`; the leg stays usable until leg_release().
 * Returns the status like process_run(). */
int leg_run(struct trial *trial, const struct leg *leg, struct output *output);
void leg_release(struct leg *leg);
/* Counts a pass, or prints the failure with the command line of `leg`; returns `good`. */
bool leg_judge(struct trial *trial, const struct leg *leg, bool good, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* True if a program that ended with this status and wrote this is the expected one. */
bool leg_is_end(const struct trial *trial, const char *engine, int status,
                const struct output *output);
/* True if `output` is the beginning of the expected output. */
bool leg_is_beginning(const struct trial *trial, const struct output *output);
void output_append(struct output *output, const char *bytes, size_t size);
void output_release(struct output *output);

/* ---- trial.c ---- */

/* The variant's standard input, opened anew at this position. Ends the process if it can't. */
int trial_input(const struct trial *trial, long position);
/* A directory for a case, made and owned by the caller. */
char *trial_directory(const struct trial *trial, const char *name);
/* Sets DEPTH for the programs that want it. */
void leg_set_depth(struct leg *leg, const struct trial *trial);

/* ---- cut.c ---- */

#define CUT_SNAPSHOT "point.snap"

/* What one engine saved at one point. */
struct saved {
    const char *engine;
    const char *place; /* borrowed: directory of the case */
    char *directory;   /* owned: the guest's directory below it, holds the snapshot */
    char *kept;        /* owned: as `directory` was when it was saved; NULL: not needed */
    char *snapshot;    /* owned: its bytes; NULL if there is none */
    size_t snapshot_size;
    struct output output; /* so far */
    long position;        /* in the standard input, for whoever goes on */
};

void saved_init(struct saved *saved, const char *place, const char *engine);
void saved_release(struct saved *saved);
/* All three run from the start with SNAPIFY_STOP_AT=point on saved->engine. */
bool cut_save(struct trial *trial, struct saved *saved, long point);
bool cut_exists(struct trial *trial, struct saved *saved, long point); /* judges nothing */
bool cut_behind_last(struct trial *trial, struct saved *saved, long point);
bool cut_restore(struct trial *trial, const struct saved *saved, const char *engine, long point);

/* ---- the tests ---- */

/* The plain run, and the rewritten one without variables on every engine. False: no use going on.
 */
bool reference_test(struct trial *trial);
void matrix_test(struct trial *trial);
void depth_test(struct trial *trial);
void relay_test(struct trial *trial);
void tour_test(struct trial *trial);

/* The node that the snapshot in this file names, owned by the caller; NULL if it can't be read. */
char *snapshot_node(const char *path);

#endif
