/*
 * linearize.c: from the tree of statements to structured code in which the top of a region can
 * jump forward to every site in it.
 *
 * The function body and each body of a loop or try that holds sites are *regions*. Inside a region
 * control flow only goes forward, so the statements are written down as one line of items in which
 * some positions carry a label; then all labels are opened at the region's top, the first to end
 * innermost. Blocks open earlier than they did, which nothing can notice but code inside them.
 *
 *     if c { X } else { Y }          =>  br_if $else (eqz c); X; br $end; $else: Y; $end:
 *     x = call $f(1, a)   site 6     =>  $land6: x = call $f(1, a); if state { br $save 6 }
 *     x = call $f(a, *b)  site 7     =>  x = call $f(a, *b); br $join7
 *                                        $land7: x = call $f(0, 0)
 *                                        $join7: if state { br $save 7 }
 * } loop $l { ...sites 8, 9... }   =>  $loop8: (loop $l (region))
 *
 * The repeated call's arguments do not matter, since its callee loads its own frame. So where
 * evaluating the operands can do no harm, one lands in front of them, and the call is not there
 * twice; elsewhere at a second, cold call site, which leaves the hot one as it was. The one test
 * that stands at the top of a region leads, when rewinding, into a br_table over the site to go on
 * at: to a landing place, or to the loop that holds it, which dispatches on.
 *
 *     loop $start
 *       block $save (result i32)
 *         code; at its top, when rewinding: drop and load a frame, which says the site to go on at
 *       end
 *       make a frame of that site and fill it; br_if $start (snapify_saved())
 *     end
 *     return 0
 *
 * What goes on at once goes back to the start: a point that is told to, and a function whose frame
 * was the last one to fit (snapify_unwind_frame() in runtime-glue/abi.h).
 */
#include "ir/make.h"
#include "ir/names.h"
#include "passes/emit.h"

static BinaryenExpressionRef emit_region(struct emit *emit, const struct region *region);

static void emit_if(struct emit *emit, struct line *line, const struct stmt *stmt) {
    struct label otherwise = emit_label(LABEL_ELSE, stmt->number);
    struct label end = emit_label(LABEL_END, stmt->number);
    bool two = stmt->otherwise.first != NULL;
    line_push(line, emit_branch_if(emit, two ? otherwise.text : end.text,
                                   make_not(emit->module, emit_taken(emit, stmt->expr))));
    emit_list(emit, line, stmt->inner.first);
    if (two) {
        line_push(line, emit_branch(emit, end.text));
        line_end(line, otherwise.text);
        emit_list(emit, line, stmt->otherwise.first);
    }
    line_end(line, end.text);
}

static void emit_loop(struct emit *emit, struct line *line, const struct stmt *stmt) {
    struct region region = {&stmt->inner, stmt->first_site, stmt->end_site, stmt->number};
    if (emit_lands_within(emit, region.first_site, region.end_site))
        line_end(line, emit_label(LABEL_LOOP, stmt->number).text);
    if (stmt->fills != NO_LOCAL)
        line_push(line, emit_fill(emit, stmt->fills));
    line_push(line, BinaryenLoop(emit->module, stmt->label, emit_region(emit, &region)));
}

/* Nothing can jump into a try, so its body is a region like that of a loop. */
static void emit_try(struct emit *emit, struct line *line, const struct stmt *stmt) {
    struct region region = {&stmt->inner, stmt->first_site, stmt->end_site, stmt->number};
    line_end(line, emit_label(LABEL_TRY, stmt->number).text);
    BinaryenTrySetBody(stmt->expr, emit_region(emit, &region));
    BinaryenExpressionSetType(stmt->expr, BinaryenTypeNone());
    line_push(line, stmt->expr);
}

void emit_list(struct emit *emit, struct line *line, const struct stmt *first) {
    for (const struct stmt *stmt = first; stmt; stmt = stmt->next) {
        switch (stmt->kind) {
        case STMT_PLAIN:
            line_push(line, emit_taken(emit, stmt->expr));
            break;
        case STMT_CALL:
            emit_call(emit, line, stmt->site);
            break;
        case STMT_POINT:
            emit_point(emit, line, stmt->site, NULL);
            break;
        case STMT_BLOCK:
            emit_list(emit, line, stmt->inner.first);
            line_end(line, stmt->label);
            break;
        case STMT_IF:
            emit_if(emit, line, stmt);
            break;
        case STMT_LOOP:
            emit_loop(emit, line, stmt);
            break;
        case STMT_TRY:
            emit_try(emit, line, stmt);
            break;
        case STMT_TIGHT:
            emit_tight_loop(emit, line, stmt);
            break;
        }
    }
}

/* The top of a region: a point that stands there, else a test that only rewinding passes. */
static const struct stmt *emit_top(struct emit *emit, struct line *line,
                                   const struct region *region, const struct stmt *first) {
    bool always = emit->part == BODY_LANDING && region->number == 0;
    if (first && first->kind == STMT_POINT && emit_lands(emit, first->site) && !always) {
        emit_point(emit, line, first->site, region);
        return first->next;
    }
    if (region->number == 0 ? region->first_site == region->end_site
                            : !emit_lands_within(emit, region->first_site, region->end_site))
        return first; /* what held sites was never reached, or nothing lands there */
    line_push(line, emit_dispatch(emit, region));
    return first;
}

static BinaryenExpressionRef emit_region(struct emit *emit, const struct region *region) {
    struct line line = {0};
    const struct stmt *rest = emit_top(emit, &line, region, region->list->first);
    emit_list(emit, &line, rest);
    return line_fold(&line, emit->module, NULL);
}

static bool ends_unreachable(const struct line *line) {
    BinaryenExpressionRef last = line->count > 0 ? line->items[line->count - 1].expr : NULL;
    return last && BinaryenExpressionGetType(last) == BinaryenTypeUnreachable();
}

/* All of the function's code: ends with the number of the site whose frame is to be made. */
static BinaryenExpressionRef emit_code(struct emit *emit) {
    struct body *body = emit->body;
    struct region region = {&body->statements, 0, (uint32_t)body->site_count, 0};
    struct line line = {0};
    emit_list(emit, &line, emit_top(emit, &line, &region, body->statements.first));
    if (!ends_unreachable(&line))
        line_push(&line, BinaryenUnreachable(emit->module));
    if (emit->part == BODY_RUNNING)
        emit_away(emit, &line);
    if (emit->part != BODY_WHOLE)
        return emit_clearing(emit, &line);
    BinaryenExpressionRef code = line_fold(&line, emit->module, LABEL_SAVE);
    BinaryenExpressionSetType(code, BinaryenTypeInt32());
    return code;
}

/* What the start reads when the function is entered is no longer needed when it comes back there,
 * but only we know: it would live across the calls that saved. */
static BinaryenExpressionRef make_return_to_start(struct emit *emit) {
    const struct body *body = emit->body;
    BinaryenModuleRef module = emit->module;
    BinaryenExpressionRef saved = BinaryenCall(module, NAME_SAVED, NULL, 0, BinaryenTypeInt32());
    struct line line = {0};
    if (emit->part == BODY_LANDING) /* the running part does that */
        return BinaryenDrop(module, saved);
    if (!body->quiet || body->initial_count == 0)
        return emit_branch_if(emit, LABEL_START, saved);
    for (size_t i = 0; i < body->initial_count; i++)
        line_push(&line, BinaryenLocalSet(module, body->initial[i],
                                          make_zero(module, body->locals[body->initial[i]])));
    line_push(&line, emit_branch(emit, LABEL_START));
    return BinaryenIf(module, saved, line_fold(&line, module, NULL), NULL);
}

static BinaryenExpressionRef emit_again(struct emit *emit) {
    BinaryenModuleRef module = emit->module;
    if (emit->body->site_count == 0) /* what held them was never reached */
        return emit_region(emit, &(struct region){.list = &emit->body->statements});
    uint32_t first = emit->body->sites[0]->number;
    struct line line = {0};
    BinaryenExpressionRef number = emit_code(emit);
    if (first > 0)
        number = make_binary(module, BinaryenAddInt32(), number, make_i32(module, (int32_t)first));
    emit_save(emit, &line, number);
    line_push(&line, make_return_to_start(emit));
    return BinaryenLoop(module, LABEL_START, line_fold(&line, module, NULL));
}

BinaryenExpressionRef body_linearize(struct body *body, enum body_part part) {
    struct emit emit = {.body = body, .module = body->program->module, .part = part};
    struct line line = {0};
    emit_list(&emit, &line, body->prologue.first);
    line_push(&line, emit_again(&emit));
    BinaryenExpressionRef zero = make_zero(emit.module, body->results);
    BinaryenExpressionRef items[] = {line_fold(&line, emit.module, LABEL_TAIL), zero};
    return make_sequence(emit.module, items, zero ? 2 : 1);
}
