/*
 * emit_frame.c: saving and loading locals.
 *
 * All sites of a function fill their frames in one place, behind the function's code, and all
 * frames are loaded in one place, at its start; a point that lets the program go on takes that way
 * as well. So there are two instructions for each local in the whole function instead of two at
 * each site. Every frame holds all locals that are live behind any site: those that are dead are
 * saved and loaded, too. That keeps them alive, which was measured to cost nothing, and they are
 * the same after a restore as without one, so that the same state gives the same bytes. Setting
 * them to zero in front of a save is more code and no faster.
 *
 * Points of marks fill and load their frames in place: they ask what their function wants.
 */
#include <stdlib.h>

#include "ir/compat.h"
#include "ir/make.h"
#include "ir/names.h"
#include "ir/type.h"
#include "passes/emit.h"

BinaryenExpressionRef emit_get_local(struct emit *emit, BinaryenIndex local) {
    return BinaryenLocalGet(emit->module, local, emit->body->locals[local]);
}

/* Frames are multiples of 8, so no more than that may be promised of an address. */
static uint32_t alignment_of(BinaryenType type) {
    return ir_type_size(type) == 16 ? 8 : ir_type_size(type);
}

static BinaryenExpressionRef slot_value(struct emit *emit, const struct slot *slot) {
    BinaryenExpressionRef value = emit_get_local(emit, slot->local);
    if (BinaryenTypeArity(emit->body->locals[slot->local]) > 1)
        value = BinaryenTupleExtract(emit->module, value, slot->member);
    return value;
}

static void store_slot(struct emit *emit, struct line *line, const struct slot *slot) {
    line_push(line,
              ir_make_store(emit->module, ir_type_size(slot->type), slot->offset,
                            alignment_of(slot->type), slot->type,
                            emit_get_local(emit, emit->body->scratch), slot_value(emit, slot)));
}

void emit_save(struct emit *emit, struct line *line, BinaryenExpressionRef number) {
    const struct body *body = emit->body;
    BinaryenModuleRef module = emit->module;
    BinaryenExpressionRef arguments[] = {number, make_i32(module, (int32_t)body->frame_size)};
    BinaryenExpressionRef frame =
        BinaryenCall(module, NAME_UNWIND_FRAME, arguments, 2, BinaryenTypeInt32());
    line_push(line, body->slot_count > 0 ? BinaryenLocalSet(module, body->scratch, frame)
                                         : BinaryenDrop(module, frame));
    for (size_t i = 0; i < body->slot_count; i++)
        store_slot(emit, line, &body->slots[i]);
}

static BinaryenExpressionRef load_slot(struct emit *emit, const struct slot *slot) {
    return ir_make_load(emit->module, ir_type_size(slot->type), slot->offset,
                        alignment_of(slot->type), slot->type,
                        make_global_get(emit->module, NAME_FRAMES));
}

/* A tuple is loaded whole: its members have slots of different sizes. */
static BinaryenExpressionRef load_tuple(struct emit *emit, BinaryenIndex local) {
    const struct body *body = emit->body;
    BinaryenIndex arity = BinaryenTypeArity(body->locals[local]);
    BinaryenExpressionRef *members = mem_calloc(arity, sizeof(BinaryenExpressionRef));
    for (size_t i = 0; i < body->slot_count; i++)
        if (body->slots[i].local == local)
            members[body->slots[i].member] = load_slot(emit, &body->slots[i]);
    BinaryenExpressionRef tuple = BinaryenTupleMake(emit->module, members, arity);
    free(members);
    return tuple;
}

/* Loads the local that the slot is the first one of. */
static void load_local(struct emit *emit, struct line *line, const struct slot *slot) {
    if (slot->member != 0)
        return;
    bool tuple = BinaryenTypeArity(emit->body->locals[slot->local]) > 1;
    line_push(line,
              BinaryenLocalSet(emit->module, slot->local,
                               tuple ? load_tuple(emit, slot->local) : load_slot(emit, slot)));
}

void emit_load(struct emit *emit, struct line *line) {
    const struct body *body = emit->body;
    BinaryenModuleRef module = emit->module;
    BinaryenExpressionRef arguments[] = {
        make_i32(module, (int32_t)body->frame_size),
        make_i32(module, (int32_t)body->sites[0]->number),
        make_i32(module, (int32_t)body->site_count),
    };
    line_push(line, BinaryenCall(module, NAME_REWIND_FRAME, arguments, 3, BinaryenTypeNone()));
    for (size_t i = 0; i < body->slot_count; i++)
        load_local(emit, line, &body->slots[i]);
}

void emit_go_save(struct emit *emit, struct line *line, const struct site *site) {
    BinaryenExpressionRef number =
        make_i32(emit->module, (int32_t)(site->number - emit->body->sites[0]->number));
    line_push(line, BinaryenBreak(emit->module, LABEL_SAVE, NULL, number));
}
