/*
 * command_line.h: options from rows of a table, and what every tool does when it starts.
 */
#ifndef SNAPIFY_SUPPORT_COMMAND_LINE_H
#define SNAPIFY_SUPPORT_COMMAND_LINE_H

#include <stdbool.h>

#include "support/buf.h"

/* One option, as an options.def has it. */
struct option_row {
    char letter;          /* 0: none */
    const char *name;     /* NULL: none */
    const char *argument; /* NULL: none; in brackets: optional */
    const char *preset;   /* NULL: off, or empty; for help only */
    unsigned commands;    /* bits, for who made the table */
    const char *help;
};

/* Takes over one option: the position of its row, its argument or NULL (borrowed from argv).
 * Returns 0, or -1 with one sentence in *error. */
typedef int option_apply_fn(void *context, int row, const char *argument, char **error);

/* Applies the options of argv, those behind operands too unless `leading`. Returns 0 with the
 * position of the first operand in optind, or -1 with one sentence in *error, which the caller
 * owns. */
int option_rows_parse(const struct option_row *rows, int count, bool leading, int argc, char **argv,
                      option_apply_fn *apply, void *context, char **error);

/* Appends a line of --help; what the option does begins behind `column` characters. */
void option_row_help(struct buf *out, const struct option_row *row, int column);

/* Opens those of the standard streams that are closed: else the next file to be opened would take
 * the number of one, and messages would go into it. */
void occupy_standard_streams(void);

#endif
