/*
 * whole_form.c: the statement form of a whole function: what it does first, its code
 * (statement_form.c), what it does last.
 *
 *     origin = here; outside = inside; inside = own            marked functions
 *     point: entry
 *     block $snapify_return { ... }                            where there is something to do last:
 *     point: return                                            every return leads to its end
 *     inside = outside
 *     return value
 *
 * What leaves a marked function by an exception passes the same end: it is caught, kept in locals
 * and thrown again behind it.
 */
#include <stdlib.h>

#include "ir/make.h"
#include "ir/names.h"
#include "ir/walk.h"
#include "passes/form.h"

/* What a function does first, before its entry point: rewinding passes here too and then loads
 * what these locals were. */
static void add_prologue(struct form *form) {
    struct body *body = form->body;
    BinaryenModuleRef module = form->module;
    if (body->origin != NO_LOCAL)
        form_add_plain(form, &body->prologue,
                       BinaryenLocalSet(module, body->origin, make_global_get(module, NAME_HERE)));
    if (body->outside == NO_LOCAL)
        return;
    form_add_plain(form, &body->prologue,
                   BinaryenLocalSet(module, body->outside, make_global_get(module, NAME_INSIDE)));
    form_add_plain(
        form, &body->prologue,
        make_global_set(module, NAME_INSIDE, make_i32(module, (int32_t)body->function->offload)));
}

/* Everything up to one exit, then what a function does last. */
static void form_one_exit(struct form *form, BinaryenExpressionRef root,
                          const struct thrown *thrown) {
    struct body *body = form->body;
    struct stmt_list *list = &body->statements;
    struct stmt *all = body_add_stmt(body, list, STMT_BLOCK);
    all->label = make_label(form->module, LABEL_RETURN);
    form_lower_into(form, &all->inner, root, body->value);
    if (body->function->return_point)
        body_add_point(body, list, SNAPIFY_POINT_RETURN, body->function->return_takes);
    if (body->outside != NO_LOCAL)
        form_add_plain(
            form, list,
            make_global_set(form->module, NAME_INSIDE, form_get_local(form, body->outside)));
    if (thrown->values)
        form_add_plain(form, list, form_throw_again(form, thrown));
    BinaryenExpressionRef value =
        body->value == NO_LOCAL ? NULL : form_get_local(form, body->value);
    form_add_plain(form, list, BinaryenReturn(form->module, value));
}

/* return expr: where it ends in something without a site, that is returned from where it is. */
static void form_return(struct form *form, struct stmt_list *list, BinaryenExpressionRef expr) {
    if (!form_needs(form, expr) || BinaryenExpressionGetId(expr) != IR(Block) ||
        BinaryenBlockGetName(expr)) {
        BinaryenExpressionRef residue = form_lower_value(form, list, expr);
        form_add_plain(form, list, BinaryenReturn(form->module, residue));
        return;
    }
    BinaryenIndex last = BinaryenBlockGetNumChildren(expr) - 1;
    for (BinaryenIndex i = 0; i < last; i++)
        form_lower_stmt(form, list, BinaryenBlockGetChildAt(expr, i));
    form_return(form, list, BinaryenBlockGetChildAt(expr, last));
}

static void form_as_it_is(struct form *form, BinaryenExpressionRef root) {
    struct stmt_list *list = &form->body->statements;
    if (form_has_value(root)) {
        form_return(form, list, root);
        return;
    }
    form_lower_stmt(form, list, root);
    if (form->body->results == BinaryenTypeNone())
        form_add_plain(form, list, BinaryenReturn(form->module, NULL));
}

void body_statement_form(struct body *body) {
    struct form form = {.body = body, .module = body->program->module, .counter = NO_LOCAL};
    struct thrown thrown = {0};
    BinaryenExpressionRef root = BinaryenFunctionGetBody(body->function->ref);
    form_lower_tail_calls(&form, &root);
    form_take_out_catches(&form, &root);
    if (body->program->tag_count > 0 && (body->origin != NO_LOCAL || body->outside != NO_LOCAL))
        form_keep_all_thrown(&form, &root, &thrown);
    form_carry_values(&form, &root);
    add_prologue(&form);
    if (body->function->entry_sinks)
        form.entry_before = form_entry_place(&form, root);
    if (body->function->entry_point && !form.entry_before)
        form_add_entry(&form, &body->statements);
    if (body->one_exit)
        form_one_exit(&form, root, &thrown);
    else
        form_as_it_is(&form, root);
    form_release_thrown(&thrown);
    map_release(&form.needs);
    map_release(&form.carried);
    free(form.temps);
    free(form.order);
}
