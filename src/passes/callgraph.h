/*
 * callgraph.h: who calls whom.
 *
 * An indirect call reaches every function of its signature that is in a table or whose reference
 * is taken, so each signature is a node between the callers and those functions:
 *
 *     caller -> callee                      call
 *     caller -> (i32) -> i32 -> function    call_indirect
 *
 * Imported functions are WASI's and call nothing back.
 */
#ifndef SNAPIFY_PASSES_CALLGRAPH_H
#define SNAPIFY_PASSES_CALLGRAPH_H

#include "passes/path_sketch.h"
#include "passes/program.h"

enum callgraph_direction {
    CALLGRAPH_CALLERS,
    CALLGRAPH_CALLEES,
    CALLGRAPH_DIRECTIONS, /* how many */
};

/* In two lists at once: those of its caller's callees and of its callee's callers. */
struct callgraph_edge {
    uint32_t end[CALLGRAPH_DIRECTIONS];  /* the node that is met in this direction */
    uint32_t next[CALLGRAPH_DIRECTIONS]; /* index + 1; 0 ends the list */
    uint32_t rounds; /* at most, of a loop around the call, the most of them; 0: there is none */
};

/* Nodes are function indices, then signatures. */
struct callgraph {
    struct program *program;
    struct callgraph_edge *edges; /* owned */
    size_t edge_count, edge_capacity;
    struct signature *signatures; /* owned; node = function_count + position */
    size_t signature_count;
    uint32_t *first[CALLGRAPH_DIRECTIONS]; /* owned; per node: index + 1 of its first edge */
    size_t node_capacity;
    bool *referenced; /* owned; per function: in a table or reference taken */
    struct path_sketches sketches;
};

/* What is known when a function has been walked over once: the graph, the sketches of its paths
 * (path_sketch.h), in the program the tags that it throws, which functions make tail calls and
 * which are touched in any case. */
void callgraph_init(struct callgraph *graph, struct program *program);
/* Adds the functions that are loaded. */
void callgraph_add(struct callgraph *graph);
/* When all functions have been added: those that tables and globals refer to. */
void callgraph_finish(struct callgraph *graph);
void callgraph_release(struct callgraph *graph);

/* The node of a signature; the graph must have it. */
uint32_t callgraph_signature(const struct callgraph *graph, BinaryenType params,
                             BinaryenType results);

/* Number of nodes. */
size_t callgraph_size(const struct callgraph *graph);

/* Adds to the set (one bool per node) every node that can be reached from its members. */
void callgraph_reach(const struct callgraph *graph, enum callgraph_direction direction, bool *set);

/* For each node the one behind it on a shortest path to one of `goals` (one bool per node): itself
 * for a goal, UINT32_MAX if there is none. Owned by the caller. */
uint32_t *callgraph_next(const struct callgraph *graph, enum callgraph_direction direction,
                         const bool *goals);

#endif
