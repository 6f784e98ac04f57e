/*
 * wasm_builder.h: small modules for tests, byte by byte.
 *
 * Sections take string literals, whose sizes are known: B("\x01\x02") is two bytes.
 */
#ifndef SNAPIFY_TESTS_WASM_BUILDER_H
#define SNAPIFY_TESTS_WASM_BUILDER_H

#include "support/buf.h"

#define B(literal) literal, sizeof literal - 1

/* Starts a module. */
void build_header(struct buf *module);

/* Appends a section with this payload; of a custom section the name comes first. */
void build_section(struct buf *module, uint8_t id, const char *payload, size_t size);
void build_custom(struct buf *module, const char *name, const char *payload, size_t size);

/* Appends an entry of the export section (kind function) to a payload. */
void build_export(struct buf *payload, const char *name, uint8_t function);

#endif
