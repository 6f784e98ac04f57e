/*
 * statement_form.c: takes a function apart into statements, so that every call that can unwind is
 * a statement of its own, and nothing that was evaluated before it waits in an operand.
 *
 *     (i32.add (call $a) (i32.mul (local.get $x) (call $b)))
 * =>
 *     t1 = call $a            site
 *     t2 = call $b            site
 *     (i32.add t1 (i32.mul $x t2))
 *
 * Only expressions that hold a site are taken apart; the others stay whole. An operand that is
 * evaluated before a site in a later operand is spilled to a temporary, because it lives across
 * the call. Named blocks that carry a value around a site hand it over in a local instead, since
 * their label will be opened far from its value's consumer (linearize.c).
 *
 * Temporaries are reused by type when the statement that needed them is complete: interpreters
 * clear every local on entry. Flattening the whole function instead was measured and dropped: it
 * leaves compilers unmoved but costs up to 1.6x on the WAMR interpreter.
 */
#include <assert.h>
#include <stdlib.h>

#include "ir/harmless.h"
#include "ir/make.h"
#include "ir/names.h"
#include "ir/walk.h"
#include "passes/form.h"

/* How many nodes to look through for a write before a read is spilled to be safe. */
enum {
    WRITE_SEARCH_LIMIT = 64
};

void form_add_plain(struct form *form, struct stmt_list *list, BinaryenExpressionRef expr) {
    body_add_stmt(form->body, list, STMT_PLAIN)->expr = expr;
}

void form_add_entry(struct form *form, struct stmt_list *list) {
    const struct function *function = form->body->function;
    body_add_point(form->body, list, SNAPIFY_POINT_ENTRY,
                   function->entry_takes ? function->cost + 1 : 0);
    form->entry_before = NULL;
}

/* --- temporaries --- */

BinaryenIndex form_take_temp(struct form *form, BinaryenType type) {
    size_t i = 0;
    while (i < form->temp_count &&
           (form->temps[i].in_use || form->body->locals[form->temps[i].local] != type))
        i++;
    if (i == form->temp_count) {
        form->temp_count++;
        form->temps = mem_grow(form->temps, form->temp_count, sizeof *form->temps);
        form->order = mem_grow(form->order, form->temp_count, sizeof *form->order);
        form->temps[i].local = body_add_local(form->body, type);
    }
    form->temps[i].in_use = true;
    form->order[form->in_use++] = i;
    return form->temps[i].local;
}

static void release_temps(struct form *form, size_t keep) {
    while (form->in_use > keep)
        form->temps[form->order[--form->in_use]].in_use = false;
}

/* --- taking apart --- */

bool form_writes_local(BinaryenExpressionRef expr, BinaryenIndex local, int *budget) {
    if (--*budget < 0)
        return true;
    if (BinaryenExpressionGetId(expr) == IR(LocalSet) && BinaryenLocalSetGetIndex(expr) == local)
        return true;
    BinaryenIndex count = ir_child_count(expr);
    for (BinaryenIndex i = 0; i < count; i++) {
        BinaryenExpressionRef child = ir_child_get(expr, i);
        if (child && form_writes_local(child, local, budget))
            return true;
    }
    return false;
}

/* May operand `index` of `expr` be evaluated after the operands up to `last`? */
static bool can_wait(BinaryenExpressionRef expr, BinaryenIndex index, BinaryenIndex last) {
    BinaryenExpressionRef operand = ir_child_get(expr, index);
    if (BinaryenExpressionGetId(operand) == IR(Const))
        return true;
    if (BinaryenExpressionGetId(operand) != IR(LocalGet))
        return false;
    int budget = WRITE_SEARCH_LIMIT;
    for (BinaryenIndex i = index + 1; i <= last; i++) {
        BinaryenExpressionRef later = ir_child_get(expr, i);
        if (later && form_writes_local(later, BinaryenLocalGetGetIndex(operand), &budget))
            return false;
    }
    return true;
}

/* A local of our own is written once and not before its reader is done. */
static bool is_stable(const struct form *form, BinaryenExpressionRef residue) {
    return BinaryenExpressionGetId(residue) == IR(LocalGet) &&
           BinaryenLocalGetGetIndex(residue) > form->body->scratch;
}

/*
 * Lowers the operands of an expression up to the last one that holds a site. Returns false if one
 * of them never yields a value: then everything that happens has been emitted.
 */
static bool lower_operands(struct form *form, struct stmt_list *list, BinaryenExpressionRef expr,
                           BinaryenIndex operand_count) {
    BinaryenIndex last = operand_count;
    while (last > 0 && !form_needs(form, ir_child_get(expr, last - 1)))
        last--;
    for (BinaryenIndex i = 0; i < last; i++) {
        BinaryenExpressionRef operand = ir_child_get(expr, i);
        if (!operand || (i + 1 < last && can_wait(expr, i, last - 1)))
            continue;
        BinaryenExpressionRef residue = form_lower_value(form, list, operand);
        if (form_is_unreachable(residue)) {
            form_add_plain(form, list, residue);
            return false;
        }
        if (i + 1 < last && !is_stable(form, residue)) {
            BinaryenIndex temp = form_take_temp(form, BinaryenExpressionGetType(residue));
            form_add_plain(form, list, BinaryenLocalSet(form->module, temp, residue));
            residue = form_get_local(form, temp);
        }
        ir_child_set(expr, i, residue);
    }
    return true;
}

static BinaryenExpressionRef lower_generic(struct form *form, struct stmt_list *list,
                                           BinaryenExpressionRef expr) {
    BinaryenIndex operands = BinaryenExpressionGetId(expr) == IR(If) ? 1 : ir_child_count(expr);
    if (!lower_operands(form, list, expr, operands))
        return BinaryenUnreachable(form->module);
    return expr;
}

/* The table index of an indirect call must be known again when the call is repeated. */
static void keep_target(struct form *form, struct site *site) {
    BinaryenExpressionRef target = BinaryenCallIndirectGetTarget(site->call);
    if (BinaryenExpressionGetId(target) == IR(Const))
        return;
    if (BinaryenExpressionGetId(target) == IR(LocalGet)) {
        site->target = BinaryenLocalGetGetIndex(target);
        return;
    }
    site->target = form_take_temp(form, BinaryenTypeInt32());
    BinaryenCallIndirectSetTarget(
        site->call, BinaryenLocalTee(form->module, site->target, target, BinaryenTypeInt32()));
}

/* Can the operands be evaluated once more when nothing is in the locals? */
static bool is_repeatable(BinaryenExpressionRef call) {
    BinaryenIndex count = ir_child_count(call);
    for (BinaryenIndex i = 0; i < count; i++)
        if (!ir_is_harmless(ir_child_get(call, i)))
            return false;
    return true;
}

/* A call that can unwind, its result to `result` (NO_LOCAL: none or dropped). */
static void lower_call(struct form *form, struct stmt_list *list, BinaryenExpressionRef call,
                       BinaryenIndex result) {
    if (!lower_operands(form, list, call, ir_child_count(call)))
        return;
    form_give_budget(form, list);
    struct site *site = body_add_call(form->body, list, call);
    site->result = result;
    if (BinaryenExpressionGetId(call) == IR(CallIndirect))
        keep_target(form, site);
    site->repeatable = is_repeatable(call);
    form_take_budget(form, list);
}

static void lower_if(struct form *form, struct stmt_list *list, BinaryenExpressionRef expr,
                     BinaryenIndex local) {
    BinaryenExpressionRef condition = form_lower_value(form, list, BinaryenIfGetCondition(expr));
    if (form_is_unreachable(condition)) {
        form_add_plain(form, list, condition);
        return;
    }
    struct stmt *stmt = body_add_stmt(form->body, list, STMT_IF);
    stmt->expr = condition;
    form_lower_into(form, &stmt->inner, BinaryenIfGetIfTrue(expr), local);
    if (BinaryenIfGetIfFalse(expr))
        form_lower_into(form, &stmt->otherwise, BinaryenIfGetIfFalse(expr), local);
}

static void lower_block(struct form *form, struct stmt_list *list, BinaryenExpressionRef expr,
                        BinaryenIndex local) {
    BinaryenIndex count = BinaryenBlockGetNumChildren(expr);
    const char *label = BinaryenBlockGetName(expr);
    struct stmt_list *into = list;
    if (label) {
        struct stmt *stmt = body_add_stmt(form->body, list, STMT_BLOCK);
        stmt->label = label;
        into = &stmt->inner;
    }
    for (BinaryenIndex i = 0; i + 1 < count; i++)
        form_lower_stmt(form, into, BinaryenBlockGetChildAt(expr, i));
    if (count > 0)
        form_lower_into(form, into, BinaryenBlockGetChildAt(expr, count - 1), local);
}

/* One that waits has to look at the budget itself: the glue spends it behind each slice. */
static bool begins_nest(const struct form *form, BinaryenExpressionRef loop) {
    return form->counter == NO_LOCAL && BinaryenLoopGetName(loop) && !form_has_value(loop) &&
           !form->body->function->stands_for && form_is_nest(form, loop);
}

/* The point of the loop, NULL if it has none. */
static struct site *make_loop_point(struct form *form, BinaryenExpressionRef loop) {
    uint32_t cost;
    if (!map_get(&form->body->function->loop_points, BinaryenLoopGetName(loop), &cost))
        return NULL;
    struct site *point = body_make_point(SNAPIFY_POINT_LOOP, cost > 0 ? cost : 1);
    point->source = loop;
    point->counter = form->counter;
    return point;
}

/* In a nest a loop without a value whose only site is its point. */
static bool is_tight(const struct form *form, BinaryenExpressionRef loop,
                     const struct site *point) {
    return point && form->counter != NO_LOCAL && !form_has_value(loop) &&
           !form_needs(form, BinaryenLoopGetBody(loop));
}

struct stmt *form_lower_loop(struct form *form, struct stmt_list *list, BinaryenExpressionRef loop,
                             BinaryenIndex local, const char *done) {
    struct site *point = make_loop_point(form, loop);
    if (is_tight(form, loop, point))
        return form_lower_tight_loop(form, list, loop, point, done);
    struct stmt *stmt = body_add_stmt(form->body, list, STMT_LOOP);
    stmt->label = BinaryenLoopGetName(loop);
    if (point)
        body_add_stmt(form->body, &stmt->inner, STMT_POINT)->site = point;
    form_lower_into(form, &stmt->inner, BinaryenLoopGetBody(loop), local);
    return stmt;
}

static void lower_loop(struct form *form, struct stmt_list *list, BinaryenExpressionRef expr,
                       BinaryenIndex local) {
    if (begins_nest(form, expr))
        form_lower_nest(form, list, expr);
    else if (BinaryenLoopGetName(expr))
        form_lower_loop(form, list, expr, local, NULL);
    else
        form_lower_into(form, list, BinaryenLoopGetBody(expr), local);
}

/* local = the value of a handler; it is that of the last statement in it. */
static BinaryenExpressionRef set_handled(struct form *form, BinaryenExpressionRef handler,
                                         BinaryenIndex local) {
    if (!form_has_value(handler))
        return handler;
    if (BinaryenExpressionGetId(handler) != IR(Block) || BinaryenBlockGetName(handler))
        return BinaryenLocalSet(form->module, local, handler);
    BinaryenIndex last = BinaryenBlockGetNumChildren(handler) - 1;
    BinaryenBlockSetChildAt(handler, last,
                            set_handled(form, BinaryenBlockGetChildAt(handler, last), local));
    BinaryenExpressionSetType(handler, BinaryenTypeNone());
    return handler;
}

static void lower_try(struct form *form, struct stmt_list *list, BinaryenExpressionRef expr,
                      BinaryenIndex local) {
    struct stmt *stmt = body_add_stmt(form->body, list, STMT_TRY);
    stmt->expr = expr;
    form->in_try++;
    form_lower_into(form, &stmt->inner, BinaryenTryGetBody(expr), local);
    form->in_try--;
    for (BinaryenIndex i = 0; i < BinaryenTryGetNumCatchBodies(expr); i++)
        BinaryenTrySetCatchBodyAt(expr, i,
                                  set_handled(form, BinaryenTryGetCatchBodyAt(expr, i), local));
}

/* Where a structured expression puts its value: the label's own local if it is carried. */
static BinaryenIndex value_local(struct form *form, BinaryenExpressionRef expr) {
    uint32_t local;
    if (BinaryenExpressionGetId(expr) == IR(Block) && BinaryenBlockGetName(expr) &&
        map_get(&form->carried, BinaryenBlockGetName(expr), &local))
        return local;
    return form_take_temp(form, BinaryenExpressionGetType(expr));
}

/* Taken apart as a statement of its own rather than by its operands? */
static bool is_structured(const struct form *form, BinaryenExpressionRef expr) {
    switch (BinaryenExpressionGetId(expr)) {
    case IR(Block):
    case IR(Loop):
    case IR(Try):
        return true;
    case IR(If):
        return form_needs(form, BinaryenIfGetIfTrue(expr)) ||
               form_needs(form, BinaryenIfGetIfFalse(expr));
    default:
        return false;
    }
}

static void lower_structured(struct form *form, struct stmt_list *list, BinaryenExpressionRef expr,
                             BinaryenIndex local) {
    switch (BinaryenExpressionGetId(expr)) {
    case IR(Block):
        lower_block(form, list, expr, local);
        break;
    case IR(Loop):
        lower_loop(form, list, expr, local);
        break;
    case IR(Try):
        lower_try(form, list, expr, local);
        break;
    default:
        lower_if(form, list, expr, local);
    }
}

/*
 * Emits what has to happen before the value of `expr` is there and returns what is left of it: an
 * expression without sites that must be evaluated next.
 */
BinaryenExpressionRef form_lower_value(struct form *form, struct stmt_list *list,
                                       BinaryenExpressionRef expr) {
    if (!form_needs(form, expr))
        return expr;
    if (body_is_site_call(form->body, expr)) {
        BinaryenIndex temp = form_take_temp(form, BinaryenExpressionGetType(expr));
        lower_call(form, list, expr, temp);
        return form_get_local(form, temp);
    }
    if (!is_structured(form, expr))
        return lower_generic(form, list, expr);
    if (!form_has_value(expr)) {
        lower_structured(form, list, expr, NO_LOCAL);
        return BinaryenUnreachable(form->module);
    }
    BinaryenIndex local = value_local(form, expr);
    lower_structured(form, list, expr, local);
    return form_get_local(form, local);
}

/* local = call. A handler may read what the local was before a call that throws, so in a try it
 * must not change, not even to the nothing that a callee returns while it unwinds, before the call
 * has really returned. */
static void lower_call_into(struct form *form, struct stmt_list *list, BinaryenExpressionRef call,
                            BinaryenIndex local) {
    if (form->in_try == 0 || local > form->body->scratch) {
        lower_call(form, list, call, local);
        return;
    }
    BinaryenIndex temp = form_take_temp(form, BinaryenExpressionGetType(call));
    lower_call(form, list, call, temp);
    form_add_plain(form, list, BinaryenLocalSet(form->module, local, form_get_local(form, temp)));
}

/* local = expr; with NO_LOCAL, or if there is no value, just the effects of `expr`. */
void form_lower_into(struct form *form, struct stmt_list *list, BinaryenExpressionRef expr,
                     BinaryenIndex local) {
    if (expr == form->entry_before)
        form_add_entry(form, list);
    if (local == NO_LOCAL || !form_has_value(expr)) {
        form_lower_stmt(form, list, expr);
        return;
    }
    size_t keep = form->in_use;
    bool whole = form_needs(form, expr);
    if (whole && body_is_site_call(form->body, expr)) {
        lower_call_into(form, list, expr, local);
    } else if (whole && is_structured(form, expr) &&
               !(BinaryenExpressionGetId(expr) == IR(Block) && BinaryenBlockGetName(expr))) {
        lower_structured(form, list, expr, local);
    } else {
        BinaryenExpressionRef residue = form_lower_value(form, list, expr);
        form_add_plain(form, list,
                       form_is_unreachable(residue)
                           ? residue
                           : BinaryenLocalSet(form->module, local, residue));
    }
    release_temps(form, keep);
}

static void lower_drop(struct form *form, struct stmt_list *list, BinaryenExpressionRef expr) {
    BinaryenExpressionRef value = BinaryenDropGetValue(expr);
    if (body_is_site_call(form->body, value)) {
        lower_call(form, list, value, NO_LOCAL);
        return;
    }
    BinaryenExpressionRef residue = form_lower_value(form, list, value);
    if (BinaryenExpressionGetId(residue) != IR(LocalGet))
        form_add_plain(form, list,
                       form_is_unreachable(residue) ? residue
                                                    : BinaryenDrop(form->module, residue));
}

void form_lower_stmt(struct form *form, struct stmt_list *list, BinaryenExpressionRef expr) {
    if (expr == form->entry_before)
        form_add_entry(form, list);
    size_t keep = form->in_use;
    BinaryenExpressionId kind = BinaryenExpressionGetId(expr);
    if (!form_needs(form, expr)) {
        if (kind != IR(Nop))
            form_add_plain(form, list, expr);
    } else if (body_is_site_call(form->body, expr)) {
        lower_call(form, list, expr, NO_LOCAL);
    } else if (is_structured(form, expr)) {
        lower_structured(form, list, expr, NO_LOCAL);
    } else if (kind == IR(Drop)) {
        lower_drop(form, list, expr);
    } else if (kind == IR(LocalSet) && !BinaryenLocalSetIsTee(expr)) {
        form_lower_into(form, list, BinaryenLocalSetGetValue(expr), BinaryenLocalSetGetIndex(expr));
    } else {
        form_add_plain(form, list, lower_generic(form, list, expr));
    }
    release_temps(form, keep);
}
