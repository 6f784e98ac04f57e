/*
 * instrument.c: gives every suspendable function its new body.
 *
 * A local cannot be added to a function through Binaryen's C API, so each one is made anew under
 * its name; exports, tables and calls refer to it by that name.
 */
#include "passes/body.h"
#include "passes/explain.h"
#include "passes/passes.h"
#include "passes/site_map.h"

static void replace_function(struct body *body, BinaryenExpressionRef code) {
    struct function *function = body->function;
    BinaryenModuleRef module = body->program->module;
    BinaryenType params = BinaryenFunctionGetParams(function->ref);
    BinaryenIndex vars = body->local_count - body->param_count;
    BinaryenRemoveFunction(module, function->name);
    function->ref = BinaryenAddFunction(module, function->name, params, body->results,
                                        body->locals + body->param_count, vars, code);
}

static int instrument(struct program *program, uint32_t index) {
    /* Code that is never reached would only be in the way of taking expressions apart. */
    static const char *const passes[] = {"dce"};
    struct body body;
    BinaryenFunctionRunPasses(program->functions[index].ref, program->module, (const char **)passes,
                              1);
    body_init(&body, program, index);
    body_statement_form(&body);
    body_number_sites(&body);
    int status = body_liveness(&body);
    if (status == 0) {
        explain_body(&body);
        site_map_body(&body);
        replace_function(&body, body_linearize(&body));
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
