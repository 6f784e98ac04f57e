/*
 * snapify.c: the public functions. Checks the form of the options, has the pipeline run in
 * isolation, and presents its answer as snapify.h promises it.
 */
#include "snapify.h"

#include <stdlib.h>
#include <string.h>

#include "isolate/isolate.h"
#include "pipeline.h"

/* "LEFT=RIGHT" with something on the left, and on the right unless it may be empty. */
static void check_pairs(const char *option, const char *form, const char *const *items,
                        size_t count, bool right_may_be_empty, struct diag *diag) {
    for (size_t i = 0; i < count; i++) {
        const char *equals = strchr(items[i], '=');
        if (!equals || equals == items[i] || (!equals[1] && !right_may_be_empty))
            diag_error(diag, (struct diag_place){0}, "%s %s: this must have the form %s", option,
                       items[i], form);
    }
}

static bool options_have_form(const struct snapify_options *options, struct diag *diag) {
    size_t before = diag->count;
    if (options->optimize_level < 0 || options->optimize_level > 3)
        diag_error(diag, (struct diag_place){0}, "optimize level %d: must be 0 to 3",
                   options->optimize_level);
    if (options->shrink_level < 0 || options->shrink_level > 1)
        diag_error(diag, (struct diag_place){0}, "shrink level %d: must be 0 or 1",
                   options->shrink_level);
    if (options->compress_level < 0 || options->compress_level > SNAPIFY_COMPRESS_LEVEL_MAX)
        diag_error(diag, (struct diag_place){0}, "compression level %d: must be 0 to %d",
                   options->compress_level, SNAPIFY_COMPRESS_LEVEL_MAX);
    if (options->policy != SNAPIFY_POLICY_ALWAYS &&
        (options->point_kinds || options->only_count || options->skip_count))
        diag_error(diag, (struct diag_place){0},
                   "--points, --only and --skip need --policy=always");
    check_pairs("--dest", "FUNC=NODE", options->dest, options->dest_count, false, diag);
    check_pairs("--may-offload", "FUNC=NODE", options->may_offload, options->may_offload_count,
                false, diag);
    check_pairs("--bake", "NAME=VALUE", options->bake, options->bake_count, true, diag);
    return diag->count == before;
}

static bool has_error(const struct diag *diag) {
    for (size_t i = 0; i < diag->count; i++)
        if (diag->items[i].severity == SNAPIFY_ERROR)
            return true;
    return false;
}

/* Keeps the promises of snapify.h even if a pass broke its own. */
static enum snapify_status settle(enum snapify_status status, bool list_only,
                                  struct pipeline_result *run) {
    if (status == SNAPIFY_OK && !list_only && run->module.size == 0)
        status = SNAPIFY_BUG;
    if (status != SNAPIFY_OK && !has_error(&run->diag))
        diag_error(&run->diag, (struct diag_place){.hint = "please report this bug in snapify"},
                   "snapify failed without saying why");
    if (status != SNAPIFY_OK || list_only)
        buf_release(&run->module);
    return status;
}

static void present(struct snapify_result *result, struct pipeline_result *run) {
    result->module = run->module.data;
    result->module_size = run->module.size;
    result->points = run->points;
    result->point_count = run->point_count;
    result->explanations = run->explanations.items;
    result->explanation_count = run->explanations.count;
    result->diagnostics = run->diag.items;
    result->diagnostic_count = run->diag.count;
    result->storage = run;
}

enum snapify_status snapify_rewrite(const uint8_t *wasm, size_t size,
                                    const struct snapify_options *options,
                                    struct snapify_result *result) {
    struct pipeline_result *run = mem_calloc(1, sizeof *run);
    enum snapify_status status = SNAPIFY_USAGE;
    *result = (struct snapify_result){0};
    if (options_have_form(options, &run->diag))
        status = isolate_run(pipeline_run, wasm, size, options, run, result->phase_nanoseconds);
    status = settle(status, options->list_only, run);
    present(result, run);
    return status;
}

void snapify_result_release(struct snapify_result *result) {
    if (!result)
        return;
    struct pipeline_result *run = result->storage;
    if (run)
        pipeline_result_release(run);
    free(run);
    *result = (struct snapify_result){0};
}
