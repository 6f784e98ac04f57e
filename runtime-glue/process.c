/*
 * process.c: the arguments and the environment that the program was started with.
 *
 * Most programs read them once and carry them in their memory; one that asks again after a move
 * gets what it got before. The variables that are for us are the exception: they say what is true
 * here.
 *
 *     kept strings | counts, arguments, environment | descriptors | frames
 *                  ^ glue.process                   ^ glue.process_end
 */
#include "runtime-glue/process.h"

static bool is_restored(void) {
    return base_get() != 0 && glue.process_end != 0;
}

static const struct snap_process *restored(void) {
    return (const struct snap_process *)(const void *)at(base_get() + glue.process);
}

static const char *restored_bytes(void) {
    return (const char *)(restored() + 1);
}

/* Copies strings that end in NUL, and says where each begins. */
static void copy_strings(const char *strings, uint32_t size, uint8_t ***pointers, uint8_t **bytes) {
    memcpy(*bytes, strings, size);
    for (uint32_t start = 0; start < size; start += text_size((char *)*bytes + start) + 1)
        *(*pointers)++ = *bytes + start;
    *bytes += size;
}

SNAPIFY_EXPORT("snapify_wasi_args_sizes_get")
uint32_t snapify_wasi_args_sizes_get(uint32_t *count, uint32_t *size) {
    if (!is_restored())
        return wasi_args_sizes_get(count, size);
    *count = restored()->arg_count;
    *size = restored()->arg_size;
    return WASI_SUCCESS;
}

SNAPIFY_EXPORT("snapify_wasi_args_get")
uint32_t snapify_wasi_args_get(uint8_t **pointers, uint8_t *bytes) {
    if (!is_restored())
        return wasi_args_get(pointers, bytes);
    copy_strings(restored_bytes(), restored()->arg_size, &pointers, &bytes);
    return WASI_SUCCESS;
}

/* ---- the environment ----
 *
 * A program asks for its size first, and may be moved before it asks for the rest: then it has room
 * for what it was told, and gets that.
 */

static struct snap_bytes restored_variables(void) {
    return (struct snap_bytes){restored_bytes() + restored()->arg_size, restored()->variable_size};
}

/* Leaves out the variables that are for us. */
static void give_others(struct snap_bytes variables, uint8_t ***pointers, uint8_t **bytes) {
    for (uint32_t start = 0, size; start < variables.size; start += size) {
        size = text_size(variables.bytes + start) + 1;
        if (!variable_is_ours(variables.bytes + start))
            copy_strings(variables.bytes + start, size, pointers, bytes);
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
        *count += strings_count(kept_variables());
        *size += kept_variables().size;
    }
}

SNAPIFY_EXPORT("snapify_wasi_environ_sizes_get")
uint32_t snapify_wasi_environ_sizes_get(uint32_t *count, uint32_t *size) {
    if (is_restored())
        measure(count, size);
    if (base_get() != 0 && glue.promise == PROMISE_NONE)
        glue.promise = PROMISE_HERE;
    return is_restored() ? WASI_SUCCESS : wasi_environ_sizes_get(count, size);
}

static void give_environment(uint8_t **pointers, uint8_t *bytes) {
    struct snap_bytes variables = restored_variables();
    struct snap_bytes ours = kept_variables();
    if (glue.promise == PROMISE_RESTORED) {
        copy_strings(variables.bytes, variables.size, &pointers, &bytes);
        return;
    }
    give_others(variables, &pointers, &bytes);
    copy_strings(ours.bytes, ours.size, &pointers, &bytes);
}

SNAPIFY_EXPORT("snapify_wasi_environ_get")
uint32_t snapify_wasi_environ_get(uint8_t **pointers, uint8_t *bytes) {
    if (!is_restored()) {
        if (base_get() != 0)
            glue.promise = PROMISE_NONE;
        return wasi_environ_get(pointers, bytes);
    }
    give_environment(pointers, bytes);
    glue.promise = PROMISE_NONE;
    return WASI_SUCCESS;
}

/* ---- saving ---- */

/* An engine that has none says so by an error or by zero. */
static struct snap_bytes strings_of_engine(bool arguments) {
    uint32_t count = 0;
    uint32_t size = 0;
    uint32_t error =
        arguments ? wasi_args_sizes_get(&count, &size) : wasi_environ_sizes_get(&count, &size);
    uint8_t *pointers = scratch_take((uint64_t)count * sizeof(uint8_t *));
    uint8_t *bytes = scratch_take(size);
    if (error != WASI_SUCCESS || count == 0 || pointers == NULL || bytes == NULL)
        return (struct snap_bytes){NULL, 0};
    error = arguments ? wasi_args_get((uint8_t **)(void *)pointers, bytes)
                      : wasi_environ_get((uint8_t **)(void *)pointers, bytes);
    return (struct snap_bytes){(char *)bytes, error == WASI_SUCCESS ? size : 0};
}

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
    if (!is_restored())
        return strings_of_engine(false);
    measure(&count, &size);
    uint8_t **pointers = (uint8_t **)(void *)scratch_take((uint64_t)count * sizeof *pointers);
    uint8_t *bytes = scratch_take(size);
    if (pointers == NULL || bytes == NULL)
        return (struct snap_bytes){NULL, 0};
    give_environment(pointers, bytes);
    return (struct snap_bytes){(char *)bytes, size};
}

SNAPIFY_EXPORT("snapify_process_write") void snapify_process_write(struct snap_writer *writer) {
    struct snap_bytes arguments = is_restored()
                                      ? (struct snap_bytes){restored_bytes(), restored()->arg_size}
                                      : strings_of_engine(true);
    struct snap_bytes variables = environment_here();
    if (glue.promise == PROMISE_NONE)
        drop_ours(&variables);
    struct snap_process process;
    process.arg_count = strings_count(arguments);
    process.arg_size = arguments.size;
    process.variable_count = strings_count(variables);
    process.variable_size = variables.size;
    process.flags = glue.promise != PROMISE_NONE ? SNAP_PROCESS_PROMISED : 0;
    snap_write_process(writer, &process, arguments, variables);
}

/* ---- restoring ---- */

SNAPIFY_EXPORT("snapify_process_restore") void snapify_process_restore(struct snap_reader *reader) {
    struct snap_process process;
    restore_check(snap_read_process(reader, &process));
    uint32_t start = (glue.keep_end + 15) & ~15u;
    uint32_t size = process.arg_size + process.variable_size;
    uint64_t end = (uint64_t)start + sizeof process + size;
    if (!region_reserve(end + frames_reserve()))
        restore_refuse(REASON_NO_MEMORY);
    glue.promise = (process.flags & SNAP_PROCESS_PROMISED) != 0 ? PROMISE_RESTORED : PROMISE_NONE;
    glue.process = start;
    glue.process_end = (uint32_t)end;
    frames_set(base_get() + frames_start());
    memcpy(at(base_get() + start), &process, sizeof process);
    char *bytes = (char *)(uintptr_t)restored_bytes();
    restore_check(snap_read_bytes(reader, bytes, size));
    restore_check(snap_read_section_end(reader));
    struct snap_bytes arguments = {bytes, process.arg_size};
    struct snap_bytes variables = {bytes + process.arg_size, process.variable_size};
    if (strings_count(arguments) != process.arg_count ||
        strings_count(variables) != process.variable_count ||
        (size > 0 && bytes[size - 1] != '\0') ||
        (process.arg_size > 0 && bytes[process.arg_size - 1] != '\0'))
        restore_refuse(SNAP_ERROR_PROCESS);
}
