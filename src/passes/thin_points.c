/*
 * thin_points.c: as few points as leave no gap between two of them.
 *
 * With --policy=always any place will do, as long as a program that runs meets a point soon. So a
 * point stands
 *
 *   - at the header of every loop, but of those that end after few instructions (path_cost.c);
 *   - in every function on a cycle of calls, counting only calls outside of loops with points: at
 *     the entry, or where a way from there leads to a call (sink_entry.c), if the ways past that
 *     are no longer than the limit;
 *   - at the entry of every function through which a path of more instructions than the limit
 *     leads without meeting a point.
 *
 * No program runs for ever without meeting one: what repeats is a loop or a recursion. A loop
 * without a point takes a bounded number of rounds each time. A recursion that meets no loop with
 * a point is a cycle of the calls looked at here, and all functions on these have entry points.
 * So between two points every activation passes each place of its code once at most, loops
 * without a point and calls that meet none counting as the instructions they take, which are no
 * more than the limit. What is left is returns, as many in a row as the stack is deep: each gives
 * an activation such a stretch. A return needs no point of its own for that: what it returns to
 * ends the same way.
 *
 * Functions that are left without points, and call none that have some, stay byte for byte, and
 * calls to them cost nothing.
 */
#include "passes/passes.h"
#include "passes/path_cost.h"

#include <stdlib.h>
#include <string.h>

enum {
    /* Instructions that any engine runs in a millisecond: the slowest interpreter of the six that
     * the tests use runs about 60,000. */
    PER_MILLISECOND = 25000,
    SOON = 10000, /* instructions: 0.4 ms by the same count */
};

struct thinning {
    struct program *program;
    struct path_costs costs;
    uint32_t *through;  /* of costs */
    const bool *chosen; /* per function: may have points */
    size_t node_count;
};

static void add_entry(struct thinning *thinning, uint32_t node) {
    struct function *function = &thinning->program->functions[node];
    function->entry_takes |= thinning->chosen[node];
    function->entry_point |= thinning->chosen[node];
}

typedef void visit_fn(struct thinning *thinning, uint32_t node);

/* A call in a loop with a point comes behind that point. A loop of more rounds than the limit has
 * one, for each takes an instruction. */
static bool counts(const struct thinning *thinning, const struct callgraph_edge *edge) {
    return !(edge->rounds > thinning->costs.limit &&
             thinning->chosen[edge->end[CALLGRAPH_CALLERS]]);
}

/* Calls `visit` for every node whose edges in this direction all lead to nodes that are gone; it is
 * gone itself then. */
static void peel(struct thinning *thinning, enum callgraph_direction direction, bool *gone,
                 visit_fn *visit) {
    const struct callgraph *graph = thinning->costs.graph;
    uint32_t *left = mem_calloc(thinning->node_count, sizeof *left);
    uint32_t *ready = mem_calloc(thinning->node_count, sizeof *ready);
    size_t ready_count = 0;
    for (size_t i = 0; i < graph->edge_count; i++)
        if (counts(thinning, &graph->edges[i]) && !gone[graph->edges[i].end[direction]])
            left[graph->edges[i].end[1 - direction]]++;
    for (uint32_t node = 0; node < thinning->node_count; node++)
        if (!gone[node] && left[node] == 0)
            ready[ready_count++] = node;
    while (ready_count > 0) {
        uint32_t node = ready[--ready_count];
        gone[node] = true;
        if (visit)
            visit(thinning, node);
        uint32_t at = graph->first[1 - direction][node];
        for (; at; at = graph->edges[at - 1].next[1 - direction]) {
            const struct callgraph_edge *edge = &graph->edges[at - 1];
            uint32_t other = edge->end[1 - direction];
            if (counts(thinning, edge) && !gone[other] && --left[other] == 0)
                ready[ready_count++] = other;
        }
    }
    free(left);
    free(ready);
}

/* The longest way through any function that an indirect call of this signature can reach. */
static uint32_t longest_of(const struct thinning *thinning, uint32_t signature) {
    const struct callgraph *graph = thinning->costs.graph;
    uint32_t longest = 0, at = graph->first[CALLGRAPH_CALLEES][signature];
    for (; at; at = graph->edges[at - 1].next[CALLGRAPH_CALLEES]) {
        uint32_t through = thinning->through[graph->edges[at - 1].end[CALLGRAPH_CALLEES]];
        longest = through > longest ? through : longest;
    }
    return longest;
}

/* All that the node calls is known. */
static void settle(struct thinning *thinning, uint32_t node) {
    struct program *program = thinning->program;
    if (node >= program->function_count) {
        thinning->through[node] = longest_of(thinning, node);
        return;
    }
    if (!program->functions[node].defined)
        return;
    uint32_t cost = path_cost(&thinning->costs, node, NULL);
    if (cost <= thinning->costs.limit)
        thinning->through[node] = cost;
    else
        add_entry(thinning, node);
}

/* Past what holds a site, no call of a function on a cycle is made. */
static void sink_entries(struct thinning *thinning, const bool *apart) {
    struct program *program = thinning->program;
    for (uint32_t node = 0; node < program->function_count; node++) {
        struct function *function = &program->functions[node];
        if (apart[node] || !thinning->chosen[node])
            continue;
        function->cost = path_cost(&thinning->costs, node, NULL);
        function->entry_sinks = function->cost <= thinning->costs.limit;
    }
    for (uint32_t node = 0; node < program->function_count; node++)
        if (program->functions[node].entry_sinks)
            thinning->through[node] = program->functions[node].cost;
}

static void choose_entries(struct thinning *thinning) {
    struct program *program = thinning->program;
    bool *known = mem_calloc(thinning->node_count, sizeof *known);
    bool *apart = mem_calloc(thinning->node_count, sizeof *apart);
    peel(thinning, CALLGRAPH_CALLEES, known, settle);
    memcpy(apart, known, thinning->node_count * sizeof *apart);
    peel(thinning, CALLGRAPH_CALLERS, apart, NULL);
    /* What is left is on a cycle, or between two. */
    for (uint32_t node = 0; node < thinning->node_count; node++) {
        if (node < program->function_count && !apart[node])
            add_entry(thinning, node);
        known[node] |= !apart[node];
    }
    sink_entries(thinning, apart);
    peel(thinning, CALLGRAPH_CALLEES, known, settle);
    free(known);
    free(apart);
}

/* Instructions. Where every point is wanted, the longest gaps say which entries count. */
static uint32_t choose_limit(const struct snapify_options *options) {
    if (options->max_latency_ms > 0)
        return options->max_latency_ms * PER_MILLISECOND;
    return options->point_kinds ? PER_MILLISECOND : SOON;
}

void pass_thin_points(struct program *program, const struct callgraph *graph, const bool *chosen) {
    struct thinning thinning = {
        .program = program, .chosen = chosen, .node_count = callgraph_size(graph)};
    thinning.through = mem_calloc(thinning.node_count, sizeof *thinning.through);
    thinning.costs = (struct path_costs){graph, thinning.through, choose_limit(program->options)};
    choose_entries(&thinning);
    for (uint32_t i = 0; i < program->function_count; i++) {
        struct function *function = &program->functions[i];
        if (chosen[i])
            function->cost = path_cost(&thinning.costs, i, &function->loop_points);
    }
    free(thinning.through);
}
