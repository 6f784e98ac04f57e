/*
 * explain.c: why a function is instrumented, and what that means for it (--explain).
 *
 * Three looks at different times: at the call graph when the points have been chosen, at the sites
 * of a function when it is instrumented, at the bytes of its body before and after.
 */
#include "passes/explain.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ir/kinds.h"
#include "ir/type.h"
#include "passes/origins.h"

/* Shortest paths, as callgraph_next() gives them. */
struct ways {
    const struct callgraph *graph;
    uint32_t *towards_point; /* owned; along calls, to a function with a point */
    uint32_t *towards_mark;  /* owned; against calls, to a function marked KAFU_MAY_OFFLOAD */
};

static char *finish(struct buf *text) {
    buf_append_u8(text, 0);
    return (char *)text->data;
}

static struct snapify_explanation *explanation_of(const struct program *program,
                                                  const struct function *function) {
    return function->explanation ? &program->explanations->items[function->explanation - 1] : NULL;
}

/* --- which functions --- */

static bool is_wanted(const char *pattern, const struct function *function, uint32_t index) {
    char number[16];
    snprintf(number, sizeof number, "%u", index);
    return strcmp(pattern, number) == 0 || strcmp(pattern, function->shown) == 0 ||
           fnmatch(pattern, function->shown, 0) == 0;
}

static int want_pattern(struct program *program, const char *pattern, bool *wanted) {
    bool found = false;
    for (uint32_t i = 0; i < program->function_count; i++)
        if (is_wanted(pattern, &program->functions[i], i))
            wanted[i] = found = true;
    if (found)
        return 0;
    return diag_error(program->diag,
                      (struct diag_place){.hint = "FUNC is a name as in --list-points, a shell "
                                                  "pattern or an index"},
                      "--explain %s: the module has no function of that name", pattern);
}

/* --- why --- */

static char *signature_text(const struct signature *signature) {
    struct buf text = {0};
    ir_signature_append(&text, signature->params, signature->results);
    return finish(&text);
}

/* The first slot of a table that holds the function. */
static char *table_slot(const struct program *program, const char *function) {
    BinaryenModuleRef module = program->module;
    for (BinaryenIndex i = 0; i < BinaryenGetNumElementSegments(module); i++) {
        BinaryenElementSegmentRef segment = BinaryenGetElementSegmentByIndex(module, i);
        BinaryenIndex at = 0, length = BinaryenElementSegmentGetLength(segment);
        while (at < length && BinaryenElementSegmentGetData(segment, at) != function)
            at++;
        if (at == length || BinaryenElementSegmentIsPassive(segment))
            continue;
        BinaryenExpressionRef offset = BinaryenElementSegmentGetOffset(segment);
        if (offset && BinaryenExpressionGetId(offset) == IR(Const))
            at += (BinaryenIndex)BinaryenConstGetValueI32(offset);
        return mem_printf("slot %u of table %s", at, BinaryenElementSegmentGetTable(segment));
    }
    return mem_strdup("its reference is taken");
}

/* Node `to` was reached over the signature `via`. */
static char *how_indirect(const struct callgraph *graph, uint32_t via, uint32_t to) {
    const struct program *program = graph->program;
    char *signature = signature_text(&graph->signatures[via - program->function_count]);
    char *slot = table_slot(program, program->functions[to].name);
    char *how = mem_printf("call_indirect %s, %s", signature, slot);
    free(signature);
    free(slot);
    return how;
}

/* Node `node`, reached from `before` (UINT32_MAX: the path begins here). */
static void add_step(struct snapify_explanation *explanation, const struct callgraph *graph,
                     uint32_t before, uint32_t node) {
    const struct program *program = graph->program;
    bool first = before == UINT32_MAX, indirect = !first && before >= program->function_count;
    if (node >= program->function_count)
        return;
    char *how = indirect ? how_indirect(graph, before, node) : mem_strdup(first ? "" : "calls");
    explanation_add_step(explanation, program->functions[node].shown, how);
    free(how);
}

static void append_nodes(struct buf *text, const struct program *program, const char *mark,
                         const struct node_set *set) {
    if (text->size > 0)
        buf_append_string(text, ", ");
    buf_append_string(text, mark);
    for (size_t i = 0; i < set->count; i++) {
        buf_append_string(text, i > 0 ? ", " : " ");
        buf_append_string(text, program->nodes[set->nodes[i] - 1]);
    }
}

/* "KAFU_DEST edge1, KAFU_MAY_OFFLOAD cloud1", or what else gives the function points. */
static char *reason_of_points(const struct program *program, const struct function *function) {
    struct buf text = {0};
    if (function->destination)
        append_nodes(&text, program, "KAFU_DEST",
                     &program->destinations[function->destination - 1]);
    if (function->offload)
        append_nodes(&text, program, "KAFU_MAY_OFFLOAD", &program->offloads[function->offload - 1]);
    if (text.size == 0)
        buf_append_string(&text, program->options->policy == SNAPIFY_POLICY_ALWAYS
                                     ? "--policy=always"
                                     : "its loops can run below KAFU_MAY_OFFLOAD");
    return finish(&text);
}

static bool holds_point(const struct function *function) {
    return function->entry_point || function->return_point || function->loop_points.count > 0;
}

static bool is_marked(const struct function *function) {
    return function->destination || function->offload;
}

static void set_why(struct snapify_explanation *explanation, char *why) {
    explanation_set_why(explanation, why);
    free(why);
}

/* Where its loops are points because a function with KAFU_MAY_OFFLOAD can be on the stack below
 * them, the path leads from there to it: the other way round than `towards_mark`. */
static void explain_own_points(struct snapify_explanation *explanation, const struct ways *ways,
                               uint32_t index) {
    const struct program *program = ways->graph->program;
    const struct function *function = &program->functions[index];
    char *reason = reason_of_points(program, function);
    set_why(explanation, mem_printf("it has points of its own (%s)", reason));
    free(reason);
    if (is_marked(function) || ways->towards_mark[index] == UINT32_MAX ||
        program->options->policy == SNAPIFY_POLICY_ALWAYS)
        return;
    uint32_t *path = NULL;
    size_t count = 0;
    for (uint32_t node = index;; node = ways->towards_mark[node]) {
        path = mem_grow(path, count + 1, sizeof *path);
        path[count++] = node;
        if (ways->towards_mark[node] == node)
            break;
    }
    for (uint32_t before = UINT32_MAX; count-- > 0; before = path[count])
        add_step(explanation, ways->graph, before, path[count]);
    free(path);
}

static void explain_path(struct snapify_explanation *explanation, const struct ways *ways,
                         uint32_t index) {
    const struct program *program = ways->graph->program;
    uint32_t before = UINT32_MAX, node = index;
    for (; ways->towards_point[node] != node; node = ways->towards_point[node]) {
        add_step(explanation, ways->graph, before, node);
        before = node;
    }
    add_step(explanation, ways->graph, before, node);
    char *reason = reason_of_points(program, &program->functions[node]);
    set_why(explanation, mem_printf("its calls lead to %s, which has points (%s)",
                                    program->functions[node].shown, reason));
    free(reason);
}

static void explain(struct program *program, const struct ways *ways, uint32_t index) {
    struct function *function = &program->functions[index];
    struct snapify_explanation *explanation =
        explanation_add(program->explanations, function->shown, index);
    function->explanation = (uint32_t)program->explanations->count;
    explanation->instrumented = function->suspendable;
    if (function->imported)
        explanation_set_why(explanation, "it is imported");
    else if (!function->defined)
        explanation_set_why(explanation, "the linker put it around a marked function, which now "
                                         "is called directly; it is removed");
    else if (!function->suspendable)
        explanation_set_why(explanation, "no call in it leads to a function with a point");
    else if (holds_point(function))
        explain_own_points(explanation, ways, index);
    else
        explain_path(explanation, ways, index);
    struct source_place place;
    if (origins_of_function(program->origins, index, &place))
        explanation_set_source(&explanation->source, place.file, place.line);
    uint32_t position = index - program->scan->imported_functions;
    if (function->defined && position < program->scan->function_count) /* not one of our own */
        explanation->code_before = program->scan->functions[position].body.size;
}

static void find_ways(struct ways *ways, const struct callgraph *graph) {
    const struct program *program = graph->program;
    bool *points = mem_calloc(callgraph_size(graph), sizeof *points);
    bool *marks = mem_calloc(callgraph_size(graph), sizeof *marks);
    for (size_t i = 0; i < program->function_count; i++) {
        points[i] = holds_point(&program->functions[i]);
        marks[i] = program->functions[i].offload != 0;
    }
    ways->graph = graph;
    ways->towards_point = callgraph_next(graph, CALLGRAPH_CALLEES, points);
    ways->towards_mark = callgraph_next(graph, CALLGRAPH_CALLERS, marks);
    free(points);
    free(marks);
}

int pass_explain(struct program *program, const struct callgraph *graph) {
    const struct snapify_options *options = program->options;
    if (options->explain_count == 0)
        return 0;
    bool *wanted = mem_calloc(program->function_count, sizeof *wanted);
    struct ways ways;
    int status = 0;
    find_ways(&ways, graph);
    for (size_t i = 0; i < options->explain_count && status == 0; i++)
        status = want_pattern(program, options->explain[i], wanted);
    for (uint32_t i = 0; i < program->function_count && status == 0; i++)
        if (wanted[i])
            explain(program, &ways, i);
    free(ways.towards_point);
    free(ways.towards_mark);
    free(wanted);
    return status;
}

/* --- sites --- */

char *explain_callee(const struct body *body, const struct site *site) {
    if (!site->call)
        return mem_strdup("");
    if (BinaryenExpressionGetId(site->call) == IR(CallIndirect))
        return signature_text(&(struct signature){BinaryenCallIndirectGetParams(site->call),
                                                  BinaryenCallIndirectGetResults(site->call)});
    const struct function *callee =
        program_function(body->program, BinaryenCallGetTarget(site->call));
    return mem_strdup(callee ? callee->shown : BinaryenCallGetTarget(site->call));
}

const char *explain_kind(const struct site *site) {
    static const char *const points[] = {"entry", "return", "loop"};
    if (!site->call)
        return points[site->kind];
    return BinaryenExpressionGetId(site->call) == IR(CallIndirect) ? "call_indirect" : "call";
}

char *explain_local(const struct body *body, BinaryenIndex local) {
    BinaryenFunctionRef ref = body->function->ref;
    if (local == body->origin)
        return mem_strdup("the node it was entered from");
    if (local == body->value)
        return mem_strdup("the result");
    if (local >= body->scratch)
        return mem_printf("temporary $%u", local);
    /* Newer versions of Binaryen name every local they read, by its index if by nothing else. */
    const char *name =
        BinaryenFunctionHasLocalName(ref, local) ? BinaryenFunctionGetLocalName(ref, local) : "";
    if (*name && strspn(name, "0123456789") < strlen(name))
        return mem_strdup(name);
    return mem_printf("$%u", local);
}

static void explain_site(struct snapify_explanation *explanation, const struct body *body,
                         const struct site *site) {
    char *callee = explain_callee(body, site);
    struct snapify_site *shown = explanation_add_site(explanation, explain_kind(site), callee);
    struct source_place place;
    free(callee);
    if (origins_of_site(body->program->origins, body, site, &place))
        explanation_set_source(&shown->source, place.file, place.line);
    shown->point = site->call ? -1 : (int64_t)site->point;
    shown->frame_bytes = body->frame_size;
    for (size_t i = 0; i < site->slot_count; i++) {
        struct buf type = {0};
        char *name = explain_local(body, site->slots[i].local);
        ir_type_append(&type, site->slots[i].type);
        char *type_name = finish(&type);
        explanation_add_saved(shown, name, type_name);
        free(name);
        free(type_name);
    }
}

void explain_body(const struct body *body) {
    struct snapify_explanation *explanation = explanation_of(body->program, body->function);
    for (size_t i = 0; explanation && i < body->site_count; i++)
        explain_site(explanation, body, body->sites[i]);
}

/* --- sizes --- */

/* Index in the module that is being written: imports come first, whatever their age. */
static void note_size(const struct program *program, const struct wasm_scan *written,
                      const char *name, size_t position) {
    const struct function *function = program_function(program, name);
    uint32_t index;
    if (!function && map_get(&program->by_landing, name, &index))
        function = &program->functions[index];
    struct snapify_explanation *explanation = function ? explanation_of(program, function) : NULL;
    if (explanation && position < written->function_count)
        explanation->code_after += written->functions[position].body.size;
}

void explain_sizes(const struct program *program, const struct wasm_scan *written) {
    size_t position = 0;
    for (BinaryenIndex i = 0; i < BinaryenGetNumFunctions(program->module); i++) {
        BinaryenFunctionRef ref = BinaryenGetFunctionByIndex(program->module, i);
        const char *imported_from = BinaryenFunctionImportGetModule(ref);
        if (!imported_from || !*imported_from)
            note_size(program, written, BinaryenFunctionGetName(ref), position++);
    }
}
