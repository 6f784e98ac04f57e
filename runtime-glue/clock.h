/*
 * clock.h: what poll_oneoff takes and gives; linked only into modules that ask for the time or
 * wait.
 */
#ifndef SNAPIFY_GLUE_CLOCK_H
#define SNAPIFY_GLUE_CLOCK_H

#include "runtime-glue/glue.h"

#define WASI_EVENT_CLOCK 0u
#define WASI_EVENT_READ 1u
#define WASI_EVENT_WRITE 2u
#define WASI_SUBSCRIPTION_ABSTIME 1u

/* How long the program waits before it looks for a request, in nanoseconds. */
#define WAIT_SLICE UINT64_C(20000000)

struct wasi_subscription {
    uint64_t userdata;
    uint8_t tag; /* WASI_EVENT_CLOCK, or a descriptor is waited for */
    union {
        struct {
            uint32_t id;
            uint64_t timeout, precision; /* nanoseconds */
            uint16_t flags;
        } clock;
        uint32_t fd;
    };
};

struct wasi_event {
    uint64_t userdata;
    uint16_t error;
    uint8_t type;
    uint64_t size; /* bytes that can be read or written */
    uint16_t flags;
};

WASI_IMPORT("poll_oneoff")
uint32_t wasi_poll_oneoff(const struct wasi_subscription *waits, struct wasi_event *events,
                          size_t count, size_t *happened);

#endif
