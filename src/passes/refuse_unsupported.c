/*
 * refuse_unsupported.c: names what cannot be suspended, before anything is written.
 *
 * Constructs are refused wherever they stand, because nobody can follow where they lead. They are
 * found in the raw code, where every construct has its opcode, also those that the installed
 * Binaryen cannot read.
 */
#include "ir/type.h"
#include "passes/passes.h"

#include <stdlib.h>
#include <string.h>

#include "wasm/remap.h"

static const struct refusal {
    uint32_t opcode;
    const char *construct;
    const char *hint;
} refusals[] = {
#define REF_HINT "call through a table instead"
#define TRY_HINT                                                                                   \
    "build with legacy exceptions (clang: -fwasm-exceptions -mllvm -wasm-use-legacy-eh, "          \
    "its default)"
    {0x14, "call_ref", REF_HINT},
    {0x15, "return_call_ref", REF_HINT},
    {0x0a, "throw_ref", TRY_HINT},
    {0x1f, "try_table", TRY_HINT},
};

/* No Binaryen that we build with can read these. */
static const struct refusal block_parameters = {
    0, "a block that takes values from the stack",
    "hand the values over in locals, as clang, rustc, Go and Zig do"};

/* Nor may their types move. */
static const struct refusal typed_reference = {0, "a reference to a type of the module",
                                               "call through a table instead"};

static bool opens_block(uint32_t opcode) {
    return opcode == WASM_OP_BLOCK || opcode == WASM_OP_LOOP || opcode == WASM_OP_IF ||
           opcode == WASM_OP_TRY;
}

/* A type's bytes begin with the number of its parameters. */
static bool takes_values(const struct wasm_scan *scan, const struct wasm_instruction *instruction) {
    if (!opens_block(instruction->opcode) || instruction->index_size == 0 ||
        instruction->index >= scan->type_count)
        return false;
    struct wasm_bytes type = scan->types[instruction->index];
    return type.size > 0 && type.data[0] != 0;
}

static const struct refusal *find_refusal(const struct wasm_scan *scan,
                                          const struct wasm_instruction *instruction,
                                          struct wasm_bytes body) {
    uint32_t opcode = instruction->opcode;
    if (takes_values(scan, instruction))
        return &block_parameters;
    if (wasm_has_typed_value(instruction, body))
        return &typed_reference;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        if (refusals[i].opcode == opcode)
            return &refusals[i];
    return NULL;
}

static int refuse(const struct wasm_scan *scan, struct diag *diag, uint32_t function,
                  const struct refusal *refusal, size_t offset) {
    char *name = wasm_scan_function_name(scan, function);
    diag_error(
        diag,
        (struct diag_place){.function = name, .hint = refusal->hint, .offset = (int64_t)offset + 1},
        "%s is not supported in a program with migration points", refusal->construct);
    free(name);
    return -1;
}

static int check_function(const struct wasm_scan *scan, struct diag *diag, size_t position) {
    struct wasm_bytes body = scan->functions[position].body;
    struct wasm_code code;
    struct wasm_instruction instruction;
    if (!wasm_code_init_body(&code, body))
        return 0; /* Binaryen will say what is wrong with it. */
    if (wasm_has_typed_local(body))
        return refuse(scan, diag, scan->imported_functions + (uint32_t)position, &typed_reference,
                      (size_t)(body.data - scan->module.data));
    while (wasm_code_next(&code, &instruction) > 0) {
        const struct refusal *refusal = find_refusal(scan, &instruction, body);
        if (refusal)
            return refuse(scan, diag, scan->imported_functions + (uint32_t)position, refusal,
                          (size_t)(body.data - scan->module.data) + instruction.offset);
    }
    return 0;
}

static int check_memory(const struct wasm_scan *scan, struct diag *diag) {
    const struct wasm_memory *memory = &scan->memory;
    const struct {
        bool refused;
        const char *text, *hint;
    } rules[] = {
        {scan->memory_count == 0, "the module has no memory",
         "every WASI program has one; is this a program?"},
        {scan->memory_count > 1, "the module has several memories", "merge them into one"},
        {memory->is64, "the module's memory has 64-bit addresses", "build for wasm32"},
        {memory->shared, "the module's memory is shared between threads",
         "build without threads (clang: without -pthread)"},
        {memory->imported, "the module imports its memory",
         "link without --import-memory, so that the module defines it"},
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].refused)
            return diag_error(diag, (struct diag_place){.hint = rules[i].hint},
                              "%s, which is not supported", rules[i].text);
    return 0;
}

static bool exports_function(const struct wasm_scan *scan) {
    for (size_t i = 0; i < scan->export_count; i++) {
        const struct wasm_export *export = &scan->exports[i];
        if (export->kind == 0 && export->index >= scan->imported_functions &&
            !marks_is_export(export->name))
            return true;
    }
    return false;
}

int pass_refuse_module(const struct wasm_scan *scan, struct diag *diag) {
    if (scan->is_rewritten)
        return diag_error(diag,
                          (struct diag_place){.hint = "rewrite the original module, with all "
                                                      "options at once"},
                          "snapify has rewritten this module before");
    if (scan->is_shared_library)
        return diag_error(diag,
                          (struct diag_place){.hint = "link the program without -shared and -pie"},
                          "this is a shared library");
    if (check_memory(scan, diag) < 0)
        return -1;
    if (!exports_function(scan))
        return diag_error(diag,
                          (struct diag_place){.hint = "link it as a command, which exports _start, "
                                                      "or export what the host is to call"},
                          "the module exports no function, so nothing can run it");
    for (size_t i = 0; i < scan->function_count; i++)
        if (check_function(scan, diag, i) < 0)
            return -1;
    return 0;
}

static int check_globals(const struct program *program) {
    for (size_t i = 0; i < program->saved_global_count; i++) {
        const char *name = program->saved_globals[i];
        if (ir_type_size(BinaryenGlobalGetType(BinaryenGetGlobal(program->module, name))) == 0)
            return diag_error(program->diag,
                              (struct diag_place){.hint = "keep the reference in a table and its "
                                                          "index in the global"},
                              "the mutable global %s holds a reference, which is not supported",
                              name);
    }
    return 0;
}

int pass_refuse_unsupported(struct program *program) {
    return check_globals(program);
}
