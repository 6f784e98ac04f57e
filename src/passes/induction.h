/*
 * induction.h: what a round of a loop does to its locals, and what was tested before the next one.
 */
#ifndef SNAPIFY_PASSES_INDUCTION_H
#define SNAPIFY_PASSES_INDUCTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <binaryen-c.h>

enum compare {
    COMPARE_EQ,
    COMPARE_NE,
    COMPARE_LT_S,
    COMPARE_GE_S,
    COMPARE_GT_S,
    COMPARE_LE_S,
    COMPARE_LT_U,
    COMPARE_GE_U,
    COMPARE_GT_U,
    COMPARE_LE_U,
};

/* (what the local was when the round began, plus `add`) compares so with `bound`: true in every
 * round that is followed by another. All numbers are modulo 2 to the power of `bits`. */
struct fact {
    BinaryenIndex local;
    unsigned bits; /* 32 or 64 */
    enum compare compare;
    uint64_t add, bound;
    uint64_t step;  /* what a round adds to the local; 0: nothing, or that is not known */
    unsigned loses; /* bits that a round takes from the local until it is 0, and stays so; the test
                       is of what it was or of what the round made of it. 0: that is not known */
};

/*
 * The facts of a loop, at most `most`, and how many there are. None for a loop with more than one
 * way back to its start, or with what is not understood in it.
 */
size_t induction_facts(BinaryenExpressionRef loop, struct fact *facts, size_t most);

#endif
