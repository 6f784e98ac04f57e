/*
 * sink_entry.c: an entry point that not every activation has to pass.
 *
 *     (if (n < 2) (then (return 1)))            (if (n < 2) (then (return 1)))
 *     (n * fact(n - 1))                   =>    POINT
 *                                               (n * fact(n - 1))
 *
 * An entry point that stands on a cycle of calls (thin_points.c) may stand in front of the first
 * thing in the function that holds a site, if nothing outside of that holds one: what returns
 * before is as if it had been written into its caller, and often half of all activations are. The
 * way down leads into blocks and arms of an if, never into a loop.
 */
#include "ir/walk.h"
#include "passes/form.h"

static BinaryenExpressionRef note_exit(void *found, BinaryenExpressionRef expr) {
    BinaryenExpressionId kind = BinaryenExpressionGetId(expr);
    *(bool *)found |= kind == IR(Break) || kind == IR(Switch) || kind == IR(Return);
    return expr;
}

static bool can_leave(BinaryenExpressionRef expr) {
    bool found = false;
    ir_replace_all(&expr, note_exit, &found);
    return found;
}

/* The only operand of what does nothing before that. */
static BinaryenExpressionRef only_operand(BinaryenExpressionRef expr) {
    switch (BinaryenExpressionGetId(expr)) {
    case IR(Return):
        return BinaryenReturnGetValue(expr);
    case IR(LocalSet):
        return BinaryenLocalSetGetValue(expr);
    case IR(Drop):
        return BinaryenDropGetValue(expr);
    default:
        return NULL;
    }
}

/* The first item of the block that holds a site, NULL if others do, too. */
static BinaryenExpressionRef only_item(const struct form *form, BinaryenExpressionRef block,
                                       BinaryenExpressionRef *first, bool *gained) {
    BinaryenIndex count = BinaryenBlockGetNumChildren(block), i = 0;
    while (!form_needs(form, BinaryenBlockGetChildAt(block, i)))
        *gained |= can_leave(BinaryenBlockGetChildAt(block, i++));
    *first = BinaryenBlockGetChildAt(block, i++);
    while (i < count && !form_needs(form, BinaryenBlockGetChildAt(block, i)))
        i++;
    return i == count ? *first : NULL;
}

/* The arm that alone holds sites. */
static BinaryenExpressionRef only_arm(const struct form *form, BinaryenExpressionRef expr) {
    BinaryenExpressionRef yes = BinaryenIfGetIfTrue(expr), no = BinaryenIfGetIfFalse(expr);
    if (form_needs(form, BinaryenIfGetCondition(expr)) ||
        (form_needs(form, yes) && form_needs(form, no)))
        return NULL;
    return form_needs(form, yes) ? yes : no;
}

BinaryenExpressionRef form_entry_place(const struct form *form, BinaryenExpressionRef root) {
    BinaryenExpressionRef place = NULL, inner = root;
    bool gained = false;                       /* some activation can pass by */
    while (inner && form_needs(form, inner)) { /* a cycle may be behind calls never reached */
        BinaryenExpressionRef expr = inner;
        switch (BinaryenExpressionGetId(expr)) {
        case IR(Block):
            inner = only_item(form, expr, &place, &gained);
            break;
        case IR(If):
            inner = only_arm(form, expr);
            place = inner ? inner : place;
            gained |= inner != NULL;
            break;
        default: {
            BinaryenExpressionRef operand = only_operand(expr);
            BinaryenExpressionId kind = operand ? BinaryenExpressionGetId(operand) : 0;
            inner = kind == IR(If) || kind == IR(Block) ? operand : NULL;
        }
        }
    }
    return gained ? place : NULL;
}
