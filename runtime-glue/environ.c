/*
 * environ.c: the environment that the program was started with; linked only into modules that ask
 * for it.
 *
 * After a move it is the one of before (process.c), but for the variables that are for us: they
 * say what is true here. A program asks for the size first, and may be moved before it asks for
 * the rest: then it has room for what it was told, and gets that.
 */
#include "runtime-glue/process.h"

static struct snap_bytes restored_variables(void) {
    return (struct snap_bytes){process_restored_bytes() + process_restored()->arg_size,
                               process_restored()->variable_size};
}

/* Leaves out the variables that are for us. */
static void give_others(struct snap_bytes variables, uint8_t ***pointers, uint8_t **bytes) {
    for (uint32_t start = 0, size; start < variables.size; start += size) {
        size = text_size(variables.bytes + start) + 1;
        if (!variable_is_ours(variables.bytes + start))
            process_copy_strings(variables.bytes + start, size, pointers, bytes);
    }
}

static void measure(uint32_t *count, uint32_t *size) {
    struct snap_bytes all = restored_variables();
    *count = 0;
    *size = 0;
    for (uint32_t start = 0, one; start < all.size; start += one) {
        one = text_size(all.bytes + start) + 1;
        if (glue.promise == PROMISE_RESTORED || !variable_is_ours(all.bytes + start)) {
            *count += 1;
            *size += one;
        }
    }
    if (glue.promise != PROMISE_RESTORED) {
        *count += snap_strings_count(kept_variables());
        *size += kept_variables().size;
    }
}

SNAPIFY_EXPORT("snapify_wasi_environ_sizes_get")
uint32_t snapify_wasi_environ_sizes_get(uint32_t *count, uint32_t *size) {
    if (process_is_restored())
        measure(count, size);
    if (base_get() != 0 && glue.promise == PROMISE_NONE)
        glue.promise = PROMISE_HERE;
    return process_is_restored() ? WASI_SUCCESS : wasi_environ_sizes_get(count, size);
}

static void give_environment(uint8_t **pointers, uint8_t *bytes) {
    struct snap_bytes variables = restored_variables();
    struct snap_bytes ours = kept_variables();
    if (glue.promise == PROMISE_RESTORED) {
        process_copy_strings(variables.bytes, variables.size, &pointers, &bytes);
        return;
    }
    give_others(variables, &pointers, &bytes);
    process_copy_strings(ours.bytes, ours.size, &pointers, &bytes);
}

SNAPIFY_EXPORT("snapify_wasi_environ_get")
uint32_t snapify_wasi_environ_get(uint8_t **pointers, uint8_t *bytes) {
    if (!process_is_restored()) {
        if (base_get() != 0)
            glue.promise = PROMISE_NONE;
        return wasi_environ_get(pointers, bytes);
    }
    give_environment(pointers, bytes);
    glue.promise = PROMISE_NONE;
    return WASI_SUCCESS;
}

/* ---- saving ---- */

/* Without the variables that are for us. */
static void drop_ours(struct snap_bytes *variables) {
    char *bytes = (char *)(uintptr_t)variables->bytes;
    uint32_t kept = 0;
    for (uint32_t start = 0, size; start < variables->size; start += size) {
        size = text_size(bytes + start) + 1;
        if (variable_is_ours(bytes + start))
            continue;
        memmove(bytes + kept, bytes + start, size);
        kept += size;
    }
    variables->size = kept;
}

/* What environ_get would give now. */
static struct snap_bytes environment_here(void) {
    uint32_t count;
    uint32_t size;
    if (!process_is_restored())
        return process_strings_of_engine(false);
    measure(&count, &size);
    uint8_t **pointers = (uint8_t **)(void *)scratch_take((uint64_t)count * sizeof *pointers);
    uint8_t *bytes = scratch_take(size);
    if (pointers == NULL || bytes == NULL)
        return (struct snap_bytes){NULL, 0};
    give_environment(pointers, bytes);
    return (struct snap_bytes){(char *)bytes, size};
}

SNAPIFY_EXPORT("snapify_environ_gather")
void snapify_environ_gather(struct snap_bytes *variables) {
    *variables = environment_here();
    if (glue.promise == PROMISE_NONE)
        drop_ours(variables);
}
