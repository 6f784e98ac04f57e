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
#include "ir/relabel.h"
#include "ir/walk.h"
#include "passes/form.h"

enum {
    ROUNDS = 4,
    NODES = 16, /* expressions in the largest body */
    COST = 64   /* of a round; one that takes more calls something */
};

/* The label of a try is not known to relabel.h. */
static bool is_short(BinaryenExpressionRef body) {
    uint32_t left = NODES;
    return ir_is_small(body, &left) && !ir_holds(body, IR(Try));
}

unsigned form_rounds(const struct form *form, BinaryenExpressionRef loop, uint32_t cost) {
    bool wanted = program_may_copy(form->body->program);
    return wanted && cost <= COST && is_short(BinaryenLoopGetBody(loop)) ? ROUNDS : 1;
}

/* One round more in front of the others. */
static BinaryenExpressionRef copy_round(struct relabel *relabel, const char *loop,
                                        BinaryenExpressionRef body) {
    const char *next = relabel_outer(relabel, loop);
    BinaryenExpressionRef copy = relabel_copy(relabel, body);
    return make_labelled(relabel->module, next, &copy, 1);
}

BinaryenExpressionRef form_repeat(struct form *form, uint32_t number, const char *loop,
                                  BinaryenExpressionRef body, unsigned rounds) {
    char *prefix = mem_printf("%s%u_", LABEL_ROUND, number);
    struct relabel relabel = {.module = form->module, .prefix = prefix};
    BinaryenExpressionRef items[ROUNDS];
    for (unsigned i = 0; i + 1 < rounds; i++)
        items[i] = copy_round(&relabel, loop, body);
    items[rounds - 1] = body;
    relabel_release(&relabel);
    free(prefix);
    return rounds > 1 ? make_sequence(form->module, items, rounds) : body;
}
