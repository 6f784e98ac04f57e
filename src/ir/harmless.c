#include "ir/harmless.h"

#include <stddef.h>

#include "ir/kinds.h"
#include "ir/walk.h"

static bool is_among(BinaryenOp op, const BinaryenOp *ops, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (ops[i] == op)
            return true;
    return false;
}

static bool divides(BinaryenOp op) {
    const BinaryenOp ops[] = {
        BinaryenDivSInt32(), BinaryenDivUInt32(), BinaryenRemSInt32(), BinaryenRemUInt32(),
        BinaryenDivSInt64(), BinaryenDivUInt64(), BinaryenRemSInt64(), BinaryenRemUInt64(),
    };
    return is_among(op, ops, sizeof ops / sizeof *ops);
}

/* Not the saturating ones, which cannot trap. */
static bool truncates(BinaryenOp op) {
    const BinaryenOp ops[] = {
        BinaryenTruncSFloat32ToInt32(), BinaryenTruncUFloat32ToInt32(),
        BinaryenTruncSFloat32ToInt64(), BinaryenTruncUFloat32ToInt64(),
        BinaryenTruncSFloat64ToInt32(), BinaryenTruncUFloat64ToInt32(),
        BinaryenTruncSFloat64ToInt64(), BinaryenTruncUFloat64ToInt64(),
    };
    return is_among(op, ops, sizeof ops / sizeof *ops);
}

static bool is_harmless_itself(BinaryenExpressionRef expr) {
    switch (BinaryenExpressionGetId(expr)) {
    case IR(LocalGet):
    case IR(GlobalGet):
    case IR(Const):
    case IR(Select):
        return true;
    case IR(Unary):
        return !truncates(BinaryenUnaryGetOp(expr));
    case IR(Binary):
        return !divides(BinaryenBinaryGetOp(expr));
    default:
        return false;
    }
}

bool ir_is_harmless(BinaryenExpressionRef expr) {
    BinaryenIndex count = ir_child_count(expr);
    if (!is_harmless_itself(expr))
        return false;
    for (BinaryenIndex i = 0; i < count; i++)
        if (!ir_is_harmless(ir_child_get(expr, i)))
            return false;
    return true;
}
