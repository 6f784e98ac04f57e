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

int32_t next_budget(void) {
    return glue.points_left > 0 ? counting_budget() : snapify_poll_budget();
}

void run(void) {
    state_set(SNAPIFY_STATE_RUN);
    site_set(SNAPIFY_NO_SITE);
    budget_set(next_budget());
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

/* Points are in the order of their sites. Returns the first one from this site on. */
static uint32_t point_from(uint32_t site) {
    uint32_t first = 0, end = snapify_config.point_count;
    while (first < end) {
        uint32_t middle = first + (end - first) / 2;
        if (point_info(middle)->site < site)
            first = middle + 1;
        else
            end = middle;
    }
    return first;
}

bool point_is_at(uint32_t site) {
    uint32_t point = point_from(site);
    return point < snapify_config.point_count && point_info(point)->site == site;
}

static void decide(void) {
    bool stop = count_point();
    glue.restored = false;
    glue.goal = 0;
    glue.saving = false;
    if (stop || snapify_poll_wants_to_leave())
        leave_from(point_from(frames_top_site()));
    else
        turn_to_rewind();
}

SNAPIFY_EXPORT("snapify_saved") uint32_t snapify_saved(void) {
    if (state_get() == SNAPIFY_STATE_RUN)
        decide();
    return state_get() == SNAPIFY_STATE_REWIND;
}

SNAPIFY_EXPORT("snapify_landed") void snapify_landed(void) {
    run();
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

    if (away || stop || (!arriving && snapify_poll_wants_to_leave()))
        leave_from(point);
    else
        run();
}
