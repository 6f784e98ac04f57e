#include "passes/program.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "ir/names.h"

static uint32_t node_number(struct program *program, const char *name) {
    for (size_t i = 0; i < program->node_count; i++)
        if (strcmp(program->nodes[i], name) == 0)
            return (uint32_t)i + 1;
    program->nodes = mem_grow(program->nodes, program->node_count + 1, sizeof *program->nodes);
    program->nodes[program->node_count++] = mem_strdup(name);
    return (uint32_t)program->node_count;
}

static bool same_nodes(const struct node_set *a, const struct node_set *b) {
    return a->count == b->count && memcmp(a->nodes, b->nodes, a->count * sizeof *a->nodes) == 0;
}

/* Takes over `wanted`; returns the index + 1 of an equal set, 0 for an empty one. */
static uint32_t intern_set(struct node_set **sets, size_t *count, struct node_set wanted) {
    if (wanted.count == 0)
        return 0;
    for (size_t i = 0; i < *count; i++) {
        if (same_nodes(&(*sets)[i], &wanted)) {
            free(wanted.nodes);
            return (uint32_t)i + 1;
        }
    }
    wanted.away = mem_printf(NAME_AWAY "%zu", *count);
    *sets = mem_grow(*sets, *count + 1, sizeof **sets);
    (*sets)[(*count)++] = wanted;
    return (uint32_t)*count;
}

/* The nodes that the marks first..end of one kind name. */
static struct node_set collect_nodes(struct program *program, size_t first, size_t end,
                                     enum mark_kind kind) {
    struct node_set set = {0};
    for (; first < end; first++) {
        if (program->marks->items[first].kind != kind)
            continue;
        set.nodes = mem_grow(set.nodes, set.count + 1, sizeof *set.nodes);
        set.nodes[set.count++] = node_number(program, program->marks->items[first].node);
    }
    return set;
}

/* Marks come sorted by function, so one function's marks are neighbours. */
static void apply_marks(struct program *program) {
    const struct mark_list *marks = program->marks;
    for (size_t first = 0, end; first < marks->count; first = end) {
        uint32_t index = marks->items[first].function;
        struct function *function = &program->functions[index];
        for (end = first + 1; end < marks->count && marks->items[end].function == index;)
            end++;
        function->destination = intern_set(&program->destinations, &program->destination_count,
                                           collect_nodes(program, first, end, MARK_DEST));
        function->offload = intern_set(&program->offloads, &program->offload_count,
                                       collect_nodes(program, first, end, MARK_MAY_OFFLOAD));
    }
}

static void list_functions(struct program *program) {
    program->function_count = BinaryenGetNumFunctions(program->module);
    program->functions = mem_calloc(program->function_count, sizeof *program->functions);
    for (size_t i = 0; i < program->function_count; i++) {
        struct function *function = &program->functions[i];
        function->ref = BinaryenGetFunctionByIndex(program->module, (BinaryenIndex)i);
        function->name = BinaryenFunctionGetName(function->ref);
        function->shown = wasm_scan_function_name(program->scan, (uint32_t)i);
        const char *imported_from = BinaryenFunctionImportGetModule(function->ref);
        function->imported = imported_from && *imported_from;
        function->defined = !function->imported;
        function->loaded = function->defined;
        map_put(&program->by_name, function->name, (uint32_t)i);
    }
}

static void list_globals(struct program *program) {
    BinaryenIndex count = BinaryenGetNumGlobals(program->module);
    for (BinaryenIndex i = 0; i < count; i++) {
        BinaryenGlobalRef global = BinaryenGetGlobalByIndex(program->module, i);
        if (BinaryenGlobalIsMutable(global))
            program_save_global(program, BinaryenGlobalGetName(global));
    }
}

void program_init(struct program *program, BinaryenModuleRef module, const struct wasm_scan *scan,
                  const struct mark_list *marks, const struct snapify_options *options,
                  struct diag *diag) {
    *program = (struct program){.module = module,
                                .frame = module,
                                .scan = scan,
                                .marks = marks,
                                .options = options,
                                .diag = diag};
    list_functions(program);
    apply_marks(program);
    list_globals(program);
}

void program_set_references(struct program *program, const struct wasm_references *references) {
    program->references = references;
    for (uint32_t i = 0; references->used && i < WASM_HELPER_COUNT; i++) {
        program->functions[references->first_helper + i].defined = false;
        program->functions[references->first_helper + i].loaded = false;
    }
}

/* Names are the same in both modules, and interned. */
static void find_refs(struct program *program) {
    for (size_t i = 0; i < program->function_count; i++)
        if (program->functions[i].ref)
            program->functions[i].ref =
                BinaryenGetFunction(program->module, program->functions[i].name);
}

void program_load(struct program *program, BinaryenModuleRef excerpt, const bool *loaded) {
    program->module = excerpt;
    for (size_t i = 0; i < program->function_count; i++)
        program->functions[i].loaded = loaded[i] && program->functions[i].defined;
    find_refs(program);
}

void program_unload(struct program *program) {
    if (program->module != program->frame)
        BinaryenModuleDispose(program->module);
    program->module = program->frame;
    for (size_t i = 0; i < program->function_count; i++)
        program->functions[i].loaded =
            program->functions[i].defined && i < program->scan->imported_functions;
    find_refs(program);
}

void program_forget_points(struct program *program) {
    for (size_t i = 0; i < program->function_count; i++) {
        struct function *function = &program->functions[i];
        map_release(&function->loop_points);
        function->entry_point = function->return_point = function->suspendable = false;
        function->entry_takes = function->return_takes = function->entry_sinks = false;
        function->cost = 0;
    }
    free(program->indirect);
    program->indirect = NULL;
    program->indirect_count = 0;
    program->budget = false;
}

static void release_sets(struct node_set *sets, size_t count) {
    for (size_t i = 0; i < count; i++) {
        free(sets[i].nodes);
        free((char *)sets[i].away);
    }
    free(sets);
}

void program_release(struct program *program) {
    for (size_t i = 0; i < program->function_count; i++) {
        free(program->functions[i].shown);
        map_release(&program->functions[i].loop_points);
    }
    free(program->functions);
    map_release(&program->by_name);
    map_release(&program->by_landing);
    for (size_t i = 0; i < program->node_count; i++)
        free(program->nodes[i]);
    free(program->nodes);
    release_sets(program->destinations, program->destination_count);
    release_sets(program->offloads, program->offload_count);
    free(program->saved_globals);
    for (size_t i = 0; i < program->dropped_count; i++)
        free(program->dropped[i].flag);
    free(program->dropped);
    free(program->indirect);
    free(program->exports);
    free(program->tags);
    free(program->points);
    buf_release(&program->map_files);
    map_release(&program->map_file_numbers);
    buf_release(&program->map_globals);
    buf_release(&program->map_sites);
    free(program->sites);
    *program = (struct program){0};
}

void program_remove_function(struct program *program, uint32_t index) {
    BinaryenRemoveFunction(program->module, program->functions[index].name);
    program->functions[index].defined = false;
    program->functions[index].loaded = false;
    program->functions[index].ref = NULL;
}

struct function *program_function(const struct program *program, const char *name) {
    uint32_t index;
    return map_get(&program->by_name, name, &index) ? &program->functions[index] : NULL;
}

bool program_indirect_suspends(const struct program *program, BinaryenType params,
                               BinaryenType results) {
    for (size_t i = 0; i < program->indirect_count; i++)
        if (program->indirect[i].params == params && program->indirect[i].results == results)
            return true;
    return false;
}

void program_save_global(struct program *program, const char *name) {
    size_t count = program->saved_global_count;
    if ((count & (count - 1)) == 0)
        program->saved_globals =
            mem_grow(program->saved_globals, count ? count * 2 : 1, sizeof *program->saved_globals);
    program->saved_globals[program->saved_global_count++] = name;
}

uint32_t program_add_point(struct program *program, struct point point) {
    assert(program->point_count == 0 ||
           program->points[program->point_count - 1].site < point.site);
    program->points = mem_grow(program->points, program->point_count + 1, sizeof *program->points);
    program->points[program->point_count] = point;
    return (uint32_t)program->point_count++;
}

uint32_t program_add_site(struct program *program, struct site_info site) {
    if ((program->site_count & (program->site_count - 1)) == 0)
        program->sites = mem_grow(program->sites, program->site_count ? program->site_count * 2 : 1,
                                  sizeof *program->sites);
    program->sites[program->site_count] = site;
    return (uint32_t)program->site_count++;
}

bool program_may_copy(const struct program *program) {
    const struct snapify_options *options = program->options;
    return options->policy == SNAPIFY_POLICY_ALWAYS && !options->point_kinds;
}

void program_set_frame_size(struct program *program, uint32_t site, uint32_t size) {
    program->sites[site].frame_size = size;
    if (size > program->max_frame_size)
        program->max_frame_size = size;
}
