/*
 * path_cost.c: adds up instructions.
 *
 * Both arms of an if count, as if both were taken: a bound is all that is wanted. A loop whose text
 * bounds its rounds counts that often, if that stays below the limit. Any other has a point at its
 * header, so a path that meets none does not enter it.
 */
#include "passes/path_cost.h"

#include "ir/make.h"
#include "ir/names.h"
#include "ir/walk.h"
#include "passes/trips.h"

enum {
    OUTSIDE_COST = 100 /* of a call that leaves the module, and of memory in bulk */
};

struct walk {
    const struct path_costs *costs;
    struct map *points;
    const char *function; /* internal name */
    bool repeats;         /* it makes a tail call to itself */
};

static uint32_t add(uint32_t a, uint32_t b) {
    return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

static uint32_t multiply(uint32_t a, uint32_t b) {
    uint64_t product = (uint64_t)a * b;
    return product > UINT32_MAX ? UINT32_MAX : (uint32_t)product;
}

static uint32_t call_cost(const struct path_costs *costs, uint32_t node) {
    return costs->through ? add(1, costs->through[node]) : 1;
}

/* Of the expression itself. */
static uint32_t own_cost(const struct path_costs *costs, BinaryenExpressionRef expr) {
    const struct program *program = costs->graph->program;
    switch (BinaryenExpressionGetId(expr)) {
    case IR(Block):
        return 0;
    case IR(Call): {
        const struct function *callee = program_function(program, BinaryenCallGetTarget(expr));
        return callee && callee->defined ? call_cost(costs, (uint32_t)(callee - program->functions))
                                         : OUTSIDE_COST;
    }
    case IR(CallIndirect):
        return call_cost(costs,
                         callgraph_signature(costs->graph, BinaryenCallIndirectGetParams(expr),
                                             BinaryenCallIndirectGetResults(expr)));
    case IR(MemoryGrow):
    case IR(MemoryCopy):
    case IR(MemoryFill):
    case IR(MemoryInit):
        return OUTSIDE_COST;
    default:
        return 1;
    }
}

static uint32_t cost_of(struct walk *walk, BinaryenExpressionRef expr, BinaryenExpressionRef block,
                        BinaryenIndex index) {
    bool is_block = BinaryenExpressionGetId(expr) == IR(Block);
    BinaryenIndex count = ir_child_count(expr);
    uint32_t cost = own_cost(walk->costs, expr);
    walk->repeats |= ir_is_tail_call_to(expr, walk->function);
    for (BinaryenIndex i = 0; i < count; i++)
        if (ir_child_get(expr, i))
            cost = add(cost, cost_of(walk, ir_child_get(expr, i), is_block ? expr : NULL, i));
    if (BinaryenExpressionGetId(expr) != IR(Loop) || !BinaryenLoopGetName(expr))
        return cost;
    uint32_t trips = loop_trips(expr, block, index), all = multiply(trips, cost);
    if (trips > 0 && all <= walk->costs->limit)
        return all;
    if (walk->points)
        map_put(walk->points, BinaryenLoopGetName(expr), cost > 0 ? cost : 1);
    return 0;
}

uint32_t path_cost(const struct path_costs *costs, uint32_t function, struct map *points) {
    const struct program *program = costs->graph->program;
    struct walk walk = {costs, points, program->functions[function].name, false};
    BinaryenFunctionRef ref = program->functions[function].ref;
    uint32_t cost = cost_of(&walk, BinaryenFunctionGetBody(ref), NULL, 0);
    if (!walk.repeats)
        return cost;
    if (points) /* the whole function becomes a loop (tail_calls.c) */
        map_put(points, make_label(program->module, LABEL_SELF), cost);
    return 0;
}
