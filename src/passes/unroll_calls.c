/*
 * unroll_calls.c: a short recursive function does what it calls itself for in place, once.
 *
 *     f(n) { ... x = f(a) ... }  =>  f(n) { ... x = block $copy { n' = a; other' = 0; body' } ... }
 *
 * with locals of its own in the copy, whose calls stay calls. So half of the calls of a recursion
 * are none, with their test behind, that at the start, and their frame: on wasmtime and Node fib
 * takes 0.89 and 1.06 of the plain program's time instead of 1.13 and 1.24. It is done before
 * points are selected, each time that the code is read, and in the same way.
 *
 * Marked functions stay: their entries and returns are points. So do all where points of a kind
 * are asked for.
 */
#include <stdlib.h>

#include "ir/make.h"
#include "ir/names.h"
#include "ir/relabel.h"
#include "ir/walk.h"
#include "passes/origins.h"
#include "passes/passes.h"

enum {
    CALLS = 4,   /* that are replaced, at most */
    NODES = 160, /* expressions in all copies, at most */
    LOCALS = 12, /* of the function; all are in its frames */
};

struct unrolling {
    struct function *function;
    struct origins *origins; /* NULL: nobody asks */
    struct relabel relabel;
    BinaryenExpressionRef body; /* to be copied */
    BinaryenType results;
    BinaryenIndex param_count, local_count;
    BinaryenType *locals; /* owned; parameters first */
    const char *end;      /* of the copy that is being made */
    uint32_t nodes, calls;
    bool fits; /* nothing in it that cannot be copied */
};

/* --- which --- */

static bool calls_itself(const struct unrolling *unrolling, BinaryenExpressionRef expr) {
    return BinaryenExpressionGetId(expr) == IR(Call) &&
           BinaryenCallGetTarget(expr) == unrolling->function->name;
}

static bool holds_call(const struct unrolling *unrolling, BinaryenExpressionRef expr) {
    BinaryenIndex count = ir_child_count(expr);
    bool found = calls_itself(unrolling, expr);
    for (BinaryenIndex i = 0; i < count && !found; i++)
        found = ir_child_get(expr, i) && holds_call(unrolling, ir_child_get(expr, i));
    return found;
}

/* Copies share their locals, so none is made while the operands of another are evaluated. */
static bool is_replaced(const struct unrolling *unrolling, BinaryenExpressionRef expr) {
    BinaryenIndex count = ir_child_count(expr);
    bool replaced =
        calls_itself(unrolling, expr) && BinaryenExpressionGetType(expr) == unrolling->results;
    for (BinaryenIndex i = 0; i < count && replaced; i++)
        replaced = !holds_call(unrolling, ir_child_get(expr, i));
    return replaced;
}

static BinaryenExpressionRef look_at(void *context, BinaryenExpressionRef expr) {
    struct unrolling *unrolling = context;
    unrolling->nodes++;
    unrolling->calls += is_replaced(unrolling, expr);
    unrolling->fits &= ir_is_known(expr) && !ir_is_tail_call(expr) &&
                       BinaryenExpressionGetId(expr) != IR(Try); /* has names of its own */
    return expr;
}

static bool is_candidate(const struct program *program, const struct function *function) {
    return function->loaded && function->destination == 0 && function->offload == 0 &&
           !function->stands_for && function->forwards == 0 &&
           BinaryenFunctionGetNumLocals(function->ref) <= LOCALS &&
           BinaryenTypeArity(BinaryenFunctionGetResults(function->ref)) <= 1 &&
           (size_t)(function - program->functions) >= program->scan->imported_functions;
}

static bool is_short_recursion(struct unrolling *unrolling) {
    unrolling->fits = true;
    ir_replace_all(&unrolling->body, look_at, unrolling);
    return unrolling->fits && unrolling->calls > 0 && unrolling->calls <= CALLS &&
           unrolling->nodes * unrolling->calls <= NODES;
}

/* --- copies --- */

/* The copy's own locals, and a branch to its end for each return. */
static BinaryenExpressionRef move_in(void *context, BinaryenExpressionRef expr) {
    const struct unrolling *unrolling = context;
    switch (BinaryenExpressionGetId(expr)) {
    case IR(LocalGet):
        BinaryenLocalGetSetIndex(expr, BinaryenLocalGetGetIndex(expr) + unrolling->local_count);
        return expr;
    case IR(LocalSet):
        BinaryenLocalSetSetIndex(expr, BinaryenLocalSetGetIndex(expr) + unrolling->local_count);
        return expr;
    case IR(Return):
        return BinaryenBreak(unrolling->relabel.module, unrolling->end, NULL,
                             BinaryenReturnGetValue(expr));
    default:
        return expr;
    }
}

static void note_copy(const struct unrolling *unrolling, BinaryenExpressionRef expr,
                      BinaryenExpressionRef copy) {
    if (unrolling->origins)
        origins_copied(unrolling->origins, expr, copy);
}

static BinaryenExpressionRef make_copy(struct unrolling *unrolling, BinaryenExpressionRef call) {
    BinaryenModuleRef module = unrolling->relabel.module;
    BinaryenIndex count = unrolling->local_count;
    BinaryenExpressionRef *items = mem_calloc(count + 1, sizeof(BinaryenExpressionRef));
    for (BinaryenIndex i = 0; i < count; i++) {
        BinaryenExpressionRef value = i < unrolling->param_count
                                          ? BinaryenCallGetOperandAt(call, i)
                                          : make_zero(module, unrolling->locals[i]);
        items[i] = BinaryenLocalSet(module, count + i, value);
    }
    unrolling->end = relabel_outer(&unrolling->relabel, unrolling->function->name);
    items[count] = relabel_copy(&unrolling->relabel, unrolling->body);
    note_copy(unrolling, unrolling->body, items[count]);
    ir_replace_all(&items[count], move_in, unrolling);
    BinaryenExpressionRef copy =
        BinaryenBlock(module, unrolling->end, items, count + 1, unrolling->results);
    free(items);
    return copy;
}

static BinaryenExpressionRef replace_call(void *context, BinaryenExpressionRef expr) {
    struct unrolling *unrolling = context;
    return is_replaced(unrolling, expr) ? make_copy(unrolling, expr) : expr;
}

/* --- the function --- */

static void list_locals(struct unrolling *unrolling) {
    BinaryenFunctionRef ref = unrolling->function->ref;
    BinaryenType params = BinaryenFunctionGetParams(ref);
    BinaryenIndex vars = BinaryenFunctionGetNumVars(ref);
    unrolling->param_count = BinaryenTypeArity(params);
    unrolling->local_count = unrolling->param_count + vars;
    unrolling->locals = mem_calloc((size_t)unrolling->local_count * 2, sizeof(BinaryenType));
    BinaryenTypeExpand(params, unrolling->locals);
    for (BinaryenIndex i = 0; i < vars; i++)
        unrolling->locals[unrolling->param_count + i] = BinaryenFunctionGetVar(ref, i);
    for (BinaryenIndex i = 0; i < unrolling->local_count; i++)
        unrolling->locals[unrolling->local_count + i] = unrolling->locals[i];
}

/* Values go through fewer locals, labels that nothing needs go. */
static void tidy(BinaryenFunctionRef function, BinaryenModuleRef module) {
    static const char *passes[] = {"dce",
                                   "remove-unused-names",
                                   "remove-unused-brs",
                                   "remove-unused-names",
                                   "precompute",
                                   "simplify-locals",
                                   "vacuum",
                                   "coalesce-locals",
                                   "simplify-locals",
                                   "vacuum",
                                   "merge-blocks",
                                   "remove-unused-brs",
                                   "remove-unused-names",
                                   "vacuum"};
    BinaryenFunctionRunPasses(function, module, passes, sizeof passes / sizeof *passes);
}

static void unroll(struct unrolling *unrolling) {
    BinaryenModuleRef module = unrolling->relabel.module;
    struct function *function = unrolling->function;
    BinaryenType params = BinaryenFunctionGetParams(function->ref);
    BinaryenExpressionRef body = BinaryenFunctionGetBody(function->ref);
    list_locals(unrolling);
    unrolling->body = BinaryenExpressionCopy(body, module);
    note_copy(unrolling, body, unrolling->body);
    ir_replace_all(&body, replace_call, unrolling);
    BinaryenRemoveFunction(module, function->name);
    function->ref = BinaryenAddFunction(module, function->name, params, unrolling->results,
                                        unrolling->locals + unrolling->param_count,
                                        unrolling->local_count * 2 - unrolling->param_count, body);
    tidy(function->ref, module);
    free(unrolling->locals);
    relabel_release(&unrolling->relabel);
}

void pass_unroll_calls(struct program *program) {
    if (!program_may_copy(program))
        return;
    for (size_t i = 0; i < program->function_count; i++) {
        struct function *function = &program->functions[i];
        struct unrolling unrolling = {
            .function = function,
            .origins = program->origins,
            .relabel = {.module = program->module, .prefix = LABEL_INLINE}};
        if (!is_candidate(program, function))
            continue;
        unrolling.body = BinaryenFunctionGetBody(function->ref);
        unrolling.results = BinaryenFunctionGetResults(function->ref);
        if (is_short_recursion(&unrolling))
            unroll(&unrolling);
    }
}
