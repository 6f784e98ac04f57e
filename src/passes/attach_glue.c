/*
 * attach_glue.c: copies the glue into the module.
 *
 * The glue (runtime-glue/, compiled to a position-independent side module) is read as a second
 * Binaryen module, and each function copied under a name of ours:
 *
 *     (call $env.base_get)              =>  (global.get $snapify_base)
 *     (call $env.state_set v)           =>  (global.set $snapify_state v)
 *     (global.get $__memory_base)       =>  (global.get $snapify_base)
 *     (call $private_function)          =>  (call $snapify_glue_private_function)
 *     loads, stores, memory.size, .grow =>  the same on the application's memory
 *     imports from WASI                 =>  the application's import of the same function, or a new
 *                                           one
 *
 * Its data becomes the image (glue_data.c), which the last step puts into the module's bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "ir/compat.h"
#include "ir/make.h"
#include "ir/names.h"
#include "ir/walk.h"
#include "passes/glue_access.h"
#include "passes/glue_indirect.h"
#include "passes/glue_stack.h"
#include "passes/passes.h"
#include "passes/place_glue.h"
#include "passes/wasi_wrappers.h"
#include "runtime-glue/abi.h"

/* What stands for the imports from module "snapify" (runtime-glue/abi.h). */
static const struct {
    const char *import;
    const char *global;   /* read or written, or NULL */
    const char *function; /* called, or NULL */
} provided[] = {
    {"state_get", NAME_STATE, NULL},
    {"state_set", NAME_STATE, NULL},
    {"budget_set", NAME_BUDGET, NULL},
    {"site_set", NAME_SITE, NULL},
    {"refill_set", NAME_REFILL, NULL},
    {"extra_get", NAME_EXTRA, NULL},
    {"extra_set", NAME_EXTRA, NULL},
    {"frames_get", NAME_FRAMES, NULL},
    {"frames_set", NAME_FRAMES, NULL},
    {"base_get", NAME_BASE, NULL},
    {"base_set", NAME_BASE, NULL},
    {"stack_get", NAME_STACK, NULL},
    {"stack_set", NAME_STACK, NULL},
    {"inside_get", NAME_INSIDE, NULL},
    {"clock_get", NAME_CLOCK, NULL},
    {"clock_set", NAME_CLOCK, NULL},
    {"tables_set", NAME_TABLES, NULL},
    {"files_get", NAME_FILES, NULL},
    {"files_set", NAME_FILES, NULL},
    {"files_count_get", NAME_FILES_COUNT, NULL},
    {"files_count_set", NAME_FILES_COUNT, NULL},
    {"sure_set", NAME_SURE, NULL},
    {"globals_save", NULL, NAME_GLOBALS_SAVE},
    {"globals_load", NULL, NAME_GLOBALS_LOAD},
    {"here_set", NULL, NAME_HERE_SET},
};

enum {
    PROVIDED_COUNT = sizeof provided / sizeof *provided
};

struct glue_function {
    const char *name;   /* in the glue; interned */
    const char *export; /* NULL: private; interned */
    char *renamed;      /* in the output; owned; NULL: provided by `provided[row]` */
    size_t row;
    bool needed; /* generated code calls it, or another one that is needed */
};

struct glue {
    struct program *program;
    BinaryenModuleRef module;        /* the glue's own */
    struct glue_function *functions; /* owned */
    size_t function_count;
    struct map by_name;
    struct glue_indirect indirect;
    bool failed;
};

/* Is zstd in it? Its functions call themselves, so the stack pointer moves. */
static bool has_zip(const struct glue *glue) {
    return glue->program->options->compress_level != 0;
}

static int complain(struct glue *glue, const char *what, const char *name) {
    glue->failed = true;
    return diag_bug(glue->program->diag, "the glue %s (%s)", what, name);
}

/* --- functions --- */

static int find_provided(struct glue *glue, const char *base, size_t *row) {
    for (*row = 0; *row < PROVIDED_COUNT; ++*row)
        if (strcmp(provided[*row].import, base) == 0)
            return 0;
    return complain(glue, "imports a function", base);
}

static bool same_import(BinaryenFunctionRef a, BinaryenFunctionRef b) {
    return strcmp(BinaryenFunctionImportGetModule(a), BinaryenFunctionImportGetModule(b)) == 0 &&
           strcmp(BinaryenFunctionImportGetBase(a), BinaryenFunctionImportGetBase(b)) == 0 &&
           BinaryenFunctionGetParams(a) == BinaryenFunctionGetParams(b) &&
           BinaryenFunctionGetResults(a) == BinaryenFunctionGetResults(b);
}

/* The application's own import of a WASI function, or a new one. */
static char *import_function(struct glue *glue, BinaryenFunctionRef import) {
    const struct program *program = glue->program;
    for (size_t i = 0; i < program->function_count; i++)
        if (program->functions[i].imported && same_import(program->functions[i].ref, import))
            return mem_strdup(program->functions[i].name);
    return wasi_import(program->module, BinaryenFunctionImportGetBase(import),
                       BinaryenFunctionGetParams(import), BinaryenFunctionGetResults(import));
}

static const char *export_name_of(struct glue *glue, const char *function) {
    for (BinaryenIndex i = 0; i < BinaryenGetNumExports(glue->module); i++) {
        BinaryenExportRef export = BinaryenGetExportByIndex(glue->module, i);
        if (BinaryenExportGetKind(export) == BinaryenExternalFunction() &&
            strcmp(BinaryenExportGetValue(export), function) == 0)
            return BinaryenExportGetName(export);
    }
    return NULL;
}

static bool is_import(BinaryenFunctionRef function, const char *module) {
    const char *from = BinaryenFunctionImportGetModule(function);
    return from && *from && (!module || strcmp(from, module) == 0);
}

static bool begins_with(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static int name_function(struct glue *glue, struct glue_function *function,
                         BinaryenFunctionRef ref) {
    function->name = BinaryenFunctionGetName(ref);
    if (is_import(ref, "snapify"))
        return find_provided(glue, BinaryenFunctionImportGetBase(ref), &function->row);
    if (is_import(ref, NULL))
        return 0; /* name_imports() */
    function->export = export_name_of(glue, function->name);
    if (function->export && begins_with(function->export, "__wasm_"))
        function->export = NULL; /* the linker's */
    function->renamed = function->export ? mem_strdup(function->export)
                                         : mem_printf(NAME_GLUE_PREFIX "%s", function->name);
    return 0;
}

static int list_functions(struct glue *glue) {
    glue->function_count = BinaryenGetNumFunctions(glue->module);
    glue->functions = mem_calloc(glue->function_count, sizeof *glue->functions);
    for (size_t i = 0; i < glue->function_count; i++) {
        BinaryenFunctionRef ref = BinaryenGetFunctionByIndex(glue->module, (BinaryenIndex)i);
        if (name_function(glue, &glue->functions[i], ref) < 0)
            return -1;
        map_put(&glue->by_name, glue->functions[i].name, (uint32_t)i);
    }
    return 0;
}

/* --- which of them are needed --- */

static struct glue_function *function_named(const struct glue *glue, const char *name) {
    uint32_t index = 0;
    map_get(&glue->by_name, name, &index);
    return &glue->functions[index];
}

static const struct hooks {
    const char *prefix;
    enum wasi_feature feature;
} hooks_of_features[] = {
    {NAME_FILES_PREFIX, WASI_FILES},     {NAME_CLOCK_PREFIX, WASI_CLOCK},
    {NAME_PROCESS_PREFIX, WASI_PROCESS}, {NAME_ENVIRON_PREFIX, WASI_ENVIRON},
    {NAME_READS_PREFIX, WASI_READS},
};

/* What a function is a hook of, or NULL. */
static const struct hooks *hooks_of(const struct glue_function *function) {
    for (size_t i = 0; i < sizeof hooks_of_features / sizeof *hooks_of_features; i++)
        if (function->export && begins_with(function->export, hooks_of_features[i].prefix))
            return &hooks_of_features[i];
    return NULL;
}

static bool is_for_tables(const struct glue_function *function) {
    return function->export && (begins_with(function->export, NAME_TABLES_PREFIX) ||
                                begins_with(function->export, NAME_TABLE_PREFIX));
}

/* A hook of something that this module does not do. */
static bool is_absent(const struct glue *glue, const struct glue_function *function) {
    const struct hooks *hooks = hooks_of(function);
    if (is_for_tables(function))
        return glue->program->references->array_count == 0;
    if (function->export && begins_with(function->export, NAME_POLL_PREFIX))
        return !glue->program->budget;
    return hooks && (glue->program->features & hooks->feature) == 0;
}

static BinaryenExpressionRef need_callee(void *context, BinaryenExpressionRef expr);

static void need(struct glue *glue, struct glue_function *function) {
    if (function->needed || is_absent(glue, function))
        return;
    function->needed = true;
    BinaryenFunctionRef ref = BinaryenGetFunction(glue->module, function->name);
    BinaryenExpressionRef body = is_import(ref, NULL) ? NULL : BinaryenFunctionGetBody(ref);
    if (body)
        ir_replace_all(&body, need_callee, glue);
}

static BinaryenExpressionRef need_callee(void *context, BinaryenExpressionRef expr) {
    struct glue *glue = context;
    if (BinaryenExpressionGetId(expr) == IR(Call))
        need(glue, function_named(glue, BinaryenCallGetTarget(expr)));
    if (BinaryenExpressionGetId(expr) == IR(CallIndirect))
        for (size_t i = 0; i < glue_table_size(glue->module); i++)
            need(glue, function_named(glue, glue_table_at(glue->module, i)));
    return expr;
}

/* Does generated code call this hook? (wasi_poll.c, wasi_reads.c, wasi_wrappers.c) */
static bool is_called(const struct program *program, const char *export) {
    if (strcmp(export, NAME_READS_WAIT) == 0)
        return (program->features & WASI_READS) != 0;
    if (strcmp(export, NAME_FILES_RESET) == 0)
        return program->accepts;
    return program->waits &&
           (strcmp(export, NAME_CLOCK_NOW) == 0 || strcmp(export, NAME_CLOCK_POLL) == 0);
}

/* Wrappers of WASI functions are called from the application's imports, the hooks from the glue
 * itself, everything else that has an export from generated code, some of it at marks only. */
static bool is_root(const struct glue *glue, const struct glue_function *function) {
    const struct program *program = glue->program;
    const char *export = function->export;
    if (hooks_of(function))
        return is_called(program, export);
    if (begins_with(export, NAME_WASI_PREFIX))
        return wasi_is_wrapped(program, export + strlen(NAME_WASI_PREFIX));
    return strcmp(export, NAME_POINT) != 0 || program->destination_count > 0;
}

static void need_roots(struct glue *glue) {
    for (size_t i = 0; i < glue->function_count; i++) {
        struct glue_function *function = &glue->functions[i];
        if (function->export && is_root(glue, function))
            need(glue, function);
    }
}

/* When the application's own imports have got wrappers. */
static void name_imports(struct glue *glue) {
    for (size_t i = 0; i < glue->function_count; i++) {
        struct glue_function *function = &glue->functions[i];
        BinaryenFunctionRef ref = BinaryenGetFunction(glue->module, function->name);
        if (function->needed && is_import(ref, WASI_MODULE))
            function->renamed = import_function(glue, ref);
    }
}

/* --- code --- */

/* A call of a hook that is not there: its operands, then 0 if it gives something. */
static BinaryenExpressionRef make_absent_call(BinaryenModuleRef module,
                                              BinaryenExpressionRef call) {
    BinaryenExpressionRef items[2];
    BinaryenIndex count = 0;
    if (BinaryenCallGetNumOperands(call) == 1)
        items[count++] = BinaryenDrop(module, BinaryenCallGetOperandAt(call, 0));
    BinaryenExpressionRef zero = make_zero(module, BinaryenExpressionGetType(call));
    if (zero)
        items[count++] = zero;
    return count > 0 ? make_sequence(module, items, count) : BinaryenNop(module);
}

static BinaryenExpressionRef rewrite_call(struct glue *glue, BinaryenExpressionRef call) {
    BinaryenModuleRef module = glue->program->module;
    const struct glue_function *callee = function_named(glue, BinaryenCallGetTarget(call));
    if (is_absent(glue, callee))
        return make_absent_call(module, call);
    if (callee->renamed)
        BinaryenCallSetTarget(call, callee->renamed);
    else if (provided[callee->row].function)
        BinaryenCallSetTarget(call, provided[callee->row].function);
    else if (BinaryenCallGetNumOperands(call) == 0)
        return BinaryenGlobalGet(module, provided[callee->row].global,
                                 BinaryenExpressionGetType(call));
    else
        return make_global_set(module, provided[callee->row].global,
                               BinaryenCallGetOperandAt(call, 0));
    return call;
}

static const char *imported_global(struct glue *glue, const char *name) {
    return BinaryenGlobalImportGetBase(BinaryenGetGlobal(glue->module, name));
}

static const char *rewrite_global(struct glue *glue, const char *name) {
    const char *base = imported_global(glue, name);
    if (base && strcmp(base, "__memory_base") == 0)
        return NAME_BASE;
    if (base && strcmp(base, "__stack_pointer") == 0)
        return NAME_STACK;
    complain(glue, "uses a global", name);
    return name;
}

static BinaryenExpressionRef rewrite_global_get(struct glue *glue, BinaryenExpressionRef expr) {
    const char *name = BinaryenGlobalGetGetName(expr), *base = imported_global(glue, name);
    if (base && strcmp(base, "__table_base") == 0)
        return make_i32(glue->program->module, GLUE_TABLE_BASE);
    BinaryenGlobalGetSetName(expr, rewrite_global(glue, name));
    return expr;
}

/* Each would take a byte. */
static void drop_nops(BinaryenExpressionRef block) {
    for (BinaryenIndex i = BinaryenBlockGetNumChildren(block); i-- > 0;)
        if (BinaryenExpressionGetId(BinaryenBlockGetChildAt(block, i)) == IR(Nop))
            BinaryenBlockRemoveChildAt(block, i);
}

static BinaryenExpressionRef rewrite(void *context, BinaryenExpressionRef expr) {
    struct glue *glue = context;
    BinaryenExpressionRef access = glue_access(glue->program->module, expr, has_zip(glue));
    if (access)
        return access;
    switch (BinaryenExpressionGetId(expr)) {
    case IR(Block):
        drop_nops(expr);
        return expr;
    case IR(Call):
        return rewrite_call(glue, expr);
    case IR(GlobalGet):
        return rewrite_global_get(glue, expr);
    case IR(GlobalSet):
        BinaryenGlobalSetSetName(expr, rewrite_global(glue, BinaryenGlobalSetGetName(expr)));
        return expr;
    case IR(CallIndirect):
        return glue_indirect_call(&glue->indirect, glue->program->module, expr);
    case IR(RefFunc):
        complain(glue, "uses a function reference", "");
        return expr;
    default:
        return expr;
    }
}

static void copy_function(struct glue *glue, BinaryenFunctionRef from, const char *name) {
    BinaryenModuleRef module = glue->program->module;
    BinaryenIndex count = BinaryenFunctionGetNumVars(from);
    BinaryenType *vars = mem_calloc(count, sizeof *vars);
    for (BinaryenIndex i = 0; i < count; i++)
        vars[i] = BinaryenFunctionGetVar(from, i);
    BinaryenExpressionRef body = BinaryenExpressionCopy(BinaryenFunctionGetBody(from), module);
    ir_replace_all(&body, rewrite, glue);
    BinaryenAddFunction(module, name, BinaryenFunctionGetParams(from),
                        BinaryenFunctionGetResults(from), vars, count, body);
    free(vars);
}

/* What there were addresses in is free for other values. */
static void tidy_locals(struct glue *glue, BinaryenFunctionRef function) {
    const char *passes[] = {"simplify-locals", "coalesce-locals",       "remove-unused-brs",
                            "merge-blocks",    "optimize-instructions", "vacuum",
                            "reorder-locals"};
    BinaryenFunctionRunPasses(function, glue->module, passes, sizeof passes / sizeof *passes);
}

static void copy_functions(struct glue *glue) {
    for (size_t i = 0; i < glue->function_count; i++) {
        BinaryenFunctionRef ref = BinaryenGetFunctionByIndex(glue->module, (BinaryenIndex)i);
        if (!glue->functions[i].needed || is_import(ref, NULL))
            continue;
        glue_access_shorten(glue->module, ref, !has_zip(glue));
        tidy_locals(glue, ref);
        copy_function(glue, ref, glue->functions[i].renamed);
    }
}

static int fix_stack(struct glue *glue) {
    BinaryenFunctionRef *functions = mem_calloc(glue->function_count, sizeof *functions);
    size_t count = 0;
    for (size_t i = 0; i < glue->function_count; i++) {
        BinaryenFunctionRef ref = BinaryenGetFunctionByIndex(glue->module, (BinaryenIndex)i);
        if (glue->functions[i].needed && !is_import(ref, NULL))
            functions[count++] = ref;
    }
    int used = has_zip(glue) ? 0 : glue_stack_place(glue->module, functions, count);
    free(functions);
    return used >= 0 ? 0 : complain(glue, "has frames without a fixed place", "");
}

static void add_indirect(struct glue *glue) {
    size_t count = glue->indirect.signature_count > 0 ? glue_table_size(glue->module) : 0;
    const char **targets = mem_calloc(count, sizeof *targets);
    for (size_t i = 0; i < count; i++)
        targets[i] = function_named(glue, glue_table_at(glue->module, i))->renamed;
    glue_indirect_add(&glue->indirect, glue->program->module, targets, count);
    free(targets);
}

int pass_attach_glue(struct program *program) {
    struct glue glue = {.program = program, .module = place_glue_read(program->options)};
    int status = list_functions(&glue);
    if (status == 0) {
        need_roots(&glue);
        status = fix_stack(&glue);
    }
    if (status == 0) {
        wasi_wrap(program);
        name_imports(&glue);
        copy_functions(&glue);
        add_indirect(&glue);
        place_glue_globals(program);
    }
    for (size_t i = 0; i < glue.function_count; i++)
        free(glue.functions[i].renamed);
    free(glue.functions);
    map_release(&glue.by_name);
    glue_indirect_release(&glue.indirect);
    BinaryenModuleDispose(glue.module);
    return glue.failed ? -1 : status;
}
