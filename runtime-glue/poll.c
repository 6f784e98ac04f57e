/*
 * poll.c: does anybody ask the running program to leave, and is a snapshot due?
 *
 * Nobody outside can set a flag in a module that an engine's command line runs. So points
 * count down a budget; when it is spent, one comes here and reads the clock (40 to 210 ns on all
 * engines), and every few milliseconds it looks for the request file (1 to 24 us). The budget
 * adapts to the clock, up to a limit that keeps the wait short when iterations become slow.
 */
#include "runtime-glue/glue.h"

#define REQUEST_NAME "request"
#define REQUEST_SIZE 256u /* bytes of a node's name, with NUL */

#define MILLISECOND UINT64_C(1000000)
#define DEFAULT_POLL_MS 5u
#define FIRST_BUDGET 16384u
#define HIGHEST_BUDGET (1u << 20)
#define SLICES 8u /* the clock is read about this many times in a period */

/* After a request was obeyed and the save failed, how long to leave it alone. */
#define RETRY (UINT64_C(1000) * MILLISECOND)

static struct {
    char node[REQUEST_SIZE]; /* what the request file says; "" if nothing */
    bool obeyed;             /* this unwinding is for the request */
} request;

static uint64_t now(void) {
    uint64_t time = 0;
    wasi_clock_time_get(WASI_CLOCK_MONOTONIC, 1, &time);
    return time;
}

static uint64_t milliseconds(const char *name, uint64_t otherwise) {
    const char *text = setting(name);
    return (text != NULL ? parse_count(name, text) : otherwise) * MILLISECOND;
}

SNAPIFY_EXPORT("snapify_poll_settle") void snapify_poll_settle(void) {
    if ((snapify_config.flags & SNAPIFY_CONFIG_BUDGET) == 0)
        return;
    if (setting("SNAPIFY_DIR") != NULL || node_name() != NULL)
        glue.poll_period = milliseconds("SNAPIFY_POLL_MS", DEFAULT_POLL_MS);
    glue.save_period = milliseconds("SNAPIFY_EVERY_MS", 0);
    glue.budget = FIRST_BUDGET;
    glue.asked_at = now();
    glue.look_at = glue.asked_at;
    glue.save_at = glue.asked_at + glue.save_period;
}

bool poll_may_ask(void) {
    return glue.poll_period != 0 || glue.save_period != 0;
}

void poll_waited(void) {
    glue.asked_at = now();
}

SNAPIFY_EXPORT("snapify_poll_budget") int32_t snapify_poll_budget(void) {
    if ((snapify_config.flags & SNAPIFY_CONFIG_BUDGET) == 0)
        return 0;
    if (glue.poll_period == 0 && glue.save_period == 0)
        return SNAPIFY_BUDGET_MOST;
    return (int32_t)glue.budget;
}

/* Twice the budget if the clock was read too often, a part of it if too rarely. */
static void adapt(uint64_t time) {
    uint64_t period = glue.poll_period != 0 ? glue.poll_period : glue.save_period;
    uint64_t slice = period / SLICES;
    uint64_t spent = time - glue.asked_at;
    glue.asked_at = time;
    if (spent < slice / 2 && glue.budget < HIGHEST_BUDGET)
        glue.budget *= 2;
    for (; spent > slice * 2 && glue.budget > 1; spent /= 2)
        glue.budget /= 2;
}

/* Reads it without the white space at its end; false if there is none. */
static bool read_request(void) {
    struct place place;
    const uint8_t *bytes;
    scratch_reset();
    if (place_find_home(&place, REQUEST_NAME, "") != 0 || file_open(&place, 0) != 0)
        return false;
    size_t size = file_ready(&bytes);
    file_close();
    if (size > REQUEST_SIZE - 1)
        size = REQUEST_SIZE - 1;
    while (size > 0 && bytes[size - 1] <= ' ')
        size--;
    memcpy(request.node, bytes, size);
    request.node[size] = '\0';
    return true;
}

/* The nodes of the innermost active KAFU_MAY_OFFLOAD: their count, then they. */
static const uint32_t *allowed_nodes(void) {
    const uint32_t *set =
        (const uint32_t *)(const void *)at(base_get() + snapify_config.offload_offset);
    for (uint32_t inside = inside_get(); inside > 0; inside--)
        set += 1 + *set;
    return set;
}

/* May the program leave from here for the node asked for? An empty request means the first node of
 * the mark; a node without a number gets one in snapify_poll_name_goal(). */
static bool may_leave(void) {
    const uint32_t *nodes = allowed_nodes();
    uint32_t asked = request.node[0] != '\0' ? node_find(request.node)
                     : nodes[0] > 0          ? nodes[1]
                                             : 0;
    glue.goal = asked;
    if (asked != 0 && asked == glue.here)
        return false;
    for (uint32_t i = nodes[0]; i > 0; i--) {
        if (nodes[i] == asked)
            return true;
    }
    return (snapify_config.flags & SNAPIFY_CONFIG_ALWAYS) != 0;
}

static bool request_wants_to_leave(uint64_t time) {
    glue.look_at = time + glue.poll_period;
    request.obeyed = read_request() && may_leave();
    if (request.obeyed)
        glue.look_at = time + RETRY;
    else
        glue.goal = 0;
    return request.obeyed;
}

SNAPIFY_EXPORT("snapify_poll_wants_to_leave") bool snapify_poll_wants_to_leave(void) {
    if (glue.poll_period == 0 && glue.save_period == 0)
        return false;
    uint64_t time = now();
    adapt(time);
    if (glue.poll_period != 0 && time >= glue.look_at && request_wants_to_leave(time))
        return true;
    if (glue.save_period == 0 || time < glue.save_at)
        return false;
    glue.save_at = time + glue.save_period;
    glue.saving = true;
    return true;
}

SNAPIFY_EXPORT("snapify_poll_name_goal") reason snapify_poll_name_goal(void) {
    if (!request.obeyed || request.node[0] == '\0' || glue.goal != 0)
        return 0;
    glue.goal = node_add_under_frames(request.node);
    return glue.goal != 0 ? 0 : REASON_NO_MEMORY;
}

/* At least as long as the save took the program runs before the next one: on a slow disk it would
 * come to nothing else. */
SNAPIFY_EXPORT("snapify_poll_go_on") void snapify_poll_go_on(void) {
    if (glue.save_period == 0)
        return;
    uint64_t time = now();
    uint64_t took = time - glue.asked_at;
    glue.asked_at = time;
    if (glue.saving)
        glue.save_at = time + (took > glue.save_period ? took : glue.save_period);
}

SNAPIFY_EXPORT("snapify_poll_request_is_done") void snapify_poll_request_is_done(void) {
    struct place place;
    scratch_reset();
    if (request.obeyed && place_find_home(&place, REQUEST_NAME, "") == 0)
        place_remove(&place);
}
