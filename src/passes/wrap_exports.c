/*
 * wrap_exports.c: what the host calls. It begins or restores the program, and saves it when its
 * functions have unwound; calls inside the module go to the function itself.
 *
 *     (func $snapify_export_f (param i32) (result i64) (local i64)
 *       (drop (call $snapify_enter (i32.const 1)))   restored: state is REWIND
 *       (call $snapify_first)                        if there is a start section
 *       (loop $again
 *         (local.set 1 (call $f (local.get 0)))
 *         (if state (then
 *           (call $snapify_leave)                    comes back only to rewind: saving failed, or
 *           (br $again))))                           the program goes on behind it
 *       (local.get 1))
 *
 *     (func $snapify_first                           the start section's function, once
 *       (if (i32.eqz phase) (then
 *         (loop $again
 *           (call $start)
 *           (if state (then
 *             (call $snapify_leave)
 *             (br $again))))
 *         (global.set phase 1))))
 *
 * The start section itself is gone by now (pipeline.c): an engine would run it before a restore.
 * Where the result of snapify_enter is 0, _initialize returns at once: its work is in the snapshot.
 */
#include <stdlib.h>
#include <string.h>

#include "ir/make.h"
#include "ir/names.h"
#include "passes/passes.h"

#define NAME_INITIALIZE "_initialize"

/* --- the list --- */

/* Of a function; it gets one if it has none. */
static uint32_t export_number(struct program *program, const char *name, const char *function) {
    for (size_t i = 0; i < program->export_count; i++)
        if (program->exports[i].function == function)
            return (uint32_t)i + 1;
    program->exports =
        mem_grow(program->exports, program->export_count + 1, sizeof *program->exports);
    program->exports[program->export_count++] = (struct exported){name, function};
    return (uint32_t)program->export_count;
}

/* Imported functions are WASI's; handing them on is none of our business. */
static bool is_wrapped(const struct program *program, BinaryenExportRef export) {
    if (BinaryenExportGetKind(export) != BinaryenExternalFunction())
        return false;
    const struct function *function = program_function(program, BinaryenExportGetValue(export));
    return function && function->defined;
}

static bool is_initialize(const struct function *function, const char *name) {
    return strcmp(name, NAME_INITIALIZE) == 0 &&
           BinaryenFunctionGetParams(function->ref) == BinaryenTypeNone() &&
           BinaryenFunctionGetResults(function->ref) == BinaryenTypeNone();
}

/* --- code --- */

static BinaryenExpressionRef call(BinaryenModuleRef module, const char *function) {
    return BinaryenCall(module, function, NULL, 0, BinaryenTypeNone());
}

/* (loop $again (code) (if state (then (call $snapify_leave) (br $again)))) */
static BinaryenExpressionRef until_done(BinaryenModuleRef module, BinaryenExpressionRef code) {
    BinaryenExpressionRef turn[] = {
        call(module, NAME_LEAVE),
        BinaryenBreak(module, LABEL_AGAIN, NULL, NULL),
    };
    BinaryenExpressionRef items[] = {
        code,
        BinaryenIf(module, make_global_get(module, NAME_STATE), make_sequence(module, turn, 2),
                   NULL),
    };
    return BinaryenLoop(module, LABEL_AGAIN,
                        BinaryenBlock(module, NULL, items, 2, BinaryenTypeNone()));
}

static void add_first(struct program *program) {
    BinaryenModuleRef module = program->module;
    BinaryenExpressionRef items[] = {
        until_done(module, call(module, program->functions[program->scan->start].name)),
        make_global_set(module, NAME_PHASE, make_i32(module, 1)),
    };
    BinaryenExpressionRef body =
        BinaryenIf(module, make_not(module, make_global_get(module, NAME_PHASE)),
                   make_sequence(module, items, 2), NULL);
    BinaryenAddFunction(module, NAME_FIRST, BinaryenTypeNone(), BinaryenTypeNone(), NULL, 0, body);
}

static BinaryenExpressionRef enter(struct program *program, uint32_t number) {
    BinaryenModuleRef module = program->module;
    BinaryenExpressionRef argument = make_i32(module, (int32_t)number);
    BinaryenExpressionRef entered =
        BinaryenCall(module, NAME_ENTER, &argument, 1, BinaryenTypeInt32());
    if (number != program->initialize)
        return BinaryenDrop(module, entered);
    return BinaryenIf(module, make_not(module, entered), BinaryenReturn(module, NULL), NULL);
}

/* (call $function (local.get 0) ...) */
static BinaryenExpressionRef hand_on(BinaryenModuleRef module, BinaryenFunctionRef function) {
    BinaryenType params = BinaryenFunctionGetParams(function);
    BinaryenIndex count = BinaryenTypeArity(params);
    BinaryenType *types = mem_calloc(count, sizeof *types);
    BinaryenExpressionRef *operands = mem_calloc(count, sizeof(BinaryenExpressionRef));
    BinaryenTypeExpand(params, types);
    for (BinaryenIndex i = 0; i < count; i++)
        operands[i] = BinaryenLocalGet(module, i, types[i]);
    BinaryenExpressionRef result = BinaryenCall(module, BinaryenFunctionGetName(function), operands,
                                                count, BinaryenFunctionGetResults(function));
    free(operands);
    free(types);
    return result;
}

static void add_wrapper(struct program *program, uint32_t number, const char *name) {
    BinaryenModuleRef module = program->module;
    const struct function *function =
        program_function(program, program->exports[number - 1].function);
    BinaryenType params = BinaryenFunctionGetParams(function->ref);
    BinaryenType results = BinaryenFunctionGetResults(function->ref);
    BinaryenIndex local = BinaryenTypeArity(params);
    bool has_result = results != BinaryenTypeNone();
    BinaryenExpressionRef items[4], result = hand_on(module, function->ref);
    BinaryenIndex count = 0;
    items[count++] = enter(program, number);
    if (program->scan->has_start)
        items[count++] = call(module, NAME_FIRST);
    if (function->suspendable) {
        if (has_result)
            result = BinaryenLocalSet(module, local, result);
        items[count++] = until_done(module, result);
        result = has_result ? BinaryenLocalGet(module, local, results) : NULL;
    }
    if (result)
        items[count++] = result;
    BinaryenAddFunction(module, name, params, results, &results,
                        function->suspendable && has_result ? 1 : 0,
                        make_sequence(module, items, count));
}

/* The wrapper of a function, made when its first name comes up, under another one. */
static void wrap(struct program *program, BinaryenExportRef export) {
    const char *name = BinaryenExportGetName(export);
    uint32_t number = export_number(program, name, BinaryenExportGetValue(export));
    char *wrapper = mem_printf(NAME_EXPORT "%s", program->exports[number - 1].name);
    if (!BinaryenGetFunction(program->module, wrapper))
        add_wrapper(program, number, wrapper);
    BinaryenRemoveExport(program->module, name);
    BinaryenAddFunctionExport(program->module, wrapper, name);
    free(wrapper);
}

/* All of them, before the first one is replaced: the caller frees the array. */
static BinaryenExportRef *list_wrapped(struct program *program, size_t *count) {
    BinaryenModuleRef module = program->module;
    BinaryenIndex total = BinaryenGetNumExports(module);
    BinaryenExportRef *exports = mem_calloc(total, sizeof *exports);
    *count = 0;
    for (BinaryenIndex i = 0; i < total; i++) {
        BinaryenExportRef export = BinaryenGetExportByIndex(module, i);
        if (!is_wrapped(program, export))
            continue;
        const char *name = BinaryenExportGetName(export), *value = BinaryenExportGetValue(export);
        uint32_t number = export_number(program, name, value);
        if (is_initialize(program_function(program, value), name))
            program->initialize = number;
        exports[(*count)++] = export;
    }
    return exports;
}

void pass_wrap_exports(struct program *program) {
    size_t count;
    BinaryenExportRef *exports = list_wrapped(program, &count);
    if (program->scan->has_start)
        add_first(program);
    for (size_t i = 0; i < count; i++)
        wrap(program, exports[i]);
    free(exports);
    BinaryenAddCustomSection(program->module, SECTION_REWRITTEN, SNAPIFY_VERSION,
                             strlen(SNAPIFY_VERSION));
}
