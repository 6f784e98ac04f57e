/*
 * type.h: how much room a value takes.
 */
#ifndef SNAPIFY_IR_TYPE_H
#define SNAPIFY_IR_TYPE_H

#include <stdint.h>

#include <binaryen-c.h>

/* Bytes of a value of this type in memory; 0 for references and tuples, which have no such form. */
static inline uint32_t ir_type_size(BinaryenType type) {
    if (type == BinaryenTypeInt32() || type == BinaryenTypeFloat32())
        return 4;
    if (type == BinaryenTypeInt64() || type == BinaryenTypeFloat64())
        return 8;
    return type == BinaryenTypeVec128() ? 16 : 0;
}

#endif
