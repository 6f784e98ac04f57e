/*
 * catches.c: takes the code of handlers out of `catch`, so that points can be in it.
 *
 * Nothing can jump into a catch from outside, and what it has caught is not a value that a frame
 * could hold. But all exceptions that a program throws carry a tag of the module, so the handler
 * can take the tag and the values with it, and throw them again where it would rethrow:
 *
 *     (try $t (do A) (catch $e B))
 * =>
 *     (block $end
 *       (block $caught
 *         (br $end (try $t (do A) (catch $e  values = pop; br $caught))))
 *       B, in which (rethrow $t) is (throw $e values))
 *
 * (No handler delegates to its own try: Binaryen takes that for invalid.)
 *
 * Only handlers that hold a site are taken out. A catch_all that rethrows becomes one catch for
 * each tag that the module throws; it lets pass what comes from outside of the module, such as the
 * exception that ends a program on Node when it calls proc_exit.
 */
#include <stdlib.h>

#include "ir/make.h"
#include "ir/names.h"
#include "ir/walk.h"
#include "passes/form.h"

/* A catch on its way. */
struct handler {
    const char *tag;            /* NULL: all */
    BinaryenExpressionRef take; /* local = pop; NULL: nothing to take */
    BinaryenExpressionRef code; /* what comes then */
    BinaryenIndex values;       /* local with the tag's values, or NO_LOCAL */
    bool out;                   /* taken out */
};

struct attempt {
    struct form *form;
    BinaryenExpressionRef expr; /* the try */
    struct handler *handlers;   /* owned */
    BinaryenIndex count;
};

/* Exceptions that are kept to be thrown again. */
void form_keep_thrown(struct form *form, struct thrown *thrown) {
    const struct program *program = form->body->program;
    *thrown = (struct thrown){.which = body_add_local(form->body, BinaryenTypeInt32()),
                              .values = mem_calloc(program->tag_count, sizeof(BinaryenIndex))};
    for (size_t i = 0; i < program->tag_count; i++)
        thrown->values[i] = program->tags[i].params == BinaryenTypeNone()
                                ? NO_LOCAL
                                : body_add_local(form->body, program->tags[i].params);
}

static BinaryenExpressionRef make_block(const struct form *form, BinaryenExpressionRef *items,
                                        BinaryenIndex count) {
    return BinaryenBlock(form->module, NULL, items, count, BinaryenTypeAuto());
}

BinaryenExpressionRef form_take_thrown(struct form *form, const struct thrown *thrown, size_t tag) {
    BinaryenType params = form->body->program->tags[tag].params;
    BinaryenExpressionRef items[2];
    BinaryenIndex count = 0;
    if (thrown->values[tag] != NO_LOCAL)
        items[count++] =
            BinaryenLocalSet(form->module, thrown->values[tag], BinaryenPop(form->module, params));
    items[count++] =
        BinaryenLocalSet(form->module, thrown->which, make_i32(form->module, (int32_t)tag + 1));
    return make_block(form, items, count);
}

void form_keep_all_thrown(struct form *form, BinaryenExpressionRef *root, struct thrown *thrown) {
    const struct program *program = form->body->program;
    const char **tags = mem_calloc(program->tag_count, sizeof *tags);
    BinaryenExpressionRef *handlers = mem_calloc(program->tag_count, sizeof(BinaryenExpressionRef));
    form_keep_thrown(form, thrown);
    for (size_t i = 0; i < program->tag_count; i++) {
        tags[i] = program->tags[i].name;
        handlers[i] = form_take_thrown(form, thrown, i);
    }
    if (form_has_value(*root))
        *root = BinaryenLocalSet(form->module, form->body->value, *root);
    BinaryenIndex count = (BinaryenIndex)program->tag_count;
    *root = BinaryenTry(form->module, NULL, *root, tags, count, handlers, count, NULL);
    free(handlers);
    free(tags);
}

/* (throw $tag values) */
static BinaryenExpressionRef make_throw(struct form *form, const char *tag, BinaryenIndex values) {
    if (values == NO_LOCAL)
        return BinaryenThrow(form->module, tag, NULL, 0);
    BinaryenIndex arity = BinaryenTypeArity(form->body->locals[values]);
    BinaryenExpressionRef *operands = mem_calloc(arity, sizeof(BinaryenExpressionRef));
    for (BinaryenIndex i = 0; i < arity; i++) {
        operands[i] = form_get_local(form, values);
        if (arity > 1)
            operands[i] = BinaryenTupleExtract(form->module, operands[i], i);
    }
    BinaryenExpressionRef expr = BinaryenThrow(form->module, tag, operands, arity);
    free(operands);
    return expr;
}

BinaryenExpressionRef form_throw_again(struct form *form, const struct thrown *thrown) {
    const struct program *program = form->body->program;
    BinaryenExpressionRef *items = mem_calloc(program->tag_count, sizeof(BinaryenExpressionRef));
    for (size_t i = 0; i < program->tag_count; i++)
        items[i] = BinaryenIf(form->module,
                              make_binary(form->module, BinaryenEqInt32(),
                                          form_get_local(form, thrown->which),
                                          make_i32(form->module, (int32_t)i + 1)),
                              make_throw(form, program->tags[i].name, thrown->values[i]), NULL);
    BinaryenExpressionRef all = make_block(form, items, (BinaryenIndex)program->tag_count);
    free(items);
    return all;
}

/* --- what a catch has caught --- */

/* Replaces the pop that the handler begins with; those of inner handlers are not its own. */
static BinaryenExpressionRef replace_pop(struct attempt *attempt, BinaryenExpressionRef expr,
                                         struct handler *handler) {
    struct form *form = attempt->form;
    if (BinaryenExpressionGetId(expr) == IR(Pop)) {
        handler->values = body_add_local(form->body, BinaryenExpressionGetType(expr));
        handler->take = BinaryenLocalSet(form->module, handler->values, expr);
        return form_get_local(form, handler->values);
    }
    BinaryenIndex count = BinaryenExpressionGetId(expr) == IR(Try) ? 1 : ir_child_count(expr);
    for (BinaryenIndex i = 0; i < count && !handler->take; i++) {
        BinaryenExpressionRef child = ir_child_get(expr, i);
        BinaryenExpressionRef now = child ? replace_pop(attempt, child, handler) : child;
        if (now != child)
            ir_child_set(expr, i, now);
    }
    return expr;
}

static bool holds_site(const struct body *body, BinaryenExpressionRef expr) {
    bool holds = body_is_site_call(body, expr) || body_is_point_loop(body, expr);
    BinaryenIndex count = ir_child_count(expr);
    for (BinaryenIndex i = 0; i < count && !holds; i++) {
        BinaryenExpressionRef child = ir_child_get(expr, i);
        holds = child && holds_site(body, child);
    }
    return holds;
}

static void read_handlers(struct attempt *attempt) {
    BinaryenIndex tags = BinaryenTryGetNumCatchTags(attempt->expr);
    attempt->count = BinaryenTryGetNumCatchBodies(attempt->expr);
    attempt->handlers = mem_calloc(attempt->count, sizeof *attempt->handlers);
    for (BinaryenIndex i = 0; i < attempt->count; i++) {
        struct handler *handler = &attempt->handlers[i];
        BinaryenExpressionRef code = BinaryenTryGetCatchBodyAt(attempt->expr, i);
        *handler = (struct handler){.values = NO_LOCAL};
        if (i < tags)
            handler->tag = BinaryenTryGetCatchTagAt(attempt->expr, i);
        handler->code = handler->tag ? replace_pop(attempt, code, handler) : code;
        handler->out = holds_site(attempt->form->body, handler->code);
    }
}

/* A handler that stays where it is. */
static BinaryenExpressionRef whole(struct attempt *attempt, const struct handler *handler) {
    if (!handler->take)
        return handler->code;
    return make_block(attempt->form, (BinaryenExpressionRef[]){handler->take, handler->code}, 2);
}

/* --- taking out --- */

struct rethrows {
    struct attempt *attempt;
    const struct handler *handler;
    const struct thrown *thrown; /* of a catch_all */
    bool any;
};

static BinaryenExpressionRef replace_rethrow(void *context, BinaryenExpressionRef expr) {
    struct rethrows *rethrows = context;
    struct attempt *attempt = rethrows->attempt;
    const char *name = BinaryenTryGetName(attempt->expr);
    if (BinaryenExpressionGetId(expr) != IR(Rethrow) || BinaryenRethrowGetTarget(expr) != name)
        return expr;
    rethrows->any = true;
    if (rethrows->handler->tag)
        return make_throw(attempt->form, rethrows->handler->tag, rethrows->handler->values);
    if (!rethrows->thrown)
        return expr;
    BinaryenExpressionRef items[] = {form_throw_again(attempt->form, rethrows->thrown),
                                     BinaryenUnreachable(attempt->form->module)};
    return make_block(attempt->form, items, 2);
}

static BinaryenExpressionRef leave_for(struct attempt *attempt, BinaryenExpressionRef first,
                                       const char *label) {
    BinaryenExpressionRef items[] = {first,
                                     BinaryenBreak(attempt->form->module, label, NULL, NULL)};
    return first ? make_block(attempt->form, items, 2) : items[1];
}

/* A pop has to stand at the very beginning of its catch, in no other block than that of the catch.
 */
static BinaryenExpressionRef take_and_leave(struct attempt *attempt, const struct thrown *thrown,
                                            size_t tag, const char *label) {
    BinaryenExpressionRef take = form_take_thrown(attempt->form, thrown, tag);
    BinaryenBlockAppendChild(take, BinaryenBreak(attempt->form->module, label, NULL, NULL));
    BinaryenExpressionFinalize(take);
    return take;
}

/* Adds the catches that a handler which is taken out leaves behind. */
static void add_catches(struct attempt *attempt, struct handler *handler, const char *label) {
    struct form *form = attempt->form;
    struct rethrows rethrows = {attempt, handler, NULL, false};
    struct thrown thrown = {0};
    const struct program *program = form->body->program;
    ir_replace_all(&handler->code, replace_rethrow, &rethrows);
    if (!handler->tag && rethrows.any &&
        program->tag_count == 0) { /* only what comes from outside */
        BinaryenTryAppendCatchBody(
            attempt->expr, BinaryenRethrow(form->module, BinaryenTryGetName(attempt->expr)));
        handler->code = BinaryenUnreachable(form->module);
        return;
    }
    if (handler->tag || !rethrows.any) {
        if (handler->tag)
            BinaryenTryAppendCatchTag(attempt->expr, handler->tag);
        BinaryenTryAppendCatchBody(attempt->expr, leave_for(attempt, handler->take, label));
        return;
    }
    form_keep_thrown(form, &thrown);
    rethrows.thrown = &thrown;
    ir_replace_all(&handler->code, replace_rethrow, &rethrows);
    for (size_t i = 0; i < program->tag_count; i++) {
        BinaryenTryAppendCatchTag(attempt->expr, program->tags[i].name);
        BinaryenTryAppendCatchBody(attempt->expr, take_and_leave(attempt, &thrown, i, label));
    }
    form_release_thrown(&thrown);
}

/* Goes on at the end of everything, with the value if there is one. */
static BinaryenExpressionRef then_end(struct attempt *attempt, BinaryenExpressionRef expr,
                                      const char *end) {
    BinaryenModuleRef module = attempt->form->module;
    if (form_is_unreachable(expr))
        return expr;
    if (form_has_value(expr))
        return BinaryenBreak(module, end, NULL, expr);
    return leave_for(attempt, expr, end);
}

static void drop_catches(BinaryenExpressionRef expr) {
    while (BinaryenTryGetNumCatchTags(expr) > 0)
        BinaryenTryRemoveCatchTagAt(expr, 0);
    while (BinaryenTryGetNumCatchBodies(expr) > 0)
        BinaryenTryRemoveCatchBodyAt(expr, 0);
}

static BinaryenExpressionRef take_out(struct attempt *attempt) {
    struct form *form = attempt->form;
    BinaryenModuleRef module = form->module;
    BinaryenType type = BinaryenExpressionGetType(attempt->expr);
    uint32_t number = form->try_count++;
    char *end = mem_printf(LABEL_CAUGHT_END "%u", number);
    drop_catches(attempt->expr);
    for (BinaryenIndex i = 0; i < attempt->count; i++) {
        struct handler *handler = &attempt->handlers[i];
        char *label = mem_printf(LABEL_CAUGHT "%u_%u", number, i);
        if (handler->out) {
            add_catches(attempt, handler, label);
        } else {
            if (handler->tag)
                BinaryenTryAppendCatchTag(attempt->expr, handler->tag);
            BinaryenTryAppendCatchBody(attempt->expr, whole(attempt, handler));
        }
        free(label);
    }
    BinaryenExpressionFinalize(attempt->expr);
    BinaryenExpressionRef all = then_end(attempt, attempt->expr, end);
    for (BinaryenIndex i = 0; i < attempt->count; i++) {
        if (!attempt->handlers[i].out)
            continue;
        char *label = mem_printf(LABEL_CAUGHT "%u_%u", number, i);
        BinaryenExpressionRef items[] = {make_labelled(module, label, &all, 1),
                                         then_end(attempt, attempt->handlers[i].code, end)};
        all = make_block(form, items, 2);
        free(label);
    }
    all = BinaryenBlock(module, end, &all, 1,
                        type == BinaryenTypeUnreachable() ? BinaryenTypeAuto() : type);
    free(end);
    return all;
}

static BinaryenExpressionRef visit_try(void *context, BinaryenExpressionRef expr) {
    struct attempt attempt = {.form = context, .expr = expr};
    bool any = false;
    if (BinaryenExpressionGetId(expr) != IR(Try) || BinaryenTryIsDelegate(expr))
        return expr;
    read_handlers(&attempt);
    for (BinaryenIndex i = 0; i < attempt.count; i++)
        any |= attempt.handlers[i].out;
    if (any)
        expr = take_out(&attempt);
    for (BinaryenIndex i = 0; !any && i < attempt.count; i++)
        BinaryenTrySetCatchBodyAt(expr, i, whole(&attempt, &attempt.handlers[i]));
    free(attempt.handlers);
    return expr;
}

void form_take_out_catches(struct form *form, BinaryenExpressionRef *root) {
    ir_replace_all(root, visit_try, form);
}

void form_release_thrown(struct thrown *thrown) {
    free(thrown->values);
    *thrown = (struct thrown){0};
}
