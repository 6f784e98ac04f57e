/*
 * stdlib.h for the glue: xxhash.h includes it for functions that the glue never calls.
 */
#ifndef SNAPIFY_GLUE_STDLIB_H
#define SNAPIFY_GLUE_STDLIB_H

#include <stddef.h>

static inline void *malloc(size_t size) {
    (void)size;
    return NULL;
}

static inline void free(void *pointer) {
    (void)pointer;
}

#endif
