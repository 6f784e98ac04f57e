/*
 * tail_calls.c: a function that can be suspended makes no tail calls.
 *
 * Its frame has to be there for the rewinding to come by, so a tail call becomes a call and a
 * return. One to the function itself becomes a loop, which keeps the stack as flat as it was:
 *
 *     (return_call $self a b)      =>  p0 = a; p1 = b; other locals = 0; br $snapify_self
 *     (return_call $g a)           =>  (return (call $g a))
 *     inside of a try              =>  t = a; br $snapify_tailcall7
 *                                      ... $snapify_tailcall7: (return (call $g t))
 *
 * because the callee's exceptions are none of the business of a try that the function has left.
 * What leaves the function for a place where it cannot be suspended stays a tail call, unless the
 * function has something to do last.
 *
 * Dropped: keeping the tail call and finding the callee by the site number in its frame. It needs
 * one more function per result type, and half of the engines have no tail calls anyway.
 */
#include <stdlib.h>
#include <string.h>

#include "ir/make.h"
#include "ir/names.h"
#include "ir/walk.h"
#include "passes/form.h"
#include "passes/passes.h"

/* A call that has been moved behind everything. */
struct moved {
    const char *label; /* where its arguments are ready */
    BinaryenExpressionRef call;
};

struct tails {
    struct form *form;
    bool loops;
    struct moved *moved; /* owned */
    size_t moved_count;
};

static BinaryenExpressionRef make_block(const struct form *form, BinaryenExpressionRef *items,
                                        BinaryenIndex count) {
    return BinaryenBlock(form->module, NULL, items, count, BinaryenTypeAuto());
}

/* The tail call as an ordinary one. */
static BinaryenExpressionRef make_plain(const struct form *form, BinaryenExpressionRef expr) {
    if (BinaryenExpressionGetId(expr) == IR(Call))
        BinaryenCallSetReturn(expr, false);
    else
        BinaryenCallIndirectSetReturn(expr, false);
    BinaryenExpressionSetType(expr, form->body->results);
    return expr;
}

static BinaryenExpressionRef call_and_return(const struct form *form, BinaryenExpressionRef expr) {
    BinaryenExpressionRef call = make_plain(form, expr);
    if (form->body->results != BinaryenTypeNone())
        return BinaryenReturn(form->module, call);
    return make_block(form, (BinaryenExpressionRef[]){call, BinaryenReturn(form->module, NULL)}, 2);
}

/* local = operand `index` of `expr`, for a fresh local that takes the operand's place. */
static BinaryenExpressionRef move_operand(const struct form *form, BinaryenExpressionRef expr,
                                          BinaryenIndex index) {
    BinaryenExpressionRef operand = ir_child_get(expr, index);
    BinaryenIndex local = body_add_local(form->body, BinaryenExpressionGetType(operand));
    ir_child_set(expr, index, form_get_local(form, local));
    return BinaryenLocalSet(form->module, local, operand);
}

/* Evaluates the operands here, calls behind everything. */
static BinaryenExpressionRef move_call(struct tails *tails, BinaryenExpressionRef expr) {
    const struct form *form = tails->form;
    BinaryenIndex count = ir_child_count(expr);
    BinaryenExpressionRef *items = mem_calloc(count + 1, sizeof(BinaryenExpressionRef));
    for (BinaryenIndex i = 0; i < count; i++)
        items[i] = move_operand(form, expr, i);
    char *label = mem_printf(LABEL_TAIL_CALL "%zu", tails->moved_count);
    items[count] = BinaryenBreak(form->module, label, NULL, NULL);
    tails->moved = mem_grow(tails->moved, tails->moved_count + 1, sizeof *tails->moved);
    tails->moved[tails->moved_count++] =
        (struct moved){BinaryenBreakGetName(items[count]), call_and_return(form, expr)};
    BinaryenExpressionRef all = make_block(form, items, count + 1);
    free(label);
    free(items);
    return all;
}

/* Is operand `index` the parameter of that position, which keeps its value then? */
static bool stays(BinaryenExpressionRef call, BinaryenIndex index) {
    BinaryenExpressionRef operand = ir_child_get(call, index);
    int budget = 64;
    return BinaryenExpressionGetId(operand) == IR(LocalGet) &&
           BinaryenLocalGetGetIndex(operand) == index && !form_writes_local(call, index, &budget);
}

/* All operands are evaluated before a parameter changes; a called function finds its other locals
 * zeroed. */
static BinaryenExpressionRef jump_to_start(struct tails *tails, BinaryenExpressionRef expr,
                                           BinaryenIndex original_locals) {
    const struct form *form = tails->form;
    const struct body *body = form->body;
    BinaryenModuleRef module = form->module;
    BinaryenIndex params = body->param_count, used = 0;
    BinaryenExpressionRef *items =
        mem_calloc(params + original_locals + 1, sizeof(BinaryenExpressionRef));
    bool *kept = mem_calloc(params, sizeof *kept);
    for (BinaryenIndex i = 0; i < params; i++)
        kept[i] = stays(expr, i);
    for (BinaryenIndex i = 0; i < params; i++)
        if (!kept[i])
            items[used++] = move_operand(form, expr, i);
    for (BinaryenIndex i = 0; i < params; i++)
        if (!kept[i])
            items[used++] = BinaryenLocalSet(module, i, ir_child_get(expr, i));
    for (BinaryenIndex i = params; i < original_locals; i++)
        items[used++] = BinaryenLocalSet(module, i, make_zero(module, body->locals[i]));
    items[used++] = BinaryenBreak(module, LABEL_SELF, NULL, NULL);
    BinaryenExpressionRef all = make_block(form, items, used);
    free(kept);
    free(items);
    tails->loops = true;
    return all;
}

static BinaryenExpressionRef lower_call(struct tails *tails, BinaryenExpressionRef expr,
                                        bool in_try) {
    struct body *body = tails->form->body;
    if (BinaryenExpressionGetId(expr) == IR(Call) &&
        BinaryenCallGetTarget(expr) == body->function->name)
        return jump_to_start(tails, expr, body->scratch);
    if (!body_can_unwind(body, expr) && !body->one_exit) {
        body->program->keeps_tail_calls = true;
        return expr;
    }
    body->function->lowered_tail_calls = true;
    return in_try ? move_call(tails, expr) : call_and_return(tails->form, expr);
}

static BinaryenExpressionRef lower_all(struct tails *tails, BinaryenExpressionRef expr,
                                       bool in_try) {
    bool is_try = BinaryenExpressionGetId(expr) == IR(Try);
    BinaryenIndex count = ir_child_count(expr);
    for (BinaryenIndex i = 0; i < count; i++) {
        BinaryenExpressionRef child = ir_child_get(expr, i);
        if (child)
            ir_child_set(expr, i, lower_all(tails, child, in_try || (is_try && i == 0)));
    }
    return ir_is_tail_call(expr) ? lower_call(tails, expr, in_try) : expr;
}

/* (block $label root (return)) call */
static BinaryenExpressionRef add_moved(struct tails *tails, BinaryenExpressionRef root) {
    const struct form *form = tails->form;
    for (size_t i = 0; i < tails->moved_count; i++) {
        BinaryenExpressionRef items[] = {root, BinaryenReturn(form->module, NULL)};
        BinaryenIndex count = 2;
        if (form_has_value(root) || form_is_unreachable(root)) {
            items[0] = form_has_value(root) ? BinaryenReturn(form->module, root) : root;
            count = 1;
        }
        BinaryenExpressionRef all[] = {
            make_labelled(form->module, tails->moved[i].label, items, count), tails->moved[i].call};
        root = make_block(form, all, 2);
    }
    free(tails->moved);
    return root;
}

void form_lower_tail_calls(struct form *form, BinaryenExpressionRef *root) {
    struct tails tails = {.form = form};
    if (!form->body->function->tail_calls)
        return;
    *root = lower_all(&tails, *root, false);
    *root = add_moved(&tails, *root);
    if (tails.loops)
        *root = BinaryenLoop(form->module, LABEL_SELF, *root);
}

/* --- the program without them --- */

enum {
    NAMES_SHOWN = 8
};

/* The names of the first few, each behind a comma. */
static void append_lowered(const struct program *program, struct buf *names, size_t *count) {
    for (size_t i = 0; i < program->function_count; i++) {
        if (!program->functions[i].lowered_tail_calls || (*count)++ >= NAMES_SHOWN)
            continue;
        buf_append_string(names, ", ");
        buf_append_string(names, program->functions[i].shown);
    }
}

void pass_settle_tail_calls(struct program *program) {
    BinaryenFeatures features = BinaryenModuleGetFeatures(program->module);
    struct buf names = {0};
    size_t count = 0;
    for (size_t i = 0; i < program->function_count; i++)
        program->keeps_tail_calls |=
            program->functions[i].tail_calls && !program->functions[i].suspendable;
    if (!program->keeps_tail_calls)
        BinaryenModuleSetFeatures(program->module, features & ~BinaryenFeatureTailCall());
    append_lowered(program, &names, &count);
    buf_append_string(&names, count > NAMES_SHOWN ? ", ..." : "");
    buf_append_u8(&names, 0);
    if (count > 0)
        diag_note(program->diag,
                  (struct diag_place){.hint = "an endless chain of tail calls overflows the stack "
                                              "now; keep such chains clear of points"},
                  "tail calls became calls, which take stack, in %zu function%s: %s", count,
                  count == 1 ? "" : "s", (const char *)names.data + strlen(", "));
    buf_release(&names);
}
