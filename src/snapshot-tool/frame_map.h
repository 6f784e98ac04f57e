/*
 * frame_map.h: what the values in a snapshot's frames and globals are called, from the map that
 * `snapify --map` leaves in a module (src/passes/site_map.h).
 */
#ifndef SNAPIFY_SNAPSHOT_TOOL_FRAME_MAP_H
#define SNAPIFY_SNAPSHOT_TOOL_FRAME_MAP_H

#include "support/buf.h"
#include "support/json.h"

struct map_value {
    uint32_t offset; /* bytes from the start of the frame or of GLOB */
    char *type;      /* owned; "i32" */
    char *name;      /* owned */
};

struct map_site {
    char *function, *kind, *callee; /* owned; callee: empty at a point */
    const char *file;               /* borrowed from the map; NULL: not known */
    uint32_t line;                  /* from 1, if the file is known */
    uint32_t frame_size;            /* bytes */
    struct map_value *values;       /* owned */
    uint32_t value_count;
};

struct frame_map {
    uint8_t identity[16];
    char **files; /* owned, and so are the names */
    uint32_t file_count;
    struct map_value *globals; /* owned */
    uint32_t global_count;
    struct map_site *sites; /* owned; by number */
    uint32_t site_count;
};

/* One active function. */
struct frame {
    const struct map_site *site; /* borrowed from the map */
    const uint8_t *bytes;        /* borrowed from the frames */
};

/* Reads the map in a module. Returns NULL, or a static text that says what is wrong; release in
 * both cases. */
const char *frame_map_read(struct frame_map *map, const uint8_t *module, size_t size);
void frame_map_release(struct frame_map *map);

/* Takes the frames apart, the innermost first; the array is owned by the caller. Returns NULL, or a
 * static text if they are not as the map says. */
const char *frame_map_trace(const struct frame_map *map, const struct buf *frames, uint32_t count,
                            struct frame **trace);

/* Appends the value as text; `size` bytes are there. */
void map_value_append(struct buf *out, const struct map_value *value, const uint8_t *bytes,
                      size_t size);

#endif
