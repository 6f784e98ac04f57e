/*
 * glue_engine.h: what an engine gives a program besides files: arguments, waiting, connections.
 * Included by glue_world.h where the program has all of it.
 */
#ifndef SNAPIFY_TESTS_GLUE_ENGINE_H
#define SNAPIFY_TESTS_GLUE_ENGINE_H

#include "glue_world.h"

static struct {
    const char *arguments[4];
    uint32_t argument_count;
    uint32_t ready;    /* a descriptor of the engine that can be read; 0: none */
    uint32_t writable; /* one that can be written; 0: the engine refuses to say */
    uint32_t unknown;  /* one that cannot be polled; 0: none */
    uint32_t polls;    /* calls of poll_oneoff */
    uint64_t early;    /* nanoseconds that its clocks ring too early, if there are as many */
} engine;

uint32_t wasi_args_sizes_get(uint32_t *count, uint32_t *size) {
    *count = engine.argument_count;
    *size = 0;
    for (uint32_t i = 0; i < engine.argument_count; i++)
        *size += (uint32_t)strlen(engine.arguments[i]) + 1;
    return WASI_SUCCESS;
}

uint32_t wasi_args_get(uint8_t **arguments, uint8_t *bytes) {
    for (uint32_t i = 0; i < engine.argument_count; i++) {
        size_t size = strlen(engine.arguments[i]) + 1;
        arguments[i] = memcpy(bytes, engine.arguments[i], size);
        bytes += size;
    }
    return WASI_SUCCESS;
}

/* One relative monotonic clock is all that every engine can do; time passes by it. */
uint32_t wasi_poll_oneoff(const struct wasi_subscription *waits, struct wasi_event *events,
                          size_t count, size_t *happened) {
    uint32_t clocks = 0;
    *happened = 0;
    engine.polls++;
    if (waits[0].tag == WASI_EVENT_WRITE && engine.writable == 0)
        return WASI_EBADF;
    for (size_t i = 0; i < count; i++)
        if (waits[i].tag != WASI_EVENT_CLOCK && waits[i].fd == engine.unknown)
            events[(*happened)++] =
                (struct wasi_event){waits[i].userdata, WASI_ENOTSUP, waits[i].tag, 0, 0};
        else if ((waits[i].tag == WASI_EVENT_READ && waits[i].fd == engine.ready) ||
                 (waits[i].tag == WASI_EVENT_WRITE && waits[i].fd == engine.writable))
            events[(*happened)++] = (struct wasi_event){waits[i].userdata, 0, waits[i].tag, 5, 0};
    for (size_t i = 0; i < count; i++) {
        if (waits[i].tag != WASI_EVENT_CLOCK)
            continue;
        assert_int_equal(clocks++, 0);
        assert_true(waits[i].clock.id == WASI_CLOCK_MONOTONIC && waits[i].clock.flags == 0);
        if (*happened > 0)
            continue;
        world.time += waits[i].clock.timeout;
        world.time -= waits[i].clock.timeout > engine.early ? engine.early : 0;
        events[(*happened)++] = (struct wasi_event){waits[i].userdata, 0, WASI_EVENT_CLOCK, 0, 0};
    }
    assert_true(*happened > 0); /* else it would wait for ever */
    return WASI_SUCCESS;
}

uint32_t wasi_sock_accept(uint32_t fd, uint32_t flags, uint32_t *made) {
    (void)flags;
    if (fd == HOST_NONE)
        return WASI_EBADF;
    *made = 4321;
    return WASI_SUCCESS;
}

uint32_t wasi_sock_recv(uint32_t fd, const struct wasi_iovec *iovecs, size_t count, uint32_t flags,
                        size_t *done, uint16_t *flags_out) {
    (void)iovecs, (void)count, (void)flags, (void)flags_out;
    *done = 0;
    return fd == 4321 ? WASI_SUCCESS : WASI_EBADF;
}

uint32_t wasi_sock_send(uint32_t fd, const struct wasi_iovec *iovecs, size_t count, uint32_t flags,
                        size_t *done) {
    return wasi_sock_recv(fd, iovecs, count, flags, done, NULL);
}

uint32_t wasi_sock_shutdown(uint32_t fd, uint32_t how) {
    (void)how;
    return fd == 4321 ? WASI_SUCCESS : WASI_EBADF;
}

#endif
