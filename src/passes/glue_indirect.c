#include "passes/glue_indirect.h"

#include <stdlib.h>

#include "ir/make.h"
#include "ir/names.h"
#include "ir/type.h"

size_t glue_table_size(BinaryenModuleRef glue) {
    if (BinaryenGetNumElementSegments(glue) == 0)
        return 0;
    return BinaryenElementSegmentGetLength(BinaryenGetElementSegmentByIndex(glue, 0));
}

const char *glue_table_at(BinaryenModuleRef glue, size_t index) {
    return BinaryenElementSegmentGetData(BinaryenGetElementSegmentByIndex(glue, 0),
                                         (BinaryenIndex)index);
}

static char *name_of(size_t signature) {
    return mem_printf(NAME_GLUE_PREFIX "indirect%zu", signature);
}

/* Its number. */
static size_t intern(struct glue_indirect *indirect, struct signature wanted) {
    size_t i = 0;
    while (i < indirect->signature_count && (indirect->signatures[i].params != wanted.params ||
                                             indirect->signatures[i].results != wanted.results))
        i++;
    if (i == indirect->signature_count) {
        indirect->signatures =
            mem_grow(indirect->signatures, ++indirect->signature_count, sizeof wanted);
        indirect->signatures[i] = wanted;
    }
    return i;
}

BinaryenExpressionRef glue_indirect_call(struct glue_indirect *indirect, BinaryenModuleRef module,
                                         BinaryenExpressionRef expr) {
    struct signature signature = {BinaryenCallIndirectGetParams(expr),
                                  BinaryenCallIndirectGetResults(expr)};
    BinaryenIndex count = BinaryenCallIndirectGetNumOperands(expr);
    BinaryenExpressionRef *operands = mem_calloc(count + 1, sizeof(BinaryenExpressionRef));
    for (BinaryenIndex i = 0; i < count; i++)
        operands[i] = BinaryenCallIndirectGetOperandAt(expr, i);
    operands[count] = BinaryenCallIndirectGetTarget(expr);
    char *name = name_of(intern(indirect, signature));
    BinaryenExpressionRef call = BinaryenCall(module, name, operands, count + 1, signature.results);
    free(name);
    free(operands);
    return call;
}

/* if (target == address) return (call $name params...) */
static BinaryenExpressionRef make_case(BinaryenModuleRef module, const char *name,
                                       struct signature signature, const BinaryenType *params,
                                       uint32_t address) {
    BinaryenIndex count = BinaryenTypeArity(signature.params);
    BinaryenExpressionRef *operands = mem_calloc(count + 1, sizeof(BinaryenExpressionRef));
    for (BinaryenIndex i = 0; i < count; i++)
        operands[i] = BinaryenLocalGet(module, i, params[i]);
    BinaryenExpressionRef call = BinaryenCall(module, name, operands, count, signature.results);
    BinaryenExpressionRef here =
        make_binary(module, BinaryenEqInt32(), BinaryenLocalGet(module, count, BinaryenTypeInt32()),
                    make_i32(module, (int32_t)address));
    BinaryenExpressionRef then[] = {call, BinaryenReturn(module, NULL)};
    free(operands);
    return BinaryenIf(module, here,
                      signature.results == BinaryenTypeNone() ? make_sequence(module, then, 2)
                                                              : BinaryenReturn(module, call),
                      NULL);
}

static void add_function(BinaryenModuleRef module, size_t number, struct signature signature,
                         const char *const *targets, size_t target_count) {
    BinaryenIndex arity = BinaryenTypeArity(signature.params), used = 0;
    BinaryenType *params = mem_calloc(arity + 1, sizeof *params);
    BinaryenExpressionRef *items = mem_calloc(target_count + 1, sizeof(BinaryenExpressionRef));
    char *name = name_of(number);
    BinaryenTypeExpand(signature.params, params);
    params[arity] = BinaryenTypeInt32();
    for (size_t i = 0; i < target_count; i++) {
        BinaryenFunctionRef target = BinaryenGetFunction(module, targets[i]);
        if (BinaryenFunctionGetParams(target) == signature.params &&
            BinaryenFunctionGetResults(target) == signature.results)
            items[used++] =
                make_case(module, targets[i], signature, params, GLUE_TABLE_BASE + (uint32_t)i);
    }
    items[used++] = BinaryenUnreachable(module);
    BinaryenAddFunction(module, name, BinaryenTypeCreate(params, arity + 1), signature.results,
                        NULL, 0, make_sequence(module, items, used));
    free(name);
    free(items);
    free(params);
}

void glue_indirect_add(const struct glue_indirect *indirect, BinaryenModuleRef module,
                       const char *const *targets, size_t target_count) {
    for (size_t i = 0; i < indirect->signature_count; i++)
        add_function(module, i, indirect->signatures[i], targets, target_count);
}

void glue_indirect_release(struct glue_indirect *indirect) {
    free(indirect->signatures);
    *indirect = (struct glue_indirect){0};
}
