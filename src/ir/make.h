/*
 * make.h: small makers, so that the passes read like the wat they emit.
 */
#ifndef SNAPIFY_IR_MAKE_H
#define SNAPIFY_IR_MAKE_H

#include <stdint.h>

#include <binaryen-c.h>

BinaryenExpressionRef make_i32(BinaryenModuleRef module, int32_t value);
BinaryenExpressionRef make_global_get(BinaryenModuleRef module, const char *name);
BinaryenExpressionRef make_global_set(BinaryenModuleRef module, const char *name,
                                      BinaryenExpressionRef value);
BinaryenExpressionRef make_binary(BinaryenModuleRef module, BinaryenOp op,
                                  BinaryenExpressionRef left, BinaryenExpressionRef right);

/* The name as Binaryen keeps it: those are compared as pointers. */
const char *make_label(BinaryenModuleRef module, const char *name);

/* A condition that holds when `condition` does not. The expression is used up. */
BinaryenExpressionRef make_not(BinaryenModuleRef module, BinaryenExpressionRef condition);

/* Zero of a value type, a tuple of zeros, or NULL for none. */
BinaryenExpressionRef make_zero(BinaryenModuleRef module, BinaryenType type);

/* A block without label around items; its type is that of its last item. */
BinaryenExpressionRef make_sequence(BinaryenModuleRef module, BinaryenExpressionRef *items,
                                    BinaryenIndex count);

/*
 * A block without value; sequences among the items dissolve in it. Binaryen's own maker looks
 * through all children for branches to the label, which takes quadratic time for blocks nested as
 * deeply as ours.
 */
BinaryenExpressionRef make_labelled(BinaryenModuleRef module, const char *label,
                                    BinaryenExpressionRef *items, size_t count);

/* (call $function (zeros)) and the like for a function with these parameters and results. */
BinaryenExpressionRef make_zero_call(BinaryenModuleRef module, const char *function,
                                     BinaryenType params, BinaryenType results);
BinaryenExpressionRef make_zero_call_indirect(BinaryenModuleRef module, const char *table,
                                              BinaryenExpressionRef target, BinaryenType params,
                                              BinaryenType results);

#endif
