/*
 * emit_parts.c: a function with a large loop becomes two, one that runs and one to land in.
 *
 * Where the program lands, every local comes from the code before or out of the frame, and those
 * that come out of the frame pass the top of each loop around that place. Compilers have such a
 * meeting for each local at each place: Cranelift gave those of SQLite's interpreter, 550 places
 * with 50 locals, different addresses in memory, and copied 40 of them in each round; V8 made twice
 * as many values of them. So the function lands at the points at the tops of such loops alone, and
 * calls a second one to land anywhere else:
 *
 *     f: state? load the frame; br_table to the tops of large loops, or br $away
 *        code without any other place to land at
 *        $away: x = call $snapify_land_f (zeros)
 *               br_if $start (rewinding)
 *               return x
 *
 *     snapify_land_f: load the frame again; br_table to all other places
 *        code in which the point at the top of a large loop goes and saves at once
 *        $save: make a frame of that site and fill it; snapify_saved(); return 0
 *
 * What was landed in runs to the next round of the large loop, or to a point whose budget is spent:
 * that frame is the topmost one, so the first part finds it and goes on there, or calls the second
 * part again. Sites and frames are the same in both, and only the first part takes frames off, so
 * neither a snapshot nor the glue knows which of them made one. The second is on the engine's stack
 * as long as the program is in the call that it landed at; what it returns while unwinding is what
 * the first one returns.
 *
 * And what is dead behind a site is zero in its frame: otherwise each place that goes and saves
 * keeps every local alive, and these meet wherever code joins.
 */
#include <stdlib.h>

#include "ir/make.h"
#include "ir/names.h"
#include "passes/emit.h"
#include "runtime-glue/abi.h"
#include "support/buf.h"

enum {
    MEETINGS = 16000 /* calls times locals; one loop of SQLite has 28,000 */
};

static size_t count_calls(const struct body *body, const struct stmt *loop) {
    size_t count = 0;
    for (uint32_t i = loop->first_site; i < loop->end_site; i++)
        count += body->sites[i]->call != NULL;
    return count;
}

static bool is_large(const struct body *body, const struct stmt *stmt) {
    return stmt->kind == STMT_LOOP && count_calls(body, stmt) * body->slot_count >= MEETINGS;
}

/* Are there large loops? Their points are marked. */
static bool find_large_loops(const struct body *body, const struct stmt *stmt) {
    bool found = false;
    for (; stmt; stmt = stmt->next) {
        if (is_large(body, stmt)) {
            found = true;
            if (stmt->inner.first->kind == STMT_POINT)
                stmt->inner.first->site->tops = true;
        }
        found |= find_large_loops(body, stmt->inner.first);
        found |= find_large_loops(body, stmt->otherwise.first);
    }
    return found;
}

/* It was taken out of its expression, which cannot be copied. */
static bool holds_try(const struct stmt *stmt) {
    for (; stmt; stmt = stmt->next)
        if (stmt->kind == STMT_TRY || holds_try(stmt->inner.first) ||
            holds_try(stmt->otherwise.first))
            return true;
    return false;
}

/* Points of marks ask where they are: they fill their frames and go on in place. */
static bool are_alike(const struct site *a, const struct site *b) {
    bool alike = a->slot_count == b->slot_count;
    for (size_t i = 0; alike && i < a->slot_count; i++)
        alike = a->slots[i].offset == b->slots[i].offset;
    return alike;
}

bool body_divide(struct body *body) {
    if (body->function->destination != 0 || holds_try(body->statements.first) ||
        !find_large_loops(body, body->statements.first))
        return false;
    for (uint32_t i = 0; i < body->site_count; i++)
        while (!are_alike(body->sites[body->sites[i]->alike], body->sites[i]))
            body->sites[i]->alike++;
    return true;
}

char *body_landing_name(const struct body *body) {
    return mem_printf(NAME_LANDING "%u", (unsigned)body->function_index);
}

bool emit_lands(const struct emit *emit, const struct site *site) {
    return emit->part == BODY_WHOLE || (emit->part == BODY_RUNNING) == site->tops;
}

bool emit_lands_within(const struct emit *emit, uint32_t first, uint32_t end) {
    while (first < end && !emit_lands(emit, emit->body->sites[first]))
        first++;
    return first < end;
}

BinaryenExpressionRef emit_taken(const struct emit *emit, BinaryenExpressionRef expr) {
    return emit->part == BODY_RUNNING ? BinaryenExpressionCopy(expr, emit->module) : expr;
}

void emit_away(struct emit *emit, struct line *line) {
    struct body *body = emit->body;
    BinaryenModuleRef module = emit->module;
    BinaryenType params = BinaryenFunctionGetParams(body->function->ref);
    char *name = body_landing_name(body);
    BinaryenExpressionRef value = make_zero_call(module, name, params, body->results);
    free(name);
    BinaryenIndex local = NO_LOCAL;
    if (body->results != BinaryenTypeNone()) {
        local = body_add_local(body, body->results);
        value = BinaryenLocalSet(module, local, value);
    }
    line_end(line, LABEL_AWAY);
    line_push(line, value);
    line_push(line, emit_branch_if(emit, LABEL_START,
                                   make_binary(module, BinaryenEqInt32(),
                                               make_global_get(module, NAME_STATE),
                                               make_i32(module, SNAPIFY_STATE_REWIND))));
    line_push(line, BinaryenReturn(module, local == NO_LOCAL ? NULL : emit_get_local(emit, local)));
}

/* Is it the slot of a local with one value that is dead behind the site? */
static bool is_dead(const struct emit *emit, const struct site *site, const struct slot *slot) {
    for (size_t i = 0; i < site->slot_count; i++)
        if (site->slots[i].local == slot->local)
            return false;
    return BinaryenTypeArity(emit->body->locals[slot->local]) == 1;
}

/* All that are dead become zero, those of a type by one constant. */
static void clear_dead(struct emit *emit, struct line *line, const struct site *site) {
    const BinaryenType types[] = {BinaryenTypeInt32(), BinaryenTypeInt64(), BinaryenTypeFloat32(),
                                  BinaryenTypeFloat64(), BinaryenTypeVec128()};
    for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
        BinaryenExpressionRef value = NULL;
        for (size_t i = 0; i < emit->body->slot_count; i++) {
            const struct slot *slot = &emit->body->slots[i];
            if (slot->type != types[t] || !is_dead(emit, site, slot))
                continue;
            value = BinaryenLocalTee(emit->module, slot->local,
                                     value ? value : make_zero(emit->module, types[t]), types[t]);
        }
        if (value)
            line_push(line, BinaryenDrop(emit->module, value));
    }
}

/* Behind the code of the sites like this one; `number`: of the site. */
static BinaryenExpressionRef clear_behind(struct emit *emit, const struct site *site,
                                          BinaryenExpressionRef number, const char *label) {
    BinaryenIndex scratch = emit->body->scratch;
    struct line line = {0};
    line_push(&line, BinaryenLocalSet(emit->module, scratch, number));
    clear_dead(emit, &line, site);
    line_push(&line, BinaryenBreak(emit->module, LABEL_SAVE, NULL, emit_get_local(emit, scratch)));
    BinaryenExpressionRef code = line_fold(&line, emit->module, label);
    BinaryenExpressionSetType(code, BinaryenTypeInt32());
    return code;
}

BinaryenExpressionRef emit_clearing(struct emit *emit, struct line *line) {
    const struct body *body = emit->body;
    BinaryenExpressionRef code = line_fold(line, emit->module, emit_label(LABEL_CLEAR, 0).text);
    BinaryenExpressionSetType(code, BinaryenTypeInt32());
    for (uint32_t site = 0, next; site < body->site_count; site = next) {
        for (next = site + 1; next < body->site_count && body->sites[next]->alike != next;)
            next++;
        struct label label =
            next < body->site_count ? emit_label(LABEL_CLEAR, next) : (struct label){LABEL_SAVE};
        code = clear_behind(emit, body->sites[site], code, label.text);
    }
    return code;
}
