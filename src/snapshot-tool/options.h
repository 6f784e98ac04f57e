/*
 * options.h: the command line of snapify-snapshot, parsed.
 */
#ifndef SNAPIFY_SNAPSHOT_TOOL_OPTIONS_H
#define SNAPIFY_SNAPSHOT_TOOL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "support/buf.h"

enum command_id {
#define COMMAND(id, run, name, operands, least, most, summary, example) COMMAND_##id,
#include "snapshot-tool/options.def"
    COMMAND_COUNT,
};

struct tool_options {
    enum command_id command; /* COMMAND_COUNT: --help or --version without a command */
    bool help, version;
    const char *const *operands; /* borrowed from argv, and so are all other strings */
    size_t operand_count;
    const char *output;  /* NULL: none */
    int zstd;            /* level; 0: do not compress */
    bool window_long;    /* compress with the largest window */
    const char *encrypt; /* path of the key; NULL: none */
    const char *key;     /* likewise, for input */
    const char *memory;
    const char *store;
    const char *base;
    const char *module;
    const char **keep; /* owned array */
    size_t keep_count;
    bool json, html, verbose, quiet;
};

/* Parses the arguments of main(). Returns 0, or -1 with one sentence in *error (owned by the
 * caller). Release in both cases. */
int tool_options_parse(struct tool_options *options, int argc, char **argv, char **error);
void tool_options_release(struct tool_options *options);

/* Appends the help of a command; COMMAND_COUNT: of the whole. */
void tool_options_help(struct buf *out, enum command_id command);

#endif
