/*
 * type.h: how much room a value takes, and what its type is called.
 */
#ifndef SNAPIFY_IR_TYPE_H
#define SNAPIFY_IR_TYPE_H

#include <stdint.h>

#include <binaryen-c.h>

#include "support/buf.h"

/* Bytes of a value of this type in memory; 0 for references and tuples, which have no such form. */
static inline uint32_t ir_type_size(BinaryenType type) {
    if (type == BinaryenTypeInt32() || type == BinaryenTypeFloat32())
        return 4;
    if (type == BinaryenTypeInt64() || type == BinaryenTypeFloat64())
        return 8;
    return type == BinaryenTypeVec128() ? 16 : 0;
}

/* Appends "i32" and so on, the members of a tuple separated by ", ". */
void ir_type_append(struct buf *out, BinaryenType type);

/* Appends "(i32, i64) -> f32"; no results are "()". */
void ir_signature_append(struct buf *out, BinaryenType params, BinaryenType results);

#endif
