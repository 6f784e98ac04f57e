/*
 * glue_image.h: the compiled glue, as it stands in the library.
 *
 * The bytes are a wasm32 side module, built from runtime-glue/ and src/snapshot-format/. A build
 * without those sources has an image of size 0.
 */
#ifndef SNAPIFY_PASSES_GLUE_IMAGE_H
#define SNAPIFY_PASSES_GLUE_IMAGE_H

#include "snapify.h"
#include "wasm/scan.h"

extern const uint8_t snapify_glue_image[];
extern const size_t snapify_glue_image_size; /* bytes */

/* The one that compresses; of size 0, too, where zstd's sources were missing. */
extern const uint8_t snapify_glue_zip_image[];
extern const size_t snapify_glue_zip_image_size; /* bytes */

/* The one to attach. */
struct wasm_bytes glue_image(const struct snapify_options *options);

/* Bytes that compression adds to a module, about: the images without names and the like. */
size_t glue_image_zip_weight(void);

#endif
