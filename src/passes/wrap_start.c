/*
 * wrap_start.c: the new _start, which restores a program or begins it, and saves it when its
 * functions have unwound.
 *
 *     (func $snapify_start
 *       (call $snapify_begin)                  restored: state is REWIND, and the phase is set
 *       (loop $again
 *         (block $unwound
 *           (if (i32.eqz phase) (then          the start section's function, once, never again
 *             (call $start)
 *             (br_if $unwound (unwinding))
 *             (global.set phase 1)))
 *           (call $_start)
 *           (br_if $unwound (unwinding))
 *           (return))
 *         (call $snapify_leave)                comes back only if saving failed: rewind, go on
 *         (br $again)))
 *
 * The start section itself is gone by now (pipeline.c): an engine would run it before a restore.
 */
#include <string.h>

#include "ir/make.h"
#include "ir/names.h"
#include "passes/passes.h"

#define LABEL_AGAIN "snapify_again"
#define LABEL_UNWOUND "snapify_unwound"

static BinaryenExpressionRef call(BinaryenModuleRef module, const char *function) {
    return BinaryenCall(module, function, NULL, 0, BinaryenTypeNone());
}

static BinaryenExpressionRef leave_if_unwinding(BinaryenModuleRef module) {
    return BinaryenBreak(module, LABEL_UNWOUND, make_global_get(module, NAME_STATE), NULL);
}

/* The start section's function, in phase 0. */
static BinaryenExpressionRef first_phase(struct program *program) {
    BinaryenModuleRef module = program->module;
    if (!program->scan->has_start)
        return BinaryenNop(module);
    BinaryenExpressionRef items[] = {
        call(module, program->functions[program->scan->start].name),
        leave_if_unwinding(module),
        make_global_set(module, NAME_PHASE, make_i32(module, 1)),
    };
    BinaryenExpressionRef first =
        BinaryenUnary(module, BinaryenEqZInt32(), make_global_get(module, NAME_PHASE));
    return BinaryenIf(module, first, BinaryenBlock(module, NULL, items, 3, BinaryenTypeNone()),
                      NULL);
}

void pass_wrap_start(struct program *program) {
    BinaryenModuleRef module = program->module;
    const char *start = BinaryenExportGetValue(BinaryenGetExport(module, "_start"));
    BinaryenExpressionRef run[] = {first_phase(program), call(module, start),
                                   leave_if_unwinding(module), BinaryenReturn(module, NULL)};
    BinaryenExpressionRef turn[] = {
        BinaryenBlock(module, LABEL_UNWOUND, run, 4, BinaryenTypeNone()),
        call(module, NAME_LEAVE),
        BinaryenBreak(module, LABEL_AGAIN, NULL, NULL),
    };
    BinaryenExpressionRef body[] = {
        call(module, NAME_BEGIN),
        BinaryenLoop(module, LABEL_AGAIN, make_sequence(module, turn, 3)),
    };
    BinaryenAddFunction(module, NAME_START, BinaryenTypeNone(), BinaryenTypeNone(), NULL, 0,
                        make_sequence(module, body, 2));
    BinaryenRemoveExport(module, "_start");
    BinaryenAddFunctionExport(module, NAME_START, "_start");
    BinaryenAddCustomSection(module, SECTION_REWRITTEN, SNAPIFY_VERSION, strlen(SNAPIFY_VERSION));
}
