/*
 * clock.c: the program's monotonic time, and waiting in it.
 *
 * Engines count from when they please, some from their own start, so a move could turn time back.
 * The program's time is the engine's plus an offset that lets it go on from where it stopped; the
 * move itself takes none. Realtime is the engine's.
 *
 * A wait is cut into slices while somebody may ask the program to leave: what came to an end gives
 * its events, else the caller passes a point and comes back for the rest (src/passes/wasi_poll.c).
 * Of all clocks the engine gets the nearest only, as a relative one: absolute ones hang Node, two
 * confuse WAMR. Who is due is seen here.
 */
#include "runtime-glue/clock.h"

#define FOREVER UINT64_MAX

static bool can_leave(void) {
    return base_get() != 0 && glue.leaves;
}

static uint64_t engine_time(uint32_t clock) {
    uint64_t time = 0;
    wasi_clock_time_get(clock, 1, &time);
    return time;
}

SNAPIFY_EXPORT("snapify_clock_now") uint64_t snapify_clock_now(void) {
    return engine_time(WASI_CLOCK_MONOTONIC) + clock_get();
}

/* Also without a region: nothing but the program's memory is touched. */
SNAPIFY_EXPORT("snapify_wasi_clock_time_get")
uint32_t snapify_wasi_clock_time_get(uint32_t clock, uint64_t precision, uint64_t *time) {
    uint32_t error = wasi_clock_time_get(clock, precision, time);
    if (error == WASI_SUCCESS && clock == WASI_CLOCK_MONOTONIC)
        *time += clock_get();
    return error;
}

/* ---- a wait ---- */

/* When a subscription is due, in the program's monotonic time. */
static uint64_t due_at(const struct wasi_subscription *wait, uint64_t begun, uint64_t now) {
    bool absolute = (wait->clock.flags & WASI_SUBSCRIPTION_ABSTIME) != 0;
    uint64_t time = wait->clock.timeout;
    if (absolute && wait->clock.id == WASI_CLOCK_MONOTONIC)
        return time;
    uint64_t from = absolute ? now : begun;
    uint64_t passed = absolute ? engine_time(wait->clock.id) : 0;
    time = time > passed ? time - passed : 0;
    return time < FOREVER - from ? from + time : FOREVER - 1;
}

/* What the engine is asked: descriptors by its numbers, the nearest clock, behind which stands the
 * end of the slice. Returns their count. */
static uint32_t ask(struct wasi_subscription *asked, const struct wasi_subscription *waits,
                    uint32_t count, uint64_t begun, uint64_t until) {
    uint64_t now = snapify_clock_now(), nearest = until;
    uint32_t size = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (waits[i].tag == WASI_EVENT_CLOCK) {
            uint64_t due = due_at(&waits[i], begun, now);
            nearest = due < nearest ? due : nearest;
            continue;
        }
        asked[size] = waits[i];
        asked[size++].fd = host_number(waits[i].fd);
    }
    if (nearest == FOREVER)
        return size;
    memset(&asked[size], 0, sizeof *asked);
    asked[size].tag = WASI_EVENT_CLOCK;
    asked[size].clock.id = WASI_CLOCK_MONOTONIC;
    asked[size].clock.timeout = nearest > now ? nearest - now : 0;
    return size + 1;
}

/* What the engine said about descriptors, then the clocks that are due. Returns their count. */
static uint32_t answer(struct wasi_event *out, const struct wasi_event *events, uint32_t happened,
                       const struct wasi_subscription *waits, uint32_t count, uint64_t begun) {
    uint64_t now = snapify_clock_now();
    uint32_t size = 0;
    for (uint32_t i = 0; i < happened && size < count; i++)
        if (events[i].type != WASI_EVENT_CLOCK)
            out[size++] = events[i];
    for (uint32_t i = 0; i < count && size < count; i++) {
        if (waits[i].tag != WASI_EVENT_CLOCK || due_at(&waits[i], begun, now) > now)
            continue;
        memset(&out[size], 0, sizeof *out);
        out[size++].userdata = waits[i].userdata;
    }
    return size;
}

/* Until something happens, or nothing has until that time. Engines wake up early, Node by up to a
 * millisecond: what is left is waited at once, so that no point is passed for it. */
static uint32_t wait_until(const struct wasi_subscription *waits, struct wasi_event *out,
                           uint32_t count, size_t *given, uint64_t begun, uint64_t until) {
    scratch_reset();
    struct wasi_subscription *asked =
        (struct wasi_subscription *)(void *)scratch_take(((uint64_t)count + 1) * sizeof *asked);
    struct wasi_event *events =
        (struct wasi_event *)(void *)scratch_take(((uint64_t)count + 1) * sizeof *events);
    if (asked == NULL || events == NULL)
        return WASI_ENOMEM;
    do {
        size_t happened = 0;
        uint32_t asking = ask(asked, waits, count, begun, until);
        uint32_t error = wasi_poll_oneoff(asked, events, asking, &happened);
        if (error != WASI_SUCCESS)
            return error;
        *given = answer(out, events, (uint32_t)happened, waits, count, begun);
    } while (*given == 0 && snapify_clock_now() < until);
    return WASI_SUCCESS;
}

/* As poll_oneoff; UINT32_MAX: nothing yet, come again, but pass a point. */
SNAPIFY_EXPORT("snapify_clock_poll")
uint32_t snapify_clock_poll(const struct wasi_subscription *waits, struct wasi_event *out,
                            uint32_t count, size_t *given, uint64_t begun) {
    if (!can_leave())
        return wasi_poll_oneoff(waits, out, count, given);
    if (count == 0)
        return WASI_EINVAL; /* WAMR would wait for ever */
    uint64_t until = poll_may_ask() ? snapify_clock_now() + WAIT_SLICE : FOREVER;
    uint32_t error = wait_until(waits, out, count, given, begun, until);
    poll_waited();
    if (error != WASI_SUCCESS || *given > 0)
        return error;
    budget_set(SNAPIFY_BUDGET_SLOW);
    return UINT32_MAX;
}

/* ---- moves ---- */

SNAPIFY_EXPORT("snapify_clock_write") void snapify_clock_write(void) {
    snap_write_clock(&writer, snapify_clock_now());
}

SNAPIFY_EXPORT("snapify_clock_restore") void snapify_clock_restore(void) {
    uint64_t stopped_at;
    restore_check(snap_read_clock(&reader, &stopped_at));
    clock_set(stopped_at - engine_time(WASI_CLOCK_MONOTONIC));
}
