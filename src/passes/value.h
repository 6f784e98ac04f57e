/*
 * value.h: what an expression in a loop is, in terms of what a local was when the round began
 * (induction.c).
 */
#ifndef SNAPIFY_PASSES_VALUE_H
#define SNAPIFY_PASSES_VALUE_H

#include "passes/induction.h"

enum value_kind {
    VALUE_UNKNOWN,
    VALUE_SUM,    /* a local at the round's start, or with NO_BASE 0, plus `add` */
    VALUE_SHRUNK, /* that local with `loses` of its bits less, by `how`: 0, once there are none */
    VALUE_TEST,   /* 1 or 0: how a sum compares with `bound`, or what shrank from the local */
};

enum {
    NO_BASE = UINT32_MAX
};

struct value {
    enum value_kind kind;
    unsigned bits; /* of the sum; 0: not looked at yet */
    BinaryenIndex base;
    uint64_t add, bound;
    enum compare compare;
    unsigned loses;
    BinaryenOp how;
    bool shrunk; /* TEST: of what shrank */
};

bool value_equal(const struct value *a, const struct value *b);

/* Whether the value is not 0, or is; unknown if that says nothing of a local. */
struct value value_test(struct value value, bool holds);

struct value value_of_binary(BinaryenOp op, struct value left, struct value right);

#endif
