/*
 * globals.c: the words that instrumented code tests, and the functions that the glue needs and only
 * the rewriter can write.
 *
 *     snapify_globals_save(address), snapify_globals_load(address)
 *         all mutable globals of the application one behind the other, wide ones first, and behind
 *         them the node of the active KAFU_MAY_OFFLOAD and the phase (wrap_exports.c)
 *     snapify_here_set(node)
 *         the number of this node, and for each set of destinations whether it wants to leave
 */
#include "ir/compat.h"
#include "ir/make.h"
#include "ir/names.h"
#include "ir/type.h"
#include "passes/passes.h"
#include "passes/site_map.h"
#include "runtime-glue/abi.h"

#include <stdlib.h>

struct sequence {
    BinaryenExpressionRef *items; /* owned */
    BinaryenIndex count;
};

static void push(struct sequence *sequence, BinaryenExpressionRef item) {
    sequence->items = mem_grow(sequence->items, sequence->count + 1, sizeof(BinaryenExpressionRef));
    sequence->items[sequence->count++] = item;
}

/* A function of one i32, without result. */
static void add_function(struct program *program, const char *name, struct sequence *code) {
    BinaryenModuleRef module = program->module;
    BinaryenExpressionRef body =
        BinaryenBlock(module, NULL, code->items, code->count, BinaryenTypeNone());
    BinaryenAddFunction(module, name, BinaryenTypeInt32(), BinaryenTypeNone(), NULL, 0, body);
    free(code->items);
}

static BinaryenExpressionRef argument(BinaryenModuleRef module) {
    return BinaryenLocalGet(module, 0, BinaryenTypeInt32());
}

struct accessors {
    struct program *program;
    struct sequence save, load;
    uint32_t offset;
};

static void add_global(struct accessors *accessors, const char *name, BinaryenType type) {
    BinaryenModuleRef module = accessors->program->module;
    uint32_t size = ir_type_size(type), align = size > 8 ? 8 : size, at = accessors->offset;
    push(&accessors->save, ir_make_store(module, size, at, align, type, argument(module),
                                         BinaryenGlobalGet(module, name, type)));
    push(&accessors->load,
         BinaryenGlobalSet(module, name,
                           ir_make_load(module, size, at, align, type, argument(module))));
    site_map_global(accessors->program, name, type, at);
    accessors->offset += size;
}

/* Segments that were dropped before the snapshot are whole again in a new instance. */
static void add_drops(struct accessors *accessors) {
    struct program *program = accessors->program;
    BinaryenModuleRef module = program->module;
    for (size_t i = 0; i < program->dropped_count; i++) {
        const struct dropped_segment *segment = &program->dropped[i];
        push(&accessors->load, BinaryenIf(module, make_global_get(module, segment->flag),
                                          BinaryenExpressionCopy(segment->drop, module), NULL));
    }
}

static void add_accessors(struct program *program) {
    struct accessors accessors = {.program = program};
    for (uint32_t size = 16; size >= 4; size /= 2) {
        for (size_t i = 0; i < program->saved_global_count; i++) {
            const char *name = program->saved_globals[i];
            BinaryenType type = BinaryenGlobalGetType(BinaryenGetGlobal(program->module, name));
            if (ir_type_size(type) == size)
                add_global(&accessors, name, type);
        }
    }
    add_global(&accessors, NAME_INSIDE, BinaryenTypeInt32());
    add_global(&accessors, NAME_PHASE, BinaryenTypeInt32());
    add_drops(&accessors);
    program->globals_size = (accessors.offset + 7) & ~7u;
    add_function(program, NAME_GLOBALS_SAVE, &accessors.save);
    add_function(program, NAME_GLOBALS_LOAD, &accessors.load);
}

/* 1 if the node is known and none of those wanted, else 0; as a mask of the sign bit. */
static BinaryenExpressionRef wants_to_leave(BinaryenModuleRef module,
                                            const struct node_set *destination) {
    BinaryenExpressionRef away =
        make_binary(module, BinaryenNeInt32(), argument(module), make_i32(module, 0));
    for (size_t i = 0; i < destination->count; i++) {
        BinaryenExpressionRef other = make_binary(module, BinaryenNeInt32(), argument(module),
                                                  make_i32(module, (int32_t)destination->nodes[i]));
        away = make_binary(module, BinaryenAndInt32(), away, other);
    }
    return make_binary(module, BinaryenShlInt32(), away, make_i32(module, 31));
}

static void add_here_set(struct program *program) {
    BinaryenModuleRef module = program->module;
    struct sequence code = {0};
    push(&code, make_global_set(module, NAME_HERE, argument(module)));
    for (size_t i = 0; i < program->destination_count; i++)
        push(&code, make_global_set(module, program->destinations[i].away,
                                    wants_to_leave(module, &program->destinations[i])));
    add_function(program, NAME_HERE_SET, &code);
}

static void add_word(struct program *program, const char *name, int32_t value) {
    BinaryenAddGlobal(program->module, name, BinaryenTypeInt32(), true,
                      make_i32(program->module, value));
}

void pass_globals(struct program *program) {
    add_word(program, NAME_STATE, 0);
    add_word(program, NAME_BUDGET, 0);
    add_word(program, NAME_SITE, SNAPIFY_NO_SITE);
    add_word(program, NAME_REFILL, 0);
    add_word(program, NAME_HERE, 0);
    add_word(program, NAME_INSIDE, 0);
    add_word(program, NAME_PHASE, 0);
    for (size_t i = 0; i < program->destination_count; i++)
        add_word(program, program->destinations[i].away, 0);
    add_accessors(program);
    add_here_set(program);
}
