/*
 * path_sketch.h: what path_cost.c has to know about the code of a function, when the code itself
 * may be gone.
 *
 * A tree, written in the order of the code: instructions that cost the same wherever they stand are
 * added up, calls and loops are kept.
 */
#ifndef SNAPIFY_PASSES_PATH_SKETCH_H
#define SNAPIFY_PASSES_PATH_SKETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct callgraph;

enum path_item_kind {
    PATH_COST,    /* value: instructions, of all that is plain in this loop or function */
    PATH_CALL,    /* value: node of the graph */
    PATH_LOOP,    /* value: trips; its items follow, up to its end */
    PATH_END,     /* of the loop, or of the function */
    PATH_REPEATS, /* a tail call of the function to itself */
};

struct path_item {
    enum path_item_kind kind;
    uint32_t value;
    const char *label; /* of a loop; interned by Binaryen */
};

struct path_sketches {
    struct path_item *items; /* owned */
    size_t count, capacity;
    size_t *first; /* owned; per function: position of its first item */
};

void path_sketches_init(struct path_sketches *sketches, size_t function_count);
void path_sketches_release(struct path_sketches *sketches);

/* Sketches a function that is loaded, into the graph. */
void path_sketch_add(struct callgraph *graph, uint32_t function);

#endif
