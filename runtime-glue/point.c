/*
 * point.c: the decision at a migration point: go on, or leave?
 */
#include "runtime-glue/glue.h"

const struct snapify_point_info *point_info(uint32_t point) {
    const void *first = at(base_get() + snapify_config.points_offset);
    return (const struct snapify_point_info *)first + point;
}

/* Every point has to ask. */
static int32_t counting_budget(void) {
    return (snapify_config.flags & SNAPIFY_CONFIG_BUDGET) != 0 ? SNAPIFY_BUDGET_SPENT
                                                               : SNAPIFY_BUDGET_SLOW;
}

/* Returns the budget. */
static int32_t run_on(void) {
    int32_t budget = glue.points_left > 0 ? counting_budget() : poll_budget();
    state_set(SNAPIFY_STATE_RUN);
    site_set(SNAPIFY_NO_SITE);
    budget_set(budget);
    return budget;
}

void run(void) {
    run_on();
}

void turn_to_rewind(void) {
    state_set(SNAPIFY_STATE_REWIND);
    budget_set(SNAPIFY_BUDGET_SLOW);
}

static void leave_from(uint32_t point) {
    glue.point = point;
    state_set(SNAPIFY_STATE_UNWIND);
}

/* Whether SNAPIFY_STOP_AT stops the program at the point it just reached. */
static bool count_point(void) {
    return glue.points_left > 0 && --glue.points_left == 0;
}

static uint32_t point_at(uint32_t site) {
    uint32_t point = 0;
    while (point_info(point)->site != site)
        point++;
    return point;
}

static void decide(void) {
    bool stop = count_point();
    glue.goal = 0;
    glue.saving = false;
    if (stop || poll_wants_to_leave())
        leave_from(point_at(frames_top_site()));
    else
        turn_to_rewind();
}

SNAPIFY_EXPORT("snapify_saved") uint32_t snapify_saved(void) {
    if (state_get() == SNAPIFY_STATE_RUN)
        decide();
    return state_get() == SNAPIFY_STATE_REWIND;
}

static int32_t land(void) {
    if (glue.restored && (glue.site != point_info(glue.point)->site || glue.frame_count != 0))
        misfit();
    glue.restored = false;
    glue.goal = 0;
    glue.saving = false;
    return run_on();
}

SNAPIFY_EXPORT("snapify_landed") void snapify_landed(void) {
    land();
}

SNAPIFY_EXPORT("snapify_landed_in") int32_t snapify_landed_in(uint32_t cost) {
    int32_t budget = land();
    return budget > INT32_MAX - (int32_t)cost ? INT32_MAX : budget + (int32_t)cost;
}

SNAPIFY_EXPORT("snapify_point") void snapify_point(uint32_t point, uint32_t wanted) {
    bool away = wanted != 0 && glue.here != 0 && wanted != glue.here;
    bool stop = false;
    bool arriving = state_get() == SNAPIFY_STATE_REWIND;
    if (!arriving)
        stop = count_point();
    else if (glue.restored && (point != glue.point || glue.frame_count != 1))
        misfit();
    else if (!glue.restored) /* the save has just failed: trying again at once would never end */
        away = false;
    glue.restored = false;
    glue.goal = away ? wanted : 0;
    glue.saving = false;

    if (away || stop || (!arriving && poll_wants_to_leave()))
        leave_from(point);
    else
        run();
}
