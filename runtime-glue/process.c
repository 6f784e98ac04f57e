/*
 * process.c: the arguments that the program was started with, and what holds its environment
 * (environ.c).
 *
 * Most programs read them once and carry them in their memory; one that asks again after a move
 * gets what it got before.
 *
 *     kept strings | counts, arguments, environment | descriptors | frames
 *                  ^ glue.process                   ^ glue.process_end
 */
#include "runtime-glue/process.h"

bool process_is_restored(void) {
    return base_get() != 0 && glue.process_end != 0;
}

const struct snap_process *process_restored(void) {
    return (const struct snap_process *)(const void *)at(base_get() + glue.process);
}

const char *process_restored_bytes(void) {
    return (const char *)(process_restored() + 1);
}

void process_copy_strings(const char *strings, uint32_t size, uint8_t ***pointers,
                          uint8_t **bytes) {
    memcpy(*bytes, strings, size);
    for (uint32_t start = 0; start < size; start += text_size((char *)*bytes + start) + 1)
        *(*pointers)++ = *bytes + start;
    *bytes += size;
}

SNAPIFY_EXPORT("snapify_wasi_args_sizes_get")
uint32_t snapify_wasi_args_sizes_get(uint32_t *count, uint32_t *size) {
    if (!process_is_restored())
        return wasi_args_sizes_get(count, size);
    *count = process_restored()->arg_count;
    *size = process_restored()->arg_size;
    return WASI_SUCCESS;
}

SNAPIFY_EXPORT("snapify_wasi_args_get")
uint32_t snapify_wasi_args_get(uint8_t **pointers, uint8_t *bytes) {
    if (!process_is_restored())
        return wasi_args_get(pointers, bytes);
    process_copy_strings(process_restored_bytes(), process_restored()->arg_size, &pointers, &bytes);
    return WASI_SUCCESS;
}

/* ---- saving ---- */

/* An engine that has none says so by an error or by zero. */
struct snap_bytes process_strings_of_engine(bool arguments) {
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

SNAPIFY_EXPORT("snapify_process_write") void snapify_process_write(void) {
    struct snap_bytes arguments =
        process_is_restored()
            ? (struct snap_bytes){process_restored_bytes(), process_restored()->arg_size}
            : process_strings_of_engine(true);
    struct snap_bytes variables = {NULL, 0};
    snapify_environ_gather(&variables);
    struct snap_process process;
    process.arg_count = snap_strings_count(arguments);
    process.arg_size = arguments.size;
    process.variable_count = snap_strings_count(variables);
    process.variable_size = variables.size;
    process.flags = glue.promise != PROMISE_NONE ? SNAP_PROCESS_PROMISED : 0;
    snap_write_process(&writer, &process, arguments, variables);
}

/* ---- restoring ---- */

SNAPIFY_EXPORT("snapify_process_restore") void snapify_process_restore(void) {
    struct snap_process process;
    restore_check(snap_read_process(&reader, &process));
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
    char *bytes = (char *)(uintptr_t)process_restored_bytes();
    restore_check(snap_read_bytes(&reader, bytes, size));
    restore_check(snap_read_section_end(&reader));
    struct snap_bytes arguments = {bytes, process.arg_size};
    struct snap_bytes variables = {bytes + process.arg_size, process.variable_size};
    if (!snap_are_strings(arguments, process.arg_count) ||
        !snap_are_strings(variables, process.variable_count))
        restore_refuse(SNAP_ERROR_PROCESS);
}
