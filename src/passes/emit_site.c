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

static void list_pieces(const struct stmt_list *list, uint32_t base, struct pieces *pieces) {
    for (const struct stmt *stmt = list->first; stmt; stmt = stmt->next) {
        uint32_t first = stmt->first_site - base, end = stmt->end_site - base;
        if (stmt->kind == STMT_LOOP || stmt->kind == STMT_TRY) {
            if (end > first)
                add_piece(
                    pieces, first, end,
                    emit_label(stmt->kind == STMT_LOOP ? LABEL_LOOP : LABEL_TRY, stmt->number));
        } else {
            if (stmt->site)
                add_piece(pieces, first, first + 1, emit_label(LABEL_LAND, stmt->first_site));
            list_pieces(&stmt->inner, base, pieces);
            list_pieces(&stmt->otherwise, base, pieces);
        }
    }
}

/* The site in the topmost frame, counted from the region's first. */
static BinaryenExpressionRef current_site(struct emit *emit, uint32_t base) {
    BinaryenModuleRef module = emit->module;
    BinaryenExpressionRef site =
        ir_make_load(module, 4, 0, 4, BinaryenTypeInt32(), emit_frame(emit, 4));
    uint32_t number = emit->body->sites[base]->number;
    if (number == 0)
        return site;
    return make_binary(module, BinaryenSubInt32(), site, make_i32(module, (int32_t)number));
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

/* br_table to `count` pieces, counted from `base`; `bad` for all other sites. */
static BinaryenExpressionRef make_table(struct emit *emit, const struct piece *pieces, size_t count,
                                        uint32_t base, const char *bad) {
    uint32_t first = pieces[0].first, end = pieces[count - 1].end;
    const char **names = mem_calloc(end - first, sizeof *names);
    for (size_t i = 0; i < count; i++)
        for (uint32_t site = pieces[i].first; site < pieces[i].end; site++)
            names[site - first] = pieces[i].target.text;
    BinaryenExpressionRef table = BinaryenSwitch(emit->module, names, end - first, bad,
                                                 current_site(emit, base + first), NULL);
    free(names);
    return table;
}

/* Tables and large pieces in turn, in rising order; what lies behind a table passes it. */
static void push_jumps(struct emit *emit, struct line *line, uint32_t base,
                       const struct pieces *pieces, const char *bad) {
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
        BinaryenExpressionRef jump = make_table(emit, items + first, end - first, base, bad);
        if (end < pieces->count)
            jump = BinaryenIf(emit->module, is_before(emit, base, items[end].first), jump, NULL);
        line_push(line, jump);
    }
}

/* if state { load; jump to the site of the topmost frame } */
BinaryenExpressionRef emit_dispatch(struct emit *emit, const struct region *region) {
    struct label bad = emit_label(LABEL_BAD, region->number);
    struct pieces pieces = {0};
    struct line jumps = {0}, line = {0};
    list_pieces(region->list, region->first_site, &pieces);
    push_jumps(emit, &jumps, region->first_site, &pieces, bad.text);
    emit_load_region(emit, &line, region);
    line_push(&line, line_fold(&jumps, emit->module, bad.text));
    line_push(&line, BinaryenCall(emit->module, NAME_MISFIT, NULL, 0, BinaryenTypeNone()));
    line_push(&line, BinaryenUnreachable(emit->module));
    free(pieces.items);
    return BinaryenIf(emit->module, make_global_get(emit->module, NAME_STATE),
                      line_fold(&line, emit->module, NULL), NULL);
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

/* if state { br $save } */
static BinaryenExpressionRef make_unwind_check(struct emit *emit, const struct site *site) {
    struct line cold = {0};
    emit_go_save(emit, &cold, site);
    return BinaryenIf(emit->module, make_global_get(emit->module, NAME_STATE),
                      line_fold(&cold, emit->module, NULL), NULL);
}

void emit_call(struct emit *emit, struct line *line, const struct site *site) {
    struct label join = emit_site_label(emit, LABEL_JOIN, site);
    line_push(line, make_call_stmt(emit, site, site->call, BinaryenExpressionGetType(site->call)));
    line_push(line, emit_branch(emit, join.text));
    line_end(line, emit_site_label(emit, LABEL_LAND, site).text);
    emit_pop(emit, line);
    line_push(line, make_repeated_call(emit, site));
    line_end(line, join.text);
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

static BinaryenExpressionRef add_to_budget(struct emit *emit, int32_t amount) {
    return make_global_set(emit->module, NAME_BUDGET,
                           make_binary(emit->module, BinaryenAddInt32(),
                                       make_global_get(emit->module, NAME_BUDGET),
                                       make_i32(emit->module, amount)));
}

/* Not zero if nothing is wanted at this point. */
static BinaryenExpressionRef make_fast_test(struct emit *emit, const struct site *site) {
    BinaryenModuleRef module = emit->module;
    BinaryenExpressionRef budget = make_global_get(module, NAME_BUDGET), fast;
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

static uint32_t offset_of_local(const struct site *site, BinaryenIndex local) {
    for (size_t i = 0; i < site->slot_count; i++)
        if (site->slots[i].local == local)
            return site->slots[i].offset;
    assert(!"a return point's frame holds the node it goes back to");
    return 0;
}

/* The node that the program should be on, 0 for any. Nothing is in locals yet when a rewound
 * function arrives here, so a return point reads its node from the frame. */
static BinaryenExpressionRef make_wanted_node(struct emit *emit, const struct site *site) {
    BinaryenModuleRef module = emit->module;
    if (!has_wish(emit, site))
        return make_i32(module, 0);
    if (site->kind == SNAPIFY_POINT_ENTRY) {
        const struct node_set *destination =
            &emit->body->program->destinations[emit->body->function->destination - 1];
        return BinaryenSelect(module, make_global_get(module, destination->away),
                              make_i32(module, (int32_t)destination->nodes[0]), make_i32(module, 0),
                              BinaryenTypeInt32());
    }
    return ir_make_load(module, 4, offset_of_local(site, emit->body->origin), 4,
                        BinaryenTypeInt32(), emit_frame(emit, emit->body->frame_size));
}

void emit_ask(struct emit *emit, struct line *line, const struct site *site) {
    BinaryenModuleRef module = emit->module;
    BinaryenExpressionRef arguments[] = {make_i32(module, (int32_t)site->point),
                                         make_wanted_node(emit, site)};
    line_push(line, BinaryenCall(module, NAME_POINT, arguments, 2, BinaryenTypeNone()));
    line_push(line, emit_branch_if(emit, LABEL_TAIL, make_global_get(module, NAME_STATE)));
    emit_load(emit, line, site);
}

/*
 * [take one off]; br_if $go (nothing wanted); [dispatch]; save; $land: snapify_point(); br_if $tail
 * (unwinding); load; $go:
 *
 * No local lives across the slow call: otherwise compilers keep it in memory all the time.
 */
void emit_point(struct emit *emit, struct line *line, const struct site *site,
                const struct region *region) {
    struct label go = emit_site_label(emit, LABEL_GO, site);
    bool takes = emit->body->program->budget && site->cost > 0;
    if (takes)
        line_push(line, add_to_budget(emit, -(int32_t)site->cost));
    line_push(line, emit_branch_if(emit, go.text, make_fast_test(emit, site)));
    if (takes)
        line_push(line, add_to_budget(
                            emit, (int32_t)site->cost)); /* not used up: snapify_point() decides */
    if (region)
        line_push(line, emit_dispatch(emit, region));
    emit_save(emit, line, site);
    line_end(line, emit_site_label(emit, LABEL_LAND, site).text);
    emit_ask(emit, line, site);
    line_end(line, go.text);
}
