/*
 * main.c: options, read, rewrite, write, report. The only place that ends the program.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/clang_dir.h"
#include "cli/files.h"
#include "cli/options.h"
#include "cli/report.h"
#include "support/command_line.h"

static int print(struct buf *out) {
    bool written = report_write(out);
    buf_release(out);
    return written ? SNAPIFY_OK : SNAPIFY_REFUSED;
}

static int print_help(void) {
    struct buf out = {0};
    cli_options_help(&out);
    return print(&out);
}

static int print_version(void) {
    struct buf out = {0};
    buf_append_string(&out, "snapify " SNAPIFY_VERSION "\n");
    return print(&out);
}

static int print_clang_dir(void) {
    struct buf out = {0};
    char *directory = clang_dir_find();
    if (!directory) {
        report_plain_error("the shims for clang are missing beside this program",
                           "build or install snapify as a whole: make, make install");
        return SNAPIFY_REFUSED;
    }
    buf_append_string(&out, directory);
    buf_append_string(&out, "\n");
    free(directory);
    return print(&out);
}

static void take_diagnostics(struct report *report, const struct snapify_result *result) {
    for (size_t i = 0; i < result->diagnostic_count; i++)
        diag_add(&report->about_input, &result->diagnostics[i]);
}

/* The steps up to the first that fails. */
static enum snapify_status run_steps(const struct cli_options *options, struct buf *input,
                                     struct snapify_result *result, struct report *report) {
    if (options->output && file_check_output(options->output, &report->about_output) < 0)
        return SNAPIFY_REFUSED;
    if (file_read(options->input, input, &report->about_input) < 0)
        return SNAPIFY_REFUSED;
    report->input_size = input->size;
    enum snapify_status status =
        snapify_rewrite(input->data, input->size, &options->rewrite, result);
    take_diagnostics(report, result);
    if (status != SNAPIFY_OK || !options->output)
        return status;
    if (file_write(options->output, result->module, result->module_size, &report->about_output) < 0)
        return SNAPIFY_REFUSED;
    return SNAPIFY_OK;
}

static int run(const struct cli_options *options) {
    struct buf input = {0};
    struct snapify_result result = {0};
    struct report report = {.options = options, .result = &result};
    report.status = run_steps(options, &input, &result, &report);
    int status = report_print(&report);
    report_release(&report);
    snapify_result_release(&result);
    buf_release(&input);
    return status;
}

static int act(const struct cli_options *options) {
    switch (options->action) {
    case CLI_HELP:
        return print_help();
    case CLI_VERSION:
        return print_version();
    case CLI_CLANG_DIR:
        return print_clang_dir();
    case CLI_REWRITE:
    case CLI_EXPLAIN:
    case CLI_LIST_POINTS:
        break;
    }
    return run(options);
}

int main(int argc, char **argv) {
    struct cli_options options;
    char *error;
    int status = SNAPIFY_USAGE;
    occupy_standard_streams();
    /* A reader that is gone and a file that grows too large come back as errors of write(). */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    if (cli_options_parse(&options, argc, argv, &error) == 0)
        status = act(&options);
    else
        report_plain_error(error, "snapify --help lists the options");
    free(error);
    cli_options_release(&options);
    return status;
}
