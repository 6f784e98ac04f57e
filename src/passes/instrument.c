/*
 * instrument.c: gives every suspendable function its new body.
 *
 * A local cannot be added to a function through Binaryen's C API, so each one is made anew under
 * its name; exports, tables and calls refer to it by that name.
 */
#include <stdlib.h>

#include "passes/body.h"
#include "passes/explain.h"
#include "passes/passes.h"
#include "passes/site_map.h"

/* Code that is never reached would only be in the way of taking expressions apart. */
static void drop_unreachable(BinaryenModuleRef module, BinaryenFunctionRef function) {
    static const char *const passes[] = {"dce"};
    BinaryenFunctionRunPasses(function, module, (const char **)passes, 1);
}

static BinaryenFunctionRef add_function(const struct body *body, const char *name,
                                        BinaryenType params, BinaryenExpressionRef code) {
    return BinaryenAddFunction(body->program->module, name, params, body->results,
                               body->locals + body->param_count,
                               body->local_count - body->param_count, code);
}

/* In the frame it is a stub, behind all that is there by then. */
static void add_landing(struct body *body, BinaryenType params) {
    struct program *program = body->program;
    char *name = body_landing_name(body);
    BinaryenExpressionRef code = body_linearize(body, BODY_LANDING);
    drop_unreachable(program->module, add_function(body, name, params, code));
    if (program->module != program->frame)
        BinaryenAddFunction(program->frame, name, params, body->results, NULL, 0,
                            BinaryenUnreachable(program->frame));
    body->function->landing = BinaryenFunctionGetName(BinaryenGetFunction(program->frame, name));
    map_put(&program->by_landing, body->function->landing, body->function_index);
    free(name);
}

static void write_function(struct body *body) {
    struct function *function = body->function;
    BinaryenModuleRef module = body->program->module;
    BinaryenType params = BinaryenFunctionGetParams(function->ref);
    bool parts = body_divide(body);
    BinaryenExpressionRef code = body_linearize(body, parts ? BODY_RUNNING : BODY_WHOLE);
    BinaryenRemoveFunction(module, function->name);
    function->ref = add_function(body, function->name, params, code);
    if (parts)
        add_landing(body, params);
}

static int instrument(struct program *program, uint32_t index) {
    struct body body;
    drop_unreachable(program->module, program->functions[index].ref);
    body_init(&body, program, index);
    body_statement_form(&body);
    body_number_sites(&body);
    int status = body_liveness(&body);
    if (status == 0) {
        explain_body(&body);
        site_map_body(&body);
        write_function(&body);
    }
    body_release(&body);
    return status;
}

int pass_instrument(struct program *program) {
    for (uint32_t i = 0; i < program->function_count; i++)
        if (program->functions[i].suspendable && program->functions[i].loaded &&
            instrument(program, i) < 0)
            return -1;
    return 0;
}
