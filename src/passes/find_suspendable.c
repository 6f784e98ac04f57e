/*
 * find_suspendable.c: which functions can be on the stack when the program stops at a point.
 *
 * The call graph is followed upwards from the functions that hold a point. An indirect call
 * reaches every function of its signature that is in a table or whose reference is taken, so
 * each signature is a node of the graph between the callers and those functions:
 *
 *     caller -> callee                      call
 *     caller -> (i32) -> i32 -> function    call_indirect
 *
 * Imported functions are WASI's and call nothing back. Functions that are not reached stay as
 * they are.
 */
#include "ir/walk.h"
#include "passes/passes.h"

#include <stdlib.h>

/* Reversed edges in lists: callers_of[node] -> edge -> edge ... */
struct edge {
    uint32_t caller;
    uint32_t next; /* index + 1; 0 ends the list */
};

struct graph {
    struct program *program;
    struct edge *edges;
    size_t edge_count, edge_capacity;
    struct signature *signatures; /* node = function_count + position */
    size_t signature_count;
    uint32_t *callers_of; /* per node: index + 1 of its first edge */
    size_t node_capacity;
    bool *referenced; /* per function: in a table or reference taken */
    uint32_t current; /* function that is being walked */
};

static void add_edge(struct graph *graph, uint32_t caller, uint32_t callee) {
    if (graph->edge_count == graph->edge_capacity) {
        graph->edge_capacity = graph->edge_capacity ? graph->edge_capacity * 2 : 256;
        graph->edges = mem_grow(graph->edges, graph->edge_capacity, sizeof *graph->edges);
    }
    graph->edges[graph->edge_count] = (struct edge){caller, graph->callers_of[callee]};
    graph->callers_of[callee] = (uint32_t)++graph->edge_count;
}

static uint32_t signature_node(struct graph *graph, BinaryenType params, BinaryenType results) {
    size_t functions = graph->program->function_count;
    for (size_t i = 0; i < graph->signature_count; i++)
        if (graph->signatures[i].params == params && graph->signatures[i].results == results)
            return (uint32_t)(functions + i);
    size_t node = functions + graph->signature_count;
    if (node == graph->node_capacity) {
        graph->node_capacity = graph->node_capacity * 2 + 16;
        graph->callers_of =
            mem_grow(graph->callers_of, graph->node_capacity, sizeof *graph->callers_of);
    }
    graph->callers_of[node] = 0;
    graph->signatures =
        mem_grow(graph->signatures, graph->signature_count + 1, sizeof *graph->signatures);
    graph->signatures[graph->signature_count++] = (struct signature){params, results};
    return (uint32_t)node;
}

static void note_reference(struct graph *graph, const char *name) {
    struct function *function = program_function(graph->program, name);
    if (function)
        graph->referenced[function - graph->program->functions] = true;
}

static BinaryenExpressionRef note_calls(void *context, BinaryenExpressionRef expr) {
    struct graph *graph = context;
    switch (BinaryenExpressionGetId(expr)) {
    case IR(Call): {
        struct function *callee = program_function(graph->program, BinaryenCallGetTarget(expr));
        add_edge(graph, graph->current, (uint32_t)(callee - graph->program->functions));
        break;
    }
    case IR(CallIndirect):
        add_edge(graph, graph->current,
                 signature_node(graph, BinaryenCallIndirectGetParams(expr),
                                BinaryenCallIndirectGetResults(expr)));
        break;
    case IR(RefFunc):
        note_reference(graph, BinaryenRefFuncGetFunc(expr));
        break;
    default:
        break;
    }
    return expr;
}

static void walk_functions(struct graph *graph) {
    for (uint32_t i = 0; i < graph->program->function_count; i++) {
        const struct function *function = &graph->program->functions[i];
        if (!function->defined)
            continue;
        BinaryenExpressionRef body = BinaryenFunctionGetBody(function->ref);
        graph->current = i;
        ir_replace_all(&body, note_calls, graph);
    }
}

static void walk_tables_and_globals(struct graph *graph) {
    BinaryenModuleRef module = graph->program->module;
    for (BinaryenIndex i = 0; i < BinaryenGetNumElementSegments(module); i++) {
        BinaryenElementSegmentRef segment = BinaryenGetElementSegmentByIndex(module, i);
        BinaryenIndex length = BinaryenElementSegmentGetLength(segment);
        for (BinaryenIndex j = 0; j < length; j++) {
            const char *function = BinaryenElementSegmentGetData(segment, j);
            if (function)
                note_reference(graph, function);
        }
    }
    for (BinaryenIndex i = 0; i < BinaryenGetNumGlobals(module); i++) {
        BinaryenExpressionRef init = BinaryenGlobalGetInitExpr(BinaryenGetGlobalByIndex(module, i));
        if (init)
            ir_replace_all(&init, note_calls, graph);
    }
}

static void link_signatures(struct graph *graph) {
    for (uint32_t i = 0; i < graph->program->function_count; i++) {
        BinaryenFunctionRef ref = graph->program->functions[i].ref;
        if (graph->referenced[i])
            add_edge(graph,
                     signature_node(graph, BinaryenFunctionGetParams(ref),
                                    BinaryenFunctionGetResults(ref)),
                     i);
    }
}

static bool holds_point(const struct function *function) {
    return function->entry_point || function->return_point || function->loop_points;
}

static void visit_callers(struct graph *graph) {
    struct program *program = graph->program;
    size_t nodes = program->function_count + graph->signature_count, waiting = 0;
    bool *seen = mem_calloc(nodes, sizeof *seen);
    program->indirect = mem_calloc(graph->signature_count, sizeof *program->indirect);
    uint32_t *worklist = mem_calloc(nodes, sizeof *worklist);
    for (uint32_t i = 0; i < program->function_count; i++) {
        if (holds_point(&program->functions[i])) {
            seen[i] = true;
            worklist[waiting++] = i;
        }
    }
    while (waiting > 0) {
        uint32_t node = worklist[--waiting];
        if (node < program->function_count)
            program->functions[node].suspendable = true;
        else
            program->indirect[program->indirect_count++] =
                graph->signatures[node - program->function_count];
        for (uint32_t at = graph->callers_of[node]; at; at = graph->edges[at - 1].next) {
            uint32_t caller = graph->edges[at - 1].caller;
            if (!seen[caller]) {
                seen[caller] = true;
                worklist[waiting++] = caller;
            }
        }
    }
    free(worklist);
    free(seen);
}

void pass_find_suspendable(struct program *program) {
    struct graph graph = {.program = program, .node_capacity = program->function_count};
    graph.callers_of = mem_calloc(program->function_count, sizeof *graph.callers_of);
    graph.referenced = mem_calloc(program->function_count, sizeof *graph.referenced);
    walk_functions(&graph);
    walk_tables_and_globals(&graph);
    link_signatures(&graph);
    visit_callers(&graph);
    free(graph.edges);
    free(graph.signatures);
    free(graph.callers_of);
    free(graph.referenced);
}
