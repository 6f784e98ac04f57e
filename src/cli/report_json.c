/*
 * report_json.c: one function per object of the schema.
 */
#include "cli/report_json.h"

#include <stdlib.h>
#include <string.h>

#include "support/json.h"

static const char *const outcomes[] = {"done", "refused", "usage", "bug"};

const char *report_file_name(const char *path, const char *standard) {
    return strcmp(path, "-") == 0 ? standard : path;
}

static void put_messages(struct json *json, const char *file, const struct diag *diag) {
    for (size_t i = 0; i < diag->count; i++) {
        const struct snapify_diagnostic *message = &diag->items[i];
        json_open(json, NULL, '{');
        json_string(json, "severity", report_severities[message->severity]);
        json_string(json, "file", file);
        json_string(json, "text", message->text);
        json_string(json, "function", message->function);
        if (message->offset >= 0)
            json_number(json, "offset", message->offset);
        else
            json_null(json, "offset");
        json_string(json, "hint", message->hint);
        json_close(json, '}');
    }
}

static void put_nodes(struct json *json, const char *nodes) {
    json_open(json, "nodes", '[');
    while (*nodes) {
        size_t size = strcspn(nodes, "\n");
        char *node = mem_strndup(nodes, size);
        json_string(json, NULL, node);
        free(node);
        nodes += size;
        nodes += *nodes == '\n';
    }
    json_close(json, ']');
}

static void put_points(struct json *json, const struct snapify_result *result) {
    json_open(json, "points", '[');
    for (size_t i = 0; i < result->point_count; i++) {
        const struct snapify_point *point = &result->points[i];
        json_open(json, NULL, '{');
        json_string(json, "function", point->function);
        json_string(json, "kind", report_point_kinds[point->kind]);
        put_nodes(json, point->node);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void put_site(struct json *json, const struct snapify_site *site) {
    json_open(json, NULL, '{');
    json_string(json, "kind", site->kind);
    json_string(json, "callee", site->point < 0 ? site->callee : NULL);
    json_string(json, "source", *site->source ? site->source : NULL);
    if (site->point >= 0)
        json_number(json, "point", site->point);
    else
        json_null(json, "point");
    json_number(json, "frame_bytes", site->frame_bytes);
    json_open(json, "saved", '[');
    for (size_t i = 0; i < site->saved_count; i++) {
        json_open(json, NULL, '{');
        json_string(json, "name", site->saved[i].name);
        json_string(json, "type", site->saved[i].type);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_close(json, '}');
}

static void put_explanation(struct json *json, const struct snapify_explanation *explanation) {
    json_open(json, NULL, '{');
    json_string(json, "function", explanation->function);
    json_number(json, "index", explanation->index);
    json_bool(json, "instrumented", explanation->instrumented);
    json_string(json, "why", explanation->why);
    json_string(json, "source", *explanation->source ? explanation->source : NULL);
    json_open(json, "path", '[');
    for (size_t i = 0; i < explanation->path_count; i++) {
        json_open(json, NULL, '{');
        json_string(json, "function", explanation->path[i].function);
        json_string(json, "how", explanation->path[i].how);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_number(json, "code_before", (int64_t)explanation->code_before);
    json_number(json, "code_after", (int64_t)explanation->code_after);
    json_open(json, "sites", '[');
    for (size_t i = 0; i < explanation->site_count; i++)
        put_site(json, &explanation->sites[i]);
    json_close(json, ']');
    json_close(json, '}');
}

/* Only with --explain. */
static void put_explanations(struct json *json, const struct report *report) {
    if (report->options->rewrite.explain_count == 0)
        return;
    json_open(json, "explanations", '[');
    for (size_t i = 0; i < report->result->explanation_count; i++)
        put_explanation(json, &report->result->explanations[i]);
    json_close(json, ']');
}

/* Only on request: everything else is the same on every run. */
static void put_times(struct json *json, const struct snapify_result *result) {
    json_open(json, "nanoseconds", '{');
    for (int phase = 0; phase < SNAPIFY_PHASE_COUNT; phase++)
        json_number(json, report_phases[phase], (int64_t)result->phase_nanoseconds[phase]);
    json_close(json, '}');
}

static void put_size(struct json *json, const char *key, bool known, size_t size) {
    if (known)
        json_number(json, key, (int64_t)size);
    else
        json_null(json, key);
}

void report_json(const struct report *report, struct buf *out) {
    const struct cli_options *options = report->options;
    const struct snapify_result *result = report->result;
    bool written = report->status == SNAPIFY_OK && result->module && options->output;
    struct json json = {.out = out};
    json_open(&json, NULL, '{');
    json_number(&json, "schema", REPORT_JSON_SCHEMA);
    json_string(&json, "snapify", SNAPIFY_VERSION);
    json_string(&json, "result", outcomes[report->status]);
    json_number(&json, "status", report->status);
    json_string(&json, "input", options->input);
    json_string(&json, "output", written ? options->output : NULL);
    put_size(&json, "input_size", report->input_size > 0, report->input_size);
    put_size(&json, "output_size", written, result->module_size);
    put_points(&json, result);
    put_explanations(&json, report);
    json_open(&json, "messages", '[');
    put_messages(&json, report_file_name(options->input, "<stdin>"), &report->about_input);
    if (options->output)
        put_messages(&json, report_file_name(options->output, "<stdout>"), &report->about_output);
    json_close(&json, ']');
    if (options->verbosity == CLI_VERBOSE)
        put_times(&json, result);
    json_close(&json, '}');
}
