#include "support/map.h"

#include <stdlib.h>

#include "support/buf.h"

struct map_slot {
    const void *key; /* NULL: free */
    uint32_t value;
};

/* Fibonacci hashing; the low bits of pointers are alignment and say little. */
static size_t slot_of(const struct map *map, const void *key) {
    uint64_t hash = ((uint64_t)(uintptr_t)key >> 3) * UINT64_C(0x9e3779b97f4a7c15);
    size_t slot = (size_t)(hash >> 20) & (map->capacity - 1);
    while (map->slots[slot].key && map->slots[slot].key != key)
        slot = (slot + 1) & (map->capacity - 1);
    return slot;
}

static void grow(struct map *map) {
    struct map larger = {.capacity = map->capacity ? map->capacity * 2 : 64, .count = map->count};
    larger.slots = mem_calloc(larger.capacity, sizeof *larger.slots);
    for (size_t i = 0; i < map->capacity; i++)
        if (map->slots[i].key)
            larger.slots[slot_of(&larger, map->slots[i].key)] = map->slots[i];
    free(map->slots);
    *map = larger;
}

void map_put(struct map *map, const void *key, uint32_t value) {
    if (map->count * 2 >= map->capacity)
        grow(map);
    size_t slot = slot_of(map, key);
    if (!map->slots[slot].key)
        map->count++;
    map->slots[slot] = (struct map_slot){key, value};
}

bool map_get(const struct map *map, const void *key, uint32_t *value) {
    if (map->capacity == 0)
        return false;
    const struct map_slot *slot = &map->slots[slot_of(map, key)];
    if (slot->key && value)
        *value = slot->value;
    return slot->key != NULL;
}

void map_release(struct map *map) {
    free(map->slots);
    *map = (struct map){0};
}
