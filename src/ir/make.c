#include "ir/make.h"

#include <stdlib.h>

#include "ir/kinds.h"
#include "ir/names.h"
#include "support/buf.h"

BinaryenExpressionRef make_i32(BinaryenModuleRef module, int32_t value) {
    return BinaryenConst(module, BinaryenLiteralInt32(value));
}

BinaryenExpressionRef make_global_get(BinaryenModuleRef module, const char *name) {
    return BinaryenGlobalGet(module, name, BinaryenTypeInt32());
}

BinaryenExpressionRef make_global_set(BinaryenModuleRef module, const char *name,
                                      BinaryenExpressionRef value) {
    return BinaryenGlobalSet(module, name, value);
}

BinaryenExpressionRef make_binary(BinaryenModuleRef module, BinaryenOp op,
                                  BinaryenExpressionRef left, BinaryenExpressionRef right) {
    return BinaryenBinary(module, op, left, right);
}

const char *make_label(BinaryenModuleRef module, const char *name) {
    return BinaryenBreakGetName(BinaryenBreak(module, name, NULL, NULL));
}

/* The comparison that is true where this one is false, or the same if there is none: those of
 * floating point numbers are all false for NaN. */
static BinaryenOp opposite(BinaryenOp op) {
    const BinaryenOp pairs[][2] = {
        {BinaryenEqInt32(), BinaryenNeInt32()},   {BinaryenLtSInt32(), BinaryenGeSInt32()},
        {BinaryenLtUInt32(), BinaryenGeUInt32()}, {BinaryenGtSInt32(), BinaryenLeSInt32()},
        {BinaryenGtUInt32(), BinaryenLeUInt32()}, {BinaryenEqInt64(), BinaryenNeInt64()},
        {BinaryenLtSInt64(), BinaryenGeSInt64()}, {BinaryenLtUInt64(), BinaryenGeUInt64()},
        {BinaryenGtSInt64(), BinaryenLeSInt64()}, {BinaryenGtUInt64(), BinaryenLeUInt64()},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        for (int side = 0; side < 2; side++)
            if (pairs[i][side] == op)
                return pairs[i][1 - side];
    return op;
}

BinaryenExpressionRef make_not(BinaryenModuleRef module, BinaryenExpressionRef condition) {
    if (BinaryenExpressionGetId(condition) == IR(Unary) &&
        BinaryenUnaryGetOp(condition) == BinaryenEqZInt32())
        return BinaryenUnaryGetValue(condition);
    if (BinaryenExpressionGetId(condition) == IR(Binary)) {
        BinaryenOp op = BinaryenBinaryGetOp(condition);
        if (opposite(op) != op) {
            BinaryenBinarySetOp(condition, opposite(op));
            return condition;
        }
    }
    return BinaryenUnary(module, BinaryenEqZInt32(), condition);
}

static BinaryenExpressionRef zero_of_value(BinaryenModuleRef module, BinaryenType type) {
    static const uint8_t zeros[16];
    if (type == BinaryenTypeInt32())
        return make_i32(module, 0);
    if (type == BinaryenTypeInt64())
        return BinaryenConst(module, BinaryenLiteralInt64(0));
    if (type == BinaryenTypeFloat32())
        return BinaryenConst(module, BinaryenLiteralFloat32(0));
    if (type == BinaryenTypeFloat64())
        return BinaryenConst(module, BinaryenLiteralFloat64(0));
    if (type == BinaryenTypeVec128())
        return BinaryenConst(module, BinaryenLiteralVec128(zeros));
    return BinaryenRefNull(module, type);
}

/* One zero per member; owned by the caller. */
static BinaryenExpressionRef *zeros_of(BinaryenModuleRef module, BinaryenType type,
                                       BinaryenIndex *count) {
    *count = BinaryenTypeArity(type);
    BinaryenType *members = mem_calloc(*count, sizeof *members);
    BinaryenExpressionRef *zeros = mem_calloc(*count, sizeof(BinaryenExpressionRef));
    BinaryenTypeExpand(type, members);
    for (BinaryenIndex i = 0; i < *count; i++)
        zeros[i] = zero_of_value(module, members[i]);
    free(members);
    return zeros;
}

BinaryenExpressionRef make_zero(BinaryenModuleRef module, BinaryenType type) {
    BinaryenIndex count;
    BinaryenExpressionRef *zeros = zeros_of(module, type, &count), zero = NULL;
    if (count == 1)
        zero = zeros[0];
    else if (count > 1)
        zero = BinaryenTupleMake(module, zeros, count);
    free(zeros);
    return zero;
}

BinaryenExpressionRef make_sequence(BinaryenModuleRef module, BinaryenExpressionRef *items,
                                    BinaryenIndex count) {
    return BinaryenBlock(module, NULL, items, count, BinaryenTypeAuto());
}

/* What a sequence is made of, so that it takes no block of its own in the output. */
static void append(BinaryenExpressionRef block, BinaryenExpressionRef item) {
    BinaryenType type = BinaryenExpressionGetType(item);
    if (BinaryenExpressionGetId(item) != IR(Block) || BinaryenBlockGetName(item) ||
        (type != BinaryenTypeNone() && type != BinaryenTypeUnreachable())) {
        BinaryenBlockAppendChild(block, item);
        return;
    }
    for (BinaryenIndex i = 0; i < BinaryenBlockGetNumChildren(item); i++)
        append(block, BinaryenBlockGetChildAt(item, i));
}

BinaryenExpressionRef make_labelled(BinaryenModuleRef module, const char *label,
                                    BinaryenExpressionRef *items, size_t count) {
    BinaryenExpressionRef block = BinaryenBlock(module, label, NULL, 0, BinaryenTypeNone());
    for (size_t i = 0; i < count; i++)
        append(block, items[i]);
    return block;
}

BinaryenExpressionRef make_zero_call(BinaryenModuleRef module, const char *function,
                                     BinaryenType params, BinaryenType results) {
    BinaryenIndex count;
    BinaryenExpressionRef *zeros = zeros_of(module, params, &count);
    BinaryenExpressionRef call = BinaryenCall(module, function, zeros, count, results);
    free(zeros);
    return call;
}

BinaryenExpressionRef make_zero_call_indirect(BinaryenModuleRef module, const char *table,
                                              BinaryenExpressionRef target, BinaryenType params,
                                              BinaryenType results) {
    BinaryenIndex count;
    BinaryenExpressionRef *zeros = zeros_of(module, params, &count);
    BinaryenExpressionRef call =
        BinaryenCallIndirect(module, table, target, zeros, count, params, results);
    free(zeros);
    return call;
}
