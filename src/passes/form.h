/*
 * form.h: shared by the two files that take a function apart (statement_form.c tells the story).
 */
#ifndef SNAPIFY_PASSES_FORM_H
#define SNAPIFY_PASSES_FORM_H

#include "passes/body.h"

struct temp {
    BinaryenIndex local;
    bool in_use;
};

struct form {
    struct body *body;
    BinaryenModuleRef module;
    struct map needs;   /* expressions that hold a site */
    struct map carried; /* label -> local that takes its value */
    bool carried_changed;
    struct temp *temps;
    size_t temp_count;
    size_t *order; /* positions in `temps` of those in use, oldest first */
    size_t in_use;
};

/* Does the expression hold a site? NULL holds none. */
bool form_needs(const struct form *form, BinaryenExpressionRef expr);

bool form_is_unreachable(BinaryenExpressionRef expr);

/* Yields a value, unlike statements and what never ends. */
bool form_has_value(BinaryenExpressionRef expr);

BinaryenExpressionRef form_get_local(const struct form *form, BinaryenIndex local);

/* May the expression write the local? Looks at no more than *budget nodes, which it uses up. */
bool form_writes_local(BinaryenExpressionRef expr, BinaryenIndex local, int *budget);

/* Makes the function one without tail calls (tail_calls.c). */
void form_lower_tail_calls(struct form *form, BinaryenExpressionRef *root);

/*
 * First step: fills `needs` and `carried`, and changes branches so that no label around a site
 * carries a value and, in a function with a return point, every return leads there.
 */
void form_carry_values(struct form *form, BinaryenExpressionRef *root);

#endif
