/*
 * program.h: what the passes know about the module they rewrite.
 *
 * Made by program_init() after the module has been read; every pass reads and extends it. Function
 * indices are those of the input module (imports first), which is also the order in which Binaryen
 * lists functions right after reading. Names are Binaryen's internal, interned ones and borrowed
 * from the module.
 */
#ifndef SNAPIFY_PASSES_PROGRAM_H
#define SNAPIFY_PASSES_PROGRAM_H

#include <binaryen-c.h>

#include "support/buf.h"
#include "support/explanation.h"
#include "support/map.h"
#include "wasm/marks.h"
#include "wasm/references.h"
#include "wasm/scan.h"

/* The nodes that the marks of one kind on one function name; functions with equal sets share it. */
struct node_set {
    uint32_t *nodes; /* owned; numbers as in program.nodes, from 1; in the order of the marks */
    size_t count;
    const char *away; /* KAFU_DEST: name of its flag global; owned */
};

struct function {
    const char *name; /* internal name */
    char *shown;      /* name for the user; owned */
    BinaryenFunctionRef ref;
    bool defined;        /* has a body: neither imported nor removed */
    bool loaded;         /* its body is in program.module */
    const char *landing; /* internal name of its second part (emit_parts.c), or NULL */
    bool touched;        /* its code changes even if it is not suspendable */
    bool imported;
    bool suspendable;       /* can be on the stack when the program stops */
    const char *stands_for; /* the WASI function that it became a loop around, or NULL: it waits */
    const struct wasi_import *wasi; /* the row of the import that it is or was, or NULL */
    uint32_t forwards;     /* index + 1 of the import that it hands its parameters to; 0: none */
    int32_t forwards_bits; /* of the import's result, those that it gives */
    uint32_t destination;  /* index + 1 in program.destinations; 0: not marked KAFU_DEST */
    uint32_t offload;      /* index + 1 in program.offloads; 0: not marked KAFU_MAY_OFFLOAD */
    bool entry_point, return_point; /* has them */
    bool entry_takes, return_takes; /* something off the budget; otherwise they only look at it */
    bool entry_sinks;               /* need not be passed before something that holds a site */
    struct map loop_points;         /* labels of the loops that have one -> instructions of a
                                       round, at least 1 */
    uint32_t cost;                  /* instructions on a path to the first point behind the entry */
    bool tail_calls;                /* makes some */
    bool lowered_tail_calls;        /* some became calls that take stack */
    uint32_t explanation;           /* index + 1 in program.explanations; 0: none is wanted */
};

/* A migration point that is generated. Its number is its position. */
struct point {
    uint32_t function;
    enum snapify_point_kind kind;
    uint32_t site;
};

/* A place in an instrumented function where the stack can be cut: a call or a point. */
struct site_info {
    uint32_t function;
    uint32_t frame_size; /* bytes */
};

/* An exported function, under all its names. Its number is its position + 1. */
struct exported {
    const char *name;     /* the first one; borrowed from Binaryen */
    const char *function; /* what the module itself calls */
};

struct signature {
    BinaryenType params, results;
};

/* A passive data segment that the program may drop (data_drop.c). */
struct dropped_segment {
    char *flag;                 /* global that says so; owned */
    BinaryenExpressionRef drop; /* the instruction, to be copied */
};

/* An exception tag that the program throws. */
struct tag {
    const char *name; /* internal name */
    BinaryenType params;
};

struct program {
    BinaryenModuleRef module; /* what the passes work on: the frame, or an excerpt (program_load) */
    BinaryenModuleRef frame;  /* what is written in the end */
    const struct wasm_scan *scan;
    const struct mark_list *marks;
    const struct wasm_references *references;
    struct origins *origins; /* borrowed; of code in the source; NULL: nobody asks */
    const struct snapify_options *options;
    struct diag *diag;
    struct explanation_list *explanations; /* borrowed */

    struct function *functions; /* owned */
    size_t function_count;
    struct map by_name;    /* internal name -> function index */
    struct map by_landing; /* internal name of a second part -> function index */

    struct signature *indirect; /* owned; signatures whose indirect calls can unwind */
    size_t indirect_count;

    struct tag *tags; /* owned; all that the module throws: no exception but theirs is caught */
    size_t tag_count;

    char **nodes; /* owned; nodes[i] has number i + 1 */
    size_t node_count;
    struct node_set *destinations; /* owned; of KAFU_DEST */
    size_t destination_count;
    struct node_set *offloads; /* owned; of KAFU_MAY_OFFLOAD */
    size_t offload_count;

    const char **saved_globals; /* owned array; mutable globals of the application */
    size_t saved_global_count;
    uint32_t globals_size; /* bytes they take in a snapshot */

    struct dropped_segment *dropped; /* owned */
    size_t dropped_count;

    struct exported *exports; /* owned; see wrap_exports.c */
    size_t export_count;
    uint32_t initialize; /* number of the export _initialize, 0: none */

    unsigned features; /* enum wasi_feature, bits */
    bool waits;        /* it imports poll_oneoff */
    bool accepts;      /* it imports sock_accept */

    struct point *points; /* owned */
    size_t point_count;
    struct site_info *sites; /* owned */
    size_t site_count;
    uint32_t max_frame_size; /* bytes */

    struct buf map_files, map_globals, map_sites; /* owned; entries of the map (site_map.h) */
    uint32_t map_file_count, map_global_count;
    struct map map_file_numbers; /* names as origins gives them -> positions */

    /* Some point has no wish of its own and waits for a request: entries and loops count down the
     * budget, a word beside the state, and test its sign. Otherwise that word is a flag. */
    bool budget;

    bool keeps_tail_calls; /* some stay what they are */
};

/* Lists functions, marks and globals of the module that has just been read. */
void program_init(struct program *program, BinaryenModuleRef module, const struct wasm_scan *scan,
                  const struct mark_list *marks, const struct snapify_options *options,
                  struct diag *diag);
void program_release(struct program *program);

/* Tells of the references that were lowered; the helpers count as functions without a body. */
void program_set_references(struct program *program, const struct wasm_references *references);

/*
 * The frame has every function, but stubs for most bodies. program_load() turns to an excerpt of
 * the same module (wasm/bodies.h) in which the bodies of the functions of `loaded` (a flag per
 * function) are real; program_unload() returns to the frame, where only functions that took the
 * place of imports have a body, and disposes of the excerpt.
 */
void program_load(struct program *program, BinaryenModuleRef excerpt, const bool *loaded);
void program_unload(struct program *program);

/* Forgets which points were selected, and what follows from that. */
void program_forget_points(struct program *program);

/* Takes a function that nothing refers to out of the module. */
void program_remove_function(struct program *program, uint32_t index);

/* The function of an internal name, or NULL. */
struct function *program_function(const struct program *program, const char *name);

/* Can an indirect call of this signature unwind? */
bool program_indirect_suspends(const struct program *program, BinaryenType params,
                               BinaryenType results);

/* May code be there more than once, with fewer points than places? Not where points of a kind are
 * asked for. */
bool program_may_copy(const struct program *program);

/* One more global that belongs in a snapshot; `name` is borrowed. */
void program_save_global(struct program *program, const char *name);

/* Adds a point or site, returns its number. */
uint32_t program_add_point(struct program *program, struct point point);
uint32_t program_add_site(struct program *program, struct site_info site);
void program_set_frame_size(struct program *program, uint32_t site, uint32_t size);

#endif
