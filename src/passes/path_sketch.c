#include "passes/path_sketch.h"

#include <stdlib.h>

#include "ir/walk.h"
#include "passes/callgraph.h"
#include "passes/trips.h"

enum {
    OUTSIDE_COST = 100 /* of a call that leaves the module, and of memory in bulk */
};

struct sketching {
    struct callgraph *graph;
    const char *function; /* internal name */
    uint32_t plain;       /* instructions of the innermost loop, or of the function */
};

static void push(struct callgraph *graph, struct path_item item) {
    struct path_sketches *sketches = &graph->sketches;
    if (sketches->count == sketches->capacity) {
        sketches->capacity = sketches->capacity ? sketches->capacity * 2 : 256;
        sketches->items = mem_grow(sketches->items, sketches->capacity, sizeof *sketches->items);
    }
    sketches->items[sketches->count++] = item;
}

static void push_end(struct sketching *sketching) {
    push(sketching->graph, (struct path_item){PATH_COST, sketching->plain, NULL});
    push(sketching->graph, (struct path_item){PATH_END, 0, NULL});
}

static void add_plain(struct sketching *sketching, uint32_t cost) {
    sketching->plain = sketching->plain > UINT32_MAX - cost ? UINT32_MAX : sketching->plain + cost;
}

static void add_call(struct sketching *sketching, BinaryenExpressionRef call) {
    const struct program *program = sketching->graph->program;
    const struct function *callee = program_function(program, BinaryenCallGetTarget(call));
    if (callee && callee->defined)
        push(sketching->graph,
             (struct path_item){PATH_CALL, (uint32_t)(callee - program->functions), NULL});
    else
        add_plain(sketching, OUTSIDE_COST);
    if (ir_is_tail_call_to(call, sketching->function))
        push(sketching->graph, (struct path_item){PATH_REPEATS, 0, NULL});
}

/* What the expression itself costs. */
static void add_own(struct sketching *sketching, BinaryenExpressionRef expr) {
    switch (BinaryenExpressionGetId(expr)) {
    case IR(Block):
        break;
    case IR(Call):
        add_call(sketching, expr);
        break;
    case IR(CallIndirect): {
        uint32_t node = callgraph_signature(sketching->graph, BinaryenCallIndirectGetParams(expr),
                                            BinaryenCallIndirectGetResults(expr));
        push(sketching->graph, (struct path_item){PATH_CALL, node, NULL});
        break;
    }
    case IR(MemoryGrow):
    case IR(MemoryCopy):
    case IR(MemoryFill):
    case IR(MemoryInit):
        add_plain(sketching, OUTSIDE_COST);
        break;
    default:
        add_plain(sketching, 1);
    }
}

static void sketch(struct sketching *sketching, BinaryenExpressionRef expr,
                   BinaryenExpressionRef block, BinaryenIndex index) {
    bool is_block = BinaryenExpressionGetId(expr) == IR(Block);
    bool is_loop = BinaryenExpressionGetId(expr) == IR(Loop) && BinaryenLoopGetName(expr);
    uint32_t outer = sketching->plain;
    if (is_loop) {
        push(sketching->graph, (struct path_item){PATH_LOOP, loop_trips(expr, block, index),
                                                  BinaryenLoopGetName(expr)});
        sketching->plain = 0;
    }
    add_own(sketching, expr);
    BinaryenIndex count = ir_child_count(expr);
    for (BinaryenIndex i = 0; i < count; i++)
        if (ir_child_get(expr, i))
            sketch(sketching, ir_child_get(expr, i), is_block ? expr : NULL, i);
    if (is_loop) {
        push_end(sketching);
        sketching->plain = outer;
    }
}

void path_sketch_add(struct callgraph *graph, uint32_t function) {
    const struct function *code = &graph->program->functions[function];
    struct sketching sketching = {graph, code->name, 0};
    graph->sketches.first[function] = graph->sketches.count;
    sketch(&sketching, BinaryenFunctionGetBody(code->ref), NULL, 0);
    push_end(&sketching);
}

void path_sketches_init(struct path_sketches *sketches, size_t function_count) {
    *sketches = (struct path_sketches){0};
    sketches->first = mem_calloc(function_count, sizeof *sketches->first);
}

void path_sketches_release(struct path_sketches *sketches) {
    free(sketches->items);
    free(sketches->first);
    *sketches = (struct path_sketches){0};
}
