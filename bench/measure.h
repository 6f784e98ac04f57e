/*
 * measure.h: runs one program to its end and says what it cost.
 */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

enum {
    OUTPUT_MAX = 4096
};

/* Seconds of one run, with all its threads. */
struct cost {
    double user;
    double busy; /* user and system: for what the kernel does on behalf of the program */
    double wall;
};

struct run_result {
    struct cost cost;
    int status;              /* exit status, or 128 + the signal that ended it */
    char output[OUTPUT_MAX]; /* the start of standard output, ends in NUL */
};

/* argv ends in NULL. Returns 0, or -1 if nothing could be started. */
int run_measured(char *const argv[], struct run_result *result);

/* Takes the smaller value of each kind. */
void cost_keep_least(struct cost *least, const struct cost *other);

/* Larger than any cost. */
struct cost cost_none(void);

/* Bytes of the code section of a module, or 0 if there is none to be read. */
unsigned long code_size(const char *path);

#endif
