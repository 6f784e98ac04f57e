/*
 * options.c: everything that is made from options.def.
 */
#include "snapshot-tool/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "support/command_line.h"

#define ON(id) (1u << COMMAND_##id)
#define ALL (~0u)
#define STORES (ON(STORE) | ON(FETCH) | ON(GC))
#define WRITERS                                                                                    \
    (ON(DELTA) | ON(APPLY) | ON(COMPACT) | ON(STORE) | ON(FETCH) | ON(IMPORT) | ON(STRIP_ENV))

enum option_id {
#define OPTION(id, letter, name, argument, commands, help) OPTION_##id,
#include "snapshot-tool/options.def"
    OPTION_COUNT,
};

static const struct option_row rows[] = {
#define OPTION(id, letter, name, argument, commands, help)                                         \
    {letter, name, argument, NULL, commands, help},
#include "snapshot-tool/options.def"
};

static const struct command {
    const char *name;
    const char *operands;
    size_t least, most; /* operands; most 0: any number */
    const char *summary;
    const char *example;
} commands[] = {
#define COMMAND(id, run, name, operands, least, most, summary, example)                            \
    {name, operands, least, most, summary, example},
#include "snapshot-tool/options.def"
};

#define HELP_COLUMN 25

static int set_level(struct tool_options *options, const char *text, char **error) {
    char *end;
    long level = strtol(text, &end, 10);
    if (*end || end == text || level < 1 || level > 22) {
        *error = mem_printf("--zstd %s: the level must be a number from 1 to 22", text);
        return -1;
    }
    options->zstd = (int)level;
    return 0;
}

static void add_keep(struct tool_options *options, const char *name) {
    options->keep = mem_grow((void *)options->keep, options->keep_count + 1, sizeof *options->keep);
    options->keep[options->keep_count++] = name;
}

static bool *find_flag(struct tool_options *options, enum option_id id) {
    switch (id) {
    case OPTION_LONG:
        return &options->window_long;
    case OPTION_HTML:
        return &options->html;
    case OPTION_JSON:
        return &options->json;
    case OPTION_VERBOSE:
        return &options->verbose;
    case OPTION_QUIET:
        return &options->quiet;
    case OPTION_HELP:
        return &options->help;
    case OPTION_VERSION:
        return &options->version;
    default:
        return NULL;
    }
}

static const char **find_text(struct tool_options *options, enum option_id id) {
    switch (id) {
    case OPTION_OUTPUT:
        return &options->output;
    case OPTION_ENCRYPT:
        return &options->encrypt;
    case OPTION_KEY:
        return &options->key;
    case OPTION_STORE:
        return &options->store;
    case OPTION_MEMORY:
        return &options->memory;
    case OPTION_BASE:
        return &options->base;
    case OPTION_MODULE:
        return &options->module;
    default:
        return NULL;
    }
}

static int apply(void *context, int row, const char *argument, char **error) {
    struct tool_options *options = context;
    enum option_id id = (enum option_id)row;
    if (options->command != COMMAND_COUNT && !(rows[id].commands >> options->command & 1)) {
        *error =
            mem_printf("%s does not take --%s", commands[options->command].name, rows[id].name);
        return -1;
    }
    if (argument && !*argument) {
        *error = mem_printf("the argument of --%s is empty", rows[id].name);
        return -1;
    }
    bool *flag = find_flag(options, id);
    const char **text = find_text(options, id);
    if (flag)
        *flag = true;
    else if (text)
        *text = argument;
    else if (id == OPTION_KEEP)
        add_keep(options, argument);
    else if (id == OPTION_ZSTD)
        return set_level(options, argument, error);
    return 0;
}

/* What follows a command belongs to it. */
static int parse_some(struct tool_options *options, int argc, char **argv, char **error) {
    bool leading = options->command == COMMAND_COUNT;
    return option_rows_parse(rows, OPTION_COUNT, leading, argc, argv, apply, options, error);
}

static int find_command(struct tool_options *options, const char *name, char **error) {
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (name && strcmp(commands[i].name, name) == 0)
            options->command = (enum command_id)i;
    if (options->command != COMMAND_COUNT)
        return 0;
    *error = name ? mem_printf("unknown command: %s", name) : mem_strdup("no command");
    return -1;
}

/* What the options do not say by themselves. */
static int check(const struct tool_options *options, char **error) {
    const struct command *command = &commands[options->command];
    size_t count = options->operand_count;
    unsigned bit = 1u << options->command;
    if (count < command->least || (command->most > 0 && count > command->most))
        *error = mem_printf("%s takes %s", command->name, command->operands);
    else if ((bit & WRITERS) && !options->output)
        *error = mem_strdup("no output named; use -o FILE, or -o - for standard output");
    else if ((bit & (ON(EXPORT) | ON(IMPORT))) && !options->memory)
        *error = mem_printf("%s needs --memory FILE", command->name);
    else if ((bit & STORES) && !options->store)
        *error = mem_printf("%s needs --store DIR", command->name);
    else if (options->json && options->html)
        *error = mem_strdup("--json and --html do not go together");
    else if (options->window_long && options->zstd == 0)
        *error = mem_strdup("--long makes sense with --zstd only");
    for (size_t i = 0; !*error && i < count; i++)
        if (!*options->operands[i])
            *error = mem_strdup("a file name is empty");
    return *error ? -1 : 0;
}

int tool_options_parse(struct tool_options *options, int argc, char **argv, char **error) {
    *options = (struct tool_options){.command = COMMAND_COUNT};
    *error = NULL;
    if (parse_some(options, argc, argv, error) < 0)
        return -1;
    if (optind == argc && (options->help || options->version))
        return 0;
    int first = optind;
    if (find_command(options, argv[first], error) < 0 ||
        parse_some(options, argc - first, argv + first, error) < 0)
        return -1;
    options->operands = (const char *const *)argv + first + optind;
    options->operand_count = (size_t)(argc - first - optind);
    if (options->help || options->version)
        return 0;
    return check(options, error);
}

void tool_options_release(struct tool_options *options) {
    free((void *)options->keep);
    options->keep = NULL;
}

static void append(struct buf *out, char *text) {
    buf_append_string(out, text);
    free(text);
}

static void append_exit_status(struct buf *out) {
    buf_append_string(out, "\n"
                           "Exit status: 0 done, 1 the input is refused or a file cannot be read\n"
                           "or written, 2 wrong usage, 3 a bug in snapify, 4 diff: they differ.\n");
}

static void help_command(struct buf *out, enum command_id id) {
    const struct command *command = &commands[id];
    append(out, mem_printf("Usage: snapify-snapshot %s %s [options]\n\n"
                           "%c%s. A FILE of - is standard input.\n\nOptions:\n",
                           command->name, command->operands, command->summary[0] - 'a' + 'A',
                           command->summary + 1));
    for (int i = 0; i < OPTION_COUNT; i++)
        if (rows[i].commands >> id & 1)
            option_row_help(out, &rows[i], HELP_COLUMN);
    append_exit_status(out);
    append(out,
           mem_printf("\nExample:\n  snapify-snapshot %s %s\n", command->name, command->example));
}

void tool_options_help(struct buf *out, enum command_id command) {
    if (command != COMMAND_COUNT) {
        help_command(out, command);
        return;
    }
    buf_append_string(out, "Usage: snapify-snapshot COMMAND FILE... [options]\n\n"
                           "Looks into the snapshots of programs that snapify rewrote, compares\n"
                           "and converts them.\n\nCommands:\n");
    for (int i = 0; i < COMMAND_COUNT; i++)
        append(out, mem_printf("  %-10s %-14s %s\n", commands[i].name, commands[i].operands,
                               commands[i].summary));
    append_exit_status(out);
    buf_append_string(out, "\nsnapify-snapshot COMMAND --help says more.\n");
}
