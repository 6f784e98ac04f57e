/*
 * begin.c: the first thing a rewritten program does.
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
        refuse(name, 0, "not a number from 1 on");
    return number;
}

static __attribute__((noinline)) bool restore_is_wanted(void) {
    const char *stop_at = setting("SNAPIFY_STOP_AT");
    const char *restore = setting("SNAPIFY_RESTORE");
    glue.points_left = stop_at != NULL ? parse_count("SNAPIFY_STOP_AT", stop_at) : 0;
    poll_settle();
    glue.leaves = stop_at != NULL || restore != NULL || setting("KAFU_NODE") != NULL ||
                  glue.poll_period > 0 || glue.save_period > 0;
    if (restore == NULL)
        return false;
    restore_open(restore);
    return true;
}

static __attribute__((noinline)) void start(void) {
    node_settle();
    run();
}

/* The region may move in memory_resize(): no address and nothing on the C stack here. */
SNAPIFY_EXPORT("snapify_begin") void snapify_begin(void) {
    env_load();
    if (!restore_is_wanted()) {
        start();
        return;
    }
    node_settle();
    if (!memory_resize(restore_app_more(), restore_region_more()))
        restore_no_memory();
    restore_load();
}
