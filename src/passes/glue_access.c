/*
 * glue_access.c: how the glue gets at its static data and its stack.
 */
#include "passes/glue_access.h"

#include "ir/compat.h"
#include "ir/make.h"
#include "ir/walk.h"

/* Of an address base + constant the constant, which becomes part of the access's offset: what is
 * added to points into something that ends inside of memory, so the sum does not wrap. Not so in
 * zstd, which counts from where a window would begin; there only static data are known to. What
 * lies below a base, such as the C stack's pointer, cannot be written so. */
static uint32_t split_address(BinaryenExpressionRef *address, bool only_static) {
    if (BinaryenExpressionGetId(*address) != IR(Binary) ||
        BinaryenBinaryGetOp(*address) != BinaryenAddInt32())
        return 0;
    BinaryenExpressionRef base = BinaryenBinaryGetLeft(*address);
    BinaryenExpressionRef constant = BinaryenBinaryGetRight(*address);
    if ((only_static && BinaryenExpressionGetId(base) != IR(GlobalGet)) ||
        BinaryenExpressionGetId(constant) != IR(Const) || BinaryenConstGetValueI32(constant) < 0)
        return 0;
    *address = base;
    return (uint32_t)BinaryenConstGetValueI32(constant);
}

BinaryenExpressionRef glue_access(BinaryenModuleRef module, BinaryenExpressionRef expr, bool zip) {
    BinaryenExpressionRef address;
    uint32_t offset;
    switch (BinaryenExpressionGetId(expr)) {
    case IR(Load):
        address = BinaryenLoadGetPtr(expr);
        offset = split_address(&address, zip);
        return BinaryenLoad(module, BinaryenLoadGetBytes(expr), BinaryenLoadIsSigned(expr),
                            BinaryenLoadGetOffset(expr) + offset, BinaryenLoadGetAlign(expr),
                            BinaryenExpressionGetType(expr), address IR_MEMORY_ARG);
    case IR(Store):
        address = BinaryenStoreGetPtr(expr);
        offset = split_address(&address, zip);
        return BinaryenStore(module, BinaryenStoreGetBytes(expr),
                             BinaryenStoreGetOffset(expr) + offset, BinaryenStoreGetAlign(expr),
                             address, BinaryenStoreGetValue(expr),
                             BinaryenStoreGetValueType(expr) IR_MEMORY_ARG);
    case IR(MemorySize):
        return ir_make_memory_size(module);
    case IR(MemoryGrow):
        return ir_make_memory_grow(module, BinaryenMemoryGrowGetDelta(expr));
    default:
        return NULL;
    }
}
