/*
 * pipeline.c: runs the passes in order. This is the table of contents of the rewriting:
 *
 *     bytes -> scan -> marks -> refusals -> Binaryen -> passes -> bytes -> patch -> bytes
 *
 * Binaryen's form of a module takes twenty times the memory of its bytes, and of one with points
 * everywhere eighty times. So Binaryen has the module in parts: the *frame*, which is everything
 * but the code, stays; *excerpts* with a megabyte of code come and go (excerpts.h):
 *
 *     survey     every excerpt is read, checked and walked: call graph, costs of paths
 *     selection  points, and what can be on the stack at one: from the survey alone
 *     optimize   with -O only: excerpts with what will change; then survey and selection again
 *     frame      tables, globals, exports, glue: whatever new code is going to name
 *     rewrite    excerpts with what changes: instrumented, written, and taken as bytes
 *     splice     the frame is written, and all bodies put into it: what does not change never was
 *                more than bytes, in which only the indices of what has moved are written anew
 *
 * The result does not depend on which functions are in an excerpt together. Keeping excerpts from
 * the survey to the rewriting would save the second reading, and cost the memory again.
 */
#include "pipeline.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "dwarf/line_table.h"
#include "excerpts.h"
#include "ir/names.h"
#include "passes/blame.h"
#include "passes/explain.h"
#include "passes/glue_image.h"
#include "passes/origins.h"
#include "passes/passes.h"
#include "passes/site_map.h"
#include "runtime-glue/abi.h"
#include "wasm/names.h"
#include "wasm/patch.h"

/* How far a declared maximum is raised: room for the region and for deep stacks, 1 GiB. */
enum {
    REGION_MAX_PAGES = 16384,
    MEMORY_MAX_PAGES = 65536
};

enum {
    SECTION_START = 8
};

struct run {
    const struct snapify_options *options;
    struct pipeline_result *result;
    struct wasm_scan original;         /* of the input */
    struct wasm_references references; /* found in it */
    struct buf lowered;                /* the input with numbers for references, if it has any */
    struct wasm_scan scan;             /* of that, or of the input */
    struct mark_list marks;
    struct program program;
    struct origins origins;
    struct buf input; /* what Binaryen reads, in parts */
    struct excerpts excerpts;
    struct callgraph graph;
    struct buf image;
    struct glue_layout layout;
};

/* --- what is asked for --- */

/* Does anything ask for points? Else the module stays as it is. */
static bool wants_points(const struct run *run) {
    return run->marks.count > 0 || run->options->policy == SNAPIFY_POLICY_ALWAYS;
}

static void add_point(void *context, const struct snapify_point *point) {
    pipeline_add_point(context, point);
}

/* Reads all of the code, as it is by now. */
static int survey(struct run *run) {
    callgraph_release(&run->graph);
    return excerpts_survey(&run->excerpts, wants_points(run) ? &run->graph : NULL);
}

static void select_points(struct run *run) {
    pass_select_points(&run->program, &run->graph);
    pass_find_suspendable(&run->program, &run->graph);
    pass_find_wasi_direct(&run->program, &run->graph);
}

/* What is optimized is what would change: points are selected twice, because they have to fit the
 * code that they are put into. */
static int optimize(struct run *run) {
    if (!pass_optimizes(run->options))
        return 0;
    if (excerpts_optimize(&run->excerpts) < 0 || survey(run) < 0)
        return -1;
    program_forget_points(&run->program);
    select_points(run);
    return 0;
}

static int tell_points(struct run *run) {
    struct program *program = &run->program;
    int status = run->options->list_only ? 0 : pass_explain(program, &run->graph);
    program_list_points(program, add_point, run->result);
    if (run->result->point_count == 0)
        diag_note(program->diag,
                  (struct diag_place){.hint = "KAFU_MAY_OFFLOAD acts at loops; KAFU_DEST at entry "
                                              "and return"},
                  "no function has a migration point, the program will never leave");
    return status;
}

/* What --compress needs may not be there, and what it costs should be known. */
static int check_compression(struct run *run) {
    struct wasm_bytes compiled = glue_image(run->options);
    if (run->options->compress_level == 0)
        return 0;
    if (compiled.size == 0)
        return diag_error(&run->result->diag,
                          (struct diag_place){.hint = "scripts/engines install zstd; then make"},
                          "snapify was built without zstd's sources, which --compress needs");
    diag_note(&run->result->diag, (struct diag_place){0},
              "snapshots are compressed inside of the module: zstd makes it some %zu kB "
              "larger",
              (glue_image_zip_weight() + 500) / 1000);
    return 0;
}

static void note_no_marks(struct run *run) {
    diag_note(&run->result->diag,
              (struct diag_place){.hint = "mark functions with KAFU_DEST (kafu.h), name them with "
                                          "--dest FUNC=NODE, or use --policy=always"},
              "the module has no marks, it stays as it is");
}

/* --- references --- */

/* No index moves, so marks that were read before still fit. */
static int lower_references(struct run *run) {
    struct diag *diag = &run->result->diag;
    if (wasm_references_lower(&run->references, &run->scan, &run->lowered, diag) < 0)
        return -1;
    if (!run->references.used)
        return 0;
    run->original = run->scan;
    return wasm_scan_read(&run->scan, run->lowered.data, run->lowered.size, diag);
}

static const struct wasm_scan *input_scan(const struct run *run) {
    return run->references.used ? &run->original : &run->scan;
}

/* --- in and out of Binaryen --- */

/* DWARF: most of a module that clang linked, of no use after the rewriting, and Binaryen ends the
 * process over what it does not know in it. */
static void note_debug_sections(struct run *run) {
    for (size_t i = 0; i < run->scan.section_count; i++) {
        if (!line_table_is_debug(&run->scan.sections[i]))
            continue;
        diag_note(&run->result->diag,
                  (struct diag_place){.hint = run->options->debug_info
                                                  ? "the names of functions are kept"
                                                  : "-g keeps the names of functions"},
                  "DWARF (.debug_*) is left out: it does not fit the rewritten code");
        return;
    }
}

/* A start section would run before a restore could. */
static bool is_kept(const struct run *run, const struct wasm_section *section) {
    if (section->id == SECTION_START)
        return !wants_points(run);
    return !line_table_is_debug(section);
}

/* The marks' sections have done their work. */
static void prepare_input(struct run *run) {
    struct buf stripped = {0};
    struct wasm_scan scan;
    struct diag ignored = {0};
    marks_strip_sections(&run->scan, &stripped);
    if (wasm_scan_read(&scan, stripped.data, stripped.size, &ignored) == 0) {
        buf_reserve(&run->input, stripped.size);
        buf_append(&run->input, stripped.data, 8);
        for (size_t i = 0; i < scan.section_count; i++) {
            const struct wasm_section *section = &scan.sections[i];
            if (wasm_is_name_section(section))
                wasm_copy_names(section, &run->input);
            else if (is_kept(run, section))
                buf_append(&run->input, stripped.data + section->start,
                           section->end - section->start);
        }
    }
    wasm_scan_release(&scan);
    diag_release(&ignored);
    buf_release(&stripped);
}

static void remove_mark_exports(struct run *run) {
    for (size_t i = 0; i < run->scan.export_count; i++) {
        struct wasm_bytes name = run->scan.exports[i].name;
        if (run->scan.exports[i].kind != 0 || !marks_is_export(name))
            continue;
        char *text = mem_strndup((const char *)name.data, name.size);
        BinaryenRemoveExport(run->program.frame, text);
        free(text);
    }
    for (size_t i = 0; i < run->marks.wrapper_count; i++)
        program_remove_function(&run->program, run->marks.wrappers[i]);
}

static void find_origins(struct run *run) {
    if (run->options->list_only || (!run->options->map && run->options->explain_count == 0))
        return;
    origins_init(&run->origins, input_scan(run), &run->result->diag);
    run->program.origins = &run->origins;
}

static int read_module(struct run *run) {
    struct diag *diag = &run->result->diag;
    prepare_input(run);
    if (wants_points(run) && !run->options->list_only)
        note_debug_sections(run);
    if (excerpts_init(&run->excerpts, run->input.data, run->input.size, run->options, diag) < 0)
        return -1;
    pipeline_enter(run->result, PIPELINE_READ);
    BinaryenModuleRef frame = excerpts_read_frame(&run->excerpts, &run->scan, diag);
    if (!frame)
        return -1;
    program_init(&run->program, frame, &run->scan, &run->marks, run->options, diag);
    program_set_references(&run->program, &run->references);
    run->program.explanations = &run->result->explanations;
    run->excerpts.program = &run->program;
    if (wants_points(run)) {
        find_origins(run);
        remove_mark_exports(run);
        pass_wasi_poll(&run->program);
        pass_wasi_reads(&run->program);
    }
    if (survey(run) < 0)
        return -1;
    pipeline_enter(run->result, PIPELINE_REWRITE);
    return 0;
}

/* The frame gets everything that new code names before there is any. */
static int rewrite(struct run *run) {
    struct program *program = &run->program;
    if (pass_refuse_unsupported(program) < 0)
        return -1;
    pass_tables(program);
    pass_globals(program);
    pass_wrap_exports(program);
    if (pass_attach_glue(program) < 0 || excerpts_rewrite(&run->excerpts) < 0)
        return -1;
    pass_settle_tail_calls(program);
    if (pass_place_glue(program, &run->layout, &run->image) < 0)
        return -1;
    if (!BinaryenModuleValidate(program->frame))
        return diag_bug(program->diag, "the rewritten module is not valid");
    return 0;
}

/* The identity covers everything that the output is made of. */
static void set_identity(struct run *run, const struct buf *written) {
    XXH3_state_t *state = XXH3_createState();
    XXH3_128bits_reset(state);
    XXH3_128bits_update(state, written->data, written->size);
    XXH3_128bits_update(state, run->image.data, run->image.size);
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state));
    memcpy(run->image.data + run->layout.identity_offset, canonical.digest,
           sizeof canonical.digest);
    XXH3_freeState(state);
}

static int patch(struct run *run, const struct buf *written) {
    const struct wasm_memory *memory = &run->scan.memory;
    uint64_t initial = memory->initial + run->layout.region_pages;
    uint64_t maximum = memory->maximum + REGION_MAX_PAGES;
    if (initial > MEMORY_MAX_PAGES)
        return diag_error(
            &run->result->diag, (struct diag_place){.hint = "lower --initial-memory at link time"},
            "the module's memory leaves no room for %u more pages", run->layout.region_pages);
    struct wasm_patch patch = {
        .initial_pages = (uint32_t)initial,
        .has_maximum = memory->has_maximum,
        .export_memory = true, /* engines look for it when WASI is called, which the glue does */
        .maximum_pages = (uint32_t)(maximum < MEMORY_MAX_PAGES ? maximum : MEMORY_MAX_PAGES),
        .segment_address = run->layout.base,
        .segment = {run->image.data, run->image.size},
    };
    return wasm_patch_apply(&patch, written->data, written->size, &run->result->module,
                            &run->result->diag);
}

static int explain_written(struct run *run) {
    struct wasm_scan scan;
    int status = wasm_scan_read(&scan, run->result->module.data, run->result->module.size,
                                &run->result->diag);
    if (status == 0)
        explain_sizes(&run->program, &scan);
    wasm_scan_release(&scan);
    return status;
}

static int write_module(struct run *run) {
    struct buf written = {0};
    pipeline_enter(run->result, PIPELINE_WRITE);
    int status = excerpts_splice(&run->excerpts, &written);
    excerpts_release(&run->excerpts);
    if (status == 0) {
        set_identity(run, &written);
        status = patch(run, &written);
    }
    buf_release(&written);
    if (status == 0 && run->options->map)
        site_map_append(&run->program, run->image.data + run->layout.identity_offset,
                        &run->result->module);
    if (status == 0 && run->options->explain_count > 0)
        status = explain_written(run);
    return status;
}

/* --- the whole --- */

static int run_all(struct run *run, const uint8_t *wasm, size_t size) {
    struct diag *diag = &run->result->diag;
    if (wasm_scan_read(&run->scan, wasm, size, diag) < 0 ||
        marks_read(&run->marks, &run->scan, run->options, diag) < 0)
        return -1;
    if (wants_points(run) && !run->options->list_only && pass_refuse_module(&run->scan, diag) < 0)
        return -1;
    if (wants_points(run) && check_compression(run) < 0)
        return -1;
    if (wants_points(run) && lower_references(run) < 0)
        return -1;
    if (read_module(run) < 0)
        return -1;
    if (!wants_points(run)) {
        if (run->options->list_only)
            return 0;
        note_no_marks(run);
        buf_append(&run->result->module, wasm, size);
        return 0;
    }
    select_points(run);
    if (optimize(run) < 0 || tell_points(run) < 0)
        return -1;
    if (run->options->list_only)
        return 0;
    return rewrite(run) < 0 ? -1 : write_module(run);
}

enum snapify_status pipeline_run(const uint8_t *wasm, size_t size,
                                 const struct snapify_options *options,
                                 struct pipeline_result *result) {
    struct run run = {.options = options, .result = result};
    int status = run_all(&run, wasm, size);
    if (status < 0)
        blame_source(&result->diag, input_scan(&run));
    callgraph_release(&run.graph);
    excerpts_release(&run.excerpts);
    if (run.program.frame)
        BinaryenModuleDispose(run.program.frame);
    program_release(&run.program);
    origins_release(&run.origins);
    marks_release(&run.marks);
    wasm_scan_release(&run.scan);
    wasm_scan_release(&run.original);
    wasm_references_release(&run.references);
    buf_release(&run.lowered);
    buf_release(&run.input);
    buf_release(&run.image);
    if (status == 0)
        return SNAPIFY_OK;
    return result->diag.bug ? SNAPIFY_BUG : SNAPIFY_REFUSED;
}
