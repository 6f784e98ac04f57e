/*
 * wire.h: the answer of a run as bytes, on their way from the child process to its parent.
 *
 * Both ends are the same program, so numbers travel in its own byte order and there is no version;
 * the reader checks every length all the same, because the child may have been hit by anything.
 */
#ifndef SNAPIFY_ISOLATE_WIRE_H
#define SNAPIFY_ISOLATE_WIRE_H

#include "pipeline.h"

/* Appends everything but the bytes of the module, which go behind it as they are. */
void wire_encode(const struct pipeline_result *result, enum snapify_status status, struct buf *out);

/* Fills the zeroed *result from an encoded answer with its module. Returns 0, or -1 if it is
 * damaged; release the result in both cases. */
int wire_decode(const uint8_t *bytes, size_t size, struct pipeline_result *result,
                enum snapify_status *status);

#endif
