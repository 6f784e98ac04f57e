/*
 * inspect.c: the commands that only look.
 */
#include <stdlib.h>

#include "snapshot-tool/inspection.h"
#include "support/json.h"
#include "support/text.h"

int run_inspect(struct tool *tool) {
    const struct tool_options *options = &tool->options;
    struct inspection *inspection = tool_alloc(sizeof *inspection);
    int status = inspection_make(inspection, tool, options->operands[0], options->base);
    if (status == TOOL_OK && options->json)
        inspection_json(inspection, &tool->out);
    else if (status == TOOL_OK)
        inspection_text(inspection, options->verbose, &tool->out);
    inspection_release(inspection);
    free(inspection);
    return status;
}

static void put_verdict_json(struct json *json, struct snapshot *file, const char *path) {
    struct snapshot_fault fault = snapshot_fault(file);
    json_open(json, NULL, '{');
    json_string(json, "file", path);
    json_bool(json, "sound", file->ended);
    json_string(json, "error", file->ended ? NULL : fault.text);
    json_string(json, "section", file->ended || !fault.section.text[0] ? NULL : fault.section.text);
    if (!file->ended && fault.has_offset)
        json_number(json, "offset", (int64_t)fault.offset);
    else
        json_null(json, "offset");
    json_close(json, '}');
}

static int verify_one(struct tool *tool, const char *path, struct json *json) {
    struct snapshot *file = tool_alloc(sizeof *file);
    int status = TOOL_REFUSED;
    if (snapshot_open(file, path, &tool->input) == 0)
        while (snapshot_next(file) != 0)
            ;
    if (file->ended)
        status = TOOL_OK;
    if (json) {
        put_verdict_json(json, file, path);
    } else if (!file->ended) {
        tool_refuse_snapshot(file);
    } else if (!tool->options.quiet) {
        text_append_visible(&tool->out, path);
        put(&tool->out, ": sound, %zu sections, fingerprint %016llx\n", file->section_count,
            (unsigned long long)snapshot_fingerprint(file));
    }
    snapshot_close(file);
    free(file);
    return status;
}

int run_verify(struct tool *tool) {
    struct json json = {.out = &tool->out};
    int status = TOOL_OK;
    if (tool->options.json)
        json_open(&json, NULL, '[');
    for (size_t i = 0; i < tool->options.operand_count; i++)
        if (verify_one(tool, tool->options.operands[i], tool->options.json ? &json : NULL) !=
            TOOL_OK)
            status = TOOL_REFUSED;
    if (tool->options.json)
        json_close(&json, ']');
    return status;
}
