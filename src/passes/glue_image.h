/*
 * glue_image.h: the compiled glue, as it stands in the library.
 *
 * The bytes are a wasm32 side module, built from runtime-glue/ and src/snapshot-format/. A build
 * without those sources has an image of size 0.
 */
#ifndef SNAPIFY_PASSES_GLUE_IMAGE_H
#define SNAPIFY_PASSES_GLUE_IMAGE_H

#include <stddef.h>
#include <stdint.h>

extern const uint8_t snapify_glue_image[];
extern const size_t snapify_glue_image_size; /* bytes */

#endif
