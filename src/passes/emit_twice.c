/*
 * emit_twice.c: a large loop is there twice, once to run and once to land in.
 *
 * Where the program lands, every local comes from the code before or out of the frame, and those
 * that come out of the frame pass the top of each loop around that place. Compilers have such a
 * meeting for each local at each place. Cranelift gave those of SQLite's interpreter, 550 places
 * with 50 locals, different addresses in memory, and copied 40 of them in each round. So in the
 * largest loops nothing lands in the code that runs:
 *
 *     loop $l
 *       point; when rewinding, land at it, or br $cold
 *       code without places to land; br $hot
 *       $cold: load all locals again; br_table to the places; code with them
 *       $hot:
 *     end
 *
 * What was landed in leaves the loop or goes on with its next round, where values meet anyway. A
 * loop in it is run to its end there.
 */
#include <stdlib.h>

#include "ir/make.h"
#include "ir/names.h"
#include "ir/relabel.h"
#include "ir/walk.h"
#include "passes/emit.h"
#include "support/buf.h"

enum {
    MEETINGS = 16000 /* places times locals; one loop of SQLite has 28,000 */
};

static bool is_large(const struct emit *emit, const struct stmt *stmt) {
    size_t sites = stmt->end_site - stmt->first_site;
    return stmt->kind == STMT_LOOP && sites > 1 && sites * emit->body->slot_count >= MEETINGS;
}

/* A try cannot be copied: its label is not known to relabel.h. */
static bool holds_try(BinaryenExpressionRef expr) {
    return expr && ir_holds(expr, IR(Try));
}

/* Does one of the statements hold a try, or a large loop? */
static bool holds_obstacle(const struct emit *emit, const struct stmt *stmt) {
    for (; stmt; stmt = stmt->next)
        if (is_large(emit, stmt) || holds_try(stmt->expr) ||
            (stmt->site && holds_try(stmt->site->call)) ||
            holds_obstacle(emit, stmt->inner.first) || holds_obstacle(emit, stmt->otherwise.first))
            return true;
    return false;
}

bool emit_wants_twice(const struct emit *emit, const struct stmt *loop) {
    return !emit->straight && !emit->twice && is_large(emit, loop) &&
           !holds_obstacle(emit, loop->inner.first);
}

BinaryenExpressionRef emit_taken(const struct emit *emit, BinaryenExpressionRef expr) {
    return emit->straight ? BinaryenExpressionCopy(expr, emit->module) : expr;
}

static BinaryenExpressionRef make_straight(struct emit *emit, uint32_t number,
                                           const struct stmt *first) {
    char *prefix = mem_printf("%s%u_", LABEL_HOT, number);
    struct relabel relabel = {.module = emit->module, .prefix = prefix};
    struct line line = {0};
    emit->straight = true;
    emit_list(emit, &line, first);
    emit->straight = false;
    BinaryenExpressionRef code = relabel_copy(&relabel, line_fold(&line, emit->module, NULL));
    relabel_release(&relabel);
    free(prefix);
    return code;
}

void emit_twice(struct emit *emit, struct line *line, const struct region *region,
                const struct stmt *first) {
    struct label hot = emit_label(LABEL_HOT, region->number);
    line_push(line, make_straight(emit, region->number, first));
    line_push(line, emit_branch(emit, hot.text));
    line_end(line, emit_label(LABEL_COLD, region->number).text);
    emit->twice = true;
    emit_load_again(emit, line);
    emit_jumps(emit, line, first, first->first_site);
    emit_list(emit, line, first);
    emit->twice = false;
    line_end(line, hot.text);
}
