/*
 * find_suspendable.c: which functions can be on the stack when the program stops at a point.
 *
 * The call graph is followed upwards from the functions that hold a point. Functions that are not
 * reached stay as they are.
 */
#include "passes/callgraph.h"
#include "passes/passes.h"

#include <stdlib.h>

static bool holds_point(const struct function *function) {
    return function->entry_point || function->return_point || function->loop_points.count > 0;
}

void pass_find_suspendable(struct program *program, const struct callgraph *graph) {
    size_t functions = program->function_count;
    bool *reached = mem_calloc(callgraph_size(graph), sizeof *reached);
    for (size_t i = 0; i < functions; i++)
        reached[i] = holds_point(&program->functions[i]);
    callgraph_reach(graph, CALLGRAPH_CALLERS, reached);
    for (size_t i = 0; i < functions; i++)
        program->functions[i].suspendable = reached[i] && program->functions[i].defined;
    program->indirect = mem_calloc(graph->signature_count, sizeof *program->indirect);
    for (size_t i = 0; i < graph->signature_count; i++)
        if (reached[functions + i])
            program->indirect[program->indirect_count++] = graph->signatures[i];
    free(reached);
}
