/*
 * site_map.h: what tools need to show the frames and globals in a snapshot (--map).
 *
 * A custom section of the output, "snapify.map". Numbers are u32, little-endian; a text is its
 * length and its bytes:
 *
 *     version (2), 16 bytes of identity
 *     count of source files, each: name
 *     count of globals, each: offset in GLOB, type, name
 *     count of sites, in the order of their numbers, each: function, kind, callee (texts),
 *         number of its source file from 1, line (0, 0: not known; in version 1 these and the
 *         source files are not there), size of its frame, count of values, each: offset in the
 * frame, type, name
 *
 * It is added when the identity is known: a module with and one without the map have the same
 * snapshots.
 */
#ifndef SNAPIFY_PASSES_SITE_MAP_H
#define SNAPIFY_PASSES_SITE_MAP_H

#include "passes/body.h"

#define SITE_MAP_SECTION "snapify.map"
#define SITE_MAP_VERSION 2u

/* Note what the frames of a function hold, and where a global is saved; nothing without --map. */
void site_map_body(const struct body *body);
void site_map_global(struct program *program, const char *name, BinaryenType type, uint32_t offset);

/* Appends the section to a module. */
void site_map_append(const struct program *program, const uint8_t identity[16], struct buf *module);

#endif
