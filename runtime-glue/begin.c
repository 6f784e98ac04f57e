/*
 * begin.c: the first thing a rewritten program does when its host calls it.
 *
 * Reads the settings; then either the program starts, or a snapshot takes its place.
 */
#include "runtime-glue/glue.h"

uint64_t parse_count(const char *name, const char *text) {
    uint64_t number = 0;
    const char *digit = text;
    for (; *digit >= '0' && *digit <= '9' && number < UINT64_MAX / 16; digit++)
        number = number * 10 + (uint64_t)(*digit - '0');
    if (*digit != '\0' || number == 0)
        refuse(name, 0, ": not a number from 1 on");
    return number;
}

static __attribute__((noinline)) bool restore_is_wanted(void) {
    const char *stop_at = setting("SNAPIFY_STOP_AT");
    const char *restore = restore_name();
    glue.points_left = stop_at != NULL ? parse_count("SNAPIFY_STOP_AT", stop_at) : 0;
    snapify_poll_settle();
    glue.leaves = stop_at != NULL || restore != NULL || node_name() != NULL ||
                  glue.poll_period > 0 || glue.save_period > 0 || snapify_config.table_count > 0;
    if (restore == NULL)
        return false;
    restore_open();
    return true;
}

static __attribute__((noinline)) void start(void) {
    node_settle();
    snapify_tables_begin();
    snapify_files_begin();
    run();
}

/* The region may move in memory_resize(): no address and nothing on the C stack here. */
__attribute__((noinline)) void snapify_begin(void) {
    env_load();
    if (!restore_is_wanted()) {
        start();
        return;
    }
    node_settle();
    restore_engine_state();
    if (!memory_resize(restore_app_more(), restore_region_more()))
        restore_no_memory();
    restore_load();
}

/* ---- the host calls an exported function ---- */

const char *export_name(void) {
    uint32_t names = base_get() + snapify_config.exports_offset;
    return (const char *)at(names + strings_size(names, glue.export - 1));
}

static _Noreturn void refuse_call(void) {
    line_begin(restore_name());
    line_add(": the program was stopped in ");
    line_add(export_name());
    line_end(0, ", which has to be called first");
    wasi_proc_exit(SNAPIFY_EXIT_UNFIT);
}

static __attribute__((noinline)) bool must_begin(void) {
    bool first = !glue.begun;
    glue.begun = true;
    return first;
}

/* _initialize has been run where the snapshot comes from, and hosts call it as a matter of course.
 */
static __attribute__((noinline)) uint32_t admit(uint32_t export) {
    if (glue.restored && state_get() == SNAPIFY_STATE_REWIND && export != glue.export) {
        if (export == snapify_config.initialize)
            return 0;
        refuse_call();
    }
    glue.export = export;
    return 1;
}

/* Where the region was given up, nothing of the glue is left to look at. */
SNAPIFY_EXPORT("snapify_enter") uint32_t snapify_enter(uint32_t export) {
    if (base_get() == 0)
        return 1;
    if (must_begin())
        snapify_begin();
    return admit(export);
}
