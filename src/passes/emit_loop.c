/*
 * emit_loop.c: a loop that holds no site but its point (tight_loop.c).
 *
 *     [counter = budget]; br $go
 *     $land: state = run; site = none; counter = refill + cost
 *     $go:
 *     block $slow
 *       loop $l
 *         br_if $slow ((counter -= cost) < 0)
 *         body
 *       end
 *     end $slow
 *     go and save
 *
 * The slow path leaves the loop and comes back through the start of the function: compilers lay it
 * out behind all loops, and no value has to be where the slow path wants it.
 */
#include "ir/make.h"
#include "ir/names.h"
#include "passes/emit.h"

static BinaryenExpressionRef make_loop(struct emit *emit, const struct stmt *stmt,
                                       const char *slow) {
    BinaryenModuleRef module = emit->module;
    BinaryenExpressionRef spent = make_binary(
        module, BinaryenLtSInt32(), emit_count_down(emit, stmt->site), make_i32(module, 0));
    BinaryenExpressionRef items[] = {emit_branch_if(emit, slow, spent),
                                     emit_taken(emit, stmt->expr)};
    return BinaryenLoop(module, stmt->label, make_labelled(module, NULL, items, 2));
}

void emit_tight_loop(struct emit *emit, struct line *line, const struct stmt *stmt) {
    BinaryenModuleRef module = emit->module;
    const struct site *site = stmt->site;
    BinaryenIndex counter = site->counter;
    struct label go = emit_site_label(emit, LABEL_GO, site);
    struct label slow = emit_site_label(emit, LABEL_SLOW, site);
    struct line inner = {0};
    if (stmt->fills != NO_LOCAL)
        line_push(line, emit_fill(emit, stmt->fills));
    if (emit_lands(emit, site)) {
        line_push(line, emit_branch(emit, go.text));
        line_end(line, emit_site_label(emit, LABEL_LAND, site).text);
        emit_landing(emit, line);
        line_push(line, BinaryenLocalSet(module, counter, emit_refill(emit, site->cost)));
        line_end(line, go.text);
    }
    line_push(&inner, make_loop(emit, stmt, slow.text));
    line_push(line, line_fold(&inner, module, slow.text));
    emit_go_save(emit, line, site);
}
