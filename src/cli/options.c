/*
 * options.c: everything that is made from options.def.
 */
#include "cli/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/command_line.h"

enum option_id {
#define OPTION(id, letter, name, argument, preset, help) OPTION_##id,
#include "cli/options.def"
#undef OPTION
    OPTION_COUNT,
};

static const struct option_row rows[] = {
#define OPTION(id, letter, name, argument, preset, help) {letter, name, argument, preset, 0, help},
#include "cli/options.def"
#undef OPTION
};

#define HELP_COLUMN 29

static void list_add(const char *const **items, size_t *count, const char *item) {
    const char **grown = mem_grow((void *)*items, *count + 1, sizeof *grown);
    grown[(*count)++] = item;
    *items = grown;
}

static int set_optimize(struct snapify_options *rewrite, const char *level, char **error) {
    if (!level || strcmp(level, "s") == 0) {
        rewrite->optimize_level = 2;
        rewrite->shrink_level = 1;
    } else if (level[0] >= '0' && level[0] <= '3' && !level[1]) {
        rewrite->optimize_level = level[0] - '0';
        rewrite->shrink_level = 0;
    } else {
        *error = mem_printf("-O%s: the level must be 0, 1, 2, 3 or s", level);
        return -1;
    }
    return 0;
}

static int set_color(enum cli_color *color, const char *when, char **error) {
    static const char *const names[] = {"auto", "always", "never"};
    for (int i = 0; i < 3; i++) {
        if (strcmp(when, names[i]) == 0) {
            *color = (enum cli_color)i;
            return 0;
        }
    }
    *error = mem_printf("--color=%s: must be auto, always or never", when);
    return -1;
}

/* The member that an option without argument sets; NULL if it does more or less than that. */
static bool *find_flag(struct cli_options *options, enum option_id id) {
    switch (id) {
    case OPTION_DEBUG_INFO:
        return &options->rewrite.debug_info;
    case OPTION_ALLOW_UNCALLED:
        return &options->rewrite.allow_uncalled;
    case OPTION_NO_ISOLATION:
        return &options->rewrite.no_isolation;
    case OPTION_MAP:
        return &options->rewrite.map;
    case OPTION_JSON:
        return &options->json;
    default:
        return NULL;
    }
}

static enum cli_action find_action(enum option_id id) {
    switch (id) {
    case OPTION_LIST_POINTS:
        return CLI_LIST_POINTS;
    case OPTION_CLANG_DIR:
        return CLI_CLANG_DIR;
    case OPTION_VERSION:
        return CLI_VERSION;
    case OPTION_HELP:
        return CLI_HELP;
    default:
        return CLI_REWRITE;
    }
}

static int set_policy(struct snapify_options *rewrite, const char *argument, char **error) {
    if (strcmp(argument, "always") == 0)
        rewrite->policy = SNAPIFY_POLICY_ALWAYS;
    else if (strcmp(argument, "annotated") == 0)
        rewrite->policy = SNAPIFY_POLICY_ANNOTATED;
    else
        *error = mem_printf("--policy %s: must be annotated or always", argument);
    return *error ? -1 : 0;
}

/* A list of kinds; a later --points replaces an earlier one. */
static int set_points(struct snapify_options *rewrite, const char *argument, char **error) {
    static const char *const kinds_by_number[] = {"entry", "return", "loop"};
    rewrite->point_kinds = 0;
    for (const char *word = argument; *error == NULL;) {
        size_t size = strcspn(word, ",");
        unsigned kinds = 0;
        for (unsigned kind = 0; kind < 3; kind++)
            if (strncmp(word, kinds_by_number[kind], size) == 0 &&
                kinds_by_number[kind][size] == '\0')
                kinds = 1u << kind;
        if (size == 3 && strncmp(word, "all", 3) == 0)
            kinds = 7;
        if (kinds == 0)
            *error = mem_printf("--points %s: must be entry, return, loop or all", argument);
        rewrite->point_kinds |= kinds;
        if (word[size] == '\0')
            break;
        word += size + 1;
    }
    return *error ? -1 : 0;
}

static int set_max_latency(struct snapify_options *rewrite, const char *argument, char **error) {
    char *end = NULL;
    unsigned long milliseconds = strtoul(argument, &end, 10);
    if (*argument < '0' || *argument > '9' || *end != '\0' || milliseconds == 0 ||
        milliseconds > SNAPIFY_MAX_LATENCY_MS)
        *error = mem_printf("--max-latency %s: must be a number from 1 to %u, in milliseconds",
                            argument, SNAPIFY_MAX_LATENCY_MS);
    else
        rewrite->max_latency_ms = (unsigned)milliseconds;
    return *error ? -1 : 0;
}

static int set_compress(struct snapify_options *rewrite, const char *argument, char **error) {
    static const char method[] = "zstd";
    const char *level = argument + strlen(method);
    bool known = strncmp(argument, method, strlen(method)) == 0;
    if (known && *level == '\0')
        rewrite->compress_level = 1;
    else if (known && level[0] == ':' && level[1] >= '1' &&
             level[1] <= '0' + SNAPIFY_COMPRESS_LEVEL_MAX && level[2] == '\0')
        rewrite->compress_level = level[1] - '0';
    else
        *error = mem_printf("--compress %s: must be zstd, or zstd:1 to zstd:%d", argument,
                            SNAPIFY_COMPRESS_LEVEL_MAX);
    return *error ? -1 : 0;
}

static int apply_argument(struct cli_options *options, enum option_id id, const char *argument,
                          char **error) {
    struct snapify_options *rewrite = &options->rewrite;
    switch (id) {
    case OPTION_OUTPUT:
        options->output = argument;
        return 0;
    case OPTION_OPTIMIZE:
        return set_optimize(rewrite, argument, error);
    case OPTION_DEST:
        list_add(&rewrite->dest, &rewrite->dest_count, argument);
        return 0;
    case OPTION_MAY_OFFLOAD:
        list_add(&rewrite->may_offload, &rewrite->may_offload_count, argument);
        return 0;
    case OPTION_BAKE:
        list_add(&rewrite->bake, &rewrite->bake_count, argument);
        return 0;
    case OPTION_POLICY:
        return set_policy(rewrite, argument, error);
    case OPTION_POINTS:
        return set_points(rewrite, argument, error);
    case OPTION_MAX_LATENCY:
        return set_max_latency(rewrite, argument, error);
    case OPTION_COMPRESS:
        return set_compress(rewrite, argument, error);
    case OPTION_ONLY:
        list_add(&rewrite->only, &rewrite->only_count, argument);
        return 0;
    case OPTION_SKIP:
        list_add(&rewrite->skip, &rewrite->skip_count, argument);
        return 0;
    case OPTION_EXPLAIN:
        list_add(&rewrite->explain, &rewrite->explain_count, argument);
        return 0;
    case OPTION_COLOR:
        return set_color(&options->color, argument, error);
    default:
        return 0;
    }
}

static int apply(void *context, int row, const char *argument, char **error) {
    struct cli_options *options = context;
    enum option_id id = (enum option_id)row;
    bool *flag = find_flag(options, id);
    enum cli_action action = find_action(id);
    if (flag)
        *flag = true;
    if (id == OPTION_VERBOSE || id == OPTION_QUIET)
        options->verbosity = id == OPTION_VERBOSE ? CLI_VERBOSE : CLI_QUIET;
    /* --help and --version win over everything else, whatever the order. */
    if (action > options->action)
        options->action = action;
    options->rewrite.list_only = options->action == CLI_LIST_POINTS;
    return apply_argument(options, id, argument, error);
}

static int take_operands(struct cli_options *options, int argc, char **argv, char **error) {
    bool listing = options->action == CLI_LIST_POINTS;
    if (options->action == CLI_REWRITE && options->rewrite.explain_count && !options->output)
        options->action = CLI_EXPLAIN;
    if (options->action > CLI_LIST_POINTS)
        return 0;
    if (optind == argc)
        *error = mem_strdup("no input named");
    else if (optind + 1 < argc)
        *error = mem_printf("more than one input: %s, %s", argv[optind], argv[optind + 1]);
    else if (!*argv[optind] || (options->output && !*options->output))
        *error = mem_strdup("a file name is empty");
    else if (listing && options->output)
        *error = mem_strdup("--list-points writes no module, so -o makes no sense");
    else if (listing && options->rewrite.explain_count)
        *error = mem_strdup("--list-points and --explain do not go together");
    else if (options->rewrite.max_latency_ms > 0 && options->rewrite.point_kinds)
        *error = mem_strdup("--points and --max-latency do not go together");
    else if (options->action == CLI_REWRITE && !options->output)
        *error = mem_strdup("no output named; use -o FILE, or -o - for standard output");
    else
        options->input = argv[optind];
    return *error ? -1 : 0;
}

int cli_options_parse(struct cli_options *options, int argc, char **argv, char **error) {
    *options = (struct cli_options){0};
    *error = NULL;
    if (option_rows_parse(rows, OPTION_COUNT, false, argc, argv, apply, options, error) < 0)
        return -1;
    return take_operands(options, argc, argv, error);
}

void cli_options_release(struct cli_options *options) {
    free((void *)options->rewrite.only);
    free((void *)options->rewrite.skip);
    free((void *)options->rewrite.dest);
    free((void *)options->rewrite.may_offload);
    free((void *)options->rewrite.bake);
    free((void *)options->rewrite.explain);
    *options = (struct cli_options){0};
}

void cli_options_help(struct buf *out) {
    buf_append_string(out, "Usage: snapify IN -o OUT [options]\n"
                           "       snapify IN --list-points [options]\n"
                           "       snapify IN --explain FUNC [options]\n"
                           "\n"
                           "Rewrites a WASI program so that it saves itself at the marks in its\n"
                           "source and goes on in another runtime. IN is a WebAssembly module; -\n"
                           "is standard input.\n"
                           "\n"
                           "Options:\n");
    for (int i = 0; i < OPTION_COUNT; i++)
        option_row_help(out, &rows[i], HELP_COLUMN);
    buf_append_string(out, "\n"
                           "Exit status: 0 done, 1 the input is refused or a file cannot be read\n"
                           "or written, 2 wrong usage, 3 a bug in snapify.\n"
                           "\n"
                           "Example:\n"
                           "  snapify app.wasm -o app.snap.wasm\n");
}
