/*
 * inspect.c: the commands that only look.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "snapshot-tool/inspection.h"
#include "support/json.h"
#include "support/text.h"

static int read_module(const char *path, struct buf *bytes) {
    uint8_t piece[16384];
    size_t size;
    FILE *file = fopen(path, "rbe");
    if (!file)
        return tool_refuse(path, NULL, "cannot be read: %s", strerror(errno));
    while ((size = fread(piece, 1, sizeof piece, file)) > 0)
        buf_append(bytes, piece, size);
    bool failed = ferror(file) != 0;
    fclose(file);
    return failed ? tool_refuse(path, NULL, "cannot be read: %s", strerror(errno)) : TOOL_OK;
}

int inspection_name(struct inspection *inspection, const char *module) {
    const struct snapshot *file = &inspection->file;
    struct buf bytes = {0};
    const char *fault = NULL;
    int status = read_module(module, &bytes);
    if (status == TOOL_OK)
        fault = frame_map_read(&inspection->map, bytes.data, bytes.size);
    buf_release(&bytes);
    if (status != TOOL_OK)
        return status;
    if (!fault && memcmp(inspection->map.identity, file->header.identity, SNAP_IDENTITY_SIZE) != 0)
        fault = "is not the module that the snapshot was made by";
    if (fault)
        return tool_refuse(module, NULL, "%s", fault);
    if (inspection->frames.size < file->meta.frames_size)
        return TOOL_OK; /* too many to be kept */
    fault = frame_map_trace(&inspection->map, &inspection->frames, file->meta.frame_count,
                            &inspection->trace);
    return fault ? tool_refuse(file->input.path, NULL, "%s (in section FRAM)", fault) : TOOL_OK;
}

int run_inspect(struct tool *tool) {
    const struct tool_options *options = &tool->options;
    struct inspection *inspection = tool_alloc(sizeof *inspection);
    int status = inspection_make(inspection, tool, options->operands[0], options->base);
    if (status == TOOL_OK && options->module)
        status = inspection_name(inspection, options->module);
    if (status == TOOL_OK && options->json)
        inspection_json(inspection, &tool->out);
    else if (status == TOOL_OK && options->html)
        inspection_html(inspection, &tool->out);
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
    json_bool(json, "pages_protected", file->header.form != SNAP_FORM_BARE);
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
        put(&tool->out, ": sound%s, %zu sections, fingerprint %016llx\n",
            file->header.form == SNAP_FORM_BARE ? " but for its pages, which have no hashes" : "",
            file->section_count, (unsigned long long)snapshot_fingerprint(file));
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
