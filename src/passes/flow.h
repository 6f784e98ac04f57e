/*
 * flow.h: the control flow of a function in statement form, as basic blocks of reads and writes of
 * locals.
 */
#ifndef SNAPIFY_PASSES_FLOW_H
#define SNAPIFY_PASSES_FLOW_H

#include "passes/body.h"

enum {
    FLOW_CALLER = UINT32_MAX /* no block of this function */
};

enum flow_event_kind {
    FLOW_READ,  /* of a local */
    FLOW_WRITE, /* of a local */
    FLOW_SITE,  /* what is live behind it has to be saved there */
};

struct flow_event {
    enum flow_event_kind kind;
    uint32_t what; /* local, or position in body.sites */
};

struct flow_block {
    size_t first_event, end_event; /* in the order of execution */
    uint32_t successors;           /* index + 1 of the first edge; 0: none */
};

struct flow_edge {
    uint32_t to;
    uint32_t next; /* index + 1; 0 ends the list */
};

/* Block 0 is the entry. */
struct flow {
    struct flow_event *events; /* owned */
    size_t event_count, event_capacity;
    struct flow_block *blocks; /* owned */
    size_t block_count, block_capacity;
    struct flow_edge *edges; /* owned */
    size_t edge_count, edge_capacity;
    struct map labels; /* label -> block */
    struct map tries;  /* name of a try -> its handler */
    uint32_t current;
    uint32_t handler; /* where an exception goes from here: a block, or FLOW_CALLER */
};

void flow_build(struct flow *flow, const struct body *body);
void flow_release(struct flow *flow);

#endif
