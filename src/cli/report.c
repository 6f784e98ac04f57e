/*
 * report.c: everything is put together in a buffer and written at once, so that messages of
 * several processes do not mix, and one place sees that writing fails.
 *
 *     snapify: IN.wasm: error: TEXT (in function F, at byte 0x1f3)
 *     snapify: hint: HINT
 */
#include "cli/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/report_explain.h"
#include "cli/report_json.h"
#include "support/text.h"

const char *const report_severities[] = {"note", "warning", "error"};
const char *const report_point_kinds[] = {"entry", "return", "loop"};
const char *const report_phases[] = {"scan", "read", "rewrite", "write"};

static const char *const severity_colors[] = {"\x1b[1m", "\x1b[1;35m", "\x1b[1;31m"};
static const char hint_color[] = "\x1b[1;36m";
static const char color_end[] = "\x1b[0m";

static void append_format(struct buf *out, char *text) {
    buf_append_string(out, text);
    free(text);
}

static void append_colored(struct buf *out, bool color, const char *code, const char *word) {
    if (color)
        buf_append_string(out, code);
    buf_append_string(out, word);
    buf_append_string(out, ":");
    if (color)
        buf_append_string(out, color_end);
    buf_append_string(out, " ");
}

static void append_place(struct buf *out, const struct snapify_diagnostic *message) {
    if (!message->function && message->offset < 0)
        return;
    buf_append_string(out, " (");
    if (message->function) {
        buf_append_string(out, "in function ");
        text_append_visible(out, message->function);
    }
    if (message->offset >= 0)
        append_format(out, mem_printf("%sat byte 0x%llx", message->function ? ", " : "",
                                      (unsigned long long)message->offset));
    buf_append_string(out, ")");
}

static void append_message(struct buf *out, const char *file, bool color,
                           const struct snapify_diagnostic *message) {
    buf_append_string(out, "snapify: ");
    if (file) {
        text_append_visible(out, file);
        buf_append_string(out, ": ");
    }
    append_colored(out, color, severity_colors[message->severity],
                   report_severities[message->severity]);
    text_append_visible(out, message->text);
    append_place(out, message);
    buf_append_string(out, "\n");
    if (message->hint) {
        buf_append_string(out, "snapify: ");
        append_colored(out, color, hint_color, "hint");
        text_append_visible(out, message->hint);
        buf_append_string(out, "\n");
    }
}

static bool use_color(enum cli_color color) {
    const char *no_color = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    if (color != CLI_COLOR_AUTO)
        return color == CLI_COLOR_ALWAYS;
    return isatty(STDERR_FILENO) && !(no_color && *no_color) && terminal &&
           strcmp(terminal, "dumb") != 0;
}

static void append_messages(struct buf *out, const struct report *report, const char *file,
                            const struct diag *diag) {
    bool color = use_color(report->options->color);
    for (size_t i = 0; i < diag->count; i++)
        if (report->options->verbosity != CLI_QUIET || diag->items[i].severity == SNAPIFY_ERROR)
            append_message(out, file, color, &diag->items[i]);
}

/* One line per point; the columns are separated by at least two blanks. */
static void append_points(struct buf *out, const char *prefix,
                          const struct snapify_result *result) {
    size_t width = 0;
    struct buf name = {0};
    for (size_t i = 0; i < result->point_count; i++) {
        name.size = 0;
        text_append_visible(&name, result->points[i].function);
        width = name.size > width ? name.size : width;
    }
    for (size_t i = 0; i < result->point_count; i++) {
        const struct snapify_point *point = &result->points[i];
        name.size = 0;
        text_append_visible(&name, point->function);
        append_format(out, mem_printf("%s%-*.*s  %-6s  ", prefix, (int)width, (int)name.size,
                                      (const char *)name.data, report_point_kinds[point->kind]));
        for (const char *node = point->node; *node;) {
            size_t size = strcspn(node, "\n");
            char *one = mem_strndup(node, size);
            text_append_visible(out, one);
            free(one);
            node += size;
            if (*node && *++node)
                buf_append_string(out, ", ");
        }
        buf_append_string(out, "\n");
    }
    buf_release(&name);
}

static void append_sizes(struct buf *out, const struct report *report) {
    double before = (double)report->input_size, after = (double)report->result->module_size;
    append_format(out, mem_printf("snapify: %zu bytes became %zu bytes", report->input_size,
                                  report->result->module_size));
    if (report->input_size > 0)
        append_format(out, mem_printf(" (%+.1f %%)", 100 * (after - before) / before));
    buf_append_string(out, "\n");
}

static void append_details(struct buf *out, const struct report *report) {
    if (report->result->module)
        append_sizes(out, report);
    for (int phase = 0; phase < SNAPIFY_PHASE_COUNT; phase++)
        append_format(out, mem_printf("%s%s %.1f ms",
                                      phase ? ", " : "snapify: time: ", report_phases[phase],
                                      (double)report->result->phase_nanoseconds[phase] / 1e6));
    append_format(out, mem_printf("\nsnapify: points: %zu\n", report->result->point_count));
    if (report->options->action == CLI_REWRITE)
        append_points(out, "  ", report->result);
}

static void append_explanations(struct buf *out, const struct snapify_result *result) {
    for (size_t i = 0; i < result->explanation_count; i++) {
        if (i > 0)
            buf_append_string(out, "\n");
        report_explanation(out, &result->explanations[i]);
    }
}

/* Nothing can be done about messages that cannot be shown; for the rest, see report_write(). */
static bool put(const struct buf *text, FILE *stream) {
    return text->size == 0 || fwrite(text->data, 1, text->size, stream) == text->size;
}

/* Beside the module if that goes to standard output. */
static bool put_list(const struct cli_options *options, const struct buf *list) {
    if (options->output && strcmp(options->output, "-") == 0)
        return put(list, stderr);
    return report_write(list);
}

static int print_text(const struct report *report) {
    const struct cli_options *options = report->options;
    struct buf messages = {0}, list = {0};
    int status = report->status;
    append_messages(&messages, report, report_file_name(options->input, "<stdin>"),
                    &report->about_input);
    if (options->output)
        append_messages(&messages, report, report_file_name(options->output, "<stdout>"),
                        &report->about_output);
    if (options->verbosity == CLI_VERBOSE)
        append_details(&messages, report);
    put(&messages, stderr);
    if (options->action == CLI_LIST_POINTS)
        append_points(&list, "", report->result);
    append_explanations(&list, report->result);
    if (status == SNAPIFY_OK && list.size > 0 && !put_list(options, &list))
        status = SNAPIFY_REFUSED;
    buf_release(&messages);
    buf_release(&list);
    return status;
}

static int print_json(const struct report *report) {
    struct buf out = {0};
    int status = report->status;
    report_json(report, &out);
    if (report->options->output && strcmp(report->options->output, "-") == 0)
        put(&out, stderr);
    else if (!report_write(&out) && status == SNAPIFY_OK)
        status = SNAPIFY_REFUSED;
    buf_release(&out);
    return status;
}

int report_print(const struct report *report) {
    return report->options->json ? print_json(report) : print_text(report);
}

void report_release(struct report *report) {
    diag_release(&report->about_input);
    diag_release(&report->about_output);
}

void report_plain_error(const char *text, const char *hint) {
    struct buf out = {0};
    const struct snapify_diagnostic message = {SNAPIFY_ERROR, text, NULL, hint, -1};
    append_message(&out, NULL, use_color(CLI_COLOR_AUTO), &message);
    put(&out, stderr);
    buf_release(&out);
}

bool report_write(const struct buf *out) {
    if (put(out, stdout) && fflush(stdout) == 0)
        return true;
    char *text = mem_printf("cannot write to standard output: %s", strerror(errno));
    report_plain_error(text, NULL);
    free(text);
    return false;
}
