/*
 * emit_site.c: what stands at a site: a call that can unwind, or a migration point.
 */
#include <assert.h>
#include <stdlib.h>

#include "ir/compat.h"
#include "ir/kinds.h"
#include "ir/make.h"
#include "ir/names.h"
#include "passes/emit.h"
#include "runtime-glue/abi.h"

/* --- dispatch --- */

/* Neighbouring sites that are reached at the same place: one, or all those in a loop or try. */
struct piece {
    uint32_t first, end; /* counted from the region's first */
    struct label target;
};

struct pieces {
    struct piece *items; /* owned */
    size_t count, capacity;
};

static void add_piece(struct pieces *pieces, uint32_t first, uint32_t end, struct label target) {
    if (pieces->count == pieces->capacity) {
        pieces->capacity = pieces->capacity ? pieces->capacity * 2 : 16;
        pieces->items = mem_grow(pieces->items, pieces->capacity, sizeof *pieces->items);
    }
    pieces->items[pieces->count++] = (struct piece){first, end, target};
}

static void list_pieces(const struct emit *emit, const struct stmt *stmt, uint32_t base,
                        struct pieces *pieces) {
    for (; stmt; stmt = stmt->next) {
        uint32_t first = stmt->first_site - base, end = stmt->end_site - base;
        if (stmt->kind == STMT_LOOP || stmt->kind == STMT_TRY) {
            if (emit_lands_within(emit, stmt->first_site, stmt->end_site))
                add_piece(
                    pieces, first, end,
                    emit_label(stmt->kind == STMT_LOOP ? LABEL_LOOP : LABEL_TRY, stmt->number));
        } else {
            if (stmt->site && emit_lands(emit, stmt->site))
                add_piece(pieces, first, first + 1, emit_label(LABEL_LAND, stmt->first_site));
            list_pieces(emit, stmt->inner.first, base, pieces);
            list_pieces(emit, stmt->otherwise.first, base, pieces);
        }
    }
}

/* The site to go on at, counted from one of the function's. */
static BinaryenExpressionRef current_site(struct emit *emit, uint32_t base) {
    BinaryenExpressionRef site = make_global_get(emit->module, NAME_SITE);
    if (base == 0)
        return site;
    return make_binary(emit->module, BinaryenSubInt32(), site,
                       make_i32(emit->module, (int32_t)base));
}

/* A loop or try with that many sites takes a comparison instead of as many places in a table: loops
 * in loops in loops would fill tables with the square of their number. */
enum {
    MANY_SITES = 32
};

static bool is_large(const struct piece *piece) {
    return piece->end - piece->first >= MANY_SITES;
}

static BinaryenExpressionRef is_before(struct emit *emit, uint32_t base, uint32_t end) {
    return make_binary(emit->module, BinaryenLtUInt32(), current_site(emit, base),
                       make_i32(emit->module, (int32_t)end));
}

/* br_table to `count` pieces, counted from `base`; `other` for all other sites. */
static BinaryenExpressionRef make_table(struct emit *emit, const struct piece *pieces, size_t count,
                                        uint32_t base, const char *other) {
    uint32_t first = pieces[0].first, end = pieces[count - 1].end;
    const char **names = mem_calloc(end - first, sizeof *names);
    for (uint32_t i = 0; i < end - first; i++)
        names[i] = other;
    for (size_t i = 0; i < count; i++)
        for (uint32_t site = pieces[i].first; site < pieces[i].end; site++)
            names[site - first] = pieces[i].target.text;
    BinaryenExpressionRef table = BinaryenSwitch(emit->module, names, end - first, other,
                                                 current_site(emit, base + first), NULL);
    free(names);
    return table;
}

/* Tables and large pieces in turn, in rising order; what lies behind a table passes it. */
static void push_jumps(struct emit *emit, struct line *line, uint32_t base,
                       const struct pieces *pieces, const char *other) {
    const struct piece *items = pieces->items;
    for (size_t first = 0, end; first < pieces->count; first = end) {
        for (end = first; end < pieces->count && !is_large(&items[end]);)
            end++;
        if (end == first) {
            line_push(line, emit_branch_if(emit, items[first].target.text,
                                           is_before(emit, base, items[first].end)));
            end++;
            continue;
        }
        BinaryenExpressionRef jump = make_table(emit, items + first, end - first, base, other);
        if (end < pieces->count)
            jump = BinaryenIf(emit->module, is_before(emit, base, items[end].first), jump, NULL);
        line_push(line, jump);
        if (end == pieces->count)
            return;
    }
    line_push(line, emit_branch(emit, other));
}

/* All that the running part of a function does not land at is left to the other one, even between
 * two sites of a loop. */
static void push_exact_jumps(struct emit *emit, struct line *line, const struct pieces *pieces) {
    uint32_t count = (uint32_t)emit->body->site_count;
    const char **names = mem_calloc(count, sizeof *names);
    for (uint32_t site = 0; site < count; site++)
        names[site] = LABEL_AWAY;
    for (size_t i = 0; i < pieces->count; i++)
        for (uint32_t site = pieces->items[i].first; site < pieces->items[i].end; site++)
            if (emit_lands(emit, emit->body->sites[site]))
                names[site] = pieces->items[i].target.text;
    line_push(line,
              BinaryenSwitch(emit->module, names, count, LABEL_AWAY, current_site(emit, 0), NULL));
    free(names);
}

/* To the place of the site to go on at, or if that is not here to `other`, or if that is NULL to
 * any. */
static void jump_to_site(struct emit *emit, struct line *line, const struct region *region,
                         const char *other) {
    struct pieces pieces = {0};
    list_pieces(emit, region->list->first, region->first_site, &pieces);
    if (region->number == 0 && emit->part == BODY_RUNNING)
        push_exact_jumps(emit, line, &pieces);
    else if (!other && pieces.count == 1)
        line_push(line, emit_branch(emit, pieces.items[0].target.text));
    else
        push_jumps(emit, line, region->first_site, &pieces,
                   other ? other : pieces.items[pieces.count - 1].target.text);
    free(pieces.items);
}

BinaryenExpressionRef emit_dispatch(struct emit *emit, const struct region *region) {
    bool always = region->number == 0 && emit->part == BODY_LANDING;
    struct line line = {0};
    if (always)
        emit_load_again(emit, &line);
    else if (region->number == 0)
        emit_load(emit, &line);
    jump_to_site(emit, &line, region, NULL);
    BinaryenExpressionRef jumps = line_fold(&line, emit->module, NULL);
    if (always)
        return jumps;
    return BinaryenIf(emit->module, make_global_get(emit->module, NAME_STATE), jumps, NULL);
}

/* --- sites --- */

static BinaryenExpressionRef make_call_stmt(struct emit *emit, const struct site *site,
                                            BinaryenExpressionRef call, BinaryenType results) {
    if (site->result != NO_LOCAL)
        return BinaryenLocalSet(emit->module, site->result, call);
    return results == BinaryenTypeNone() ? call : BinaryenDrop(emit->module, call);
}

static BinaryenExpressionRef make_repeated_call(struct emit *emit, const struct site *site) {
    BinaryenType results = BinaryenExpressionGetType(site->call);
    if (BinaryenExpressionGetId(site->call) == IR(Call)) {
        const char *name = BinaryenCallGetTarget(site->call);
        BinaryenType params = BinaryenFunctionGetParams(BinaryenGetFunction(emit->module, name));
        return make_call_stmt(emit, site, make_zero_call(emit->module, name, params, results),
                              results);
    }
    BinaryenExpressionRef target = BinaryenCallIndirectGetTarget(site->call);
    target = site->target == NO_LOCAL ? BinaryenExpressionCopy(target, emit->module)
                                      : emit_get_local(emit, site->target);
    BinaryenExpressionRef call = make_zero_call_indirect(
        emit->module, BinaryenCallIndirectGetTable(site->call), target,
        BinaryenCallIndirectGetParams(site->call), BinaryenCallIndirectGetResults(site->call));
    return make_call_stmt(emit, site, call, results);
}

/* if state { go and save } */
static BinaryenExpressionRef make_unwind_check(struct emit *emit, const struct site *site) {
    struct line cold = {0};
    emit_go_save(emit, &cold, site);
    return BinaryenIf(emit->module, make_global_get(emit->module, NAME_STATE),
                      line_fold(&cold, emit->module, NULL), NULL);
}

void emit_call(struct emit *emit, struct line *line, const struct site *site) {
    struct label land = emit_site_label(emit, LABEL_LAND, site);
    struct label join = emit_site_label(emit, LABEL_JOIN, site);
    BinaryenExpressionRef call = make_call_stmt(emit, site, emit_taken(emit, site->call),
                                                BinaryenExpressionGetType(site->call));
    bool lands = emit_lands(emit, site);
    if (site->repeatable && lands)
        line_end(line, land.text);
    line_push(line, call);
    if (!site->repeatable && lands) {
        line_push(line, emit_branch(emit, join.text));
        line_end(line, land.text);
        line_push(line, make_repeated_call(emit, site));
        line_end(line, join.text);
    }
    line_push(line, make_unwind_check(emit, site));
}

/* True if the point itself can want to leave, whatever the state. */
static bool has_wish(const struct emit *emit, const struct site *site) {
    return emit->body->function->destination != 0 && site->kind != SNAPIFY_POINT_LOOP;
}

/* Not zero if the mark of this point wants to leave. */
static BinaryenExpressionRef make_wish(struct emit *emit, const struct site *site) {
    BinaryenModuleRef module = emit->module;
    if (site->kind == SNAPIFY_POINT_RETURN)
        return make_binary(module, BinaryenNeInt32(), emit_get_local(emit, emit->body->origin),
                           make_global_get(module, NAME_HERE));
    uint32_t destination = emit->body->function->destination - 1;
    return make_global_get(module, emit->body->program->destinations[destination].away);
}

BinaryenExpressionRef emit_fill(struct emit *emit, BinaryenIndex counter) {
    return BinaryenLocalSet(emit->module, counter, make_global_get(emit->module, NAME_BUDGET));
}

BinaryenExpressionRef emit_refill(struct emit *emit, uint32_t cost) {
    BinaryenExpressionRef refill = make_global_get(emit->module, NAME_REFILL);
    return cost == 0 ? refill
                     : make_binary(emit->module, BinaryenAddInt32(), refill,
                                   make_i32(emit->module, (int32_t)cost));
}

BinaryenExpressionRef emit_count_down(struct emit *emit, const struct site *site) {
    BinaryenExpressionRef less =
        make_binary(emit->module, BinaryenSubInt32(), emit_get_local(emit, site->counter),
                    make_i32(emit->module, (int32_t)site->cost));
    return BinaryenLocalTee(emit->module, site->counter, less, BinaryenTypeInt32());
}

static BinaryenExpressionRef make_taking(struct emit *emit, int32_t cost) {
    return make_global_set(emit->module, NAME_BUDGET,
                           make_binary(emit->module, BinaryenSubInt32(),
                                       make_global_get(emit->module, NAME_BUDGET),
                                       make_i32(emit->module, cost)));
}

/* What the test of the point looks at. */
static BinaryenExpressionRef make_budget(struct emit *emit, const struct site *site) {
    return site->counter != NO_LOCAL ? emit_count_down(emit, site)
                                     : make_global_get(emit->module, NAME_BUDGET);
}

/* Not zero if nothing is wanted at this point. */
static BinaryenExpressionRef make_fast_test(struct emit *emit, const struct site *site) {
    BinaryenModuleRef module = emit->module;
    BinaryenExpressionRef budget = make_budget(emit, site), fast;
    if (!emit->body->program->budget) {
        if (has_wish(emit, site))
            budget = make_binary(module, BinaryenOrInt32(), budget, make_wish(emit, site));
        return BinaryenUnary(module, BinaryenEqZInt32(), budget);
    }
    fast = make_binary(module, site->cost > 0 ? BinaryenGeSInt32() : BinaryenGtSInt32(), budget,
                       make_i32(module, 0));
    if (!has_wish(emit, site))
        return fast;
    return make_binary(module, BinaryenAndInt32(), fast,
                       BinaryenUnary(module, BinaryenEqZInt32(), make_wish(emit, site)));
}

/* The node that the program should be on, 0 for any. */
static BinaryenExpressionRef make_wanted_node(struct emit *emit, const struct site *site) {
    BinaryenModuleRef module = emit->module;
    if (site->kind == SNAPIFY_POINT_RETURN)
        return emit_get_local(emit, emit->body->origin);
    const struct node_set *destination =
        &emit->body->program->destinations[emit->body->function->destination - 1];
    return BinaryenSelect(module, make_global_get(module, destination->away),
                          make_i32(module, (int32_t)destination->nodes[0]), make_i32(module, 0),
                          BinaryenTypeInt32());
}

/*
 * [take one off]; br_if $go (nothing wanted); [if state { dispatch }]; $land: save;
 * snapify_point(); br_if $tail (unwinding); load; $go:
 */
static void emit_mark(struct emit *emit, struct line *line, const struct site *site,
                      const struct region *region) {
    BinaryenModuleRef module = emit->module;
    if (region)
        line_push(line, emit_dispatch(emit, region));
    line_end(line, emit_site_label(emit, LABEL_LAND, site).text);
    BinaryenExpressionRef wanted = make_wanted_node(emit, site);
    emit_save(emit, line, make_i32(module, (int32_t)site->number));
    BinaryenExpressionRef arguments[] = {make_i32(module, (int32_t)site->point), wanted};
    line_push(line, BinaryenCall(module, NAME_POINT, arguments, 2, BinaryenTypeNone()));
    line_push(line, emit_branch_if(emit, LABEL_TAIL, make_global_get(module, NAME_STATE)));
    emit_load(emit, line);
}

void emit_landing(struct emit *emit, struct line *line) {
    BinaryenModuleRef module = emit->module;
    line_push(line, make_global_set(module, NAME_STATE, make_i32(module, SNAPIFY_STATE_RUN)));
    line_push(line, make_global_set(module, NAME_SITE, make_i32(module, SNAPIFY_NO_SITE)));
}

/* [take one off]; br_if $go (nothing wanted); [dispatch]; go and save; $land: landing; $go:
 *
 * In a quiet body no local lives across a slow call: compilers would keep it in memory all the
 * time.
 */
static void emit_asking(struct emit *emit, struct line *line, const struct site *site,
                        const struct region *region) {
    BinaryenModuleRef module = emit->module;
    struct label slow = emit_site_label(emit, LABEL_SLOW, site);
    if (region && region->number == 0) {
        line_push(line, emit_branch_if(emit, slow.text,
                                       make_not(module, make_global_get(module, NAME_STATE))));
        emit_load(emit, line);
    }
    if (region) {
        jump_to_site(emit, line, region, slow.text);
        line_end(line, slow.text);
    }
    emit_go_save(emit, line, site);
    if (!emit_lands(emit, site))
        return;
    line_end(line, emit_site_label(emit, LABEL_LAND, site).text);
    if (site->counter != NO_LOCAL) {
        emit_landing(emit, line);
        line_push(line, BinaryenLocalSet(module, site->counter, emit_refill(emit, 0)));
    } else if (emit->body->quiet && site->kind != SNAPIFY_POINT_RETURN) { /* all is dead there */
        emit_landing(emit, line);
        line_push(line, make_global_set(module, NAME_BUDGET, emit_refill(emit, 0)));
    } else {
        line_push(line, BinaryenCall(module, NAME_LANDED, NULL, 0, BinaryenTypeNone()));
    }
}

void emit_point(struct emit *emit, struct line *line, const struct site *site,
                const struct region *region) {
    struct label go = emit_site_label(emit, LABEL_GO, site);
    if (emit->part == BODY_LANDING && site->tops) {
        emit_go_save(emit, line, site);
        return;
    }
    if (emit->body->program->budget && site->cost > 0 && site->counter == NO_LOCAL)
        line_push(line, make_taking(emit, (int32_t)site->cost));
    line_push(line, emit_branch_if(emit, go.text, make_fast_test(emit, site)));
    if (has_wish(emit, site))
        emit_mark(emit, line, site, region);
    else
        emit_asking(emit, line, site, region);
    line_end(line, go.text);
}
