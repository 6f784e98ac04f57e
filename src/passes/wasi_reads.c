/*
 * wasi_reads.c: a read that the program can leave from while nothing has come yet.
 *
 * The imports fd_read, sock_recv and sock_accept become functions that wait in slices before they
 * call the import; between two slices there is a point:
 *
 *     (func $fd_read (param $fd i32) (param $iovecs i32) (param $count i32) (param $done i32)
 *       (if (i32.ne fd (global.get $snapify_sure))           a file: nothing else is looked at
 *         (then
 *           (local.set $error (call $snapify_reads_wait fd iovecs count done))
 *           (if (i32.eq error AGAIN)
 *             (then (loop $again
 *               (local.set $error (call $snapify_reads_wait fd iovecs count done))
 *               (br_if $again (i32.eq error AGAIN)))))       nothing came yet
 *           (if (i32.ne error NOW) (then (return error)))))
 *       (call $snapify_host_fd_read ...))                    translated by wasi_wrappers.c
 *
 * The first try is in front of the loop, so that a program that never waits passes no point more.
 * Done only where something may ask a program to leave at any loop.
 */
#include "ir/make.h"
#include "ir/names.h"
#include "passes/passes.h"
#include "passes/wasi_wrappers.h"
#include "runtime-glue/abi.h"

#include <string.h>

enum {
    WAIT_PARAMS = 4
};

static const struct reader {
    const char *base, *params;
    bool is_read; /* has the parameters that the glue takes; else it gets the descriptor only */
} readers[] = {
    {"fd_read", "iiii", true},
    {"sock_accept", "iii", false},
    {"sock_recv", "iiiiii", false},
};

static BinaryenExpressionRef make_wait(BinaryenModuleRef module, bool is_read,
                                       BinaryenIndex error) {
    BinaryenExpressionRef operands[WAIT_PARAMS];
    for (BinaryenIndex i = 0; i < WAIT_PARAMS; i++)
        operands[i] = i == 0 || is_read ? BinaryenLocalGet(module, i, BinaryenTypeInt32())
                                        : make_i32(module, 0);
    return BinaryenLocalSet(
        module, error,
        BinaryenCall(module, NAME_READS_WAIT, operands, WAIT_PARAMS, BinaryenTypeInt32()));
}

static BinaryenExpressionRef make_test(BinaryenModuleRef module, BinaryenOp op, BinaryenIndex error,
                                       uint32_t value) {
    return make_binary(module, op, BinaryenLocalGet(module, error, BinaryenTypeInt32()),
                       make_i32(module, (int32_t)value));
}

static BinaryenExpressionRef make_again(BinaryenModuleRef module, bool is_read,
                                        BinaryenIndex error) {
    BinaryenExpressionRef round[] = {
        make_wait(module, is_read, error),
        BinaryenBreak(module, LABEL_AGAIN,
                      make_test(module, BinaryenEqInt32(), error, SNAPIFY_READ_AGAIN), NULL),
    };
    BinaryenExpressionRef loop = BinaryenLoop(module, LABEL_AGAIN, make_sequence(module, round, 2));
    return BinaryenIf(module, make_test(module, BinaryenEqInt32(), error, SNAPIFY_READ_AGAIN), loop,
                      NULL);
}

static BinaryenExpressionRef make_body(struct program *program, const struct function *function,
                                       const struct reader *reader) {
    BinaryenModuleRef module = program->module;
    BinaryenIndex error = (BinaryenIndex)strlen(reader->params);
    BinaryenExpressionRef result = BinaryenLocalGet(module, error, BinaryenTypeInt32());
    BinaryenExpressionRef waiting[] = {
        make_wait(module, reader->is_read, error),
        make_again(module, reader->is_read, error),
        BinaryenIf(module, make_test(module, BinaryenNeInt32(), error, SNAPIFY_READ_NOW),
                   BinaryenReturn(module, result), NULL),
    };
    BinaryenExpressionRef may_wait =
        make_binary(module, BinaryenNeInt32(), BinaryenLocalGet(module, 0, BinaryenTypeInt32()),
                    make_global_get(module, NAME_SURE));
    BinaryenExpressionRef items[] = {
        BinaryenIf(module, may_wait, make_sequence(module, waiting, 3), NULL),
        wasi_make_call(program, function),
    };
    return make_sequence(module, items, 2);
}

static const struct reader *find_reader(const struct function *function) {
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        if (wasi_is_import(function, readers[i].base, readers[i].params))
            return &readers[i];
    return NULL;
}

static void wrap(struct program *program, struct function *function, const struct reader *reader) {
    BinaryenType error = BinaryenTypeInt32();
    wasi_stand_in(program, function, reader->base, &error, 1, make_body(program, function, reader));
    program->features |= WASI_READS;
}

/* Any loop may have to have a point: only then does a wait matter. */
static bool leaves_from_loops(const struct program *program) {
    bool found = program->options->policy == SNAPIFY_POLICY_ALWAYS;
    for (size_t i = 0; i < program->function_count && !found; i++)
        found = program->functions[i].offload != 0;
    return found;
}

void pass_wasi_reads(struct program *program) {
    if (!leaves_from_loops(program))
        return;
    for (size_t i = 0; i < program->function_count; i++) {
        const struct reader *reader = find_reader(&program->functions[i]);
        if (reader)
            wrap(program, &program->functions[i], reader);
    }
}
