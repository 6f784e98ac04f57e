/*
 * wasi_direct.c: calls of imports of which nothing but a descriptor is translated, without the
 * function that stands in the import's place (wasi_wrappers.c): interpreters take longer for a call
 * than for all the translating.
 *
 *     (call $fd_write fd a b c)   =>   (call $snapify_host_fd_write (translated fd) a b c)
 *
 *     (call $fd_read fd a b c)    =>   (if (result i32) (i32.eq fd (global.get $snapify_sure))
 *                                        (then (call $snapify_host_fd_read (translated fd) a b c))
 *                                        (else (call $fd_read fd a b c)))
 *
 * the latter where reads may wait (wasi_reads.c): the function is left to them. And what has
 * nothing to do but to hand its parameters on is left out, such as wasi-libc's
 *
 *     (func $__wasi_fd_write (i32.and (call $fd_write (local.get 0) ...) (i32.const 65535)))
 *
 * unless the program can stop in it.
 *
 * The descriptor has to be a local or constant, which it is in all that compilers were seen to
 * make, and the operands behind it harmless: one that opens or closes something, or that the
 * program can stop in, must not come between the translation and the call.
 */
#include "ir/harmless.h"
#include "ir/make.h"
#include "ir/names.h"
#include "ir/walk.h"
#include "passes/passes.h"
#include "passes/wasi_wrappers.h"

enum {
    MAX_OPERANDS = 9
};

/* --- which --- */

static bool is_simple(BinaryenExpressionRef expr) {
    BinaryenExpressionId kind = BinaryenExpressionGetId(expr);
    return kind == IR(LocalGet) || kind == IR(Const);
}

static bool has_plain_operands(BinaryenExpressionRef call) {
    BinaryenIndex count = BinaryenCallGetNumOperands(call);
    for (BinaryenIndex i = 0; i < count; i++) {
        BinaryenExpressionRef operand = BinaryenCallGetOperandAt(call, i);
        if (i == 0 ? !is_simple(operand) : !ir_is_harmless(operand))
            return false;
    }
    return count <= MAX_OPERANDS;
}

/* The function that is called, if it is such an import; else NULL. */
static const struct function *find_callee(const struct program *program,
                                          BinaryenExpressionRef expr) {
    if (BinaryenExpressionGetId(expr) != IR(Call) || ir_is_tail_call(expr))
        return NULL;
    const struct function *callee = program_function(program, BinaryenCallGetTarget(expr));
    return callee && wasi_is_translated(program, callee) ? callee : NULL;
}

bool pass_is_wasi_direct(const struct program *program, BinaryenExpressionRef expr) {
    return find_callee(program, expr) && has_plain_operands(expr);
}

/* --- functions that hand on --- */

static bool hands_on_parameters(BinaryenExpressionRef call, BinaryenType params) {
    BinaryenIndex count = BinaryenCallGetNumOperands(call);
    for (BinaryenIndex i = 0; i < count; i++) {
        BinaryenExpressionRef operand = BinaryenCallGetOperandAt(call, i);
        if (BinaryenExpressionGetId(operand) != IR(LocalGet) ||
            BinaryenLocalGetGetIndex(operand) != i)
            return false;
    }
    return count == BinaryenTypeArity(params);
}

/* The call in (i32.and call bits), or the call. */
static BinaryenExpressionRef take_bits(BinaryenExpressionRef body, int32_t *bits) {
    *bits = -1;
    if (BinaryenExpressionGetId(body) != IR(Binary) ||
        BinaryenBinaryGetOp(body) != BinaryenAndInt32() ||
        BinaryenExpressionGetId(BinaryenBinaryGetRight(body)) != IR(Const))
        return body;
    *bits = BinaryenConstGetValueI32(BinaryenBinaryGetRight(body));
    return BinaryenBinaryGetLeft(body);
}

void pass_note_wasi_direct(struct program *program, struct function *function) {
    BinaryenExpressionRef call =
        take_bits(BinaryenFunctionGetBody(function->ref), &function->forwards_bits);
    const struct function *callee = find_callee(program, call);
    function->forwards = 0;
    if (callee && !callee->stands_for &&
        hands_on_parameters(call, BinaryenFunctionGetParams(function->ref)))
        function->forwards = (uint32_t)(callee - program->functions) + 1;
}

static bool is_left_out(const struct function *function) {
    return function->forwards != 0 && !function->suspendable && function->offload == 0;
}

void pass_find_wasi_direct(struct program *program, const struct callgraph *graph) {
    for (uint32_t i = 0; i < program->function_count; i++) {
        uint32_t at = graph->first[CALLGRAPH_CALLERS][i];
        for (; at && is_left_out(&program->functions[i]);
             at = graph->edges[at - 1].next[CALLGRAPH_CALLERS]) {
            uint32_t caller = graph->edges[at - 1].end[CALLGRAPH_CALLERS];
            if (caller < program->function_count)
                program->functions[caller].touched = true;
        }
    }
}

/* --- the exchange --- */

static BinaryenExpressionRef make_direct(struct program *program, const struct function *import,
                                         BinaryenExpressionRef call) {
    BinaryenExpressionRef operands[MAX_OPERANDS];
    for (BinaryenIndex i = 0; i < BinaryenCallGetNumOperands(call); i++)
        operands[i] = BinaryenExpressionCopy(BinaryenCallGetOperandAt(call, i), program->module);
    return wasi_make_translated_call(program, import, operands);
}

static BinaryenExpressionRef make_sure(struct program *program, const struct function *import,
                                       BinaryenExpressionRef call) {
    BinaryenModuleRef module = program->module;
    BinaryenExpressionRef fd = BinaryenExpressionCopy(BinaryenCallGetOperandAt(call, 0), module);
    BinaryenExpressionRef is_sure =
        make_binary(module, BinaryenEqInt32(), fd, make_global_get(module, NAME_SURE));
    return BinaryenIf(module, is_sure, make_direct(program, import, call), call);
}

static BinaryenExpressionRef exchange(void *context, BinaryenExpressionRef expr) {
    struct program *program = context;
    if (BinaryenExpressionGetId(expr) != IR(Call) || ir_is_tail_call(expr) ||
        !has_plain_operands(expr))
        return expr;
    const struct function *callee = program_function(program, BinaryenCallGetTarget(expr));
    if (callee && wasi_is_translated(program, callee))
        return callee->stands_for ? make_sure(program, callee, expr)
                                  : make_direct(program, callee, expr);
    if (!callee || !is_left_out(callee))
        return expr;
    BinaryenExpressionRef call =
        make_direct(program, &program->functions[callee->forwards - 1], expr);
    return callee->forwards_bits == -1
               ? call
               : make_binary(program->module, BinaryenAndInt32(), call,
                             make_i32(program->module, callee->forwards_bits));
}

void pass_wasi_direct(struct program *program) {
    for (size_t i = 0; i < program->function_count; i++) {
        const struct function *function = &program->functions[i];
        if (!function->loaded || function->stands_for)
            continue;
        BinaryenExpressionRef body = BinaryenFunctionGetBody(function->ref), was = body;
        ir_replace_all(&body, exchange, program);
        if (body != was)
            BinaryenFunctionSetBody(function->ref, body);
    }
}
