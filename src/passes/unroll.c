/*
 * unroll.c: a short loop takes several rounds for each look at the budget.
 *
 *     loop $l { body }  =>  loop $l { block $round { copy of body, $l -> $round; br $done } body }
 *
 * (with as many copies as it takes). It is charged for all of them in front of the first; one that
 * ends before is charged too much, which does no harm. Interpreters gain most: sieve on the WAMR
 * interpreter 1.51 -> 1.25, wazero 1.21 -> 1.00. Larger bodies, twice, showed no gain for their
 * bytes: up to 30 expressions are 6 % more code.
 *
 * Where points of a kind are asked for, all rounds have theirs.
 */
#include <stdlib.h>

#include "ir/make.h"
#include "ir/names.h"
#include "ir/walk.h"
#include "passes/form.h"

enum {
    ROUNDS = 4,
    NODES = 16, /* expressions in the largest body */
    COST = 64   /* of a round; one that takes more calls something */
};

struct copying {
    BinaryenModuleRef module;
    uint32_t number;    /* of the loop, unique in the function */
    struct map labels;  /* in the body -> position in `names` */
    const char **names; /* owned; what the copy calls them */
    size_t count;
};

/* Adds those of `expr`; false if it holds what cannot be copied. */
static bool count_nodes(BinaryenExpressionRef expr, uint32_t *nodes) {
    BinaryenIndex count = ir_child_count(expr);
    ++*nodes;
    bool plain = BinaryenExpressionGetId(expr) != IR(Try); /* names of their own */
    for (BinaryenIndex i = 0; i < count && plain; i++)
        plain = !ir_child_get(expr, i) || count_nodes(ir_child_get(expr, i), nodes);
    return plain;
}

unsigned form_rounds(const struct form *form, BinaryenExpressionRef loop, uint32_t cost) {
    const struct snapify_options *options = form->body->program->options;
    uint32_t nodes = 0;
    bool wanted = options->policy == SNAPIFY_POLICY_ALWAYS && !options->point_kinds;
    return wanted && cost <= COST && count_nodes(BinaryenLoopGetBody(loop), &nodes) &&
                   nodes <= NODES
               ? ROUNDS
               : 1;
}

static void add_label(struct copying *copying, const char *label) {
    char *text = mem_printf("%s%u_%zu", LABEL_ROUND, copying->number, copying->count);
    map_put(&copying->labels, label, (uint32_t)copying->count);
    copying->names = mem_grow(copying->names, copying->count + 1, sizeof *copying->names);
    copying->names[copying->count++] = make_label(copying->module, text);
    free(text);
}

static BinaryenExpressionRef note_label(void *copying, BinaryenExpressionRef expr) {
    if (ir_label(expr))
        add_label(copying, ir_label(expr));
    return expr;
}

static const char *renamed(void *context, const char *label) {
    const struct copying *copying = context;
    uint32_t at;
    return map_get(&copying->labels, label, &at) ? copying->names[at] : label;
}

static BinaryenExpressionRef rename_labels(void *copying, BinaryenExpressionRef expr) {
    const char *label = ir_label(expr);
    if (label && BinaryenExpressionGetId(expr) == IR(Block))
        BinaryenBlockSetName(expr, renamed(copying, label));
    else if (label)
        BinaryenLoopSetName(expr, renamed(copying, label));
    ir_redirect(expr, renamed, copying);
    return expr;
}

/* One round more in front of the others. */
static BinaryenExpressionRef copy_round(struct copying *copying, const char *loop,
                                        BinaryenExpressionRef body) {
    BinaryenExpressionRef copy = BinaryenExpressionCopy(body, copying->module);
    map_release(&copying->labels);
    add_label(copying, loop);
    const char *next = copying->names[copying->count - 1];
    ir_replace_all(&copy, note_label, copying);
    ir_replace_all(&copy, rename_labels, copying);
    return make_labelled(copying->module, next, &copy, 1);
}

BinaryenExpressionRef form_repeat(struct form *form, uint32_t number, const char *loop,
                                  BinaryenExpressionRef body, unsigned rounds) {
    struct copying copying = {.module = form->module, .number = number};
    BinaryenExpressionRef items[ROUNDS];
    for (unsigned i = 0; i + 1 < rounds; i++)
        items[i] = copy_round(&copying, loop, body);
    items[rounds - 1] = body;
    map_release(&copying.labels);
    free(copying.names);
    return rounds > 1 ? make_sequence(form->module, items, rounds) : body;
}
