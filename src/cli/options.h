/*
 * options.h: the command line, parsed.
 */
#ifndef SNAPIFY_CLI_OPTIONS_H
#define SNAPIFY_CLI_OPTIONS_H

#include "snapify.h"
#include "support/buf.h"

enum cli_action {
    CLI_REWRITE = 0,
    CLI_EXPLAIN, /* --explain without -o */
    CLI_LIST_POINTS,
    CLI_CLANG_DIR,
    CLI_VERSION,
    CLI_HELP,
};

enum cli_verbosity {
    CLI_NORMAL = 0,
    CLI_QUIET,
    CLI_VERBOSE,
};

enum cli_color {
    CLI_COLOR_AUTO = 0,
    CLI_COLOR_ALWAYS,
    CLI_COLOR_NEVER,
};

struct cli_options {
    enum cli_action action;
    const char *input;              /* borrowed from argv; "-" is standard input */
    const char *output;             /* likewise; NULL if no module is to be written */
    struct snapify_options rewrite; /* the lists are owned, their strings borrowed from argv */
    enum cli_verbosity verbosity;
    enum cli_color color;
    bool json;
};

/* Parses the arguments of main(). Returns 0, or -1 with one sentence in *error (owned by the
 * caller). Release in both cases. */
int cli_options_parse(struct cli_options *options, int argc, char **argv, char **error);
void cli_options_release(struct cli_options *options);

/* Appends what --help prints. */
void cli_options_help(struct buf *out);

#endif
