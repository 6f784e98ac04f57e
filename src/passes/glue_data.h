/*
 * glue_data.h: the image, which is what stands in memory at the start of the region.
 */
#ifndef SNAPIFY_PASSES_GLUE_DATA_H
#define SNAPIFY_PASSES_GLUE_DATA_H

#include "passes/program.h"

/* Where the region and its parts are when the program starts (runtime-glue/abi.h). */
struct glue_layout {
    uint32_t base;            /* address of the region */
    uint32_t region_pages;    /* 64 KiB pages */
    uint32_t image_size;      /* bytes */
    uint32_t stack_offset;    /* bytes from base: of the first C stack pointer */
    uint32_t frames_offset;   /* bytes from base */
    uint32_t identity_offset; /* bytes from base: 16 bytes that are filled in last */
};

/*
 * Appends the image to `image`: the glue's data, config filled in but for the identity, then
 * points, names, nodes and baked variables. `config_offset` is the address of `snapify_config` in
 * the glue. Returns 0, or -1 with an error.
 */
int glue_data_build(const struct program *program, uint32_t config_offset,
                    struct glue_layout *layout, struct buf *image);

#endif
