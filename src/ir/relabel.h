/*
 * relabel.h: copies of code take labels of their own.
 *
 * Binaryen wants the labels of a function to differ. A zeroed struct with `module` and `prefix` set
 * is ready; its new labels are the prefix and a number that counts on from copy to copy.
 */
#ifndef SNAPIFY_IR_RELABEL_H
#define SNAPIFY_IR_RELABEL_H

#include <binaryen-c.h>

#include "support/map.h"

struct relabel {
    BinaryenModuleRef module;
    const char *prefix; /* borrowed; nothing else in the function begins with it */
    struct map labels;  /* of the copy being made -> position in `names` */
    const char **names; /* owned array; what the copies call them */
    size_t count;
};

/* The new label for branches of the next copy to `label`, which stands outside of it. */
const char *relabel_outer(struct relabel *relabel, const char *label);

/* A copy of `expr` with new labels; the outer ones are forgotten then. */
BinaryenExpressionRef relabel_copy(struct relabel *relabel, BinaryenExpressionRef expr);

void relabel_release(struct relabel *relabel);

#endif
