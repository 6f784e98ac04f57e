/*
 * test_options.c: the command line of the tool, parsed. The tool is not part of the library, so its
 * file is compiled in here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/options.c"

#define ARGUMENTS_MAX 8

struct parsed {
    struct cli_options options;
    char *error;
    int outcome;
};

static struct parsed parse(const char *const arguments[]) {
    struct parsed parsed;
    char *argv[ARGUMENTS_MAX + 2] = {mem_strdup("snapify")};
    int argc = 1;
    while (argc <= ARGUMENTS_MAX && arguments[argc - 1]) {
        argv[argc] = (char *)arguments[argc - 1];
        argc++;
    }
    parsed.outcome = cli_options_parse(&parsed.options, argc, argv, &parsed.error);
    free(argv[0]);
    return parsed;
}

static void parsed_release(struct parsed *parsed) {
    cli_options_release(&parsed->options);
    free(parsed->error);
}

static void test_options__everything(void **state) {
    static const char *const arguments[] = {"-vgO3",  "in",    "--dest=f=edge1", "-oout",
                                            "--dest", "g=a=b", "--json",         NULL};
    (void)state;
    struct parsed parsed = parse(arguments);
    const struct cli_options *options = &parsed.options;
    assert_int_equal(parsed.outcome, 0);
    assert_null(parsed.error);
    assert_int_equal(options->action, CLI_REWRITE);
    assert_string_equal(options->input, "in");
    assert_string_equal(options->output, "out");
    assert_int_equal(options->verbosity, CLI_VERBOSE);
    assert_true(options->rewrite.debug_info);
    assert_true(options->json);
    assert_int_equal(options->rewrite.optimize_level, 3);
    assert_int_equal(options->rewrite.dest_count, 2);
    assert_string_equal(options->rewrite.dest[0], "f=edge1");
    assert_string_equal(options->rewrite.dest[1], "g=a=b");
    assert_int_equal(options->rewrite.bake_count, 0);
    parsed_release(&parsed);
}

static void test_options__levels(void **state) {
    static const struct {
        const char *argument;
        int optimize_level, shrink_level;
    } cases[] = {{"-O", 2, 1},  {"-Os", 2, 1}, {"-O0", 0, 0},
                 {"-O1", 1, 0}, {"-O2", 2, 0}, {"-O3", 3, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const arguments[] = {cases[i].argument, "in", "-o", "out", NULL};
        struct parsed parsed = parse(arguments);
        assert_int_equal(parsed.outcome, 0);
        assert_int_equal(parsed.options.rewrite.optimize_level, cases[i].optimize_level);
        assert_int_equal(parsed.options.rewrite.shrink_level, cases[i].shrink_level);
        parsed_release(&parsed);
    }
}

static void test_options__actions(void **state) {
    static const struct {
        const char *arguments[4];
        enum cli_action action;
    } cases[] = {
        {{"in", "--list-points"}, CLI_LIST_POINTS}, {{"--clang-dir"}, CLI_CLANG_DIR},
        {{"--help", "--version"}, CLI_HELP},        {{"--version", "--list-points"}, CLI_VERSION},
        {{"-h", "too", "many"}, CLI_HELP},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct parsed parsed = parse(cases[i].arguments);
        assert_int_equal(parsed.outcome, 0);
        assert_int_equal(parsed.options.action, cases[i].action);
        parsed_release(&parsed);
    }
}

static void test_options__errors(void **state) {
    static const struct {
        const char *arguments[5];
        const char *error;
    } cases[] = {
        {{NULL}, "no input named"},
        {{"in"}, "no output named; use -o FILE, or -o - for standard output"},
        {{"a", "b", "-o", "c"}, "more than one input: a, b"},
        {{"", "-o", "c"}, "a file name is empty"},
        {{"in", "-o", ""}, "a file name is empty"},
        {{"in", "--list-points", "-o", "c"},
         "--list-points writes no module, so -o makes no sense"},
        {{"in", "-oout", "--points=loop", "--max-latency=5"},
         "--points and --max-latency do not go together"},
        {{"in", "--max-latency=0"},
         "--max-latency 0: must be a number from 1 to 60000, in milliseconds"},
        {{"in", "--max-latency", "-1"},
         "--max-latency -1: must be a number from 1 to 60000, in milliseconds"},
        {{"in", "--max-latency=60001"},
         "--max-latency 60001: must be a number from 1 to 60000, in milliseconds"},
        {{"in", "--list-points", "--explain", "f"},
         "--list-points and --explain do not go together"},
        {{"in", "-o"}, "--output needs an argument: FILE"},
        {{"in", "--bake"}, "--bake needs an argument: NAME=VALUE"},
        {{"in", "--json=1"}, "--json takes no argument"},
        {{"in", "--nonsense"}, "unknown or ambiguous option: --nonsense"},
        {{"in", "--ve"}, "unknown or ambiguous option: --ve"},
        {{"in", "-qz"}, "unknown option: -z"},
        {{"in", "-O4"}, "-O4: the level must be 0, 1, 2, 3 or s"},
        {{"in", "-O22"}, "-O22: the level must be 0, 1, 2, 3 or s"},
        {{"in", "--color=red"}, "--color=red: must be auto, always or never"},
        {{"--", "--json", "x", "-o"}, "more than one input: --json, x"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct parsed parsed = parse(cases[i].arguments);
        assert_int_equal(parsed.outcome, -1);
        assert_string_equal(parsed.error, cases[i].error);
        parsed_release(&parsed);
    }
}

static void test_options__table(void **state) {
    (void)state;
    for (int i = 0; i < OPTION_COUNT; i++) {
        assert_true(rows[i].letter || rows[i].name);
        assert_true(strlen(rows[i].help) > 0);
        for (int j = 0; j < i; j++) {
            assert_false(rows[i].letter && rows[i].letter == rows[j].letter);
            assert_false(rows[i].name && rows[j].name && strcmp(rows[i].name, rows[j].name) == 0);
        }
    }
}

static void test_options__help_is_narrow(void **state) {
    struct buf out = {0};
    size_t column = 0;
    (void)state;
    cli_options_help(&out);
    for (size_t i = 0; i < out.size; i++) {
        column = out.data[i] == '\n' ? 0 : column + 1;
        assert_true(column < 80);
    }
    buf_release(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options__everything), cmocka_unit_test(test_options__levels),
        cmocka_unit_test(test_options__actions),    cmocka_unit_test(test_options__errors),
        cmocka_unit_test(test_options__table),      cmocka_unit_test(test_options__help_is_narrow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
