/*
 * stdlib.h for the glue: xxhash.h and zstd include it for functions that the glue never calls.
 */
#ifndef SNAPIFY_GLUE_STDLIB_H
#define SNAPIFY_GLUE_STDLIB_H

#include <stddef.h>

static inline void *malloc(size_t size) {
    (void)size;
    return NULL;
}

static inline void *calloc(size_t count, size_t size) {
    (void)count;
    (void)size;
    return NULL;
}

static inline void free(void *pointer) {
    (void)pointer;
}

#endif
