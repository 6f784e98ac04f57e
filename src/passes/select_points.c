/*
 * select_points.c: which functions get which points.
 *
 *     KAFU_DEST           entry and return of the function
 *     KAFU_MAY_OFFLOAD    every loop of the function and of all that it can call
 *
 * Loop points below a KAFU_MAY_OFFLOAD function are reached from elsewhere too; they let the
 * program go on unless such a function is active (the global snapify_inside).
 */
#include "passes/callgraph.h"
#include "passes/passes.h"

#include <stdlib.h>

#include "ir/walk.h"

static BinaryenExpressionRef note_loop(void *context, BinaryenExpressionRef expr) {
    if (BinaryenExpressionGetId(expr) == IR(Loop) && BinaryenLoopGetName(expr))
        *(bool *)context = true;
    return expr;
}

static bool has_loop(const struct function *function) {
    BinaryenExpressionRef body = BinaryenFunctionGetBody(function->ref);
    bool found = false;
    ir_replace_all(&body, note_loop, &found);
    return found;
}

static void select_offload_loops(struct program *program, const struct callgraph *graph) {
    bool *reached = mem_calloc(callgraph_size(graph), sizeof *reached);
    for (size_t i = 0; i < program->function_count; i++)
        reached[i] = program->functions[i].offload != 0;
    callgraph_reach(graph, CALLGRAPH_CALLEES, reached);
    for (size_t i = 0; i < program->function_count; i++) {
        struct function *function = &program->functions[i];
        if (reached[i] && function->defined && has_loop(function))
            function->loop_points = program->budget = true;
    }
    free(reached);
}

void pass_select_points(struct program *program, const struct callgraph *graph) {
    for (size_t i = 0; i < program->function_count; i++) {
        struct function *function = &program->functions[i];
        function->entry_point = function->return_point = function->destination != 0;
    }
    select_offload_loops(program, graph);
}
