/*
 * trips.h: how often a loop can go round, where its text says so.
 */
#ifndef SNAPIFY_PASSES_TRIPS_H
#define SNAPIFY_PASSES_TRIPS_H

#include "passes/induction.h"

/*
 * The most rounds that one entry of the loop can take, 0 if that is not known. `block` and `index`
 * say where the loop stands, for the value that its counter starts with; `block` may be NULL.
 */
uint32_t loop_trips(BinaryenExpressionRef loop, BinaryenExpressionRef block, BinaryenIndex index);

/* The same for a loop of which this is true; `start`: what the local is at first, NULL: any. */
uint32_t trips_of_fact(const struct fact *fact, const uint64_t *start);

#endif
