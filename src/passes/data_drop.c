/*
 * data_drop.c: a passive data segment that was dropped is dropped again after a restore.
 *
 *     (data.drop $s)        =>  (data.drop $s) (global.set $snapify_dropped0 (i32.const 1))
 *
 * The new global is one of the application's, so it travels with them; pass_globals() drops the
 * segment again when it has loaded a 1. A copy of the instruction stands for the segment, because
 * some versions of Binaryen number segments and others name them.
 */
#include "ir/compat.h"
#include "ir/make.h"
#include "ir/names.h"
#include "ir/walk.h"
#include "passes/passes.h"

static const char *flag_of(struct program *program, BinaryenExpressionRef drop) {
    for (size_t i = 0; i < program->dropped_count; i++)
        if (ir_drops_same_segment(program->dropped[i].drop, drop))
            return program->dropped[i].flag;
    char *name = mem_printf(NAME_DROPPED "%zu", program->dropped_count);
    BinaryenAddGlobal(program->frame, name, BinaryenTypeInt32(), true, make_i32(program->frame, 0));
    program_save_global(program, name);
    program->dropped =
        mem_grow(program->dropped, program->dropped_count + 1, sizeof *program->dropped);
    program->dropped[program->dropped_count++] =
        (struct dropped_segment){name, BinaryenExpressionCopy(drop, program->frame)};
    return name;
}

void pass_note_data_drop(struct program *program, BinaryenExpressionRef drop) {
    flag_of(program, drop);
}

static BinaryenExpressionRef note_drop(void *context, BinaryenExpressionRef expr) {
    struct program *program = context;
    if (BinaryenExpressionGetId(expr) != IR(DataDrop))
        return expr;
    BinaryenExpressionRef items[] = {
        expr,
        make_global_set(program->module, flag_of(program, expr), make_i32(program->module, 1)),
    };
    return make_sequence(program->module, items, 2);
}

void pass_data_drop(struct program *program) {
    for (size_t i = 0; i < program->function_count; i++) {
        const struct function *function = &program->functions[i];
        if (!function->loaded)
            continue;
        BinaryenExpressionRef body = BinaryenFunctionGetBody(function->ref), was = body;
        ir_replace_all(&body, note_drop, program);
        if (body != was)
            BinaryenFunctionSetBody(function->ref, body);
    }
}
