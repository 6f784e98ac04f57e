#include "passes/flow.h"

#include <assert.h>
#include <stdlib.h>

#include "ir/walk.h"

/* Blocks get their number when they are announced and their events when they are opened, one after
 * the other, so that a block's events are neighbours. */
static uint32_t announce(struct flow *flow) {
    if (flow->block_count == flow->block_capacity) {
        flow->block_capacity = flow->block_capacity ? flow->block_capacity * 2 : 32;
        flow->blocks = mem_grow(flow->blocks, flow->block_capacity, sizeof *flow->blocks);
    }
    flow->blocks[flow->block_count] = (struct flow_block){0};
    return (uint32_t)flow->block_count++;
}

static void open_block(struct flow *flow, uint32_t block) {
    flow->blocks[flow->current].end_event = flow->event_count;
    flow->current = block;
    flow->blocks[block].first_event = flow->event_count;
    flow->blocks[block].end_event = flow->event_count;
}

static void add_edge(struct flow *flow, uint32_t to) {
    if (flow->edge_count == flow->edge_capacity) {
        flow->edge_capacity = flow->edge_capacity ? flow->edge_capacity * 2 : 64;
        flow->edges = mem_grow(flow->edges, flow->edge_capacity, sizeof *flow->edges);
    }
    struct flow_block *from = &flow->blocks[flow->current];
    flow->edges[flow->edge_count] = (struct flow_edge){to, from->successors};
    from->successors = (uint32_t)++flow->edge_count;
}

static void fall_into(struct flow *flow, uint32_t block) {
    add_edge(flow, block);
    open_block(flow, block);
}

static void open_unreached(struct flow *flow) {
    open_block(flow, announce(flow));
}

static void add_event(struct flow *flow, enum flow_event_kind kind, uint32_t what) {
    if (flow->event_count == flow->event_capacity) {
        flow->event_capacity = flow->event_capacity ? flow->event_capacity * 2 : 256;
        flow->events = mem_grow(flow->events, flow->event_capacity, sizeof *flow->events);
    }
    flow->events[flow->event_count++] = (struct flow_event){kind, what};
}

static void jump_to(struct flow *flow, const char *label) {
    uint32_t block = 0;
    bool known = map_get(&flow->labels, label, &block);
    assert(known && "a branch leaves the function");
    (void)known;
    add_edge(flow, block);
}

static uint32_t announce_label(struct flow *flow, const char *label) {
    uint32_t block = announce(flow);
    if (label)
        map_put(&flow->labels, label, block);
    return block;
}

/* An exception may leave from here: what a handler reads has to be there before the call. */
static void may_throw(struct flow *flow) {
    if (flow->handler == FLOW_CALLER)
        return;
    add_edge(flow, flow->handler);
    fall_into(flow, announce(flow));
}

static void visit(struct flow *flow, BinaryenExpressionRef expr);

static void visit_children(struct flow *flow, BinaryenExpressionRef expr) {
    BinaryenIndex count = ir_child_count(expr);
    for (BinaryenIndex i = 0; i < count; i++)
        if (ir_child_get(expr, i))
            visit(flow, ir_child_get(expr, i));
}

static void visit_if(struct flow *flow, BinaryenExpressionRef expr) {
    visit(flow, BinaryenIfGetCondition(expr));
    uint32_t then = announce(flow), otherwise = announce(flow), end = announce(flow);
    add_edge(flow, otherwise);
    fall_into(flow, then);
    visit(flow, BinaryenIfGetIfTrue(expr));
    add_edge(flow, end);
    open_block(flow, otherwise);
    if (BinaryenIfGetIfFalse(expr))
        visit(flow, BinaryenIfGetIfFalse(expr));
    fall_into(flow, end);
}

static void visit_switch(struct flow *flow, BinaryenExpressionRef expr) {
    visit_children(flow, expr);
    for (BinaryenIndex i = 0; i < BinaryenSwitchGetNumNames(expr); i++)
        jump_to(flow, BinaryenSwitchGetNameAt(expr, i));
    jump_to(flow, BinaryenSwitchGetDefaultName(expr));
    open_unreached(flow);
}

static void visit_break(struct flow *flow, BinaryenExpressionRef expr) {
    visit_children(flow, expr);
    jump_to(flow, BinaryenBreakGetName(expr));
    if (BinaryenBreakGetCondition(expr))
        fall_into(flow, announce(flow));
    else
        open_unreached(flow);
}

/* Where exceptions of a try's body go; returns where they went before. */
static uint32_t enter_try(struct flow *flow, BinaryenExpressionRef expr) {
    uint32_t outer = flow->handler, target;
    if (!BinaryenTryIsDelegate(expr))
        flow->handler = announce(flow);
    else if (map_get(&flow->tries, BinaryenTryGetDelegateTarget(expr), &target))
        flow->handler = target;
    else
        flow->handler = FLOW_CALLER;
    if (BinaryenTryGetName(expr))
        map_put(&flow->tries, BinaryenTryGetName(expr), flow->handler);
    return outer;
}

/* The handlers, behind the body. */
static void leave_try(struct flow *flow, BinaryenExpressionRef expr, uint32_t outer) {
    uint32_t handler = flow->handler, end = announce(flow);
    BinaryenIndex count = BinaryenTryGetNumCatchBodies(expr);
    flow->handler = outer;
    add_edge(flow, end);
    for (BinaryenIndex i = 0; i < count; i++) {
        uint32_t caught = announce(flow);
        uint32_t body_end = flow->current;
        flow->current = handler;
        add_edge(flow, caught);
        flow->current = body_end;
        open_block(flow, caught);
        visit(flow, BinaryenTryGetCatchBodyAt(expr, i));
        add_edge(flow, end);
    }
    if (!BinaryenTryIsDelegate(expr)) {
        open_block(flow, handler);
        if (!BinaryenTryHasCatchAll(expr) && outer != FLOW_CALLER)
            add_edge(flow, outer);
    }
    open_block(flow, end);
}

static void visit_try(struct flow *flow, BinaryenExpressionRef expr) {
    uint32_t outer = enter_try(flow, expr);
    visit(flow, BinaryenTryGetBody(expr));
    leave_try(flow, expr, outer);
}

static void visit(struct flow *flow, BinaryenExpressionRef expr) {
    switch (BinaryenExpressionGetId(expr)) {
    case IR(LocalGet):
        add_event(flow, FLOW_READ, BinaryenLocalGetGetIndex(expr));
        break;
    case IR(LocalSet):
        visit_children(flow, expr);
        add_event(flow, FLOW_WRITE, BinaryenLocalSetGetIndex(expr));
        break;
    case IR(Block): {
        uint32_t end = announce_label(flow, BinaryenBlockGetName(expr));
        visit_children(flow, expr);
        fall_into(flow, end);
        break;
    }
    case IR(Loop):
        fall_into(flow, announce_label(flow, BinaryenLoopGetName(expr)));
        visit_children(flow, expr);
        break;
    case IR(If):
        visit_if(flow, expr);
        break;
    case IR(Break):
        visit_break(flow, expr);
        break;
    case IR(Switch):
        visit_switch(flow, expr);
        break;
    case IR(Try):
        visit_try(flow, expr);
        break;
    case IR(Call):
    case IR(CallIndirect):
        visit_children(flow, expr);
        if (ir_is_tail_call(expr))
            open_unreached(flow);
        else
            may_throw(flow);
        break;
    case IR(Throw):
    case IR(Rethrow):
        visit_children(flow, expr);
        may_throw(flow);
        open_unreached(flow);
        break;
    case IR(Return):
    case IR(Unreachable):
        visit_children(flow, expr);
        open_unreached(flow);
        break;
    default:
        visit_children(flow, expr);
    }
}

/* The order of these events is what makes the saved set exact: what is read after the site is in
 * it, also by a handler of what the repeated call throws; the result that it delivers is not. */
static void visit_site(struct flow *flow, const struct body *body, const struct stmt *stmt) {
    const struct site *site = stmt->site;
    if (site->call)
        visit_children(flow, site->call);
    if (site->counter != NO_LOCAL)
        add_event(flow, FLOW_READ, site->counter);
    add_event(flow, FLOW_SITE, stmt->first_site);
    if (site->counter != NO_LOCAL) /* made anew behind the point */
        add_event(flow, FLOW_WRITE, site->counter);
    if (site->target != NO_LOCAL)
        add_event(flow, FLOW_READ, site->target);
    if (site->call)
        may_throw(flow);
    if (site->result != NO_LOCAL)
        add_event(flow, FLOW_WRITE, site->result);
    if (!site->call && site->kind == SNAPIFY_POINT_RETURN && body->origin != NO_LOCAL)
        add_event(flow, FLOW_READ, body->origin);
}

static void visit_list(struct flow *flow, const struct body *body, const struct stmt_list *list);

static void visit_if_stmt(struct flow *flow, const struct body *body, const struct stmt *stmt) {
    visit(flow, stmt->expr);
    uint32_t then = announce(flow), otherwise = announce(flow), end = announce(flow);
    add_edge(flow, otherwise);
    fall_into(flow, then);
    visit_list(flow, body, &stmt->inner);
    add_edge(flow, end);
    open_block(flow, otherwise);
    visit_list(flow, body, &stmt->otherwise);
    fall_into(flow, end);
}

static void enter_loop(struct flow *flow, const struct stmt *stmt) {
    if (stmt->fills != NO_LOCAL)
        add_event(flow, FLOW_WRITE, stmt->fills);
    fall_into(flow, announce_label(flow, stmt->label));
}

static void visit_tight(struct flow *flow, const struct body *body, const struct stmt *stmt) {
    enter_loop(flow, stmt);
    visit_site(flow, body, stmt);
    visit(flow, stmt->expr);
    open_unreached(flow);
}

static void visit_list(struct flow *flow, const struct body *body, const struct stmt_list *list) {
    for (const struct stmt *stmt = list->first; stmt; stmt = stmt->next) {
        switch (stmt->kind) {
        case STMT_PLAIN:
            visit(flow, stmt->expr);
            break;
        case STMT_CALL:
        case STMT_POINT:
            visit_site(flow, body, stmt);
            break;
        case STMT_BLOCK: {
            uint32_t end = announce_label(flow, stmt->label);
            visit_list(flow, body, &stmt->inner);
            fall_into(flow, end);
            break;
        }
        case STMT_LOOP:
            enter_loop(flow, stmt);
            visit_list(flow, body, &stmt->inner);
            break;
        case STMT_IF:
            visit_if_stmt(flow, body, stmt);
            break;
        case STMT_TRY: {
            uint32_t outer = enter_try(flow, stmt->expr);
            visit_list(flow, body, &stmt->inner);
            leave_try(flow, stmt->expr, outer);
            break;
        }
        case STMT_TIGHT:
            visit_tight(flow, body, stmt);
            break;
        }
    }
}

void flow_build(struct flow *flow, const struct body *body) {
    *flow = (struct flow){.handler = FLOW_CALLER};
    flow->current = announce(flow);
    visit_list(flow, body, &body->prologue);
    visit_list(flow, body, &body->statements);
    flow->blocks[flow->current].end_event = flow->event_count;
}

void flow_release(struct flow *flow) {
    free(flow->events);
    free(flow->blocks);
    free(flow->edges);
    map_release(&flow->labels);
    map_release(&flow->tries);
    *flow = (struct flow){0};
}
