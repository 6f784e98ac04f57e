/*
 * print_pass.c: shows what the passes make of a module, for the golden tests.
 *
 *     print_pass UNTIL FUNC[,FUNC...] IN.wasm [--dest FUNC=NODE]... [--policy always]
 *                [--points all] [--max-latency MS]
 *
 * Runs the passes up to and including UNTIL and prints the named functions as WAT. References
 * become numbers for "tables" only.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "passes/passes.h"
#include "passes/wasi_wrappers.h"
#include "wasm/names.h"

struct input {
    uint8_t *data;
    size_t size;
};

static int read_file(const char *path, struct input *input) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return -1;
    fseek(file, 0, SEEK_END);
    input->size = (size_t)ftell(file);
    rewind(file);
    input->data = mem_alloc(input->size);
    size_t got = fread(input->data, 1, input->size, file);
    fclose(file);
    return got == input->size ? 0 : -1;
}

static void print_suspendable(const struct program *program) {
    for (size_t i = 0; i < program->function_count; i++)
        printf("%s: %s\n", program->functions[i].shown,
               program->functions[i].suspendable ? "suspendable" : "as it was");
}

static void print_points(const struct program *program) {
    for (size_t i = 0; i < program->function_count; i++) {
        const struct function *function = &program->functions[i];
        printf("%s:%s%s", function->shown, function->entry_point ? " entry" : "",
               function->return_point ? " return" : "");
        printf(function->loop_points.count > 0 ? " %zu loops\n" : "\n",
               function->loop_points.count);
    }
}

static int run_passes(struct program *program, const char *until) {
    struct callgraph graph;
    pass_wasi_poll(program);
    if (strcmp(until, "wasi_poll") == 0)
        return 0;
    pass_wasi_reads(program);
    if (strcmp(until, "wasi_reads") == 0)
        return 0;
    if (strcmp(until, "unroll_calls") == 0) { /* the others show what is written there */
        pass_unroll_calls(program);
        return 0;
    }
    callgraph_init(&graph, program);
    callgraph_add(&graph);
    callgraph_finish(&graph);
    pass_select_points(program, &graph);
    pass_find_suspendable(program, &graph);
    pass_find_wasi_direct(program, &graph);
    callgraph_release(&graph);
    if (strcmp(until, "select_points") == 0) {
        print_points(program);
        return 0;
    }
    if (strcmp(until, "find_suspendable") == 0) {
        print_suspendable(program);
        return 0;
    }
    if (strcmp(until, "tables") == 0) {
        pass_table_calls(program);
        pass_tables(program);
        return 0;
    }
    if (pass_refuse_unsupported(program) < 0)
        return -1;
    pass_app_memory(program);
    if (strcmp(until, "app_memory") == 0)
        return 0;
    pass_data_drop(program);
    if (strcmp(until, "data_drop") == 0)
        return 0;
    pass_wasi_direct(program);
    if (strcmp(until, "wasi_direct") == 0)
        return 0;
    if (pass_instrument(program) < 0)
        return -1;
    if (strcmp(until, "instrument") == 0)
        return 0;
    pass_globals(program);
    if (strcmp(until, "globals") == 0)
        return 0;
    pass_wrap_exports(program);
    if (strcmp(until, "wrap_exports") == 0)
        return 0;
    wasi_wrap(program);
    return strcmp(until, "wasi_wrappers") == 0 ? 0 : -1;
}

static void print_functions(BinaryenModuleRef module, char *names) {
    for (char *name = strtok(names, ","); name; name = strtok(NULL, ",")) {
        BinaryenFunctionRef function = BinaryenGetFunction(module, name);
        if (function && BinaryenFunctionGetBody(function))
            BinaryenExpressionPrint(BinaryenFunctionGetBody(function));
        else
            printf(function ? "import %s\n" : "no function %s\n", name);
        printf("\n");
    }
}

/* As the pipeline gives it to Binaryen. */
static BinaryenModuleRef read_module(const struct wasm_scan *scan) {
    struct buf bytes = {0};
    buf_append(&bytes, scan->module.data, 8);
    for (size_t i = 0; i < scan->section_count; i++) {
        const struct wasm_section *section = &scan->sections[i];
        if (wasm_is_name_section(section))
            wasm_copy_names(section, &bytes);
        else
            buf_append(&bytes, scan->module.data + section->start, section->end - section->start);
    }
    BinaryenModuleRef module = BinaryenModuleRead((char *)bytes.data, bytes.size);
    buf_release(&bytes);
    return module;
}

/* Puts the lowered module in the place of what was read. */
static int lower(struct input *input, struct wasm_scan *scan, struct wasm_references *references,
                 struct diag *diag) {
    struct buf lowered = {0};
    if (wasm_references_lower(references, scan, &lowered, diag) < 0)
        return -1;
    wasm_scan_release(scan);
    free(input->data);
    *input = (struct input){lowered.data, lowered.size};
    return wasm_scan_read(scan, input->data, input->size, diag);
}

static int print(char **arguments, const struct snapify_options *options) {
    struct input input;
    struct wasm_scan scan = {0};
    struct mark_list marks = {0};
    struct diag diag = {0};
    struct program program = {0};
    struct wasm_references references = {0};
    int status = -1;
    if (read_file(arguments[3], &input) < 0 ||
        wasm_scan_read(&scan, input.data, input.size, &diag) < 0)
        goto done;
    if (strcmp(arguments[1], "tables") == 0 && lower(&input, &scan, &references, &diag) < 0)
        goto done;
    if (marks_read(&marks, &scan, options, &diag) < 0)
        goto done;
    BinaryenModuleRef module = read_module(&scan);
    BinaryenModuleSetFeatures(module, BinaryenFeatureMVP() | BinaryenFeatureMultivalue() |
                                          BinaryenFeatureReferenceTypes() |
                                          BinaryenFeatureBulkMemory() | BinaryenFeatureSIMD128() |
                                          BinaryenFeatureTailCall() |
                                          BinaryenFeatureExceptionHandling());
    program_init(&program, module, &scan, &marks, options, &diag);
    program_set_references(&program, &references);
    status = run_passes(&program, arguments[1]);
    if (status == 0)
        print_functions(module, arguments[2]);
done:
    for (size_t i = 0; i < diag.count; i++)
        printf("%s (%s)\n", diag.items[i].text, diag.items[i].function);
    return status;
}

int main(int argc, char **argv) {
    struct snapify_options options = {.allow_uncalled = true};
    const char *dest[16];
    if (argc < 4)
        return 2;
    for (int i = 4; i + 1 < argc && options.dest_count < 16; i += 2) {
        if (strcmp(argv[i], "--policy") == 0)
            options.policy = SNAPIFY_POLICY_ALWAYS;
        else if (strcmp(argv[i], "--points") == 0)
            options.point_kinds = 7;
        else if (strcmp(argv[i], "--max-latency") == 0)
            options.max_latency_ms = (unsigned)atoi(argv[i + 1]);
        else
            dest[options.dest_count++] = argv[i + 1];
    }
    options.dest = dest;
    return print(argv, &options) < 0;
}
