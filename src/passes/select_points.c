/*
 * select_points.c: which functions get which points.
 *
 *     KAFU_DEST           entry and return of the function
 *     KAFU_MAY_OFFLOAD    every loop of the function and of all that it can call
 *     --policy=always     as few points as leave no gap between two of them (thin_points.c); with
 *                         --points every entry, return and loop of every function
 *
 * Loop points below a KAFU_MAY_OFFLOAD function are reached from elsewhere too; they let the
 * program go on unless such a function is active (the global snapify_inside).
 */
#include <fnmatch.h>
#include <stdlib.h>

#include "passes/passes.h"
#include "passes/path_cost.h"

static void select_loops(struct function *function, const struct callgraph *graph) {
    struct path_costs costs = {graph, NULL, 0};
    size_t index = (size_t)(function - graph->program->functions);
    function->cost = path_cost(&costs, (uint32_t)index, &function->loop_points);
}

static void select_offload_loops(struct program *program, const struct callgraph *graph) {
    bool *reached = mem_calloc(callgraph_size(graph), sizeof *reached);
    for (size_t i = 0; i < program->function_count; i++)
        reached[i] = program->functions[i].offload != 0;
    callgraph_reach(graph, CALLGRAPH_CALLEES, reached);
    for (size_t i = 0; i < program->function_count; i++) {
        struct function *function = &program->functions[i];
        if (reached[i] && function->defined)
            select_loops(function, graph);
        program->budget |= function->loop_points.count > 0;
    }
    free(reached);
}

static bool matches(const char *const *patterns, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (fnmatch(patterns[i], name, 0) == 0)
            return true;
    return false;
}

static bool is_chosen(const struct snapify_options *options, const struct function *function) {
    if (!function->defined || matches(options->skip, options->skip_count, function->shown))
        return false;
    if (options->only_count > 0)
        return matches(options->only, options->only_count, function->shown);
    return function->forwards == 0; /* its callers' points are as near */
}

/*
 * Every place of the kinds named. Where loops have points, only the entries that bound the
 * distance between two points take something off the budget: each point that does waits for the
 * store of the one before.
 */
static void select_kinds(struct program *program, const struct callgraph *graph,
                         const bool *chosen) {
    unsigned kinds = program->options->point_kinds;
    bool loops = kinds >> SNAPIFY_POINT_LOOP & 1;
    if (loops)
        pass_thin_points(program, graph, chosen);
    for (size_t i = 0; i < program->function_count; i++) {
        struct function *function = &program->functions[i];
        if (!chosen[i])
            continue;
        if (function->stands_for) { /* a read costs nothing more where it does not wait */
            if (loops)
                select_loops(function, graph);
            continue;
        }
        function->entry_point = function->destination || kinds >> SNAPIFY_POINT_ENTRY & 1;
        function->entry_takes |= !loops;
        function->return_point |= kinds >> SNAPIFY_POINT_RETURN & 1;
        function->return_takes = !loops && !(kinds >> SNAPIFY_POINT_ENTRY & 1);
        if (loops)
            select_loops(function, graph);
    }
}

static void select_everywhere(struct program *program, const struct callgraph *graph) {
    bool *chosen = mem_calloc(program->function_count, sizeof *chosen);
    program->budget = true;
    for (size_t i = 0; i < program->function_count; i++)
        chosen[i] = is_chosen(program->options, &program->functions[i]);
    if (program->options->point_kinds)
        select_kinds(program, graph, chosen);
    else
        pass_thin_points(program, graph, chosen);
    free(chosen);
}

void pass_select_points(struct program *program, const struct callgraph *graph) {
    for (size_t i = 0; i < program->function_count; i++) {
        struct function *function = &program->functions[i];
        function->entry_point = function->return_point = function->destination != 0;
    }
    select_offload_loops(program, graph);
    if (program->options->policy == SNAPIFY_POLICY_ALWAYS)
        select_everywhere(program, graph);
}

/* The names of the nodes of `count` sets, each once. */
static char *join_nodes(const struct program *program, const struct node_set *sets, size_t count) {
    bool *seen = mem_calloc(program->node_count + 1, sizeof *seen);
    struct buf text = {0};
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < sets[i].count; j++) {
            uint32_t node = sets[i].nodes[j];
            if (seen[node])
                continue;
            seen[node] = true;
            if (text.size > 0)
                buf_append_u8(&text, '\n');
            buf_append_string(&text, program->nodes[node - 1]);
        }
    }
    free(seen);
    buf_append_u8(&text, 0);
    return (char *)text.data;
}

static char *point_nodes(const struct program *program, const struct function *function) {
    if (function->destination)
        return join_nodes(program, &program->destinations[function->destination - 1], 1);
    return join_nodes(program, NULL, 0);
}

/* A loop that is only called from marked functions may leave for the nodes of any of them. */
static char *loop_nodes(const struct program *program, const struct function *function) {
    if (function->offload)
        return join_nodes(program, &program->offloads[function->offload - 1], 1);
    return join_nodes(program, program->offloads, program->offload_count);
}

void program_list_points(const struct program *program, program_point_fn *add, void *context) {
    for (size_t i = 0; i < program->function_count; i++) {
        const struct function *function = &program->functions[i];
        char *nodes = point_nodes(program, function);
        char *loops = loop_nodes(program, function);
        if (function->entry_point)
            add(context, &(struct snapify_point){function->shown, SNAPIFY_POINT_ENTRY, nodes});
        if (function->return_point)
            add(context, &(struct snapify_point){function->shown, SNAPIFY_POINT_RETURN, nodes});
        if (function->loop_points.count > 0 || function->offload) /* in it or below it */
            add(context, &(struct snapify_point){function->shown, SNAPIFY_POINT_LOOP, loops});
        free(nodes);
        free(loops);
    }
}
