/*
 * glue_stack.c: finds out who calls whom, then where the frames lie.
 */
#include "passes/glue_stack.h"

#include <stdlib.h>
#include <string.h>

#include "ir/make.h"
#include "ir/walk.h"
#include "runtime-glue/abi.h"
#include "support/buf.h"
#include "support/map.h"

struct frame {
    uint32_t size;  /* bytes; 0: has none */
    uint32_t place; /* bytes from the lowest address */
};

struct call {
    uint32_t from, to;
};

struct stack {
    BinaryenModuleRef glue;
    const char *pointer;  /* the global's name; interned; NULL: nobody has a frame */
    struct map by_name;   /* number of a function */
    struct frame *frames; /* owned; of each function */
    struct buf calls;     /* struct call */
    uint32_t current;     /* the function that is being looked at */
    uint32_t unknown;     /* uses of the pointer, and calls, that are not understood */
};

static const char *find_pointer(BinaryenModuleRef glue) {
    for (BinaryenIndex i = 0; i < BinaryenGetNumGlobals(glue); i++) {
        BinaryenGlobalRef global = BinaryenGetGlobalByIndex(glue, i);
        if (strcmp(BinaryenGlobalImportGetBase(global), "__stack_pointer") == 0)
            return BinaryenGlobalGetName(global);
    }
    return NULL;
}

/* What is taken off the stack pointer; 0 for other expressions. -64 is a byte shorter than 64. */
static uint32_t frame_size(const struct stack *stack, BinaryenExpressionRef expr) {
    uint64_t bits;
    if (BinaryenExpressionGetId(expr) != IR(Binary) ||
        BinaryenExpressionGetId(BinaryenBinaryGetLeft(expr)) != IR(GlobalGet) ||
        BinaryenGlobalGetGetName(BinaryenBinaryGetLeft(expr)) != stack->pointer ||
        !ir_is_integer(BinaryenBinaryGetRight(expr), &bits))
        return 0;
    if (BinaryenBinaryGetOp(expr) == BinaryenSubInt32())
        return (uint32_t)bits;
    return BinaryenBinaryGetOp(expr) == BinaryenAddInt32() && (int32_t)bits < 0 ? -(uint32_t)bits
                                                                                : 0;
}

static BinaryenExpressionRef look(void *context, BinaryenExpressionRef expr) {
    struct stack *stack = context;
    struct call call = {stack->current, 0};
    uint32_t size = frame_size(stack, expr);
    if (BinaryenExpressionGetId(expr) == IR(GlobalGet) &&
        BinaryenGlobalGetGetName(expr) == stack->pointer)
        stack->unknown++;
    if (BinaryenExpressionGetId(expr) == IR(CallIndirect))
        stack->unknown++;
    if (size > 0) {
        stack->frames[stack->current].size = size;
        stack->unknown--;
    }
    if (BinaryenExpressionGetId(expr) == IR(Call) &&
        map_get(&stack->by_name, BinaryenCallGetTarget(expr), &call.to))
        buf_append(&stack->calls, &call, sizeof call);
    return expr;
}

/* Behind the frames of all callers, and theirs. False if that comes to no end. */
static bool find_places(struct stack *stack) {
    const struct call *calls = (const void *)stack->calls.data;
    size_t count = stack->calls.size / sizeof *calls;
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < count; i++) {
            const struct frame *from = &stack->frames[calls[i].from];
            struct frame *to = &stack->frames[calls[i].to];
            if (to->place >= from->place + from->size)
                continue;
            to->place = from->place + from->size;
            changed = true;
            if (to->place > SNAPIFY_GLUE_STACK_SIZE)
                return false;
        }
    }
    return true;
}

static BinaryenExpressionRef move_pointer(void *context, BinaryenExpressionRef expr) {
    const struct stack *stack = context;
    uint32_t place = stack->frames[stack->current].place;
    if (frame_size(stack, expr) > 0)
        return place == 0
                   ? BinaryenBinaryGetLeft(expr)
                   : make_binary(stack->glue, BinaryenAddInt32(), BinaryenBinaryGetLeft(expr),
                                 make_i32(stack->glue, (int32_t)place));
    if (BinaryenExpressionGetId(expr) != IR(GlobalSet) ||
        BinaryenGlobalSetGetName(expr) != stack->pointer)
        return expr;
    BinaryenExpressionRef value = BinaryenGlobalSetGetValue(expr);
    if (BinaryenExpressionGetId(value) != IR(LocalSet))
        return BinaryenNop(stack->glue);
    return BinaryenLocalSet(stack->glue, BinaryenLocalSetGetIndex(value),
                            BinaryenLocalSetGetValue(value));
}

static int fix_frames(struct stack *stack, const BinaryenFunctionRef *functions, size_t count) {
    uint32_t used = 0;
    for (size_t i = 0; i < count; i++) {
        const struct frame *frame = &stack->frames[i];
        if (frame->place + frame->size > used)
            used = frame->place + frame->size;
        if (frame->size == 0)
            continue;
        BinaryenExpressionRef body = BinaryenFunctionGetBody(functions[i]);
        stack->current = (uint32_t)i;
        ir_replace_all(&body, move_pointer, stack);
        BinaryenFunctionSetBody(functions[i], body);
    }
    return used <= SNAPIFY_GLUE_STACK_SIZE ? (int)used : -1;
}

int glue_stack_place(BinaryenModuleRef glue, const BinaryenFunctionRef *functions, size_t count) {
    struct stack stack = {.glue = glue, .pointer = find_pointer(glue)};
    stack.frames = mem_calloc(count, sizeof *stack.frames);
    for (size_t i = 0; i < count; i++)
        map_put(&stack.by_name, BinaryenFunctionGetName(functions[i]), (uint32_t)i);
    for (size_t i = 0; i < count; i++) {
        BinaryenExpressionRef body = BinaryenFunctionGetBody(functions[i]);
        stack.current = (uint32_t)i;
        ir_replace_all(&body, look, &stack);
    }
    int used =
        stack.unknown == 0 && find_places(&stack) ? fix_frames(&stack, functions, count) : -1;
    free(stack.frames);
    map_release(&stack.by_name);
    buf_release(&stack.calls);
    return used;
}
