/*
 * tool.h: what the commands share.
 */
#ifndef SNAPIFY_SNAPSHOT_TOOL_TOOL_H
#define SNAPIFY_SNAPSHOT_TOOL_TOOL_H

#include "snapshot-tool/envelope.h"
#include "snapshot-tool/options.h"
#include "snapshot-tool/snapshot_file.h"

/* Exit statuses; documented in the man page, so they stay. */
enum tool_status {
    TOOL_OK = 0,
    TOOL_REFUSED = 1,
    TOOL_USAGE = 2,
    TOOL_BUG = 3,
    TOOL_DIFFERENT = 4,
};

struct tool {
    struct tool_options options;
    struct input_options input; /* for snapshot_open() */
    uint8_t input_key[SEAL_KEY_SIZE];
    uint8_t output_key[SEAL_KEY_SIZE];
    struct buf out; /* for standard output; written at the end */
};

/* The commands. Each returns an enum tool_status after having said what is wrong. */
int run_inspect(struct tool *tool);
int run_verify(struct tool *tool);
int run_diff(struct tool *tool);
int run_delta(struct tool *tool);
int run_apply(struct tool *tool);
int run_compact(struct tool *tool);
int run_store(struct tool *tool);
int run_fetch(struct tool *tool);
int run_gc(struct tool *tool);
int run_export(struct tool *tool);
int run_import(struct tool *tool);
int run_strip_env(struct tool *tool);

/* Says on standard error what is wrong with a file (NULL: with no file). Returns TOOL_REFUSED. */
int tool_refuse(const char *path, const char *hint, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for what the reader found. */
int tool_refuse_snapshot(struct snapshot *file);

/* Zeroed, and aligned for the state of a hash; abort() if there is no memory. Freed by free(). */
#define TOOL_ALIGNMENT ((size_t)64)
void *tool_alloc(size_t size);

/* Appends formatted text. */
void put(struct buf *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A size with a unit, for people: "12.3 MiB". */
struct size_text {
    char text[24];
};
struct size_text size_text(uint64_t bytes);

/* Reads a key: 32 bytes, or 64 hexadecimal digits and a line end. Returns TOOL_OK or TOOL_REFUSED.
 */
int tool_read_key(const char *path, uint8_t key[SEAL_KEY_SIZE]);

/* Words for enum snapify_point_kind. */
const char *point_kind_text(uint32_t kind);

#endif
