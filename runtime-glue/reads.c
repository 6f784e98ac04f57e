/*
 * reads.c: a read where nothing has come yet: from a terminal, a pipe, a connection.
 *
 * No read can be left, so the descriptor is polled for a slice of time, and generated code passes a
 * point before it comes again (src/passes/wasi_reads.c). What an engine cannot poll is read at
 * once: a request is then obeyed when that returns. Reading a file never waits, which is found out
 * once.
 *
 * What six engines do: all poll pipes, terminals and sockets rightly. Of devices and files, Node
 * says that it cannot, WasmEdge that it is not permitted. wasmi ends the program; its standard
 * input also reads ahead, up to 8 KiB, which its poll does not see.
 */
#include "runtime-glue/clock.h"
#include "runtime-glue/files.h"

static struct {
    uint32_t descriptor; /* that is known to wait, number + 1; 0: none */
    bool ahead;          /* it is standard input of wasmi */
    bool full;           /* and the last read was, so that there may be more of it in its buffer */
} known;

static uint32_t read_now(uint32_t fd) {
    sure_set(fd);
    return SNAPIFY_READ_NOW;
}

SNAPIFY_EXPORT("snapify_reads_forget") void snapify_reads_forget(void) {
    sure_set(SNAPIFY_NO_DESCRIPTOR);
    known.descriptor = 0;
}

enum answer {
    CANNOT_SAY,
    NOTHING_YET,
    READY,
};

static enum answer poll_for(uint32_t host, uint8_t event, uint64_t timeout) {
    struct wasi_subscription waits[2];
    struct wasi_event events[2];
    size_t happened = 0;
    memset(waits, 0, sizeof waits);
    waits[0].tag = event;
    waits[0].fd = host;
    waits[1].clock.id = WASI_CLOCK_MONOTONIC;
    waits[1].clock.timeout = timeout;
    if (wasi_poll_oneoff(waits, events, 2, &happened) != WASI_SUCCESS)
        return CANNOT_SAY;
    for (size_t i = 0; i < happened && i < 2; i++)
        if (events[i].type != WASI_EVENT_CLOCK)
            return events[i].error == WASI_SUCCESS ? READY : CANNOT_SAY;
    return NOTHING_YET;
}

/* Some engines tell more of a standard stream in one way than in the other. */
static uint8_t type_of(const struct wasi_fdstat *stat, uint32_t host) {
    struct wasi_filestat file;
    if (stat->filetype != WASI_FILETYPE_UNKNOWN ||
        wasi_fd_filestat_get(host, &file) != WASI_SUCCESS)
        return stat->filetype;
    return file.filetype;
}

/* Can reading it take time, and can one ask? wasmi may not be asked about a device or a file. There
 * they are of unknown type, as pipes are, but can also be written to; all of it only where nothing
 * but reading is permitted (wasmtime cannot say then). */
static bool waits(uint32_t host) {
    struct wasi_fdstat stat;
    enum answer answer = CANNOT_SAY;
    if (wasi_fd_fdstat_get(host, &stat) != WASI_SUCCESS)
        return false;
    uint8_t type = type_of(&stat, host);
    if (type == WASI_FILETYPE_REGULAR || type == WASI_FILETYPE_DIRECTORY)
        return false;
    if (stat.rights == WASI_RIGHT_FD_READ)
        answer = poll_for(host, WASI_EVENT_WRITE, 0);
    known.ahead = answer != CANNOT_SAY;
    known.full = false;
    return answer != READY || type != WASI_FILETYPE_UNKNOWN;
}

/* By the program's wish: Node makes what it polls so. */
static bool is_nonblocking(uint32_t fd) {
    return fd < files_count_get() && (descriptor_at(fd)->file.fdflags & WASI_FDFLAG_NONBLOCK) != 0;
}

/* Engines may fill the first buffer only. */
static uint32_t read_on(uint32_t host, const struct wasi_iovec *iovecs, size_t count,
                        size_t *done) {
    uint32_t error = wasi_fd_read(host, iovecs, count, done);
    while (count > 1 && iovecs->size == 0)
        iovecs++, count--;
    known.full = error == WASI_SUCCESS && count > 0 && *done >= iovecs->size;
    return error;
}

static enum answer wait_a_slice_for(uint32_t host) {
    return known.full ? READY : poll_for(host, WASI_EVENT_READ, WAIT_SLICE);
}

SNAPIFY_EXPORT("snapify_reads_wait")
uint32_t snapify_reads_wait(uint32_t fd, const struct wasi_iovec *iovecs, size_t count,
                            size_t *done) {
    if (base_get() == 0 || !glue.leaves || !poll_may_ask())
        return read_now(fd);
    uint32_t host = host_number(fd);
    if (host == SNAPIFY_NO_DESCRIPTOR || is_nonblocking(fd))
        return SNAPIFY_READ_NOW;
    if (known.descriptor != fd + 1 && !waits(host))
        return read_now(fd);
    known.descriptor = fd + 1;
    enum answer answer = wait_a_slice_for(host);
    if (answer == CANNOT_SAY)
        return read_now(fd);
    if (answer == READY)
        return known.ahead && done != NULL ? read_on(host, iovecs, count, done) : SNAPIFY_READ_NOW;
    poll_waited();
    budget_set(SNAPIFY_BUDGET_SLOW);
    return SNAPIFY_READ_AGAIN;
}
