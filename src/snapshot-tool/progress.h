/*
 * progress.h: a bar on standard error, for what takes more than a second at a terminal.
 */
#ifndef SNAPIFY_SNAPSHOT_TOOL_PROGRESS_H
#define SNAPIFY_SNAPSHOT_TOOL_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    const char *what; /* borrowed; name of the file */
    uint64_t total;   /* bytes; 0: unknown, no bar */
    uint64_t start;   /* nanoseconds of the monotonic clock */
    uint64_t shown;   /* when the bar was drawn last; 0: never */
    bool wanted;
};

/* `wanted`: false for no bar in any case. It is also left out if standard error is no terminal. */
void progress_begin(struct progress *progress, const char *what, uint64_t total, bool wanted);
void progress_update(struct progress *progress, uint64_t done);

/* Removes the bar. May be called twice. */
void progress_end(struct progress *progress);

#endif
