/*
 * measure.c: a child process with its output in a pipe and its costs from wait4(), which counts the
 * time of the compiler threads of an engine as well.
 */
#include "bench/measure.h"

#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    LIMIT_SECONDS = 300, /* SQLite is compiled in 110 s under callgrind */
    SECTION_CODE = 10
};

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double seconds(struct timeval time) {
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static _Noreturn void become(char *const argv[], int output) {
    struct rlimit limit = {LIMIT_SECONDS, LIMIT_SECONDS};
    int input = open("/dev/null", O_RDONLY);
    setrlimit(RLIMIT_CPU, &limit);
    dup2(input, 0);
    dup2(output, 1);
    close(output);
    execvp(argv[0], argv);
    _exit(127);
}

static void read_output(int pipe, char *output) {
    char rest[512];
    size_t size = 0;
    ssize_t count;
    while (size < OUTPUT_MAX - 1 && (count = read(pipe, output + size, OUTPUT_MAX - 1 - size)) > 0)
        size += (size_t)count;
    output[size] = 0;
    while (read(pipe, rest, sizeof rest) > 0)
        ;
}

int run_measured(char *const argv[], struct run_result *result) {
    int ends[2], status;
    struct rusage usage;
    if (pipe(ends) < 0)
        return -1;
    double start = now();
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        become(argv, ends[1]);
    }
    close(ends[1]);
    if (child > 0)
        read_output(ends[0], result->output);
    close(ends[0]);
    if (child < 0 || wait4(child, &status, 0, &usage) < 0)
        return -1;
    result->cost.wall = now() - start;
    result->cost.user = seconds(usage.ru_utime);
    result->cost.busy = result->cost.user + seconds(usage.ru_stime);
    result->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return 0;
}

struct cost cost_none(void) {
    return (struct cost){INFINITY, INFINITY, INFINITY};
}

void cost_keep_least(struct cost *least, const struct cost *other) {
    least->user = fmin(least->user, other->user);
    least->busy = fmin(least->busy, other->busy);
    least->wall = fmin(least->wall, other->wall);
}

static unsigned long read_leb(FILE *file) {
    unsigned long value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
        int byte = getc(file);
        value |= (unsigned long)(byte & 127) << shift;
        if (byte < 128)
            break;
    }
    return value;
}

unsigned long code_size(const char *path) {
    FILE *file = fopen(path, "rb");
    unsigned long found = 0;
    int id;
    if (!file)
        return 0;
    fseek(file, 8, SEEK_SET);
    while (found == 0 && (id = getc(file)) != EOF) {
        unsigned long size = read_leb(file);
        if (id == SECTION_CODE)
            found = size;
        else
            fseek(file, (long)size, SEEK_CUR);
    }
    fclose(file);
    return found;
}
