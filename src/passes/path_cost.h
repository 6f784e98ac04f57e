/*
 * path_cost.h: how many instructions a path through a function can take without meeting a point.
 */
#ifndef SNAPIFY_PASSES_PATH_COST_H
#define SNAPIFY_PASSES_PATH_COST_H

#include "passes/callgraph.h"

struct path_costs {
    const struct callgraph *graph;
    const uint32_t *through; /* per node of the graph: the longest path from its entry to its end
                                that meets no point; borrowed. NULL: 0 */
    uint32_t limit;          /* loops whose rounds take no more instructions than this in all need
                                no point; 0: every loop has one */
};

/*
 * An upper bound of the instructions on a path through the function that meets no point. Every loop
 * is put into `points` (which may be NULL) with the instructions of a round, but those whose rounds
 * are few enough to need no point.
 */
uint32_t path_cost(const struct path_costs *costs, uint32_t function, struct map *points);

#endif
