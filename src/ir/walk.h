/*
 * walk.h: the children of an expression, by position, whatever its kind.
 *
 * Binaryen's C API has getters per kind and no generic walker; this is it, over one table
 * (children.def). Children are in the order of evaluation.
 */
#ifndef SNAPIFY_IR_WALK_H
#define SNAPIFY_IR_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "ir/kinds.h"

/* Number of child positions. Some may be empty (an if without else). */
BinaryenIndex ir_child_count(BinaryenExpressionRef expr);

/* The child at `index`, or NULL where an optional child is absent. */
BinaryenExpressionRef ir_child_get(BinaryenExpressionRef expr, BinaryenIndex index);

/* Replaces the child at `index`, which must be present. */
void ir_child_set(BinaryenExpressionRef expr, BinaryenIndex index, BinaryenExpressionRef child);

/* True if the table knows all children of this kind, so that a walk misses nothing. */
bool ir_is_known(BinaryenExpressionRef expr);

/* True for return_call and return_call_indirect. */
bool ir_is_tail_call(BinaryenExpressionRef expr);

/* True for a tail call of the function with this internal name. */
bool ir_is_tail_call_to(BinaryenExpressionRef expr, const char *function);

/* The label of a block or loop; NULL for those without one and for all else. */
const char *ir_label(BinaryenExpressionRef expr);

/* Makes a br, br_if or br_table go where `find` says for each of its labels; others stay. */
typedef const char *ir_label_fn(void *context, const char *label);
void ir_redirect(BinaryenExpressionRef expr, ir_label_fn *find, void *context);

/* The bits of an i32.const (the upper ones 0) or i64.const; false for all else. */
bool ir_is_integer(BinaryenExpressionRef expr, uint64_t *value);

/* Is `expr`, or something below it, of this kind? */
bool ir_holds(BinaryenExpressionRef expr, BinaryenExpressionId kind);

/* How often `expr` and what is below it name the label (NULL: never) or write the local. */
unsigned ir_count_uses(BinaryenExpressionRef expr, const char *label, BinaryenIndex local);

/* Are `expr` and what is below it no more than *left expressions? Uses these up. */
bool ir_is_small(BinaryenExpressionRef expr, uint32_t *left);

/*
 * Calls `visit` for every expression below and including *root, children first. What it returns
 * takes the expression's place (return it unchanged to keep it).
 */
typedef BinaryenExpressionRef ir_visit_fn(void *context, BinaryenExpressionRef expr);
void ir_replace_all(BinaryenExpressionRef *root, ir_visit_fn *visit, void *context);

#endif
