#include "passes/body.h"

#include <stdlib.h>

#include "ir/walk.h"

/* A point that takes more would send the program to the clock too often. */
enum {
    COST_MAX = 4096
};

void body_init(struct body *body, struct program *program, uint32_t function_index) {
    struct function *function = &program->functions[function_index];
    BinaryenFunctionRef ref = function->ref;
    BinaryenType params = BinaryenFunctionGetParams(ref);
    *body = (struct body){.program = program,
                          .function = function,
                          .function_index = function_index,
                          .results = BinaryenFunctionGetResults(ref),
                          .param_count = BinaryenTypeArity(params),
                          .origin = NO_LOCAL,
                          .outside = NO_LOCAL,
                          .one_exit = function->return_point || function->offload,
                          .value = NO_LOCAL};
    BinaryenIndex vars = BinaryenFunctionGetNumVars(ref);
    body->local_capacity = body->param_count + vars + 16;
    body->locals = mem_calloc(body->local_capacity, sizeof *body->locals);
    BinaryenTypeExpand(params, body->locals);
    for (BinaryenIndex i = 0; i < vars; i++)
        body->locals[body->param_count + i] = BinaryenFunctionGetVar(ref, i);
    body->local_count = body->param_count + vars;
    body->scratch = body_add_local(body, BinaryenTypeInt32());
    if (function->destination)
        body->origin = body_add_local(body, BinaryenTypeInt32());
    if (function->offload)
        body->outside = body_add_local(body, BinaryenTypeInt32());
    if (body->one_exit && body->results != BinaryenTypeNone())
        body->value = body_add_local(body, body->results);
}

void body_release(struct body *body) {
    for (size_t i = 0; i < body->pool_count; i++) {
        if (body->pool[i]->site)
            free(body->pool[i]->site->slots);
        free(body->pool[i]->site);
        free(body->pool[i]);
    }
    free(body->pool);
    free(body->sites);
    free(body->slots);
    free(body->initial);
    free(body->locals);
    *body = (struct body){0};
}

BinaryenIndex body_add_local(struct body *body, BinaryenType type) {
    if (body->local_count == body->local_capacity) {
        body->local_capacity *= 2;
        body->locals = mem_grow(body->locals, body->local_capacity, sizeof *body->locals);
    }
    body->locals[body->local_count] = type;
    return body->local_count++;
}

struct stmt *body_make_stmt(struct body *body, enum stmt_kind kind) {
    struct stmt *stmt = mem_calloc(1, sizeof *stmt);
    stmt->kind = kind;
    stmt->fills = NO_LOCAL;
    if (body->pool_count == body->pool_capacity) {
        body->pool_capacity = body->pool_capacity ? body->pool_capacity * 2 : 64;
        body->pool = mem_grow(body->pool, body->pool_capacity, sizeof(struct stmt *));
    }
    body->pool[body->pool_count++] = stmt;
    stmt->number = (uint32_t)body->pool_count;
    return stmt;
}

void body_append_stmt(struct stmt_list *list, struct stmt *stmt) {
    if (list->last)
        list->last->next = stmt;
    else
        list->first = stmt;
    list->last = stmt;
}

struct stmt *body_add_stmt(struct body *body, struct stmt_list *list, enum stmt_kind kind) {
    struct stmt *stmt = body_make_stmt(body, kind);
    body_append_stmt(list, stmt);
    return stmt;
}

static struct site *make_site(void) {
    struct site *site = mem_calloc(1, sizeof *site);
    site->result = NO_LOCAL;
    site->target = NO_LOCAL;
    site->counter = NO_LOCAL;
    return site;
}

struct site *body_add_call(struct body *body, struct stmt_list *list, BinaryenExpressionRef call) {
    struct stmt *stmt = body_add_stmt(body, list, STMT_CALL);
    stmt->site = make_site();
    stmt->site->call = stmt->site->source = call;
    return stmt->site;
}

struct site *body_make_point(enum snapify_point_kind kind, uint32_t cost) {
    struct site *site = make_site();
    site->kind = kind;
    site->cost = cost < COST_MAX ? cost : COST_MAX;
    return site;
}

struct site *body_add_point(struct body *body, struct stmt_list *list, enum snapify_point_kind kind,
                            uint32_t cost) {
    return body_add_stmt(body, list, STMT_POINT)->site = body_make_point(kind, cost);
}

static void number_sites(struct body *body, struct stmt_list *list) {
    for (struct stmt *stmt = list->first; stmt; stmt = stmt->next) {
        stmt->first_site = (uint32_t)body->site_count;
        if (stmt->site) {
            body->sites = mem_grow(body->sites, body->site_count + 1, sizeof(struct site *));
            body->sites[body->site_count++] = stmt->site;
        }
        number_sites(body, &stmt->inner);
        number_sites(body, &stmt->otherwise);
        stmt->end_site = (uint32_t)body->site_count;
    }
}

void body_number_sites(struct body *body) {
    number_sites(body, &body->statements);
    for (size_t i = 0; i < body->site_count; i++) {
        struct site *site = body->sites[i];
        site->number =
            program_add_site(body->program, (struct site_info){.function = body->function_index});
        if (!site->call)
            site->point = program_add_point(
                body->program, (struct point){body->function_index, site->kind, site->number});
    }
}

bool body_is_point_loop(const struct body *body, BinaryenExpressionRef expr) {
    return BinaryenExpressionGetId(expr) == IR(Loop) && BinaryenLoopGetName(expr) &&
           map_get(&body->function->loop_points, BinaryenLoopGetName(expr), NULL);
}

bool body_can_unwind(const struct body *body, BinaryenExpressionRef expr) {
    switch (BinaryenExpressionGetId(expr)) {
    case IR(Call): {
        const struct function *callee =
            program_function(body->program, BinaryenCallGetTarget(expr));
        return callee && callee->suspendable; /* the glue's functions are not listed */
    }
    case IR(CallIndirect):
        return program_indirect_suspends(body->program, BinaryenCallIndirectGetParams(expr),
                                         BinaryenCallIndirectGetResults(expr));
    default:
        return false;
    }
}

bool body_is_site_call(const struct body *body, BinaryenExpressionRef expr) {
    return BinaryenExpressionGetType(expr) != BinaryenTypeUnreachable() &&
           body_can_unwind(body, expr);
}
