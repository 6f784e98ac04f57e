#include "passes/callgraph.h"

#include <stdlib.h>

#include "ir/walk.h"
#include "passes/passes.h"
#include "passes/trips.h"

struct walk {
    struct callgraph *graph;
    uint32_t current; /* function that is being walked */
    uint32_t rounds;  /* of the loops around, see struct callgraph_edge */
};

static void add_edge(struct callgraph *graph, uint32_t caller, uint32_t callee, uint32_t rounds) {
    if (graph->edge_count == graph->edge_capacity) {
        graph->edge_capacity = graph->edge_capacity ? graph->edge_capacity * 2 : 256;
        graph->edges = mem_grow(graph->edges, graph->edge_capacity, sizeof *graph->edges);
    }
    uint32_t *callers = &graph->first[CALLGRAPH_CALLERS][callee];
    uint32_t *callees = &graph->first[CALLGRAPH_CALLEES][caller];
    graph->edges[graph->edge_count] =
        (struct callgraph_edge){{caller, callee}, {*callers, *callees}, rounds};
    *callers = *callees = (uint32_t)++graph->edge_count;
}

static void add_nodes(struct callgraph *graph, size_t count) {
    for (int i = 0; i < CALLGRAPH_DIRECTIONS; i++) {
        graph->first[i] = mem_grow(graph->first[i], count, sizeof(uint32_t));
        for (size_t node = graph->node_capacity; node < count; node++)
            graph->first[i][node] = 0;
    }
    graph->node_capacity = count;
}

uint32_t callgraph_signature(const struct callgraph *graph, BinaryenType params,
                             BinaryenType results) {
    size_t i = 0;
    while (i < graph->signature_count &&
           (graph->signatures[i].params != params || graph->signatures[i].results != results))
        i++;
    return (uint32_t)(graph->program->function_count + i);
}

static uint32_t signature_node(struct callgraph *graph, BinaryenType params, BinaryenType results) {
    uint32_t node = callgraph_signature(graph, params, results);
    if (node < callgraph_size(graph))
        return node;
    if (node == graph->node_capacity)
        add_nodes(graph, graph->node_capacity * 2 + 16);
    graph->signatures =
        mem_grow(graph->signatures, graph->signature_count + 1, sizeof *graph->signatures);
    graph->signatures[graph->signature_count++] = (struct signature){params, results};
    return node;
}

static void note_reference(struct walk *walk, const char *name) {
    struct program *program = walk->graph->program;
    struct function *function = program_function(program, name);
    if (function)
        walk->graph->referenced[function - program->functions] = true;
}

static void note_tag(struct program *program, const char *name) {
    for (size_t i = 0; i < program->tag_count; i++)
        if (program->tags[i].name == name)
            return;
    BinaryenType params = BinaryenTagGetParams(BinaryenGetTag(program->module, name));
    program->tags = mem_grow(program->tags, program->tag_count + 1, sizeof *program->tags);
    program->tags[program->tag_count++] = (struct tag){name, params};
}

/* Its calls become something else (tables.c). */
static bool is_helper(const struct program *program, const struct function *function) {
    return program->references && program->references->used &&
           (size_t)(function - program->functions) >= program->references->first_helper;
}

/* What app_memory.c, data_drop.c, wasi_direct.c and tables.c change wherever it stands. */
static void note_touched(struct walk *walk, BinaryenExpressionRef expr) {
    struct program *program = walk->graph->program;
    struct function *function = &program->functions[walk->current];
    switch (BinaryenExpressionGetId(expr)) {
    case IR(MemorySize):
    case IR(MemoryGrow):
        function->touched = true;
        break;
    case IR(DataDrop):
        function->touched = true;
        pass_note_data_drop(program, expr);
        break;
    case IR(Call): {
        const struct function *callee = program_function(program, BinaryenCallGetTarget(expr));
        function->touched |= callee && is_helper(program, callee);
        function->touched |= pass_is_wasi_direct(program, expr);
        break;
    }
    default:
        break;
    }
}

static void note_call(struct walk *walk, BinaryenExpressionRef expr) {
    struct program *program = walk->graph->program;
    note_touched(walk, expr);
    if (ir_is_tail_call(expr))
        program->functions[walk->current].tail_calls = true;
    switch (BinaryenExpressionGetId(expr)) {
    case IR(Call): {
        struct function *callee = program_function(program, BinaryenCallGetTarget(expr));
        if (!callee) /* the glue's functions are not listed */
            break;
        bool loops = ir_is_tail_call_to(expr, program->functions[walk->current].name);
        add_edge(walk->graph, walk->current, (uint32_t)(callee - program->functions),
                 loops ? UINT32_MAX : walk->rounds);
        break;
    }
    case IR(CallIndirect):
        add_edge(walk->graph, walk->current,
                 signature_node(walk->graph, BinaryenCallIndirectGetParams(expr),
                                BinaryenCallIndirectGetResults(expr)),
                 walk->rounds);
        break;
    case IR(RefFunc):
        note_reference(walk, BinaryenRefFuncGetFunc(expr));
        break;
    case IR(Throw):
        note_tag(program, BinaryenThrowGetTag(expr));
        break;
    default:
        break;
    }
}

/* `trips` of 0 are not known. */
static void note_loop(struct walk *walk, uint32_t trips) {
    uint32_t rounds = trips > 0 ? trips : UINT32_MAX;
    walk->rounds = rounds > walk->rounds ? rounds : walk->rounds;
}

/* `block` and `index` say where the expression stands, if it is an item of a block. */
static void walk_expression(struct walk *walk, BinaryenExpressionRef expr,
                            BinaryenExpressionRef block, BinaryenIndex index) {
    uint32_t rounds = walk->rounds;
    bool is_block = BinaryenExpressionGetId(expr) == IR(Block);
    BinaryenIndex count = ir_child_count(expr);
    if (BinaryenExpressionGetId(expr) == IR(Loop) && BinaryenLoopGetName(expr))
        note_loop(walk, loop_trips(expr, block, index));
    for (BinaryenIndex i = 0; i < count; i++)
        if (ir_child_get(expr, i))
            walk_expression(walk, ir_child_get(expr, i), is_block ? expr : NULL, i);
    walk->rounds = rounds;
    note_call(walk, expr);
}

static void walk_functions(struct walk *walk) {
    struct program *program = walk->graph->program;
    for (uint32_t i = 0; i < program->function_count; i++) {
        if (!program->functions[i].loaded)
            continue;
        walk->current = i;
        walk_expression(walk, BinaryenFunctionGetBody(program->functions[i].ref), NULL, 0);
        path_sketch_add(walk->graph, i);
        pass_note_wasi_direct(program, &program->functions[i]);
    }
}

static void walk_tables_and_globals(struct walk *walk) {
    BinaryenModuleRef module = walk->graph->program->module;
    for (BinaryenIndex i = 0; i < BinaryenGetNumElementSegments(module); i++) {
        BinaryenElementSegmentRef segment = BinaryenGetElementSegmentByIndex(module, i);
        BinaryenIndex length = BinaryenElementSegmentGetLength(segment);
        for (BinaryenIndex j = 0; j < length; j++) {
            const char *function = BinaryenElementSegmentGetData(segment, j);
            if (function)
                note_reference(walk, function);
        }
    }
    for (BinaryenIndex i = 0; i < BinaryenGetNumGlobals(module); i++) {
        BinaryenExpressionRef init = BinaryenGlobalGetInitExpr(BinaryenGetGlobalByIndex(module, i));
        if (init)
            walk_expression(walk, init, NULL, 0);
    }
}

static void link_signatures(struct walk *walk) {
    const struct program *program = walk->graph->program;
    for (uint32_t i = 0; i < program->function_count; i++) {
        BinaryenFunctionRef ref = program->functions[i].ref;
        if (walk->graph->referenced[i])
            add_edge(walk->graph,
                     signature_node(walk->graph, BinaryenFunctionGetParams(ref),
                                    BinaryenFunctionGetResults(ref)),
                     i, 0);
    }
}

size_t callgraph_size(const struct callgraph *graph) {
    return graph->program->function_count + graph->signature_count;
}

void callgraph_init(struct callgraph *graph, struct program *program) {
    *graph = (struct callgraph){.program = program};
    add_nodes(graph, program->function_count);
    graph->referenced = mem_calloc(program->function_count, sizeof *graph->referenced);
    path_sketches_init(&graph->sketches, program->function_count);
}

void callgraph_add(struct callgraph *graph) {
    struct walk walk = {.graph = graph};
    walk_functions(&walk);
}

void callgraph_finish(struct callgraph *graph) {
    struct walk walk = {.graph = graph};
    walk_tables_and_globals(&walk);
    link_signatures(&walk);
}

void callgraph_reach(const struct callgraph *graph, enum callgraph_direction direction, bool *set) {
    size_t nodes = callgraph_size(graph), waiting = 0;
    uint32_t *worklist = mem_calloc(nodes, sizeof *worklist);
    for (uint32_t node = 0; node < nodes; node++)
        if (set[node])
            worklist[waiting++] = node;
    while (waiting > 0) {
        uint32_t at = graph->first[direction][worklist[--waiting]];
        for (; at; at = graph->edges[at - 1].next[direction]) {
            uint32_t node = graph->edges[at - 1].end[direction];
            if (!set[node]) {
                set[node] = true;
                worklist[waiting++] = node;
            }
        }
    }
    free(worklist);
}

uint32_t *callgraph_next(const struct callgraph *graph, enum callgraph_direction direction,
                         const bool *goals) {
    size_t nodes = callgraph_size(graph), head = 0, tail = 0;
    enum callgraph_direction back = CALLGRAPH_DIRECTIONS - 1 - direction;
    uint32_t *next = mem_calloc(nodes, sizeof *next), *queue = mem_calloc(nodes, sizeof *queue);
    for (uint32_t node = 0; node < nodes; node++) {
        next[node] = goals[node] ? node : UINT32_MAX;
        if (goals[node])
            queue[tail++] = node;
    }
    while (head < tail) {
        uint32_t node = queue[head++];
        uint32_t at = graph->first[back][node];
        for (; at; at = graph->edges[at - 1].next[back]) {
            uint32_t before = graph->edges[at - 1].end[back];
            if (next[before] != UINT32_MAX)
                continue;
            next[before] = node;
            queue[tail++] = before;
        }
    }
    free(queue);
    return next;
}

void callgraph_release(struct callgraph *graph) {
    free(graph->edges);
    free(graph->signatures);
    free(graph->referenced);
    path_sketches_release(&graph->sketches);
    for (int i = 0; i < CALLGRAPH_DIRECTIONS; i++)
        free(graph->first[i]);
    *graph = (struct callgraph){0};
}
