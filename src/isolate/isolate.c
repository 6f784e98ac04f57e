/*
 * isolate.c: a run in a child process.
 *
 *     parent                                child
 *     ------                                -----
 *     fork  ------------------------------> run() on a thread with a large stack
 *     reads what is said until it ends <--- stdout, stderr (a pipe)
 *     waits                                 each phase and when it began ---> shared page
 *     maps the answer <-------------------- the answer (an unnamed file in memory)
 *
 * Why a child: Binaryen ends the process on malformed modules, by exit(), by abort() or by running
 * into a bad address. Why a file in memory for the answer and not a second pipe: the parent then
 * has one thing to read, and the size is known. Why the shared page: it is there after any death.
 * Dropped: posix_spawn of a helper program (a library cannot know where it was installed).
 */
#include "isolate/isolate.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "isolate/death.h"
#include "isolate/last_words.h"
#include "isolate/wire.h"
#include "support/write_all.h"

/* Address space only, pages are taken as they are touched. A module of some megabytes can nest so
 * deeply that Binaryen needs hundreds of MiB. */
#define STACK_BYTES ((size_t)1 << 30)
#define STACK_BYTES_LEAST ((size_t)8 << 20)

/* Of what a run prints, the beginning and the end are kept, this much of each. */
#define SAID_BYTES ((size_t)64 << 10)
#define PIPE_BYTES ((size_t)64 << 10)

/* Lies in memory shared with the child. */
struct progress {
    volatile uint32_t phase;
    volatile uint64_t
        began[PIPELINE_PHASE_COUNT + 1]; /* CLOCK_MONOTONIC; the last one is the end */
};

struct call {
    isolate_function run;
    const uint8_t *wasm;
    size_t size;
    const struct snapify_options *options;
    struct pipeline_result *result;
    struct progress *progress;
    enum snapify_status status;
};

struct child {
    pid_t pid;
    int said, answer;     /* read ends of the pipes, or -1 */
    int say, give_answer; /* the child's ends, or -1 */
};

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void progress_enter(void *context, enum pipeline_phase phase) {
    struct progress *progress = context;
    progress->began[phase] = now();
    progress->phase = phase;
}

static void progress_durations(const struct progress *progress, uint64_t nanoseconds[]) {
    uint64_t end = progress->began[PIPELINE_PHASE_COUNT];
    for (int phase = PIPELINE_PHASE_COUNT - 1; phase >= 0; phase--) {
        uint64_t began = progress->began[phase];
        nanoseconds[phase] = began && end > began ? end - began : 0;
        end = began ? began : end;
    }
}

static void call_make(struct call *call) {
    call->result->progress = progress_enter;
    call->result->progress_context = call->progress;
    progress_enter(call->progress, PIPELINE_SCAN);
    call->status = call->run(call->wasm, call->size, call->options, call->result);
    call->progress->began[PIPELINE_PHASE_COUNT] = now();
    call->result->progress = NULL;
    call->result->progress_context = NULL;
}

/*
 * No worker threads in Binaryen: their stacks are small, it hangs when it cannot start one, and a
 * process that has them cannot fork a child that uses Binaryen. What they would speed up is the
 * validation; functions are optimized one by one (pipeline.c).
 */
static void forbid_workers(void) {
    setenv("BINARYEN_CORES", "1", 1);
}

static void *call_thread(void *argument) {
    call_make(argument);
    return NULL;
}

/* The limit in bytes, RLIM_INFINITY if there is none. */
static rlim_t address_space(void) {
    struct rlimit limit;
    return getrlimit(RLIMIT_AS, &limit) == 0 ? limit.rlim_cur : RLIM_INFINITY;
}

/* The largest stack that can be had without taking more than a quarter of the address space; its
 * lowest page is a guard. NULL if there is none. */
static void *map_stack(size_t *size) {
    *size = STACK_BYTES;
    while (*size > STACK_BYTES_LEAST && *size > address_space() / 4)
        *size /= 2;
    for (; *size >= STACK_BYTES_LEAST; *size /= 2) {
        void *stack = mmap(NULL, *size, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
        if (stack != MAP_FAILED) {
            mprotect(stack, (size_t)sysconf(_SC_PAGESIZE), PROT_NONE);
            return stack;
        }
    }
    return NULL;
}

/* On this thread's own stack if there is no memory for another: better than not at all. */
static void call_make_on_large_stack(struct call *call) {
    pthread_attr_t attributes;
    pthread_t thread;
    size_t size;
    void *stack = map_stack(&size);
    forbid_workers();
    pthread_attr_init(&attributes);
    if (stack && pthread_attr_setstack(&attributes, stack, size) == 0 &&
        pthread_create(&thread, &attributes, call_thread, call) == 0)
        pthread_join(thread, NULL);
    else
        call_make(call);
    pthread_attr_destroy(&attributes);
    if (stack)
        munmap(stack, size);
}

/* Handlers of the caller belong to the caller; one that jumps would even go on in its code. */
static void forget_handlers(void) {
    for (int signal_number = 1; signal_number < NSIG; signal_number++) {
        struct sigaction action;
        if (sigaction(signal_number, NULL, &action) == 0 && action.sa_handler != SIG_IGN)
            signal(signal_number, SIG_DFL);
    }
    signal(SIGPIPE, SIG_DFL);
}

static _Noreturn void child_main(struct child *child, struct call *call, pid_t parent,
                                 const sigset_t *signals) {
    struct buf head = {0};
    const struct rlimit no_core = {0, 0};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    forget_handlers();
    sigprocmask(SIG_SETMASK, signals, NULL);
    setrlimit(RLIMIT_CORE, &no_core);
    if (dup2(child->say, STDOUT_FILENO) < 0 || dup2(child->say, STDERR_FILENO) < 0)
        _exit(1);
    call_make_on_large_stack(call);
    wire_encode(call->result, call->status, &head);
    bool written =
        write_all(child->give_answer, head.data, head.size) &&
        write_all(child->give_answer, call->result->module.data, call->result->module.size);
    /* Without exit(): the caller's atexit() functions and half-filled stdio buffers are its own. */
    _exit(written ? 0 : 1);
}

/* The caller may run with its standard streams closed; then new descriptors get their numbers,
 * which the child is about to replace. */
static int above_standard_streams(int file) {
    if (file < 0 || file > STDERR_FILENO)
        return file;
    int moved = fcntl(file, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    close(file);
    return moved;
}

static void child_close(struct child *child) {
    int *const files[] = {&child->said, &child->say, &child->answer, &child->give_answer};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (*files[i] >= 0)
            close(*files[i]);
        *files[i] = -1;
    }
}

static int open_pipe(int *read_end, int *write_end) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return -1;
    *read_end = above_standard_streams(ends[0]);
    *write_end = above_standard_streams(ends[1]);
    return *read_end < 0 || *write_end < 0 ? -1 : 0;
}

static int child_open(struct child *child) {
    if (open_pipe(&child->said, &child->say) < 0)
        return -1;
    return open_pipe(&child->answer, &child->give_answer);
}

static int child_start(struct child *child, struct call *call) {
    sigset_t all, before;
    pid_t parent = getpid();
    /* Binaryen may call exit(), which would write the caller's buffered output a second time. */
    fflush(NULL);
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    child->pid = fork();
    if (child->pid == 0)
        child_main(child, call, parent, &before);
    int error = errno;
    sigprocmask(SIG_SETMASK, &before, NULL);
    close(child->say);
    close(child->give_answer);
    child->say = child->give_answer = -1;
    errno = error;
    return child->pid < 0 ? -1 : 0;
}

/* False at the end of the pipe. */
static bool hear_some(int file, struct buf *heard) {
    buf_reserve(heard, PIPE_BYTES);
    ssize_t size = read(file, heard->data + heard->size, PIPE_BYTES);
    if (size < 0 && errno == EINTR)
        return true;
    heard->size += size > 0 ? (size_t)size : 0;
    return size > 0;
}

static void forget_the_middle(struct buf *said) {
    if (said->size > 4 * SAID_BYTES) {
        memmove(said->data + SAID_BYTES, said->data + said->size - SAID_BYTES, SAID_BYTES);
        said->size = 2 * SAID_BYTES;
    }
}

static void hear(const struct child *child, struct buf *said, struct buf *answer) {
    struct pollfd ends[] = {{child->said, POLLIN, 0}, {child->answer, POLLIN, 0}};
    struct buf *const heard[] = {said, answer};
    for (int open = 2; open > 0;) {
        if (poll(ends, 2, -1) < 0)
            continue; /* EINTR is all there is: the arguments are right */
        for (int i = 0; i < 2; i++) {
            if (ends[i].fd >= 0 && ends[i].revents && !hear_some(ends[i].fd, heard[i])) {
                ends[i].fd = -1;
                open--;
            }
        }
        forget_the_middle(said);
    }
}

/* Returns what waitpid() says. A caller that ignores SIGCHLD makes the status unknowable: that
 * counts as exit 0, and the answer itself shows whether the child came to its end. */
static int child_wait(const struct child *child) {
    int wait_status;
    pid_t pid;
    do
        pid = waitpid(child->pid, &wait_status, 0);
    while (pid < 0 && errno == EINTR);
    return pid < 0 ? 0 : wait_status;
}

static void note_words(const struct last_words *words, struct diag *diag) {
    if (words->text)
        diag_note(diag, (struct diag_place){.offset = words->offset + 1}, "Binaryen says: %s",
                  words->text);
}

/* The child has ended: its answer, or the story of its death. */
static void child_conclude(int wait_status, const struct buf *said, const struct buf *answer,
                           struct call *call) {
    struct last_words words;
    bool ended = WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0;
    last_words_read(&words, (const char *)said->data, said->size);
    if (ended && wire_decode(answer->data, answer->size, call->result, &call->status) == 0) {
        note_words(&words, &call->result->diag);
    } else {
        struct death death = {
            .wait_status = wait_status,
            .phase = call->progress->phase,
            .finished = call->progress->began[PIPELINE_PHASE_COUNT] != 0,
            .words = words,
        };
        pipeline_result_release(call->result);
        call->result->phase_reached = death.phase;
        call->status = death_explain(&death, &call->result->diag);
    }
    last_words_release(&words);
}

static void call_make_in_child(struct call *call) {
    struct child child = {-1, -1, -1, -1, -1};
    struct buf said = {0}, answer = {0};
    if (child_open(&child) < 0 || child_start(&child, call) < 0) {
        diag_error(&call->result->diag, (struct diag_place){0}, "cannot start a child process: %s",
                   strerror(errno));
        call->status = SNAPIFY_REFUSED;
        goto done;
    }
    hear(&child, &said, &answer);
    child_conclude(child_wait(&child), &said, &answer, call);
done:
    buf_release(&said);
    buf_release(&answer);
    child_close(&child);
}

enum snapify_status isolate_run(isolate_function run, const uint8_t *wasm, size_t size,
                                const struct snapify_options *options,
                                struct pipeline_result *result,
                                uint64_t nanoseconds[PIPELINE_PHASE_COUNT]) {
    struct progress *progress =
        mmap(NULL, sizeof *progress, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (progress == MAP_FAILED) {
        diag_error(&result->diag, (struct diag_place){0}, "not enough memory: %s", strerror(errno));
        return SNAPIFY_REFUSED;
    }
    struct call call = {run, wasm, size, options, result, progress, SNAPIFY_BUG};
    if (options->no_isolation)
        call_make_on_large_stack(&call);
    else
        call_make_in_child(&call);
    progress_durations(progress, nanoseconds);
    munmap(progress, sizeof *progress);
    return call.status;
}
