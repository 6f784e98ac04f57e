/*
 * input.h: a snapshot file, opened and taken out of its envelopes, as a stream of bytes.
 */
#ifndef SNAPIFY_SNAPSHOT_TOOL_INPUT_H
#define SNAPIFY_SNAPSHOT_TOOL_INPUT_H

#include "snapshot-format/snapshot.h"
#include "snapshot-tool/progress.h"
#include "snapshot-tool/stage.h"

struct input_options {
    const uint8_t *key; /* SEAL_KEY_SIZE bytes, borrowed; NULL: none */
    bool quiet;         /* no progress bar */
};

struct input {
    const char *path;     /* borrowed; "-" is standard input */
    struct stage *stage;  /* owned */
    uint64_t offset;      /* of the next byte, in the snapshot itself */
    uint64_t last_offset; /* where the last piece that was read begins */
    const char *fault;    /* static text; NULL: none, or only an early end */
    bool zipped, sealed;  /* envelopes found */
    uint64_t size;        /* bytes of the file; 0: unknown */
    int error;            /* errno if reading failed */
    struct progress progress;
};

/* Returns 0, or -1 with `fault` set. Close in both cases. */
int input_open(struct input *input, const char *path, const struct input_options *options);
void input_close(struct input *input);

/* For struct snap_io: the context is the input. */
enum snap_io_result input_read(void *input, void *bytes, size_t size);

/* Behind the last section: the envelopes must end here, too. Returns 0, or -1 with `fault` set. */
int input_finish(struct input *input);

#endif
