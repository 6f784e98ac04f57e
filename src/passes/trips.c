/*
 * trips.c: finds loops that count a local from one constant to another.
 *
 *     (local.set $i (i32.const START))
 *     (loop $l
 *       ...
 *       (br_if $l (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const STEP)))
 *                         (i32.const END))))
 *
 * The br_if has to be the only branch to $l, and nothing else may write $i. Its condition may also
 * be the tee alone (END is 0) or i32.lt_u, and the addition may stand before it as a local.set.
 */
#include "passes/trips.h"

#include <stdbool.h>

#include "ir/walk.h"

struct latch {
    BinaryenIndex local;
    BinaryenOp op; /* between the counter after the step and `end` */
    uint32_t step, end;
};

static bool is_const(BinaryenExpressionRef expr, uint32_t *value) {
    if (BinaryenExpressionGetId(expr) != IR(Const) ||
        BinaryenExpressionGetType(expr) != BinaryenTypeInt32())
        return false;
    *value = (uint32_t)BinaryenConstGetValueI32(expr);
    return true;
}

/* local = local + step */
static bool is_step(BinaryenExpressionRef set, struct latch *latch) {
    if (BinaryenExpressionGetId(set) != IR(LocalSet))
        return false;
    latch->local = BinaryenLocalSetGetIndex(set);
    BinaryenExpressionRef sum = BinaryenLocalSetGetValue(set);
    if (BinaryenExpressionGetId(sum) != IR(Binary))
        return false;
    BinaryenExpressionRef left = BinaryenBinaryGetLeft(sum);
    if (BinaryenExpressionGetId(left) != IR(LocalGet) ||
        BinaryenLocalGetGetIndex(left) != latch->local ||
        !is_const(BinaryenBinaryGetRight(sum), &latch->step))
        return false;
    if (BinaryenBinaryGetOp(sum) == BinaryenSubInt32())
        latch->step = -latch->step;
    else if (BinaryenBinaryGetOp(sum) != BinaryenAddInt32())
        return false;
    return true;
}

/* The counter after its step, in the condition or before it. */
static bool is_counter(BinaryenExpressionRef expr, BinaryenExpressionRef before,
                       struct latch *latch) {
    if (BinaryenExpressionGetId(expr) == IR(LocalGet))
        return before && is_step(before, latch) && !BinaryenLocalSetIsTee(before) &&
               latch->local == BinaryenLocalGetGetIndex(expr);
    return is_step(expr, latch);
}

static bool is_latch(BinaryenExpressionRef condition, BinaryenExpressionRef before,
                     struct latch *latch) {
    latch->op = BinaryenNeInt32();
    latch->end = 0;
    if (BinaryenExpressionGetId(condition) == IR(Binary) &&
        is_const(BinaryenBinaryGetRight(condition), &latch->end)) {
        latch->op = BinaryenBinaryGetOp(condition);
        condition = BinaryenBinaryGetLeft(condition);
        if (latch->op != BinaryenNeInt32() && latch->op != BinaryenLtUInt32())
            return false;
    }
    return is_counter(condition, before, latch);
}

/* How often `expr` names the label or writes the local. */
static unsigned count_uses(BinaryenExpressionRef expr, const char *label, BinaryenIndex local) {
    unsigned uses = 0;
    switch (BinaryenExpressionGetId(expr)) {
    case IR(Break):
        uses = BinaryenBreakGetName(expr) == label;
        break;
    case IR(Switch):
        uses = BinaryenSwitchGetDefaultName(expr) == label;
        for (BinaryenIndex i = 0; i < BinaryenSwitchGetNumNames(expr); i++)
            uses += BinaryenSwitchGetNameAt(expr, i) == label;
        break;
    case IR(LocalSet):
        uses = BinaryenLocalSetGetIndex(expr) == local;
        break;
    default:
        break;
    }
    BinaryenIndex count = ir_child_count(expr);
    for (BinaryenIndex i = 0; i < count; i++)
        if (ir_child_get(expr, i))
            uses += count_uses(ir_child_get(expr, i), label, local);
    return uses;
}

/* The local's value where item `index` of the block begins, if a constant was put there. */
static bool find_start(BinaryenExpressionRef block, BinaryenIndex index, BinaryenIndex local,
                       uint32_t *start) {
    while (block && index-- > 0) {
        BinaryenExpressionRef item = BinaryenBlockGetChildAt(block, index);
        if (BinaryenExpressionGetId(item) == IR(LocalSet) &&
            BinaryenLocalSetGetIndex(item) == local)
            return is_const(BinaryenLocalSetGetValue(item), start);
        if (count_uses(item, NULL, local) > 0)
            return false;
    }
    return false;
}

static uint32_t rounds(const struct latch *latch, bool started, uint32_t start) {
    if (latch->op == BinaryenLtUInt32()) /* one round wherever it starts, then below `end` */
        return latch->step > 0 && latch->step < INT32_MAX && latch->end < INT32_MAX
                   ? latch->end / latch->step + 2
                   : 0;
    uint32_t distance = latch->end - start, step = latch->step;
    if (step > INT32_MAX) {
        distance = -distance;
        step = -step;
    }
    return started && step > 0 && distance % step == 0 ? distance / step : 0;
}

/* The last two items of a loop's body, which may be the last alone. */
static void last_items(BinaryenExpressionRef body, BinaryenExpressionRef *before,
                       BinaryenExpressionRef *last) {
    *before = NULL;
    *last = body;
    if (BinaryenExpressionGetId(body) != IR(Block))
        return;
    BinaryenIndex count = BinaryenBlockGetNumChildren(body);
    if (count > 0)
        *last = BinaryenBlockGetChildAt(body, count - 1);
    if (count > 1)
        *before = BinaryenBlockGetChildAt(body, count - 2);
}

uint32_t loop_trips(BinaryenExpressionRef loop, BinaryenExpressionRef block, BinaryenIndex index) {
    BinaryenExpressionRef body = BinaryenLoopGetBody(loop), before, last;
    const char *label = BinaryenLoopGetName(loop);
    struct latch latch;
    uint32_t start = 0;
    last_items(body, &before, &last);
    if (BinaryenExpressionGetId(last) != IR(Break) || BinaryenBreakGetName(last) != label ||
        !BinaryenBreakGetCondition(last) ||
        !is_latch(BinaryenBreakGetCondition(last), before, &latch) ||
        count_uses(body, label, latch.local) != 2)
        return 0;
    bool started = find_start(block, index, latch.local, &start);
    return rounds(&latch, started, start);
}
