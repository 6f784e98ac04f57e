/*
 * tight_loop.c: a loop of a nest (nest.c) that holds no site but its own point.
 *
 *     loop $l POINT body  =>  TIGHT $l { body; br $done }
 *
 * so that its slow path can stand behind it (emit_loop.c). A short body is there several times
 * (unroll.c).
 */
#include <stdlib.h>

#include "ir/make.h"
#include "ir/names.h"
#include "passes/form.h"

static const char *make_done_label(struct form *form, const struct stmt *block) {
    char *text = mem_printf("%s%u", LABEL_DONE, block->number);
    const char *label = make_label(form->module, text);
    free(text);
    return label;
}

struct stmt *form_lower_tight_loop(struct form *form, struct stmt_list *list,
                                   BinaryenExpressionRef loop, struct site *point,
                                   const char *done) {
    BinaryenExpressionRef body = BinaryenLoopGetBody(loop);
    if (!done) {
        struct stmt *block = body_add_stmt(form->body, list, STMT_BLOCK);
        done = block->label = make_done_label(form, block);
        list = &block->inner;
    }
    struct stmt *stmt = body_add_stmt(form->body, list, STMT_TIGHT);
    BinaryenExpressionRef items[] = {body, BinaryenBreak(form->module, done, NULL, NULL)};
    stmt->label = BinaryenLoopGetName(loop);
    stmt->site = point;
    unsigned rounds = form_rounds(form, loop, point->cost);
    if (!form_is_unreachable(body))
        body = make_sequence(form->module, items, 2);
    stmt->expr = form_repeat(form, stmt->number, stmt->label, body, rounds);
    point->cost *= rounds;
    return stmt;
}
