/*
 * form.h: shared by the files that take a function apart (statement_form.c tells the story).
 */
#ifndef SNAPIFY_PASSES_FORM_H
#define SNAPIFY_PASSES_FORM_H

#include "passes/body.h"

struct temp {
    BinaryenIndex local;
    bool in_use;
};

/* What an expression holds. */
enum {
    NEEDS_POINT = 1, /* points of loops */
    NEEDS_TRY = 2,   /* sites in a try */
    NEEDS_CALL = 4,  /* calls that can unwind; so many of it, MANY_CALLS at most */
    MANY_CALLS = 2
};

struct form {
    struct body *body;
    BinaryenModuleRef module;
    struct map needs;   /* expressions that hold a site: NEEDS_... */
    struct map carried; /* label -> local that takes its value */
    bool carried_changed;
    struct temp *temps;
    size_t temp_count;
    size_t *order; /* positions in `temps` of those in use, oldest first */
    size_t in_use;
    BinaryenExpressionRef entry_before; /* it comes behind the entry point; NULL: that is there */
    BinaryenIndex counter;              /* in a nest: local that holds the budget, else NO_LOCAL */
    uint32_t in_try;                    /* bodies of tries that are being taken apart */
    uint32_t try_count;                 /* those whose handlers were taken out */
};

/* An exception of the program, kept in locals to be thrown again. */
struct thrown {
    BinaryenIndex which;   /* i32: position of its tag in program.tags + 1; 0: none */
    BinaryenIndex *values; /* owned; per tag a local for its values, or NO_LOCAL */
};

/* Does the expression hold a site? NULL holds none. */
bool form_needs(const struct form *form, BinaryenExpressionRef expr);

/* Does it hold points of loops, one call at most, and no site in a try? */
bool form_is_nest(const struct form *form, BinaryenExpressionRef expr);

bool form_is_unreachable(BinaryenExpressionRef expr);

/* Yields a value, unlike statements and what never ends. */
bool form_has_value(BinaryenExpressionRef expr);

BinaryenExpressionRef form_get_local(const struct form *form, BinaryenIndex local);

/* A local for as long as the statement lasts that is being taken apart. */
BinaryenIndex form_take_temp(struct form *form, BinaryenType type);

/* Adds a loop of a nest whose only site is this point. */
struct stmt *form_lower_tight_loop(struct form *form, struct stmt_list *list,
                                   BinaryenExpressionRef loop, struct site *point,
                                   const char *done);

/* How many rounds such a loop, of this cost, takes for each look at the budget; a body of so many.
 * `body` does not fall through; `number` is unique in the function. */
unsigned form_rounds(const struct form *form, BinaryenExpressionRef loop, uint32_t cost);
BinaryenExpressionRef form_repeat(struct form *form, uint32_t number, const char *loop,
                                  BinaryenExpressionRef body, unsigned rounds);

/* Adds a loop whose points count in a local. */
void form_lower_nest(struct form *form, struct stmt_list *list, BinaryenExpressionRef loop);

/* budget = counter, counter = budget: in such a loop, in front of a call that can unwind and behind
 * it. Elsewhere they add nothing. */
void form_give_budget(struct form *form, struct stmt_list *list);
void form_take_budget(struct form *form, struct stmt_list *list);

/* Adds a loop that has a label and returns it. `done`: of a block whose end stands behind it; NULL:
 * none. */
struct stmt *form_lower_loop(struct form *form, struct stmt_list *list, BinaryenExpressionRef loop,
                             BinaryenIndex local, const char *done);

/* May the expression write the local? Looks at no more than *budget nodes, which it uses up. */
bool form_writes_local(BinaryenExpressionRef expr, BinaryenIndex local, int *budget);

/* Taking an expression apart; the statements go to `list`. form_lower_value() returns what is left:
 * an expression without sites that must be evaluated next. form_lower_into() sets `local` to the
 * value (NO_LOCAL, or if there is none: just the effects). */
BinaryenExpressionRef form_lower_value(struct form *form, struct stmt_list *list,
                                       BinaryenExpressionRef expr);
void form_lower_stmt(struct form *form, struct stmt_list *list, BinaryenExpressionRef expr);
void form_lower_into(struct form *form, struct stmt_list *list, BinaryenExpressionRef expr,
                     BinaryenIndex local);
void form_add_entry(struct form *form, struct stmt_list *list);
void form_add_plain(struct form *form, struct stmt_list *list, BinaryenExpressionRef expr);

/* Where an entry point may stand that sinks, in front of this; NULL: at the start of the function
 * (sink_entry.c). */
BinaryenExpressionRef form_entry_place(const struct form *form, BinaryenExpressionRef root);

/* Makes the function one without tail calls (tail_calls.c). */
void form_lower_tail_calls(struct form *form, BinaryenExpressionRef *root);

/* Takes handlers that hold a site out of their catch; no catch pops anywhere but at its very
 * beginning (catches.c). */
void form_take_out_catches(struct form *form, BinaryenExpressionRef *root);

/* Locals for an exception; what a catch of program.tags[tag] does to keep it, a block without
 * label; throwing it again, which does nothing if there was none. */
void form_keep_thrown(struct form *form, struct thrown *thrown);
BinaryenExpressionRef form_take_thrown(struct form *form, const struct thrown *thrown, size_t tag);
BinaryenExpressionRef form_throw_again(struct form *form, const struct thrown *thrown);
void form_release_thrown(struct thrown *thrown);

/* Keeps what leaves the function by an exception, and its value in body->value otherwise: the
 * code behind goes on in both cases. */
void form_keep_all_thrown(struct form *form, BinaryenExpressionRef *root, struct thrown *thrown);

/*
 * First step: fills `needs` and `carried`, and changes branches so that no label around a site
 * carries a value and, in a function with a return point, every return leads there.
 */
void form_carry_values(struct form *form, BinaryenExpressionRef *root);

#endif
