/*
 * carry.c: values that cross a label go through a local.
 *
 *     (block $b (result i32) ... (br $b v) ... w)
 * =>
 *     (block $b ... local = v; (br $b) ... local = w) (local.get local)
 *
 * for every named block around a site, because its label will be opened far from the consumer of
 * its value. In a function with a return point, `return` becomes a branch to it likewise.
 */
#include <stdlib.h>

#include "ir/names.h"
#include "ir/walk.h"
#include "passes/form.h"

bool form_needs(const struct form *form, BinaryenExpressionRef expr) {
    return expr && map_get(&form->needs, expr, NULL);
}

bool form_is_nest(const struct form *form, BinaryenExpressionRef expr) {
    uint32_t holds;
    return map_get(&form->needs, expr, &holds) && (holds & NEEDS_POINT) != 0 &&
           (holds & NEEDS_TRY) == 0 && holds < MANY_CALLS * NEEDS_CALL;
}

bool form_is_unreachable(BinaryenExpressionRef expr) {
    return BinaryenExpressionGetType(expr) == BinaryenTypeUnreachable();
}

bool form_has_value(BinaryenExpressionRef expr) {
    return BinaryenExpressionGetType(expr) != BinaryenTypeNone() && !form_is_unreachable(expr);
}

BinaryenExpressionRef form_get_local(const struct form *form, BinaryenIndex local) {
    return BinaryenLocalGet(form->module, local, form->body->locals[local]);
}

/* --- which expressions hold a site --- */

static uint32_t add_needs(uint32_t one, uint32_t other) {
    uint32_t kinds = (one | other) & (NEEDS_POINT | NEEDS_TRY);
    uint32_t calls = one / NEEDS_CALL + other / NEEDS_CALL;
    return kinds + NEEDS_CALL * (calls < MANY_CALLS ? calls : MANY_CALLS);
}

static BinaryenExpressionRef note_need(void *context, BinaryenExpressionRef expr) {
    struct form *form = context;
    uint32_t holds = 0, held;
    if (body_is_site_call(form->body, expr))
        holds += NEEDS_CALL;
    if (body_is_point_loop(form->body, expr))
        holds += NEEDS_POINT;
    BinaryenIndex count = ir_child_count(expr);
    for (BinaryenIndex i = 0; i < count; i++)
        if (ir_child_get(expr, i) && map_get(&form->needs, ir_child_get(expr, i), &held))
            holds = add_needs(holds, held);
    if (holds && BinaryenExpressionGetId(expr) == IR(Try))
        holds |= NEEDS_TRY;
    if (holds)
        map_put(&form->needs, expr, holds);
    return expr;
}

/* --- labels that carry a value --- */

static void carry(struct form *form, const char *label, BinaryenType type) {
    if (map_get(&form->carried, label, NULL))
        return;
    map_put(&form->carried, label, body_add_local(form->body, type));
    form->carried_changed = true;
}

/* The labels of one br_table carry together or not at all: it has one value for all of them. */
static void carry_switch(struct form *form, BinaryenExpressionRef expr) {
    BinaryenIndex count = BinaryenSwitchGetNumNames(expr);
    BinaryenExpressionRef value = BinaryenSwitchGetValue(expr);
    bool any = value && map_get(&form->carried, BinaryenSwitchGetDefaultName(expr), NULL);
    for (BinaryenIndex i = 0; value && i < count && !any; i++)
        any = map_get(&form->carried, BinaryenSwitchGetNameAt(expr, i), NULL);
    if (!any || !form_has_value(value))
        return;
    BinaryenType type = BinaryenExpressionGetType(value);
    carry(form, BinaryenSwitchGetDefaultName(expr), type);
    for (BinaryenIndex i = 0; i < count; i++)
        carry(form, BinaryenSwitchGetNameAt(expr, i), type);
}

static BinaryenExpressionRef note_carried(void *context, BinaryenExpressionRef expr) {
    struct form *form = context;
    if (BinaryenExpressionGetId(expr) == IR(Block) && BinaryenBlockGetName(expr) &&
        form_has_value(expr) && form_needs(form, expr))
        carry(form, BinaryenBlockGetName(expr), BinaryenExpressionGetType(expr));
    if (BinaryenExpressionGetId(expr) == IR(Switch))
        carry_switch(form, expr);
    return expr;
}

static BinaryenExpressionRef make_block(struct form *form, BinaryenExpressionRef *items,
                                        BinaryenIndex count) {
    return BinaryenBlock(form->module, NULL, items, count, BinaryenTypeAuto());
}

static BinaryenExpressionRef note_branch(void *found, BinaryenExpressionRef expr) {
    BinaryenExpressionId kind = BinaryenExpressionGetId(expr);
    *(bool *)found |= kind == IR(Break) || kind == IR(Switch);
    return expr;
}

/*
 * The condition is evaluated between the value and the branch. One that branches may write the
 * local of the same label, so that both have to wait in locals of their own:
 *
 *     (br_if $l v c)  =>  kept = v; test = c; (br_if $l kept test)
 *
 * Returns what does that, with reads in the place of value and condition; NULL if need not be.
 */
static BinaryenExpressionRef keep_both(struct form *form, BinaryenExpressionRef *value,
                                       BinaryenExpressionRef *condition) {
    bool branches = false;
    if (!*condition || form_is_unreachable(*value))
        return NULL;
    ir_replace_all(condition, note_branch, &branches);
    if (!branches)
        return NULL;
    BinaryenIndex kept = body_add_local(form->body, BinaryenExpressionGetType(*value));
    BinaryenIndex test = body_add_local(form->body, BinaryenTypeInt32());
    BinaryenExpressionRef items[] = {BinaryenLocalSet(form->module, kept, *value),
                                     BinaryenLocalSet(form->module, test, *condition)};
    *value = form_get_local(form, kept);
    *condition = form_get_local(form, test);
    return make_block(form, items, 2);
}

/* Puts `before`, if there is any, in front of the branch. */
static BinaryenExpressionRef behind(struct form *form, BinaryenExpressionRef before,
                                    BinaryenExpressionRef branch) {
    BinaryenExpressionRef items[] = {before, branch};
    return before ? make_block(form, items, 2) : branch;
}

/* (br $l v)  =>  local = v; (br $l)        (br_if $l v c)  =>  local = v; (br_if $l c); local */
static BinaryenExpressionRef carry_break(struct form *form, BinaryenExpressionRef expr) {
    BinaryenExpressionRef value = BinaryenBreakGetValue(expr);
    BinaryenExpressionRef condition = BinaryenBreakGetCondition(expr);
    const char *label = BinaryenBreakGetName(expr);
    BinaryenIndex local;
    if (!value || !map_get(&form->carried, label, &local))
        return expr;
    BinaryenExpressionRef before = keep_both(form, &value, &condition);
    BinaryenExpressionRef items[] = {
        form_is_unreachable(value) ? value : BinaryenLocalSet(form->module, local, value),
        BinaryenBreak(form->module, label, condition, NULL),
        condition ? form_get_local(form, local) : NULL,
    };
    return behind(form, before, make_block(form, items, condition ? 3 : 2));
}

/* Is the local set by one of the tees that the expression starts with? */
static bool is_set_by(BinaryenExpressionRef expr, BinaryenIndex local) {
    for (; BinaryenExpressionGetId(expr) == IR(LocalSet); expr = BinaryenLocalSetGetValue(expr))
        if (BinaryenLocalSetGetIndex(expr) == local)
            return true;
    return false;
}

/* The value goes to the locals of all targets; which of them is read depends on the index. */
static BinaryenExpressionRef carry_table(struct form *form, BinaryenExpressionRef expr) {
    BinaryenExpressionRef value = BinaryenSwitchGetValue(expr);
    BinaryenExpressionRef condition = BinaryenSwitchGetCondition(expr);
    BinaryenIndex local, count = BinaryenSwitchGetNumNames(expr);
    const char *fallback = BinaryenSwitchGetDefaultName(expr);
    if (!value || form_is_unreachable(value) || !map_get(&form->carried, fallback, &local))
        return expr;
    BinaryenExpressionRef before = keep_both(form, &value, &condition);
    BinaryenType type = BinaryenExpressionGetType(value);
    const char **names = mem_calloc(count, sizeof *names);
    for (BinaryenIndex i = 0; i < count; i++) {
        BinaryenIndex other = NO_LOCAL;
        names[i] = BinaryenSwitchGetNameAt(expr, i);
        map_get(&form->carried, names[i], &other);
        if (other != local && !is_set_by(value, other))
            value = BinaryenLocalTee(form->module, other, value, type);
    }
    BinaryenExpressionRef items[] = {
        BinaryenLocalSet(form->module, local, value),
        BinaryenSwitch(form->module, names, count, fallback, condition, NULL),
    };
    free(names);
    return behind(form, before, make_block(form, items, 2));
}

/* A carried block without a site of its own stays an expression. */
static BinaryenExpressionRef carry_whole_block(struct form *form, BinaryenExpressionRef expr) {
    const char *label = BinaryenBlockGetName(expr);
    BinaryenIndex local, last = BinaryenBlockGetNumChildren(expr) - 1;
    if (!label || form_needs(form, expr) || !map_get(&form->carried, label, &local))
        return expr;
    BinaryenExpressionRef value = BinaryenBlockGetChildAt(expr, last);
    if (form_has_value(value))
        BinaryenBlockSetChildAt(expr, last, BinaryenLocalSet(form->module, local, value));
    BinaryenExpressionSetType(expr, BinaryenTypeNone());
    return make_block(form, (BinaryenExpressionRef[]){expr, form_get_local(form, local)}, 2);
}

/* (return v)  =>  value = v; (br $return), in a function with a return point. */
static BinaryenExpressionRef redirect_return(struct form *form, BinaryenExpressionRef expr) {
    BinaryenExpressionRef value = BinaryenReturnGetValue(expr);
    BinaryenExpressionRef leave = BinaryenBreak(form->module, LABEL_RETURN, NULL, NULL);
    if (!form->body->one_exit)
        return expr;
    if (!value)
        return leave;
    if (form_is_unreachable(value))
        return value;
    BinaryenExpressionRef set = BinaryenLocalSet(form->module, form->body->value, value);
    return make_block(form, (BinaryenExpressionRef[]){set, leave}, 2);
}

static BinaryenExpressionRef substitute(void *context, BinaryenExpressionRef expr) {
    switch (BinaryenExpressionGetId(expr)) {
    case IR(Break):
        return carry_break(context, expr);
    case IR(Switch):
        return carry_table(context, expr);
    case IR(Block):
        return carry_whole_block(context, expr);
    case IR(Return):
        return redirect_return(context, expr);
    default:
        return expr;
    }
}

void form_carry_values(struct form *form, BinaryenExpressionRef *root) {
    ir_replace_all(root, note_need, form);
    do {
        form->carried_changed = false;
        ir_replace_all(root, note_carried, form);
    } while (form->carried_changed);
    ir_replace_all(root, substitute, form);
    map_release(&form->needs);
    ir_replace_all(root, note_need, form);
}
