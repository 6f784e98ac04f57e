/*
 * induction.c: goes through one round of a loop with symbols for what its locals were at its start
 * (value.c).
 *
 *     (loop $l
 *       (local.set $next (i32.add (local.get $i) (i32.const 1)))      $next = i + 1
 *       (br_if $out (i32.eqz (...)))
 *       (local.set $again (i32.lt_u (local.get $i) (i32.const 199)))  $again = i < 199
 *       (local.set $i (local.get $next))                              $i = i + 1
 *       (br_if $l (local.get $again)))                                fact: i < 199, step 1
 *
 * Where ways meet, a local is known if all of them agree, and of the tests those count that all of
 * them passed. In an inner loop nothing is known of what that writes.
 */
#include "passes/induction.h"

#include <stdlib.h>
#include <string.h>

#include "ir/walk.h"
#include "passes/program.h"
#include "passes/value.h"

enum {
    TESTS_MAX = 16,    /* what else is tested on the way is forgotten, which does no harm */
    WRITTEN_MAX = 256, /* by a loop that is looked at */
    NODES_MAX = 4096,  /* expressions in it */
    DEPTH_MAX = 3,     /* of loops in it: each is looked through again */
};

/* What the locals hold that the loop writes, at some place. */
struct place {
    struct value *values; /* owned, per written local; NULL: not reached yet */
};

/* A block around the place where the walk is. */
struct target {
    const char *label;
    struct place end;
    struct target *outer;
};

struct walk {
    const char *label;      /* of the loop */
    BinaryenIndex *written; /* owned */
    size_t written_count;
    struct value *values; /* owned; at the place where the walk is, NULL: it cannot be reached */
    struct value tests[TESTS_MAX]; /* that hold there */
    size_t test_count;
    struct target *targets;
    struct value *latch; /* owned; values where the loop begins anew */
    struct value latch_tests[TESTS_MAX];
    size_t latch_test_count;
    unsigned depth; /* of the loops around the place in this one */
    bool lost;      /* something is not understood */
};

static struct value eval(struct walk *walk, BinaryenExpressionRef expr);

/* --- places --- */

static struct value *copy_values(const struct walk *walk, const struct value *values) {
    struct value *copy = mem_calloc(walk->written_count + 1, sizeof *copy);
    memcpy(copy, values, walk->written_count * sizeof *copy);
    return copy;
}

/* The walk comes to `place`, too. */
static void meet(const struct walk *walk, struct place *place) {
    if (!walk->values)
        return;
    if (!place->values) {
        place->values = copy_values(walk, walk->values);
        return;
    }
    for (size_t i = 0; i < walk->written_count; i++)
        if (!value_equal(&place->values[i], &walk->values[i]))
            place->values[i] = (struct value){0};
}

static void stop(struct walk *walk) {
    free(walk->values);
    walk->values = NULL;
}

/* Goes on where `place` is, which is used up, with the first `tests` of the tests. */
static void go_to(struct walk *walk, struct place *place, size_t tests) {
    stop(walk);
    walk->values = place->values;
    place->values = NULL;
    if (walk->test_count > tests)
        walk->test_count = tests;
}

static struct value *find_value(struct walk *walk, BinaryenIndex local) {
    for (size_t i = 0; i < walk->written_count; i++)
        if (walk->written[i] == local)
            return &walk->values[i];
    return NULL;
}

/* From here on the value is not 0, or it is. */
static void assume(struct walk *walk, struct value value, bool holds) {
    value = value_test(value, holds);
    if (value.kind == VALUE_TEST && walk->test_count < TESTS_MAX)
        walk->tests[walk->test_count++] = value;
}

/* A branch to the label from here, if anything gets here. */
static void branch(struct walk *walk, const char *label) {
    struct target *target = walk->targets;
    if (!walk->values)
        return;
    if (label == walk->label) {
        walk->latch = copy_values(walk, walk->values);
        memcpy(walk->latch_tests, walk->tests, sizeof walk->tests);
        walk->latch_test_count = walk->test_count;
        return;
    }
    while (target && target->label != label)
        target = target->outer;
    if (target) /* else it leaves the loop, or begins an inner one anew */
        meet(walk, &target->end);
}

/* --- expressions --- */

static struct value eval_const(BinaryenExpressionRef expr) {
    struct value value = {.kind = VALUE_SUM, .base = NO_BASE};
    if (!ir_is_integer(expr, &value.add))
        return (struct value){0};
    value.bits = BinaryenExpressionGetType(expr) == BinaryenTypeInt32() ? 32 : 64;
    return value;
}

static struct value eval_get(struct walk *walk, BinaryenExpressionRef expr) {
    BinaryenIndex local = BinaryenLocalGetGetIndex(expr);
    BinaryenType type = BinaryenExpressionGetType(expr);
    const struct value *value = walk->values ? find_value(walk, local) : NULL;
    if (value && (value->kind != VALUE_SUM || value->bits != 0))
        return *value;
    if (type != BinaryenTypeInt32() && type != BinaryenTypeInt64())
        return (struct value){0};
    unsigned bits = type == BinaryenTypeInt32() ? 32 : 64;
    return (struct value){.kind = VALUE_SUM, .bits = bits, .base = local};
}

static struct value eval_set(struct walk *walk, BinaryenExpressionRef expr) {
    struct value value = eval(walk, BinaryenLocalSetGetValue(expr));
    if (walk->values)
        *find_value(walk, BinaryenLocalSetGetIndex(expr)) = value;
    return value;
}

static struct value eval_binary(struct walk *walk, BinaryenExpressionRef expr) {
    struct value left = eval(walk, BinaryenBinaryGetLeft(expr));
    struct value right = eval(walk, BinaryenBinaryGetRight(expr));
    return value_of_binary(BinaryenBinaryGetOp(expr), left, right);
}

static struct value eval_unary(struct walk *walk, BinaryenExpressionRef expr) {
    struct value value = eval(walk, BinaryenUnaryGetValue(expr));
    BinaryenOp op = BinaryenUnaryGetOp(expr);
    if (op != BinaryenEqZInt32() && op != BinaryenEqZInt64())
        return (struct value){0};
    return value_test(value, false);
}

static struct value eval_break(struct walk *walk, BinaryenExpressionRef expr) {
    BinaryenExpressionRef condition = BinaryenBreakGetCondition(expr);
    if (BinaryenBreakGetValue(expr))
        eval(walk, BinaryenBreakGetValue(expr));
    if (!condition) {
        branch(walk, BinaryenBreakGetName(expr));
        stop(walk);
        return (struct value){0};
    }
    struct value value = eval(walk, condition);
    size_t tests = walk->test_count;
    assume(walk, value, true);
    branch(walk, BinaryenBreakGetName(expr));
    walk->test_count = tests;
    assume(walk, value, false);
    return (struct value){0};
}

static void eval_switch(struct walk *walk, BinaryenExpressionRef expr) {
    if (BinaryenSwitchGetValue(expr))
        eval(walk, BinaryenSwitchGetValue(expr));
    eval(walk, BinaryenSwitchGetCondition(expr));
    for (BinaryenIndex i = 0; i < BinaryenSwitchGetNumNames(expr); i++)
        branch(walk, BinaryenSwitchGetNameAt(expr, i));
    branch(walk, BinaryenSwitchGetDefaultName(expr));
    stop(walk);
}

static struct value eval_block(struct walk *walk, BinaryenExpressionRef expr) {
    struct target target = {BinaryenBlockGetName(expr), {NULL}, walk->targets};
    struct value last = {0};
    size_t tests = walk->test_count;
    walk->targets = &target;
    for (BinaryenIndex i = 0; i < BinaryenBlockGetNumChildren(expr); i++)
        last = eval(walk, BinaryenBlockGetChildAt(expr, i));
    walk->targets = target.outer;
    if (!target.end.values)
        return last;
    meet(walk, &target.end);
    go_to(walk, &target.end, tests);
    return (struct value){0};
}

static void eval_if(struct walk *walk, BinaryenExpressionRef expr) {
    struct value condition = eval(walk, BinaryenIfGetCondition(expr));
    struct place before = {NULL}, end = {NULL};
    size_t tests = walk->test_count;
    meet(walk, &before);
    assume(walk, condition, true);
    eval(walk, BinaryenIfGetIfTrue(expr));
    bool ends = walk->values != NULL;
    meet(walk, &end);
    go_to(walk, &before, tests);
    assume(walk, condition, false);
    if (BinaryenIfGetIfFalse(expr))
        eval(walk, BinaryenIfGetIfFalse(expr));
    if (!ends) /* all that comes behind it was false there */
        return;
    meet(walk, &end);
    go_to(walk, &end, tests);
}

static void eval_inner_loop(struct walk *walk, BinaryenExpressionRef expr) {
    walk->lost |= walk->depth == DEPTH_MAX;
    if (walk->lost)
        return;
    for (size_t i = 0; i < walk->written_count && walk->values; i++)
        if (ir_count_uses(expr, NULL, walk->written[i]) > 0)
            walk->values[i] = (struct value){0};
    walk->depth++;
    eval(walk, BinaryenLoopGetBody(expr));
    walk->depth--;
}

static void eval_children(struct walk *walk, BinaryenExpressionRef expr) {
    walk->lost |= !ir_is_known(expr);
    BinaryenIndex count = ir_child_count(expr);
    for (BinaryenIndex i = 0; i < count; i++)
        if (ir_child_get(expr, i))
            eval(walk, ir_child_get(expr, i));
    if (BinaryenExpressionGetType(expr) == BinaryenTypeUnreachable())
        stop(walk);
}

/* The value, when all that the expression does is done. */
static struct value eval(struct walk *walk, BinaryenExpressionRef expr) {
    switch (BinaryenExpressionGetId(expr)) {
    case IR(Const):
        return eval_const(expr);
    case IR(LocalGet):
        return eval_get(walk, expr);
    case IR(LocalSet):
        return eval_set(walk, expr);
    case IR(Binary):
        return eval_binary(walk, expr);
    case IR(Unary):
        return eval_unary(walk, expr);
    case IR(Break):
        return eval_break(walk, expr);
    case IR(Block):
        return eval_block(walk, expr);
    case IR(Switch):
        eval_switch(walk, expr);
        break;
    case IR(If):
        eval_if(walk, expr);
        break;
    case IR(Loop):
        eval_inner_loop(walk, expr);
        break;
    case IR(Try):
        walk->lost = true;
        break;
    default:
        eval_children(walk, expr);
    }
    return (struct value){0};
}

/* --- the loop --- */

static void list_written(struct walk *walk, BinaryenExpressionRef expr) {
    BinaryenIndex count = ir_child_count(expr);
    for (BinaryenIndex i = 0; i < count; i++)
        if (ir_child_get(expr, i))
            list_written(walk, ir_child_get(expr, i));
    if (BinaryenExpressionGetId(expr) != IR(LocalSet) || walk->written_count > WRITTEN_MAX)
        return;
    BinaryenIndex local = BinaryenLocalSetGetIndex(expr);
    for (size_t i = 0; i < walk->written_count; i++)
        if (walk->written[i] == local)
            return;
    walk->written[walk->written_count++] = local;
}

/* What a round makes of the local. */
static struct value next_value(const struct walk *walk, BinaryenIndex local) {
    for (size_t i = 0; i < walk->written_count; i++)
        if (walk->written[i] == local && walk->latch[i].base == local)
            return walk->latch[i];
    return (struct value){0};
}

static size_t list_facts(const struct walk *walk, struct fact *facts, size_t most) {
    size_t count = 0;
    for (size_t i = 0; i < walk->latch_test_count && count < most; i++) {
        const struct value *test = &walk->latch_tests[i];
        struct value next = next_value(walk, test->base);
        bool steps = next.kind == VALUE_SUM && !test->shrunk;
        facts[count++] = (struct fact){.local = test->base,
                                       .bits = test->bits,
                                       .compare = test->compare,
                                       .add = test->add,
                                       .bound = test->bound,
                                       .step = steps ? next.add : 0,
                                       .loses = next.kind == VALUE_SHRUNK ? next.loses : 0};
    }
    return count;
}

size_t induction_facts(BinaryenExpressionRef loop, struct fact *facts, size_t most) {
    BinaryenExpressionRef body = BinaryenLoopGetBody(loop);
    struct walk walk = {.label = BinaryenLoopGetName(loop)};
    size_t count = 0;
    uint32_t left = NODES_MAX;
    if (!ir_is_small(body, &left) || ir_count_uses(body, walk.label, NO_BASE) != 1)
        return 0;
    walk.written = mem_calloc(WRITTEN_MAX + 1, sizeof *walk.written);
    list_written(&walk, body);
    if (walk.written_count <= WRITTEN_MAX) {
        walk.values = mem_calloc(walk.written_count + 1, sizeof *walk.values);
        for (size_t i = 0; i < walk.written_count; i++)
            walk.values[i] = (struct value){.kind = VALUE_SUM, .base = walk.written[i]};
        eval(&walk, body);
        if (walk.latch && !walk.lost)
            count = list_facts(&walk, facts, most);
    }
    free(walk.written);
    free(walk.values);
    free(walk.latch);
    return count;
}
