/*
 * faults.h: what the parts of the driver share.
 *
 * main.c    the campaigns: each makes many files out of one snapshot and tries them
 * trial.c   one run of the module in this process, on wasmtime: a thousand of them take a second
 * forge.c   snapshots that lie, with checksums that are right
 */
#ifndef SNAPIFY_TESTS_FAULTS_H
#define SNAPIFY_TESTS_FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
    uint8_t *data; /* owned */
    size_t size;
};

struct bytes bytes_read(const char *path); /* ends the process if it cannot */
void bytes_write(const char *path, struct bytes bytes);
struct bytes bytes_copy(struct bytes bytes);

/* ---- trial.c ---- */

enum {
    STATUS_TRAP = -1, /* or anything else that is no exit */
};

struct outcome {
    int status;
    char out[512]; /* cut off */
    char err[512];
    char trap[256];
};

/* Compiles the module. `directory` is the guest's /snap; stdout and stderr go into files beside it.
 */
struct trial *trial_open(const char *module, const char *directory);

/* Runs _start with the variables "NAME=VALUE"; memory.grow fails beyond `memory_limit` bytes, 0: no
 * limit. */
void trial_run(struct trial *trial, const char *const *variables, size_t count,
               int64_t memory_limit, struct outcome *outcome);

/* ---- forge.c ---- */

enum {
    FORGE_WHAT = 100 /* bytes of a description */
};

/* Lie number `number` about a good snapshot, owned by the caller, and what it says. False: there
 * are no more. */
bool forge(struct bytes good, size_t number, struct bytes *forged, char what[FORGE_WHAT]);

#endif
