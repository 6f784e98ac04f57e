#include "support/command_line.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What getopt_long() returns for row 0, apart from all letters. */
#define FIRST_LONG 256

struct getopt_tables {
    char *letters;        /* owned */
    struct option *names; /* owned */
};

static int argument_kind(const struct option_row *row) {
    if (!row->argument)
        return no_argument;
    return row->argument[0] == '[' ? optional_argument : required_argument;
}

static void tables_build(struct getopt_tables *tables, const struct option_row *rows, int count,
                         bool leading) {
    tables->letters = mem_calloc(3 + 3 * (size_t)count, 1);
    tables->names = mem_calloc((size_t)count + 1, sizeof *tables->names);
    char *letter = tables->letters;
    struct option *name = tables->names;
    if (leading)
        *letter++ = '+';
    *letter++ = ':'; /* a missing argument is told from an unknown option */
    for (int i = 0; i < count; i++) {
        if (rows[i].letter) {
            *letter++ = rows[i].letter;
            for (int colons = argument_kind(&rows[i]); colons > 0; colons--)
                *letter++ = ':';
        }
        if (rows[i].name)
            *name++ = (struct option){rows[i].name, argument_kind(&rows[i]), NULL, FIRST_LONG + i};
    }
}

/* The row of what getopt_long() returned or left in optopt; NULL if there is none. */
static const struct option_row *find_row(const struct option_row *rows, int count, int code) {
    for (int i = 0; i < count; i++)
        if (code == FIRST_LONG + i || (code != 0 && code == rows[i].letter))
            return &rows[i];
    return NULL;
}

/* What getopt_long() found wrong with the option it has just looked at. */
static char *parse_error(const struct option_row *row, int code, char **argv) {
    if (code == ':' && row->name)
        return mem_printf("--%s needs an argument: %s", row->name, row->argument);
    if (code == ':')
        return mem_printf("-%c needs an argument: %s", row->letter, row->argument);
    if (row && row->name && !row->argument && optopt >= FIRST_LONG)
        return mem_printf("--%s takes no argument", row->name);
    if (optopt)
        return mem_printf("unknown option: -%c", optopt);
    return mem_printf("unknown or ambiguous option: %s", argv[optind - 1]);
}

int option_rows_parse(const struct option_row *rows, int count, bool leading, int argc, char **argv,
                      option_apply_fn *apply, void *context, char **error) {
    struct getopt_tables tables;
    int code, status = 0;
    tables_build(&tables, rows, count, leading);
    optind = 0; /* start afresh (glibc), also on a second call */
    opterr = 0;
    while (status == 0 &&
           (code = getopt_long(argc, argv, tables.letters, tables.names, NULL)) != -1) {
        if (code == '?' || code == ':') {
            *error = parse_error(find_row(rows, count, optopt), code, argv);
            status = -1;
        } else {
            status = apply(context, (int)(find_row(rows, count, code) - rows), optarg, error);
        }
    }
    free(tables.letters);
    free(tables.names);
    return status;
}

static char *row_synopsis(const struct option_row *row) {
    const char *argument = row->argument ? row->argument : "";
    const char *space = row->name && row->argument ? " " : "";
    if (!row->letter)
        return mem_printf("      --%s%s%s", row->name, space, argument);
    if (!row->name)
        return mem_printf("  -%c%s", row->letter, argument);
    return mem_printf("  -%c, --%s%s%s", row->letter, row->name, space, argument);
}

void option_row_help(struct buf *out, const struct option_row *row, int column) {
    char *synopsis = row_synopsis(row);
    char *line = row->preset ? mem_printf("%-*s  %s (default: %s)\n", column, synopsis, row->help,
                                          row->preset)
                             : mem_printf("%-*s  %s\n", column, synopsis, row->help);
    buf_append_string(out, line);
    free(line);
    free(synopsis);
}

/* In the wrong direction, so that using them still is an error. */
void occupy_standard_streams(void) {
    for (int file = STDIN_FILENO; file <= STDERR_FILENO; file++)
        if (fcntl(file, F_GETFD) < 0 &&
            open("/dev/null", file == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
            return;
}
