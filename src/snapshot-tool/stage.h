/*
 * stage.h: a snapshot's bytes on their way in: file -> [opened seal] -> [decompressed] -> reader,
 * each step a stage that pulls from the one below. Nothing is held but a few buffers.
 */
#ifndef SNAPIFY_SNAPSHOT_TOOL_STAGE_H
#define SNAPIFY_SNAPSHOT_TOOL_STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stage {
    /* Fills `bytes` as far as there are any. Fewer than `size`: the end, or *fault is set. */
    size_t (*read)(struct stage *stage, void *bytes, size_t size);
    void (*free)(struct stage *stage);
    struct stage *below; /* owned; NULL for the file */
    const char **fault;  /* borrowed; where to say what is wrong: a static text, NULL: nothing */
};

/* Each takes the stage below over. `key`: SEAL_KEY_SIZE bytes, borrowed. */
struct stage *stage_unzip(struct stage *below);
struct stage *stage_unseal(struct stage *below, const uint8_t *key);

void stage_free(struct stage *stage); /* with those below; NULL allowed */

#endif
