#include "excerpts.h"

#include <stdlib.h>
#include <string.h>

#include "ir/spaces.h"
#include "passes/origins.h"
#include "passes/passes.h"
#include "wasm/code.h"
#include "wasm/names.h"
#include "wasm/splice.h"

/* Instrumented code takes some eighty times its bytes in Binaryen, and each function of the module
 * half a kilobyte in every excerpt: with this much code at a time neither is more than a few times
 * the size of a module that is large. */
#define BATCH_BYTES ((size_t)1 << 20)

typedef int step_fn(struct excerpts *excerpts, void *context);

/* --- reading --- */

static BinaryenFeatures base_features(void) {
    return BinaryenFeatureMutableGlobals() | BinaryenFeatureSignExt();
}

/* Without a target_features section Binaryen assumes the MVP; the input may use what has become
 * standard since. */
static BinaryenFeatures assumed_features(void) {
    return base_features() | BinaryenFeatureNontrappingFPToInt() | BinaryenFeatureSIMD128() |
           BinaryenFeatureBulkMemory() | BinaryenFeatureReferenceTypes() |
           BinaryenFeatureMultivalue() | BinaryenFeatureExceptionHandling() |
           BinaryenFeatureTailCall() | BinaryenFeatureAtomics();
}

static BinaryenFeatures features_of(BinaryenModuleRef module, const struct wasm_scan *scan) {
    BinaryenFeatures features = scan->has_target_features
                                    ? BinaryenModuleGetFeatures(module) | base_features()
                                    : assumed_features();
    return scan->uses_bulk_memory_opt ? features | BinaryenFeatureBulkMemory() : features;
}

static int check_valid(BinaryenModuleRef module, struct diag *diag) {
    return BinaryenModuleValidate(module)
               ? 0
               : diag_error(diag, (struct diag_place){0}, "the module is not valid WebAssembly");
}

BinaryenModuleRef excerpts_read_frame(struct excerpts *excerpts, const struct wasm_scan *scan,
                                      struct diag *diag) {
    struct buf bytes = {0};
    wasm_bodies_frame(&excerpts->bodies, &bytes);
    BinaryenModuleRef frame = BinaryenModuleRead((char *)bytes.data, bytes.size);
    buf_release(&bytes);
    excerpts->features = features_of(frame, scan);
    BinaryenModuleSetFeatures(frame, excerpts->features);
    ir_spaces_init(&excerpts->original, frame);
    if (check_valid(frame, diag) == 0)
        return frame;
    BinaryenModuleDispose(frame);
    return NULL;
}

static void load(struct excerpts *excerpts, const bool *wanted, struct wasm_batch batch) {
    struct program *program = excerpts->program;
    struct buf bytes = {0};
    bool *loaded = mem_calloc(program->function_count, sizeof *loaded);
    for (size_t i = batch.first; i < batch.end; i++)
        loaded[program->scan->imported_functions + i] = wanted[i];
    wasm_bodies_excerpt(&excerpts->bodies, wanted, batch, &bytes);
    BinaryenModuleRef module = BinaryenModuleRead((char *)bytes.data, bytes.size);
    buf_release(&bytes);
    BinaryenModuleSetFeatures(module, excerpts->features);
    program_load(program, module, loaded);
    free(loaded);
}

/* Does a step for every batch of wanted bodies. */
static int for_each_batch(struct excerpts *excerpts, const bool *wanted, step_fn *step,
                          void *context) {
    struct wasm_batch batch = {0};
    int status = 0;
    while (status == 0 &&
           wasm_bodies_next(&excerpts->bodies, wanted, excerpts->batch_bytes, &batch)) {
        load(excerpts, wanted, batch);
        status = step(excerpts, context);
        program_unload(excerpts->program);
    }
    return status;
}

/* --- which functions --- */

static struct function *function_at(const struct excerpts *excerpts, size_t position) {
    return &excerpts->program->functions[excerpts->bodies.scan.imported_functions + position];
}

static bool changes(const struct function *function) {
    return function->defined && (function->suspendable || function->touched);
}

/* Per position; owned by the caller. */
static bool *list_changing(const struct excerpts *excerpts) {
    bool *wanted = mem_calloc(excerpts->bodies.count, sizeof *wanted);
    for (size_t i = 0; i < excerpts->bodies.count; i++)
        wanted[i] = changes(function_at(excerpts, i));
    return wanted;
}

/* --- the survey --- */

static int survey(struct excerpts *excerpts, void *graph) {
    if (check_valid(excerpts->program->module, excerpts->program->diag) < 0)
        return -1;
    if (!graph)
        return 0;
    pass_unroll_calls(excerpts->program);
    callgraph_add(graph);
    return 0;
}

/* What cannot be followed as bytes has to go through Binaryen. */
static bool can_be_walked(struct wasm_bytes body) {
    struct wasm_code code;
    struct wasm_instruction instruction;
    int status = -1;
    if (wasm_code_init_body(&code, body))
        while ((status = wasm_code_next(&code, &instruction)) > 0)
            ;
    return status == 0;
}

int excerpts_survey(struct excerpts *excerpts, struct callgraph *graph) {
    bool *all = mem_calloc(excerpts->bodies.count, sizeof *all);
    for (size_t i = 0; i < excerpts->bodies.count; i++) {
        all[i] = true;
        function_at(excerpts, i)->touched |= !can_be_walked(excerpts->bodies.code[i]);
    }
    program_unload(excerpts->program);
    if (graph) {
        callgraph_init(graph, excerpts->program);
        callgraph_add(graph);
    }
    int status = for_each_batch(excerpts, all, survey, graph);
    if (status == 0 && graph)
        callgraph_finish(graph);
    free(all);
    return status;
}

/* --- new bodies --- */

/* Moves bodies; `from`: per position, size 0: this one stays; `to`: where they go. */
static int move_bodies(struct excerpts *excerpts, const struct wasm_bytes *from,
                       struct wasm_bytes *to, struct wasm_remap *remap) {
    struct wasm_bodies *bodies = &excerpts->bodies;
    size_t *ends = mem_calloc(bodies->count, sizeof *ends);
    struct buf code = {0};
    int status = 0;
    for (size_t i = 0; i < bodies->count && status == 0; i++) {
        if (from[i].size > 0 && !wasm_remap_body(remap, from[i], &code))
            status = diag_bug(excerpts->program->diag, "function %s cannot be moved",
                              function_at(excerpts, i)->shown);
        ends[i] = code.size;
    }
    for (size_t i = 0, start = 0; i < bodies->count && status == 0; start = ends[i++])
        if (from[i].size > 0)
            to[i] = (struct wasm_bytes){code.data + start, ends[i] - start};
    wasm_bodies_own(bodies, &code);
    free(ends);
    return status;
}

/* Moves those that are loaded, out of the module that the excerpt was written to. `at`: per
 * function of the program its index there, UINT32_MAX: none; NULL: the same. */
static int take_bodies(struct excerpts *excerpts, const struct wasm_scan *written,
                       struct wasm_remap *remap, const uint32_t *at, struct wasm_bytes *to) {
    uint32_t imported = excerpts->bodies.scan.imported_functions;
    struct wasm_bytes *from = mem_calloc(excerpts->bodies.count, sizeof *from);
    for (size_t i = 0; i < excerpts->bodies.count; i++) {
        uint32_t index = at ? at[imported + i] : imported + (uint32_t)i;
        if (function_at(excerpts, i)->loaded && index != UINT32_MAX)
            from[i] = written->functions[index - written->imported_functions].body;
    }
    int status = move_bodies(excerpts, from, to, remap);
    free(from);
    return status;
}

static struct buf write_module(BinaryenModuleRef module, bool with_names) {
    BinaryenSetDebugInfo(with_names);
    BinaryenModuleAllocateAndWriteResult bytes = BinaryenModuleAllocateAndWrite(module, NULL);
    free(bytes.sourceMap);
    return (struct buf){bytes.binary, bytes.binaryBytes, bytes.binaryBytes};
}

static void find_lines(struct program *program) {
    if (program->origins)
        origins_load(program->origins, program);
}

/* --- optimizing --- */

/* They may be other locals than before. */
static void take_local_names(struct excerpts *excerpts, const struct wasm_scan *written) {
    struct wasm_bodies *bodies = &excerpts->bodies;
    size_t count = bodies->scan.imported_functions + bodies->count;
    struct wasm_bytes *names = mem_calloc(count, sizeof *names);
    wasm_read_local_names(written, names, count);
    for (size_t i = 0; i < count; i++)
        if (excerpts->program->functions[i].loaded)
            bodies->local_names[i] = names[i];
    free(names);
}

static int optimize(struct excerpts *excerpts, void *context) {
    struct program *program = excerpts->program;
    struct wasm_scan scan;
    (void)context;
    find_lines(program);
    pass_optimize(program, excerpts->bodies.code);
    if (program->origins)
        origins_keep(program->origins, program);
    struct buf written = write_module(program->module, excerpts->with_names);
    int status = wasm_scan_read(&scan, written.data, written.size, program->diag);
    if (status == 0) {
        struct wasm_remap remap;
        wasm_remap_init(&remap, &scan, &excerpts->bodies.types);
        status = take_bodies(excerpts, &scan, &remap, NULL, excerpts->bodies.code);
        wasm_remap_release(&remap);
        take_local_names(excerpts, &scan);
    }
    wasm_scan_release(&scan);
    if (excerpts->with_names)
        wasm_bodies_own(&excerpts->bodies, &written); /* the names point into it */
    buf_release(&written);
    return status;
}

int excerpts_optimize(struct excerpts *excerpts) {
    const struct snapify_options *options = excerpts->program->options;
    bool *wanted = list_changing(excerpts);
    BinaryenSetOptimizeLevel(options->optimize_level);
    BinaryenSetShrinkLevel(options->shrink_level);
    int status = for_each_batch(excerpts, wanted, optimize, NULL);
    free(wanted);
    return status;
}

/* --- rewriting --- */

/* From the indices of a module to those of the frame. */
struct way {
    uint32_t *to[IR_SPACES]; /* owned */
};

static void way_init(struct way *way, struct wasm_remap *remap, const struct ir_spaces *from,
                     const struct ir_spaces *frame) {
    struct wasm_indices *const indices[IR_SPACES] = {
        [IR_FUNCTIONS] = &remap->functions,
        [IR_GLOBALS] = &remap->globals,
        [IR_TABLES] = &remap->tables,
        [IR_ELEMENTS] = &remap->elements,
    };
    for (int space = 0; space < IR_SPACES; space++) {
        way->to[space] = ir_spaces_between(from, frame, (enum ir_space)space);
        *indices[space] = (struct wasm_indices){way->to[space], from->of[space].count};
    }
}

static void way_release(struct way *way) {
    for (int space = 0; space < IR_SPACES; space++)
        free(way->to[space]);
}

/* Per function its index in a module, or that of its second part; the caller's, as for `at`. */
static uint32_t *list_indices(const struct program *program, const struct ir_spaces *spaces,
                              bool landing) {
    uint32_t *at = mem_calloc(program->function_count, sizeof *at);
    for (size_t i = 0; i < program->function_count; i++) {
        const struct function *function = &program->functions[i];
        const char *name = landing ? function->landing : function->name;
        if (!name || !map_get(&spaces->of[IR_FUNCTIONS].index, name, &at[i]))
            at[i] = UINT32_MAX;
    }
    return at;
}

static int take_rewritten(struct excerpts *excerpts, const struct wasm_scan *written) {
    struct ir_spaces spaces, frame;
    struct wasm_remap remap;
    struct way way;
    ir_spaces_init(&spaces, excerpts->program->module);
    ir_spaces_init(&frame, excerpts->program->frame);
    wasm_remap_init(&remap, written, &excerpts->bodies.types);
    way_init(&way, &remap, &spaces, &frame);
    int status = 0;
    for (int landing = 0; landing < 2 && status == 0; landing++) {
        uint32_t *at = list_indices(excerpts->program, &spaces, landing);
        status = take_bodies(excerpts, written, &remap, at,
                             landing ? excerpts->landing : excerpts->bodies.code);
        free(at);
    }
    way_release(&way);
    wasm_remap_release(&remap);
    ir_spaces_release(&frame);
    ir_spaces_release(&spaces);
    return status;
}

static int rewrite(struct excerpts *excerpts, void *context) {
    struct program *program = excerpts->program;
    struct wasm_scan scan;
    (void)context;
    find_lines(program);
    pass_unroll_calls(program);
    ir_spaces_declare(program->module, program->frame);
    pass_table_calls(program);
    pass_app_memory(program);
    pass_data_drop(program);
    pass_wasi_direct(program);
    if (pass_instrument(program) < 0)
        return -1;
    if (!BinaryenModuleValidate(program->module))
        return diag_bug(program->diag, "the rewritten module is not valid");
    struct buf written = write_module(program->module, false);
    int status = wasm_scan_read(&scan, written.data, written.size, program->diag);
    if (status == 0)
        status = take_rewritten(excerpts, &scan);
    wasm_scan_release(&scan);
    buf_release(&written);
    return status;
}

/* Those that do not change follow what they name to its new places. */
static int move_others(struct excerpts *excerpts) {
    struct wasm_bodies *bodies = &excerpts->bodies;
    struct wasm_bytes *from = mem_calloc(bodies->count, sizeof *from);
    struct wasm_remap remap = {0};
    struct ir_spaces frame;
    struct way way;
    for (size_t i = 0; i < bodies->count; i++) {
        const struct function *function = function_at(excerpts, i);
        if (function->defined && !changes(function))
            from[i] = bodies->code[i];
    }
    ir_spaces_init(&frame, excerpts->program->frame);
    way_init(&way, &remap, &excerpts->original, &frame);
    int status = move_bodies(excerpts, from, bodies->code, &remap);
    way_release(&way);
    ir_spaces_release(&frame);
    free(from);
    return status;
}

int excerpts_rewrite(struct excerpts *excerpts) {
    bool *wanted = list_changing(excerpts);
    excerpts->landing = mem_calloc(excerpts->bodies.count, sizeof *excerpts->landing);
    int status = pass_instrument(excerpts->program); /* what is in the frame itself */
    if (status == 0)
        status = for_each_batch(excerpts, wanted, rewrite, NULL);
    if (status == 0)
        status = move_others(excerpts);
    free(wanted);
    return status;
}

/* --- the whole --- */

/* What stands for a function of the frame: a position, or SIZE_MAX: none of `names` does. */
static size_t position_of(const struct excerpts *excerpts, const struct map *names,
                          const char *name) {
    uint32_t imported = excerpts->bodies.scan.imported_functions, function;
    bool found = map_get(names, name, &function) && function >= imported;
    return found ? function - imported : SIZE_MAX;
}

/* What the user calls it, or what we do. */
static struct wasm_bytes name_of(const struct program *program, const char *name) {
    const struct wasm_scan *scan = program->scan;
    uint32_t function;
    if (!map_get(&program->by_name, name, &function))
        return (struct wasm_bytes){(const uint8_t *)name, strlen(name)};
    return scan->function_names ? scan->function_names[function] : (struct wasm_bytes){0};
}

/* Per function of the frame: its body and its names. */
struct parts {
    struct wasm_bytes *code, *names, *local_names; /* owned arrays */
    size_t count;
};

static void list_parts(const struct excerpts *excerpts, const struct ir_spaces *frame,
                       struct parts *parts) {
    const struct wasm_bodies *bodies = &excerpts->bodies;
    const struct ir_space_list *functions = &frame->of[IR_FUNCTIONS];
    parts->count = functions->count;
    parts->code = mem_calloc(parts->count, sizeof *parts->code);
    parts->names = mem_calloc(parts->count, sizeof *parts->names);
    parts->local_names = mem_calloc(parts->count, sizeof *parts->local_names);
    for (size_t i = 0; i < parts->count; i++) {
        size_t position = position_of(excerpts, &excerpts->program->by_name, functions->names[i]);
        size_t landing = position_of(excerpts, &excerpts->program->by_landing, functions->names[i]);
        parts->names[i] = name_of(excerpts->program, functions->names[i]);
        if (landing != SIZE_MAX)
            parts->code[i] = excerpts->landing[landing];
        if (position == SIZE_MAX)
            continue;
        parts->code[i] = bodies->code[position];
        if (!function_at(excerpts, position)->suspendable)
            parts->local_names[i] = bodies->local_names[bodies->scan.imported_functions + position];
    }
}

int excerpts_splice(struct excerpts *excerpts, struct buf *out) {
    struct program *program = excerpts->program;
    struct ir_spaces frame;
    struct parts parts;
    ir_spaces_init(&frame, program->frame);
    list_parts(excerpts, &frame, &parts);
    struct buf written = write_module(program->frame, program->options->debug_info);
    struct wasm_splice splice = {
        .frame = {written.data, written.size},
        .code = parts.code,
        .names = {parts.names, parts.local_names, parts.count},
        .types = &excerpts->bodies.types,
    };
    int status = wasm_splice_apply(&splice, out, program->diag);
    buf_release(&written);
    free(parts.code);
    free(parts.names);
    free(parts.local_names);
    ir_spaces_release(&frame);
    return status;
}

int excerpts_init(struct excerpts *excerpts, const uint8_t *module, size_t size,
                  const struct snapify_options *options, struct diag *diag) {
    bool with_names = options->debug_info || options->map || options->explain_count > 0;
    *excerpts =
        (struct excerpts){.batch_bytes = options->batch_bytes ? options->batch_bytes : BATCH_BYTES,
                          .with_names = with_names};
    return wasm_bodies_init(&excerpts->bodies, module, size, with_names, diag);
}

void excerpts_release(struct excerpts *excerpts) {
    wasm_bodies_release(&excerpts->bodies);
    free(excerpts->landing);
    ir_spaces_release(&excerpts->original);
    *excerpts = (struct excerpts){0};
}
