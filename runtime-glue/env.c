/*
 * env.c: the variables the glue obeys: from the environment, else baked into the module.
 *
 * The environment may be of any size and most of it is not for us. It is read behind the file
 * buffer, where the frames will be, and the variables with our prefixes are moved down and kept.
 * The strings are taken in the order they lie in, whatever the pointers say.
 */
#include "runtime-glue/glue.h"

uint32_t text_size(const char *text) {
    uint32_t size = 0;
    while (text[size] != '\0')
        size++;
    return size;
}

bool text_equal(const char *a, const char *b) {
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

/* What follows `prefix` in `text`, or NULL. */
static const char *text_after(const char *text, const char *prefix) {
    while (*prefix != '\0') {
        if (*text++ != *prefix++)
            return NULL;
    }
    return text;
}

bool variable_is_ours(const char *variable) {
    return text_after(variable, "KAFU_") != NULL || text_after(variable, "SNAPIFY_") != NULL;
}

/* Moves our variables, of the `size` bytes at `offset`, to the front. Returns the offset behind. */
static uint32_t keep_ours(uint32_t offset, uint32_t size) {
    char *bytes = (char *)at(base_get() + offset);
    uint32_t kept = 0;
    uint32_t start = 0;
    while (start < size) {
        uint32_t variable_size = text_size(bytes + start) + 1;
        if (variable_is_ours(bytes + start)) {
            memmove(bytes + kept, bytes + start, variable_size);
            kept += variable_size;
        }
        start += variable_size;
    }
    return offset + kept;
}

/* An engine without an environment says so by an errno or by a count of 0. */
void env_load(void) {
    uint32_t start = snapify_config.frames_offset + GLUE_BUFFER_SIZE;
    uint32_t count = 0;
    uint32_t size = 0;
    if (wasi_environ_sizes_get(&count, &size) != WASI_SUCCESS)
        count = size = 0;
    uint64_t pointers = ((uint64_t)start + size + 1 + 15) & ~UINT64_C(15);
    if (!region_reserve(pointers + (uint64_t)count * sizeof(uint8_t *) + 64))
        refuse("environment", REASON_NO_MEMORY, "");

    uint8_t *bytes = at(base_get() + start);
    if (count == 0 || wasi_environ_get((uint8_t **)(void *)at(base_get() + (uint32_t)pointers),
                                       bytes) != WASI_SUCCESS)
        size = 0;
    bytes[size] = '\0';
    glue.env_end = glue.keep_end = keep_ours(start, size);
    frames_set(base_get() + frames_start());
}

/* The value of a variable among those between two addresses, NULL if it is not there. */
static const char *find(const char *name, uint32_t address, uint32_t count, uint32_t end) {
    for (uint32_t i = 0; i < count && address < end; i++) {
        const char *variable = (const char *)at(address);
        const char *value = text_after(variable, name);
        if (value != NULL && *value == '=')
            return value + 1;
        address += text_size(variable) + 1;
    }
    return NULL;
}

struct snap_bytes kept_variables(void) {
    uint32_t start = snapify_config.frames_offset + GLUE_BUFFER_SIZE;
    return (struct snap_bytes){(const char *)at(base_get() + start), glue.env_end - start};
}

const char *setting(const char *name) {
    uint32_t base = base_get();
    const char *value = find(name, base + snapify_config.frames_offset + GLUE_BUFFER_SIZE,
                             UINT32_MAX, base + glue.env_end);
    if (value == NULL)
        value = find(name, base + snapify_config.bake_offset, snapify_config.bake_count,
                     base + snapify_config.image_size);
    return value != NULL && *value != '\0' ? value : NULL;
}

bool setting_is(const char *name, const char *value) {
    const char *text = setting(name);
    return text != NULL && text_equal(text, value);
}

const char *node_name(void) {
    return setting("KAFU_NODE");
}

const char *restore_name(void) {
    return setting("SNAPIFY_RESTORE");
}

const char *save_name(void) {
    const char *name = setting("SNAPIFY_SAVE");
    return name != NULL ? name : "snapshot.snap";
}
