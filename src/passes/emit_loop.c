/*
 * emit_loop.c: a loop that counts in a local (tight_loop.c).
 *
 *     $land: counter = budget >> shift
 *     loop $again
 *       block $slow
 *         loop $l
 *           br_if $slow (--counter < 0)
 *           body
 *         end
 *       end $slow
 *       unless state { save }
 *       snapify_point(); br_if $tail (unwinding); load
 *       counter = (budget >> shift) + 1
 *       br $again
 *     end
 *
 * The slow path stands outside of the inner loop and comes back through its header: compilers lay
 * it out behind the loop, and no value has to be where the slow path wants it. A program that is
 * rewinding comes by with a negative budget, and one that counts points with none, so both take
 * the slow path at once; the 1 pays for the test that comes a second time then.
 */
#include "ir/make.h"
#include "ir/names.h"
#include "passes/emit.h"

static BinaryenExpressionRef make_counter(struct emit *emit, const struct stmt *stmt) {
    BinaryenModuleRef module = emit->module;
    return make_binary(module, BinaryenShrSInt32(), make_global_get(module, NAME_BUDGET),
                       make_i32(module, (int32_t)stmt->shift));
}

static BinaryenExpressionRef make_loop(struct emit *emit, const struct stmt *stmt,
                                       const char *slow) {
    BinaryenModuleRef module = emit->module;
    BinaryenExpressionRef less = make_binary(
        module, BinaryenSubInt32(), emit_get_local(emit, stmt->counter), make_i32(module, 1));
    BinaryenExpressionRef spent = make_binary(
        module, BinaryenLtSInt32(),
        BinaryenLocalTee(module, stmt->counter, less, BinaryenTypeInt32()), make_i32(module, 0));
    BinaryenExpressionRef items[] = {emit_branch_if(emit, slow, spent), stmt->expr};
    return BinaryenLoop(module, stmt->label, make_sequence(module, items, 2));
}

void emit_tight_loop(struct emit *emit, struct line *line, const struct stmt *stmt) {
    BinaryenModuleRef module = emit->module;
    const struct site *site = stmt->site;
    struct label again = emit_site_label(emit, LABEL_AGAIN, site);
    struct label slow = emit_site_label(emit, LABEL_SLOW, site);
    struct line inner = {0}, save = {0};
    line_push(&inner, make_loop(emit, stmt, slow.text));
    line_end(&inner, slow.text);
    emit_save(emit, &save, site);
    line_push(&inner, BinaryenIf(module, make_not(module, make_global_get(module, NAME_STATE)),
                                 line_fold(&save, module, NULL), NULL));
    emit_ask(emit, &inner, site);
    line_push(&inner, BinaryenLocalSet(module, stmt->counter,
                                       make_binary(module, BinaryenAddInt32(),
                                                   make_counter(emit, stmt), make_i32(module, 1))));
    line_push(&inner, emit_branch(emit, again.text));
    line_end(line, emit_site_label(emit, LABEL_LAND, site).text);
    line_push(line, BinaryenLocalSet(module, stmt->counter, make_counter(emit, stmt)));
    line_push(line, BinaryenLoop(module, again.text, line_fold(&inner, module, NULL)));
}
