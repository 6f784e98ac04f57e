/*
 * map.h: from a pointer to a number, by open addressing.
 *
 * Keys are compared as pointers. Names that come from Binaryen's getters are interned, equal names
 * are the same pointer, so they serve as keys too. A zeroed struct is an empty map; NULL is no key.
 */
#ifndef SNAPIFY_SUPPORT_MAP_H
#define SNAPIFY_SUPPORT_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map {
    struct map_slot *slots; /* owned */
    size_t capacity;        /* a power of two, or 0 */
    size_t count;
};

/* Sets the number of a key, replacing an earlier one. */
void map_put(struct map *map, const void *key, uint32_t value);

/* True and *value set if the key is there; `value` may be NULL. */
bool map_get(const struct map *map, const void *key, uint32_t *value);

void map_release(struct map *map);

#endif
