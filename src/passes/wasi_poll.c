/*
 * wasi_poll.c: a wait that the program can leave from.
 *
 * The import poll_oneoff becomes a function that waits in slices; its loop gets a point like any
 * other, so that a request is obeyed between two slices, and the rest of the wait is waited
 * elsewhere:
 *
 *     (func $poll_oneoff (param $in i32) (param $out i32) (param $count i32) (param $given i32)
 *       (local.set $begun (call $snapify_clock_now))         the program's time: it moves along
 *       (loop $again
 *         (local.set $error (call $snapify_clock_poll in out count given begun))
 *         (br_if $again (i32.eq error -1)))                  nothing happened yet
 *       (local.get $error))
 */
#include "ir/make.h"
#include "ir/names.h"
#include "passes/passes.h"
#include "passes/wasi_wrappers.h"

enum {
    PARAMS = 4,
    BEGUN = PARAMS, /* locals */
    ERROR
};

static BinaryenExpressionRef make_slice(BinaryenModuleRef module) {
    BinaryenExpressionRef operands[PARAMS + 1];
    for (BinaryenIndex i = 0; i < PARAMS; i++)
        operands[i] = BinaryenLocalGet(module, i, BinaryenTypeInt32());
    operands[PARAMS] = BinaryenLocalGet(module, BEGUN, BinaryenTypeInt64());
    BinaryenExpressionRef call =
        BinaryenCall(module, NAME_CLOCK_POLL, operands, PARAMS + 1, BinaryenTypeInt32());
    return BinaryenLocalSet(module, ERROR, call);
}

static BinaryenExpressionRef make_body(BinaryenModuleRef module) {
    BinaryenExpressionRef error = BinaryenLocalGet(module, ERROR, BinaryenTypeInt32());
    BinaryenExpressionRef nothing =
        make_binary(module, BinaryenEqInt32(), error, make_i32(module, -1));
    BinaryenExpressionRef round[] = {
        make_slice(module),
        BinaryenBreak(module, LABEL_AGAIN, nothing, NULL),
    };
    BinaryenExpressionRef now = BinaryenCall(module, NAME_CLOCK_NOW, NULL, 0, BinaryenTypeInt64());
    BinaryenExpressionRef items[] = {
        BinaryenLocalSet(module, BEGUN, now),
        BinaryenLoop(module, LABEL_AGAIN, make_sequence(module, round, 2)),
        BinaryenLocalGet(module, ERROR, BinaryenTypeInt32()),
    };
    return make_sequence(module, items, 3);
}

static void wrap(struct program *program, struct function *function) {
    BinaryenType locals[] = {BinaryenTypeInt64(), BinaryenTypeInt32()};
    wasi_stand_in(program, function, "poll_oneoff", locals, 2, make_body(program->module));
    program->waits = true;
    program->features |= WASI_CLOCK;
}

void pass_wasi_poll(struct program *program) {
    wasi_find_imports(program);
    for (size_t i = 0; i < program->function_count; i++)
        if (wasi_is_import(&program->functions[i], "poll_oneoff", "iiii"))
            wrap(program, &program->functions[i]);
}
