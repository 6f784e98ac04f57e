/*
 * tight_loop.c: a loop that holds no site but its own point counts in a local.
 *
 *     (loop $l POINT body)
 * =>
 *     block $done
 *       block $exit
 *         TIGHT $l counter { body, branches out of it going to $done or an $exit; br $done }
 *       end $exit
 *       budget = counter; br (where the exit went)
 *     end $done
 *     budget = counter
 *
 * The counter starts as the budget (emit_loop.c), so a round costs a subtraction and a branch on a
 * register instead of a load, a store and a branch. An exception leaves the budget as it was when
 * the loop began, which does no harm.
 */
#include <stdlib.h>

#include "ir/make.h"
#include "ir/names.h"
#include "ir/walk.h"
#include "passes/form.h"

struct exit {
    const char *label;  /* of the block that ends where the exit is prepared */
    const char *target; /* where it goes then */
};

struct tight {
    struct form *form;
    struct stmt *stmt;
    struct map inside; /* labels in the loop, its own included */
    struct exit *exits;
    size_t exit_count;
};

static const char *make_exit_label(struct tight *tight, const char *kind, size_t number) {
    char *text = mem_printf("%s%u_%zu", kind, tight->stmt->number, number);
    const char *label = make_label(tight->form->module, text);
    free(text);
    return label;
}

/* Where a branch to `target` goes now. */
static const char *redirect(struct tight *tight, const char *target) {
    if (map_get(&tight->inside, target, NULL))
        return target;
    for (size_t i = 0; i < tight->exit_count; i++)
        if (tight->exits[i].target == target)
            return tight->exits[i].label;
    const char *label = make_exit_label(tight, LABEL_EXIT, tight->exit_count);
    tight->exits = mem_grow(tight->exits, tight->exit_count + 1, sizeof *tight->exits);
    tight->exits[tight->exit_count++] = (struct exit){label, target};
    return label;
}

static BinaryenExpressionRef make_write_back(struct tight *tight) {
    return make_global_set(tight->form->module, NAME_BUDGET,
                           form_get_local(tight->form, tight->stmt->counter));
}

static BinaryenExpressionRef redirect_table(struct tight *tight, BinaryenExpressionRef table) {
    for (BinaryenIndex i = 0; i < BinaryenSwitchGetNumNames(table); i++)
        BinaryenSwitchSetNameAt(table, i, redirect(tight, BinaryenSwitchGetNameAt(table, i)));
    BinaryenSwitchSetDefaultName(table, redirect(tight, BinaryenSwitchGetDefaultName(table)));
    return table;
}

/* (return v)  =>  t = v; write back; return t */
static BinaryenExpressionRef prepare_return(struct tight *tight, BinaryenExpressionRef leave) {
    struct form *form = tight->form;
    BinaryenExpressionRef value = BinaryenReturnGetValue(leave), items[3];
    BinaryenIndex count = 0;
    if (value && form_is_unreachable(value))
        return value;
    if (value) {
        BinaryenIndex temp = form_take_temp(form, BinaryenExpressionGetType(value));
        items[count++] = BinaryenLocalSet(form->module, temp, value);
        BinaryenReturnSetValue(leave, form_get_local(form, temp));
    }
    items[count++] = make_write_back(tight);
    items[count++] = leave;
    return make_sequence(form->module, items, count);
}

static BinaryenExpressionRef note_label(void *context, BinaryenExpressionRef expr) {
    struct tight *tight = context;
    const char *label = NULL;
    if (BinaryenExpressionGetId(expr) == IR(Block))
        label = BinaryenBlockGetName(expr);
    else if (BinaryenExpressionGetId(expr) == IR(Loop))
        label = BinaryenLoopGetName(expr);
    if (label)
        map_put(&tight->inside, label, 1);
    return expr;
}

static BinaryenExpressionRef prepare_exit(void *context, BinaryenExpressionRef expr) {
    struct tight *tight = context;
    switch (BinaryenExpressionGetId(expr)) {
    case IR(Break):
        BinaryenBreakSetName(expr, redirect(tight, BinaryenBreakGetName(expr)));
        return expr;
    case IR(Switch):
        return redirect_table(tight, expr);
    case IR(Return):
        return prepare_return(tight, expr);
    default:
        return expr;
    }
}

/* Opens the blocks of all exits, the last innermost; returns the innermost list. */
static struct stmt_list *add_exits(struct tight *tight, struct stmt_list *list) {
    struct form *form = tight->form;
    for (size_t i = 0; i < tight->exit_count; i++) {
        struct stmt *block = body_add_stmt(form->body, list, STMT_BLOCK);
        block->label = tight->exits[i].label;
        if (i > 0) { /* the first is where the loop ends as it should: nothing left to do */
            form_add_plain(form, list, make_write_back(tight));
            form_add_plain(form, list,
                           BinaryenBreak(form->module, tight->exits[i].target, NULL, NULL));
        }
        list = &block->inner;
    }
    return list;
}

void form_lower_tight_loop(struct form *form, struct stmt_list *list, BinaryenExpressionRef loop,
                           uint32_t cost) {
    struct stmt *stmt = body_make_stmt(form->body, STMT_TIGHT);
    struct tight tight = {.form = form, .stmt = stmt};
    BinaryenExpressionRef whole = loop, body;
    stmt->label = BinaryenLoopGetName(loop);
    stmt->site = body_make_point(SNAPIFY_POINT_LOOP, cost > 0 ? cost : 1);
    stmt->site->source = loop;
    stmt->counter = form_take_temp(form, BinaryenTypeInt32());
    ir_replace_all(&whole, note_label, &tight);
    const char *done = redirect(&tight, make_exit_label(&tight, LABEL_DONE, 0));
    body = BinaryenLoopGetBody(loop);
    ir_replace_all(&body, prepare_exit, &tight);
    BinaryenExpressionRef items[] = {body, BinaryenBreak(form->module, done, NULL, NULL)};
    stmt->expr = form_is_unreachable(body) ? body : make_sequence(form->module, items, 2);
    body_append_stmt(add_exits(&tight, list), stmt);
    form_add_plain(form, list, make_write_back(&tight));
    map_release(&tight.inside);
    free(tight.exits);
}
