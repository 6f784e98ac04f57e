/*
 * emit.h: shared by the files that write a function's new body (linearize.c tells the whole story).
 *
 * A body is written as one line of items; some positions carry a label, the end of a block that
 * line_fold() opens at the line's start.
 */
#ifndef SNAPIFY_PASSES_EMIT_H
#define SNAPIFY_PASSES_EMIT_H

#include "passes/body.h"

/* Either an expression or the end of the block with this label. */
struct item {
    BinaryenExpressionRef expr;
    char *label; /* owned */
};

/* Zeroed is empty. */
struct line {
    struct item *items; /* owned */
    size_t count, capacity;
};

struct emit {
    struct body *body;
    BinaryenModuleRef module;
    enum body_part part;
};

/* The function body, or the body of a loop or a try, that holds sites. */
struct region {
    const struct stmt_list *list;
    uint32_t first_site, end_site; /* positions in body.sites */
    uint32_t number;               /* of the loop or try; 0 for the function */
};

struct label {
    char text[32];
};

void line_push(struct line *line, BinaryenExpressionRef expr);
void line_end(struct line *line, const char *label);

/* The line as one block with the label `outermost` (NULL: none); releases the line. */
BinaryenExpressionRef line_fold(struct line *line, BinaryenModuleRef module, const char *outermost);

struct label emit_label(const char *kind, uint32_t number);

/* Numbered inside the function: Binaryen keeps every name it has ever seen. */
struct label emit_site_label(const struct emit *emit, const char *kind, const struct site *site);
BinaryenExpressionRef emit_branch(struct emit *emit, const char *label);
BinaryenExpressionRef emit_branch_if(struct emit *emit, const char *label,
                                     BinaryenExpressionRef condition);
BinaryenExpressionRef emit_get_local(struct emit *emit, BinaryenIndex local);

/* Loops that count in a local: counter = budget in front of them; counter -= cost as the value to
 * test at a point. */
BinaryenExpressionRef emit_fill(struct emit *emit, BinaryenIndex counter);
BinaryenExpressionRef emit_count_down(struct emit *emit, const struct site *site);

/* Ends rewinding at a landing place, but for the budget or counter; what that is now, `cost` more
 * than is left. */
void emit_landing(struct emit *emit, struct line *line);
BinaryenExpressionRef emit_refill(struct emit *emit, uint32_t cost);

/* Makes a frame of the site and fills it; drops the topmost one and loads all locals from it. */
void emit_save(struct emit *emit, struct line *line, BinaryenExpressionRef number);
void emit_load(struct emit *emit, struct line *line);

/* Loads all locals from the frame that was dropped last. */
void emit_load_again(struct emit *emit, struct line *line);

/* Leads to where the function's frames are filled. */
void emit_go_save(struct emit *emit, struct line *line, const struct site *site);

/* if state { load; jump to the place of the site to go on at }; inner regions find all loaded. */
BinaryenExpressionRef emit_dispatch(struct emit *emit, const struct region *region);

/* Does one land at this site in this part of the function? At one of those first..end? */
bool emit_lands(const struct emit *emit, const struct site *site);
bool emit_lands_within(const struct emit *emit, uint32_t first, uint32_t end);

/* The expression itself, or a copy if another part needs it, too. */
BinaryenExpressionRef emit_taken(const struct emit *emit, BinaryenExpressionRef expr);

/* All of a part's code, and behind it what makes dead locals zero in front of the save. */
BinaryenExpressionRef emit_clearing(struct emit *emit, struct line *line);

/* $away: what the running part does where it does not land. */
void emit_away(struct emit *emit, struct line *line);

/* Statements one behind the other. */
void emit_list(struct emit *emit, struct line *line, const struct stmt *first);

/* A loop that holds no site but its point. */
void emit_tight_loop(struct emit *emit, struct line *line, const struct stmt *stmt);

/* A call that can unwind. */
void emit_call(struct emit *emit, struct line *line, const struct site *site);

/* A migration point; `region` is given if the point stands at its top, to share its test. */
void emit_point(struct emit *emit, struct line *line, const struct site *site,
                const struct region *region);

#endif
