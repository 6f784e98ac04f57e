#include "ir/relabel.h"

#include <stdlib.h>

#include "ir/make.h"
#include "ir/walk.h"
#include "support/buf.h"

const char *relabel_outer(struct relabel *relabel, const char *label) {
    char *text = mem_printf("%s%zu", relabel->prefix, relabel->count);
    const char *name = make_label(relabel->module, text);
    free(text);
    map_put(&relabel->labels, label, (uint32_t)relabel->count);
    relabel->names = mem_grow(relabel->names, relabel->count + 1, sizeof *relabel->names);
    return relabel->names[relabel->count++] = name;
}

static BinaryenExpressionRef note_label(void *relabel, BinaryenExpressionRef expr) {
    if (ir_label(expr))
        relabel_outer(relabel, ir_label(expr));
    return expr;
}

static const char *renamed(void *context, const char *label) {
    const struct relabel *relabel = context;
    uint32_t at;
    return map_get(&relabel->labels, label, &at) ? relabel->names[at] : label;
}

static BinaryenExpressionRef rename_labels(void *relabel, BinaryenExpressionRef expr) {
    const char *label = ir_label(expr);
    if (label && BinaryenExpressionGetId(expr) == IR(Block))
        BinaryenBlockSetName(expr, renamed(relabel, label));
    else if (label)
        BinaryenLoopSetName(expr, renamed(relabel, label));
    ir_redirect(expr, renamed, relabel);
    return expr;
}

BinaryenExpressionRef relabel_copy(struct relabel *relabel, BinaryenExpressionRef expr) {
    BinaryenExpressionRef copy = BinaryenExpressionCopy(expr, relabel->module);
    ir_replace_all(&copy, note_label, relabel);
    ir_replace_all(&copy, rename_labels, relabel);
    map_release(&relabel->labels);
    return copy;
}

void relabel_release(struct relabel *relabel) {
    map_release(&relabel->labels);
    free(relabel->names);
    relabel->names = NULL;
    relabel->count = 0;
}
