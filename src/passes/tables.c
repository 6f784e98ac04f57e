/*
 * tables.c: the last step of turning references into numbers (wasm/references.h).
 *
 *     (call $size (array))      =>  (i32.load offset=.. (tables))
 *     (call $at i (array))      =>  (i32.load (i32.add (tables) (4 * (i + position of entry 0))))
 *     (call $grow ...)          =>  (call $snapify_table_grow ...) and so on: functions of the glue
 *
 * The helpers themselves go, and so do the tables that are arrays now and the segments that were
 * emptied.
 */
#include <stdlib.h>

#include "ir/compat.h"
#include "ir/make.h"
#include "ir/names.h"
#include "ir/walk.h"
#include "passes/passes.h"

/* What the glue does; the others are in place. */
static const char *const glue_functions[WASM_HELPER_COUNT] = {
    [WASM_HELPER_SET] = NAME_TABLE_PREFIX "set",   [WASM_HELPER_GROW] = NAME_TABLE_PREFIX "grow",
    [WASM_HELPER_FILL] = NAME_TABLE_PREFIX "fill", [WASM_HELPER_COPY] = NAME_TABLE_PREFIX "copy",
    [WASM_HELPER_INIT] = NAME_TABLE_PREFIX "init",
};

/* The address of the tables (runtime-glue/abi.h): the number of tables, then two words for each. */
static BinaryenExpressionRef tables_address(BinaryenModuleRef module) {
    return make_binary(module, BinaryenAddInt32(), make_global_get(module, NAME_BASE),
                       make_global_get(module, NAME_TABLES));
}

static BinaryenExpressionRef load_word(BinaryenModuleRef module, uint32_t offset,
                                       BinaryenExpressionRef address) {
    return ir_make_load(module, 4, offset, 4, BinaryenTypeInt32(), address);
}

/* The array's number is the last operand, a constant. */
static uint32_t array_of(BinaryenExpressionRef call) {
    BinaryenIndex last = BinaryenCallGetNumOperands(call) - 1;
    return (uint32_t)BinaryenConstGetValueI32(BinaryenCallGetOperandAt(call, last));
}

static BinaryenExpressionRef load_size(BinaryenModuleRef module, BinaryenExpressionRef call) {
    return load_word(module, 4 + 8 * array_of(call), tables_address(module));
}

/* The first array begins behind the sizes and positions, the others may move. */
static BinaryenExpressionRef load_entry(const struct program *program, BinaryenExpressionRef call) {
    BinaryenModuleRef module = program->module;
    BinaryenExpressionRef index = BinaryenCallGetOperandAt(call, 0);
    uint32_t array = array_of(call), offset = 0;
    if (array == 0)
        offset = 4 + 8 * (uint32_t)program->references->array_count;
    else
        index = make_binary(module, BinaryenAddInt32(), index,
                            load_word(module, 8 + 8 * array, tables_address(module)));
    BinaryenExpressionRef distance =
        make_binary(module, BinaryenShlInt32(), index, make_i32(module, 2));
    return load_word(module, offset,
                     make_binary(module, BinaryenAddInt32(), distance, tables_address(module)));
}

static BinaryenExpressionRef replace_call(void *context, BinaryenExpressionRef expr) {
    const struct program *program = context;
    if (BinaryenExpressionGetId(expr) != IR(Call))
        return expr;
    const struct function *callee = program_function(program, BinaryenCallGetTarget(expr));
    size_t index = callee ? (size_t)(callee - program->functions) : 0;
    if (index < program->references->first_helper)
        return expr;
    enum wasm_helper helper = (enum wasm_helper)(index - program->references->first_helper);
    if (helper == WASM_HELPER_SIZE)
        return load_size(program->module, expr);
    if (helper == WASM_HELPER_AT)
        return load_entry(program, expr);
    BinaryenCallSetTarget(expr, glue_functions[helper]);
    return expr;
}

static void remove_segments(BinaryenModuleRef module) {
    BinaryenIndex count = BinaryenGetNumElementSegments(module), passive_count = 0;
    const char **passive = mem_calloc(count, sizeof *passive);
    for (BinaryenIndex i = 0; i < count; i++) {
        BinaryenElementSegmentRef segment = BinaryenGetElementSegmentByIndex(module, i);
        if (BinaryenElementSegmentIsPassive(segment))
            passive[passive_count++] = BinaryenElementSegmentGetName(segment);
    }
    for (BinaryenIndex i = 0; i < passive_count; i++)
        BinaryenRemoveElementSegment(module, passive[i]);
    free(passive);
}

static void remove_tables(struct program *program) {
    const struct wasm_references *references = program->references;
    const char **names = mem_calloc(references->array_count, sizeof *names);
    for (size_t i = 0; i < references->array_count; i++)
        names[i] = BinaryenTableGetName(
            BinaryenGetTableByIndex(program->module, references->arrays[i].table));
    for (size_t i = 0; i < references->array_count; i++)
        if (references->arrays[i].changes)
            BinaryenRemoveTable(program->module, names[i]);
    free(names);
}

void pass_table_calls(struct program *program) {
    if (!program->references->used)
        return;
    for (size_t i = 0; i < program->function_count; i++) {
        if (!program->functions[i].loaded)
            continue;
        BinaryenFunctionRef function = program->functions[i].ref;
        BinaryenExpressionRef body = BinaryenFunctionGetBody(function), was = body;
        ir_replace_all(&body, replace_call, program);
        if (body != was)
            BinaryenFunctionSetBody(function, body);
    }
}

void pass_tables(struct program *program) {
    if (!program->references->used)
        return;
    BinaryenAddGlobal(program->module, NAME_TABLES, BinaryenTypeInt32(), true,
                      make_i32(program->module, 0));
    for (uint32_t i = 0; i < WASM_HELPER_COUNT; i++)
        program_remove_function(program, program->references->first_helper + i);
    remove_segments(program->module);
    remove_tables(program);
}
