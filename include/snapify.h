/*
 * snapify.h: rewrite a WebAssembly module so that it checkpoints itself.
 *
 * One call does the work:
 *
 *     struct snapify_options options = {0};
 *     struct snapify_result result;
 *     enum snapify_status status = snapify_rewrite(bytes, size, &options, &result);
 *     for (size_t i = 0; i < result.diagnostic_count; i++) { ...print result.diagnostics[i]... }
 *     if (status == SNAPIFY_OK) { ...use result.module, result.module_size... }
 *     snapify_result_release(&result);
 *
 * Ownership: the library owns everything a result points to until snapify_result_release();
 * what the caller passes in is borrowed for the duration of the call.
 *
 * Untrusted input: any bytes may be passed. They are checked before Binaryen sees them, and
 * Binaryen runs in a child process, because it ends the process on some malformed modules.
 * The child is forked from the caller, so call this from a program without other threads
 * holding locks, and which has not made Binaryen start its worker threads. Nothing is printed and
 * no file is touched.
 */
#ifndef SNAPIFY_H
#define SNAPIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SNAPIFY_VERSION "0.1.0"

/* Pinned: the command line tool exits with these numbers. */
enum snapify_status {
    SNAPIFY_OK = 0,      /* done */
    SNAPIFY_REFUSED = 1, /* the input or an option's meaning is refused; a diagnostic says why */
    SNAPIFY_USAGE = 2,   /* the options contradict each other or are malformed */
    SNAPIFY_BUG = 3,     /* a bug in snapify; the input is not to blame */
};

/* Where a program can stop. */
enum snapify_point_kind {
    SNAPIFY_POINT_ENTRY = 0,  /* on entry of a function, before its first instruction */
    SNAPIFY_POINT_RETURN = 1, /* just before a function returns */
    SNAPIFY_POINT_LOOP = 2,   /* at a loop back-edge */
};

struct snapify_point {
    const char *function; /* name-section name, export name, or "func[INDEX]"; never NULL */
    enum snapify_point_kind kind;
    const char *node; /* destinations, several separated by '\n'; those of the entry for a return
                         point; "" where only a request says so; never NULL */
};

/* One function of the path that explains why a function is instrumented. */
struct snapify_step {
    const char *function; /* never NULL */
    const char *how;      /* how the step before leads to it: "calls"; "" for the first step */
};

/* A local that is saved at a site. */
struct snapify_saved {
    const char *name; /* from the name section, else "$INDEX" as in the code that was rewritten;
                         what the rewriting adds is called "temporary $INDEX", "the result",
                         "the node it was entered from" */
    const char *type; /* "i32" and so on */
};

/* A place in an instrumented function where the stack can be cut. */
struct snapify_site {
    const char *kind;     /* "entry", "return", "loop" for points; "call", "call_indirect" */
    const char *callee;   /* calls: name or signature of what is called; "" for points */
    const char *source;   /* "main.c:42", from DWARF; "" if it is not known */
    int64_t point;        /* number of the point (SNAPIFY_STOP_AT counts others), -1 for a call */
    uint32_t frame_bytes; /* that a frame takes in the snapshot if the stack is cut here */
    struct snapify_saved *saved;
    size_t saved_count;
};

/* Why a function is instrumented or not, and what that means. */
struct snapify_explanation {
    const char *function; /* never NULL */
    uint32_t index;       /* in the input */
    bool instrumented;
    const char *why;    /* a sentence without a full stop; never NULL */
    const char *source; /* where it begins: "main.c:40", from DWARF; "" if it is not known */
    /* A shortest path of calls: from the function to one with a point, or, where a mark above it
     * makes its loops points, from the marked function to it. Empty if it needs none. */
    struct snapify_step *path;
    size_t path_count;
    struct snapify_site *sites; /* in the order of the code */
    size_t site_count;
    uint64_t code_before, code_after; /* bytes of the body; 0: there is none (any more) */
};

enum snapify_severity {
    SNAPIFY_NOTE = 0,
    SNAPIFY_WARNING = 1,
    SNAPIFY_ERROR = 2,
};

struct snapify_diagnostic {
    enum snapify_severity severity;
    const char *text;     /* one sentence, no trailing newline; never NULL */
    const char *function; /* the function it is about, or NULL */
    const char *hint;     /* what the user can do, or NULL */
    int64_t offset;       /* byte offset in the input, or -1 */
};

/* Which functions get points. */
enum snapify_policy {
    SNAPIFY_POLICY_ANNOTATED = 0, /* those that are marked */
    SNAPIFY_POLICY_ALWAYS = 1,    /* all: wherever they stop, a point is near */
};

/* A minute is far beyond what anybody waits for. */
#define SNAPIFY_MAX_LATENCY_MS 60000u

/* What is slower than this in zstd is not in the module. */
#define SNAPIFY_COMPRESS_LEVEL_MAX 4

struct snapify_options {
    int optimize_level;  /* 0..3: how hard to optimize the functions that change, before they do */
    int shrink_level;    /* 0..1: 1 prefers size (-Os) */
    bool debug_info;     /* keep the name section */
    bool allow_uncalled; /* accept a marked function that nothing calls (default: refuse) */
    bool list_only;      /* find the points, fill result.points, produce no module */
    bool no_isolation;   /* run in this process: for fuzzers and debuggers only; sets
                            BINARYEN_CORES=1 in its environment */

    enum snapify_policy policy;
    /* With SNAPIFY_POLICY_ALWAYS: a point at every place of these kinds, bits 1 << enum
     * snapify_point_kind. 0: only as many as keep a running program from going on for long without
     * meeting one (docs/how-it-is-fast.md says what that means). */
    unsigned point_kinds;
    /* With SNAPIFY_POLICY_ALWAYS, instead of kinds: how long that may be in milliseconds, on an
     * interpreter, too. 0: 10,000 instructions. At most SNAPIFY_MAX_LATENCY_MS. */
    unsigned max_latency_ms;
    /* With SNAPIFY_POLICY_ALWAYS: shell patterns of the functions that get points (none: all) and
     * of those that do not. Borrowed; may be NULL when the count is 0. */
    const char *const *only;
    size_t only_count;
    const char *const *skip;
    size_t skip_count;

    /* "FUNC=NODE"; FUNC is an export name or a name-section name, NODE the rest after the first
     * '='. Borrowed; may be NULL when the count is 0. */
    const char *const *dest;
    size_t dest_count;
    const char *const *may_offload;
    size_t may_offload_count;
    /* "NAME=VALUE" for engines without an environment: used when the variable is not set. */
    const char *const *bake;
    size_t bake_count;

    /* Compress snapshots by zstd, at this level, 1 to SNAPIFY_COMPRESS_LEVEL_MAX; 0: do not. */
    int compress_level;

    /* Add a custom section that lets snapify-snapshot show stack frames and globals. */
    bool map;

    /* Bytes of code that Binaryen gets to see at a time, 0: what is best. The result does not
     * depend on it; for tests. */
    size_t batch_bytes;

    /* Functions to explain in result.explanations: shell patterns of names, or indices. Each must
     * match. Borrowed; may be NULL when the count is 0. */
    const char *const *explain;
    size_t explain_count;
};

/* What a call spends its time on, in this order. */
enum snapify_phase {
    SNAPIFY_PHASE_SCAN = 0,    /* our own look at the bytes */
    SNAPIFY_PHASE_READ = 1,    /* Binaryen reads and validates the input */
    SNAPIFY_PHASE_REWRITE = 2, /* the passes */
    SNAPIFY_PHASE_WRITE = 3,   /* Binaryen writes the new module */
};
#define SNAPIFY_PHASE_COUNT 4

struct snapify_result {
    uint8_t *module;    /* the rewritten module; NULL unless SNAPIFY_OK and not list_only */
    size_t module_size; /* bytes */
    struct snapify_point *points;
    size_t point_count;
    struct snapify_explanation *explanations; /* of options.explain, by index; none if list_only */
    size_t explanation_count;
    struct snapify_diagnostic *diagnostics; /* in the order they arose */
    size_t diagnostic_count;
    uint64_t phase_nanoseconds[SNAPIFY_PHASE_COUNT]; /* wall time; 0 for a phase not reached */
    void *storage;                                   /* private */
};

/*
 * Rewrites the module in `wasm` (borrowed, `size` bytes). Always fills *result, which the caller
 * releases whatever the status. On any status but SNAPIFY_OK at least one diagnostic is an error.
 * The same input and options give the same bytes, also for several calls in one process.
 */
enum snapify_status snapify_rewrite(const uint8_t *wasm, size_t size,
                                    const struct snapify_options *options,
                                    struct snapify_result *result);

/* Frees what a result points to and zeroes it. NULL and an all-zero result are fine. */
void snapify_result_release(struct snapify_result *result);

#ifdef __cplusplus
}
#endif

#endif
