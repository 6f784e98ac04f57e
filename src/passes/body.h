/*
 * body.h: one function on its way through the instrumentation.
 *
 * Three steps share this state:
 *
 *     statement_form.c   the body becomes a tree of statements in which every site is a statement
 *     liveness.c         which locals are live at each site
 *     linearize.c        the tree becomes structured code with forward jumps to every site
 *
 * A *site* is a place where the stack can be cut: a call that can unwind, or a migration point.
 */
#ifndef SNAPIFY_PASSES_BODY_H
#define SNAPIFY_PASSES_BODY_H

#include "passes/program.h"

enum {
    NO_LOCAL = UINT32_MAX
};

enum stmt_kind {
    STMT_PLAIN, /* an expression without sites */
    STMT_CALL,  /* a call that can unwind */
    STMT_POINT, /* a migration point */
    STMT_BLOCK, /* a named block around sites */
    STMT_IF,
    STMT_LOOP,
    STMT_TRY,   /* its handlers hold no site */
    STMT_TIGHT, /* a loop without sites but its point (tight_loop.c); never falls through */
};

/* Which sites one lands at (emit_parts.c). */
enum body_part {
    BODY_WHOLE,   /* all: the function is one */
    BODY_RUNNING, /* points at the tops of large loops */
    BODY_LANDING, /* all others */
};

/* A local's place in a frame. Tuples take one slot per member. */
struct slot {
    BinaryenIndex local;
    BinaryenIndex member; /* of a tuple; 0 otherwise */
    BinaryenType type;    /* of the value in the slot */
    uint32_t offset;      /* bytes from the start of the frame */
};

struct site {
    uint32_t number;              /* in the module */
    BinaryenIndex result;         /* local that takes the call's result, or NO_LOCAL */
    BinaryenIndex target;         /* indirect call: local that holds the table index, or NO_LOCAL */
    BinaryenExpressionRef call;   /* the call with its operands; NULL for a point */
    bool repeatable;              /* its operands can be evaluated when nothing is in the locals */
    BinaryenExpressionRef source; /* the call or loop it comes from; NULL: entry or return */
    enum snapify_point_kind kind; /* points only */
    uint32_t point;               /* points only: number in the module */
    uint32_t cost;                /* points only: what it takes off the budget; 0: it only looks */
    BinaryenIndex counter;        /* points only: local that holds the budget, or NO_LOCAL */
    bool tops;          /* points only: at the top of a large loop, in a body with parts */
    uint32_t alike;     /* in such a body: position of the first site with the same slots */
    struct slot *slots; /* owned; those of the body that are live behind the site */
    size_t slot_count;
};

struct stmt_list {
    struct stmt *first, *last;
};

struct stmt {
    enum stmt_kind kind;
    struct stmt *next;
    BinaryenExpressionRef expr; /* PLAIN: the statement; IF: the condition; TRY: all of it; TIGHT:
                                   the body */
    const char *label;          /* BLOCK, LOOP, TIGHT; a loop's may be NULL */
    BinaryenIndex fills;        /* LOOP, TIGHT: local that takes the budget in front, or NO_LOCAL */
    struct stmt_list inner;     /* BLOCK, LOOP, TRY: the body; IF: when true */
    struct stmt_list otherwise; /* IF: when false */
    struct site *site;          /* CALL, POINT, TIGHT */
    uint32_t number;            /* unique in the function, from 1 */
    uint32_t first_site, end_site; /* the sites inside: positions in body.sites */
};

struct body {
    struct program *program;
    struct function *function;
    uint32_t function_index;
    BinaryenType results;
    BinaryenIndex param_count;
    BinaryenType *locals; /* owned; parameters first */
    BinaryenIndex local_count, local_capacity;
    BinaryenIndex scratch;     /* i32 local for the number of a site */
    BinaryenIndex origin;      /* node that the function was entered from, or NO_LOCAL */
    BinaryenIndex outside;     /* KAFU_MAY_OFFLOAD: what `inside` was before, or NO_LOCAL */
    bool one_exit;             /* every return leads to one place */
    BinaryenIndex value;       /* one_exit with results: what is returned, or NO_LOCAL */
    struct stmt_list prologue; /* plain statements before everything */
    struct stmt_list statements;
    struct slot *slots; /* owned; the layout of all frames */
    size_t slot_count;
    uint32_t frame_size; /* bytes */
    struct site **sites; /* owned array, in program order */
    size_t site_count;
    BinaryenIndex *initial; /* owned; locals that are read without a write before, parameters too */
    size_t initial_count;
    bool quiet; /* something lives at a loop's point but across no call of the program: compilers
                   keep it in a register, if no call of ours is on the way to a site either */
    struct stmt **pool; /* owned; every statement ever made */
    size_t pool_count, pool_capacity;
};

/* Fills `body` from the function; the Binaryen function stays untouched. */
void body_init(struct body *body, struct program *program, uint32_t function_index);
void body_release(struct body *body);

/* A fresh local. */
BinaryenIndex body_add_local(struct body *body, BinaryenType type);

/* Append a statement, a call that can unwind, a point. */
struct stmt *body_add_stmt(struct body *body, struct stmt_list *list, enum stmt_kind kind);
struct stmt *body_make_stmt(struct body *body, enum stmt_kind kind);
void body_append_stmt(struct stmt_list *list, struct stmt *stmt);
struct site *body_make_point(enum snapify_point_kind kind, uint32_t cost);
struct site *body_add_call(struct body *body, struct stmt_list *list, BinaryenExpressionRef call);
struct site *body_add_point(struct body *body, struct stmt_list *list, enum snapify_point_kind kind,
                            uint32_t cost);

/* The steps. body_statement_form() takes the Binaryen body apart, body_number_sites() must
 * follow it; body_linearize() returns the new body. */
void body_statement_form(struct body *body);
void body_number_sites(struct body *body);
int body_liveness(struct body *body);
BinaryenExpressionRef body_linearize(struct body *body, enum body_part part);

/* Is this function to be two? Chooses the points that the running part lands at. */
bool body_divide(struct body *body);

/* How the second part is called. Owned by the caller. */
char *body_landing_name(const struct body *body);

/* True for a loop that gets a point. */
bool body_is_point_loop(const struct body *body, BinaryenExpressionRef expr);

/* True for a call, tail calls included, whose callee can unwind. */
bool body_can_unwind(const struct body *body, BinaryenExpressionRef expr);

/* True for a call expression that can unwind. */
bool body_is_site_call(const struct body *body, BinaryenExpressionRef expr);

#endif
