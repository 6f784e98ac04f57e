/*
 * app_memory.c: the application must see exactly the memory it would see without us.
 *
 *     (memory.size)        =>  (i32.sub (memory.size) (global.get $snapify_extra))
 *     (memory.grow n)      =>  (call $snapify_memory_grow n)
 */
#include "ir/compat.h"
#include "ir/make.h"
#include "ir/names.h"
#include "ir/walk.h"
#include "passes/passes.h"

static BinaryenExpressionRef keep_clear(void *context, BinaryenExpressionRef expr) {
    BinaryenModuleRef module = context;
    switch (BinaryenExpressionGetId(expr)) {
    case IR(MemorySize):
        return make_binary(module, BinaryenSubInt32(), expr, make_global_get(module, NAME_EXTRA));
    case IR(MemoryGrow): {
        BinaryenExpressionRef pages = BinaryenMemoryGrowGetDelta(expr);
        return BinaryenCall(module, NAME_MEMORY_GROW, &pages, 1, BinaryenTypeInt32());
    }
    default:
        return expr;
    }
}

void pass_app_memory(struct program *program) {
    for (size_t i = 0; i < program->function_count; i++) {
        const struct function *function = &program->functions[i];
        if (!function->loaded)
            continue;
        BinaryenExpressionRef body = BinaryenFunctionGetBody(function->ref), was = body;
        ir_replace_all(&body, keep_clear, program->module);
        if (body != was)
            BinaryenFunctionSetBody(function->ref, body);
    }
}
