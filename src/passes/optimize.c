/*
 * optimize.c: Binaryen's own passes, before points are selected, so that these fit the code they
 * are put into.
 *
 * Afterwards Binaryen's passes undo what makes it cheap (a final -O3 made the marked loop 2.3 times
 * slower on Node). Function by function, so that nothing is inlined out of a marked function or
 * into its callers.
 *
 * Some of these passes take time that grows with the square of the nesting, others with that of
 * the number of locals (100,000 blocks: 180 s; 10,000 locals: more than 120 s), so what no compiler
 * makes of code that a human wrote stays as it is.
 */
#include "passes/passes.h"

#include "wasm/code.h"

enum {
    MOST_DEPTH = 2000,
    MOST_LOCALS = 2000
};

static bool is_shallow(struct wasm_bytes body) {
    struct wasm_code code;
    struct wasm_instruction instruction;
    if (!wasm_code_init_body(&code, body))
        return false;
    while (wasm_code_next(&code, &instruction) > 0)
        if (code.depth > MOST_DEPTH)
            return false;
    return true;
}

bool pass_optimizes(const struct snapify_options *options) {
    return options->optimize_level > 0 || options->shrink_level > 0;
}

void pass_optimize(struct program *program, const struct wasm_bytes *code) {
    for (size_t i = 0; i < program->function_count; i++) {
        const struct function *function = &program->functions[i];
        if (function->loaded && BinaryenFunctionGetNumLocals(function->ref) <= MOST_LOCALS &&
            is_shallow(code[i - program->scan->imported_functions]))
            BinaryenFunctionOptimize(function->ref, program->module);
    }
}
