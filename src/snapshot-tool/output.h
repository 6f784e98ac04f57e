/*
 * output.h: where a new snapshot goes: a file, all at once or not at all, through the envelopes
 * asked for.
 */
#ifndef SNAPIFY_SNAPSHOT_TOOL_OUTPUT_H
#define SNAPIFY_SNAPSHOT_TOOL_OUTPUT_H

#include "snapshot-tool/tool.h"

struct output {
    const char *path; /* borrowed; "-" is standard output */
    char *temporary;  /* owned; NULL: written as it is */
    int file;
    int error;         /* errno of the first failure; 0: none */
    struct zip *zip;   /* owned; NULL: no compression */
    struct seal *seal; /* owned; NULL: no encryption */
};

/* Returns an enum tool_status. Finish in both cases. */
int output_open(struct output *output, const struct tool *tool, const char *path);

/* For struct snap_io: the context is the output. */
enum snap_io_result output_write(void *output, const void *bytes, size_t size);

/* Puts the file in its place, or drops it if `status` or something in between is not TOOL_OK.
 * Returns the status. */
int output_finish(struct output *output, int status);

/* ---- the steps, each of which hands on to the next: private to output*.c ---- */

struct zip *zip_open(int level, bool window_long);
/* Returns false if the next step fails. */
bool zip_write(struct zip *zip, struct output *output, const void *bytes, size_t size);
bool zip_finish(struct zip *zip, struct output *output);
void zip_free(struct zip *zip);

struct seal *seal_open(const uint8_t *key);
bool seal_write(struct seal *seal, struct output *output, const void *bytes, size_t size);
bool seal_finish(struct seal *seal, struct output *output);
void seal_free(struct seal *seal);

bool output_to_seal(struct output *output, const void *bytes, size_t size);
bool output_to_file(struct output *output, const void *bytes, size_t size);

#endif
