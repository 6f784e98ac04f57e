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

struct walk {
    const struct path_costs *costs;
    struct map *points;
    const struct path_item *at; /* next item of the sketch */
    bool repeats;               /* it makes a tail call to itself */
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

/* Of a loop as a whole, when a round takes `cost`. */
static uint32_t loop_cost(struct walk *walk, const struct path_item *loop, uint32_t cost) {
    uint32_t trips = loop->value, all = multiply(trips, cost);
    if (trips > 0 && all <= walk->costs->limit)
        return all;
    if (walk->points)
        map_put(walk->points, loop->label, cost > 0 ? cost : 1);
    return 0;
}

/* Of all items up to the end of the loop or function. */
static uint32_t cost_of(struct walk *walk) {
    uint32_t cost = 0;
    for (;;) {
        const struct path_item *item = walk->at++;
        switch (item->kind) {
        case PATH_COST:
            cost = add(cost, item->value);
            break;
        case PATH_CALL:
            cost = add(cost, call_cost(walk->costs, item->value));
            break;
        case PATH_LOOP:
            cost = add(cost, loop_cost(walk, item, cost_of(walk)));
            break;
        case PATH_REPEATS:
            walk->repeats = true;
            break;
        case PATH_END:
            return cost;
        }
    }
}

uint32_t path_cost(const struct path_costs *costs, uint32_t function, struct map *points) {
    const struct path_sketches *sketches = &costs->graph->sketches;
    struct walk walk = {costs, points, &sketches->items[sketches->first[function]], false};
    uint32_t cost = cost_of(&walk);
    if (!walk.repeats)
        return cost;
    if (points) /* the whole function becomes a loop (tail_calls.c) */
        map_put(points, make_label(costs->graph->program->frame, LABEL_SELF), cost);
    return 0;
}
