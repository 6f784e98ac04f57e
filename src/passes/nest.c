/*
 * nest.c: loops in which nothing can unwind but points of loops, and one call, count in a local.
 *
 *     loop $l { POINT; body; loop $inner { POINT; ... } ... }
 * =>
 *     block $done
 *       block $exit
 *         counter = budget
 *         loop $l { the same with the counter; branches out of it go to $done or an $exit }
 *         br $done
 *       end $exit
 *       budget = counter; br (where the exit went)
 *     end $done
 *     budget = counter
 *
 * A point then costs a subtraction and a branch on a register instead of a load, a store, another
 * load and a branch, and each store waits for the one before. An exception leaves the budget as it
 * was when the loop began, which does no harm.
 *
 * A call gets the budget and gives it back:
 *
 *     budget = counter; x = call $f; counter = budget
 *
 * which is no more than each round did before; loops that look for something and call where they
 * find it gain, `filters` 8 % on wasmtime. With several calls it is more code and no faster.
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

struct nest {
    struct form *form;
    uint32_t number;   /* unique in the function */
    struct map inside; /* labels in the loop, its own included */
    struct exit *exits;
    size_t exit_count;
};

static const char *make_exit_label(struct nest *nest, const char *kind, size_t number) {
    char *text = mem_printf("%s%u_%zu", kind, nest->number, number);
    const char *label = make_label(nest->form->module, text);
    free(text);
    return label;
}

/* Where a branch to `target` goes now. */
static const char *redirect(void *context, const char *target) {
    struct nest *nest = context;
    if (map_get(&nest->inside, target, NULL))
        return target;
    for (size_t i = 0; i < nest->exit_count; i++)
        if (nest->exits[i].target == target)
            return nest->exits[i].label;
    const char *label = make_exit_label(nest, LABEL_EXIT, nest->exit_count);
    nest->exits = mem_grow(nest->exits, nest->exit_count + 1, sizeof *nest->exits);
    nest->exits[nest->exit_count++] = (struct exit){label, target};
    return label;
}

static BinaryenExpressionRef make_write_back(const struct form *form) {
    return make_global_set(form->module, NAME_BUDGET, form_get_local(form, form->counter));
}

void form_give_budget(struct form *form, struct stmt_list *list) {
    if (form->counter != NO_LOCAL)
        form_add_plain(form, list, make_write_back(form));
}

void form_take_budget(struct form *form, struct stmt_list *list) {
    if (form->counter != NO_LOCAL)
        form_add_plain(form, list,
                       BinaryenLocalSet(form->module, form->counter,
                                        make_global_get(form->module, NAME_BUDGET)));
}

/* What takes the place of `expr` holds what that held. */
static BinaryenExpressionRef keep_needs(struct form *form, BinaryenExpressionRef expr,
                                        BinaryenExpressionRef made) {
    if (form_needs(form, expr))
        map_put(&form->needs, made, NEEDS_POINT);
    return made;
}

/* (return v)  =>  t = v; write back; return t */
static BinaryenExpressionRef prepare_return(struct nest *nest, BinaryenExpressionRef leave) {
    struct form *form = nest->form;
    BinaryenExpressionRef value = BinaryenReturnGetValue(leave), items[3];
    BinaryenIndex count = 0;
    if (value && form_is_unreachable(value))
        return value;
    if (value) {
        BinaryenIndex temp = form_take_temp(form, BinaryenExpressionGetType(value));
        items[count++] = keep_needs(form, value, BinaryenLocalSet(form->module, temp, value));
        BinaryenReturnSetValue(leave, form_get_local(form, temp));
    }
    items[count++] = make_write_back(form);
    items[count++] = leave;
    return keep_needs(form, leave, make_sequence(form->module, items, count));
}

static BinaryenExpressionRef note_label(void *context, BinaryenExpressionRef expr) {
    struct nest *nest = context;
    if (ir_label(expr))
        map_put(&nest->inside, ir_label(expr), 1);
    return expr;
}

static BinaryenExpressionRef prepare_exit(void *context, BinaryenExpressionRef expr) {
    if (BinaryenExpressionGetId(expr) == IR(Return))
        return prepare_return(context, expr);
    ir_redirect(expr, redirect, context);
    return expr;
}

/* Opens the blocks of all exits, the last innermost; returns the innermost list. */
static struct stmt_list *add_exits(struct nest *nest, struct stmt_list *list) {
    struct form *form = nest->form;
    for (size_t i = 0; i < nest->exit_count; i++) {
        struct stmt *block = body_add_stmt(form->body, list, STMT_BLOCK);
        block->label = nest->exits[i].label;
        if (i > 0) { /* the first is where the loop ends as it should: nothing left to do */
            form_give_budget(form, list);
            form_add_plain(form, list,
                           BinaryenBreak(form->module, nest->exits[i].target, NULL, NULL));
        }
        list = &block->inner;
    }
    return list;
}

void form_lower_nest(struct form *form, struct stmt_list *list, BinaryenExpressionRef loop) {
    struct nest nest = {.form = form, .number = (uint32_t)form->body->pool_count};
    BinaryenExpressionRef whole = loop, body;
    form->counter = form_take_temp(form, BinaryenTypeInt32());
    ir_replace_all(&whole, note_label, &nest);
    const char *done = redirect(&nest, make_exit_label(&nest, LABEL_DONE, 0));
    body = BinaryenLoopGetBody(loop);
    ir_replace_all(&body, prepare_exit, &nest);
    BinaryenLoopSetBody(loop, body);
    struct stmt_list *inner = add_exits(&nest, list);
    form_lower_loop(form, inner, loop, NO_LOCAL, done)->fills = form->counter;
    if (nest.exit_count > 1 && inner->last->kind == STMT_LOOP)
        form_add_plain(form, inner, BinaryenBreak(form->module, done, NULL, NULL));
    form_give_budget(form, list);
    form->counter = NO_LOCAL;
    map_release(&nest.inside);
    free(nest.exits);
}
