/*
 * emit_frame.c: saving and loading locals.
 *
 * All sites of a function fill their frames in one place, behind the function's code, and all
 * frames are loaded in one place, at its start; a point that lets the program go on takes that way
 * as well. So there are two instructions for each local in the whole function instead of two at
 * each site. Every frame holds all locals that are live behind any site: those that are dead are
 * saved and loaded, too. That keeps them alive, which was measured to cost nothing, and they are
 * the same after a restore as without one, so that the same state gives the same bytes. Setting
 * them to zero in front of a save is more code and no faster but in a function that is divided
 * (emit_parts.c): dozens of values that pass each join of its code keep compilers from doing well.
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

static void store_at(struct emit *emit, struct line *line, BinaryenType type, uint32_t offset,
                     BinaryenExpressionRef value) {
    line_push(line, ir_make_store(emit->module, ir_type_size(type), offset, alignment_of(type),
                                  type, make_global_get(emit->module, NAME_FRAMES), value));
}

/* Only numbers of 4 or 8 bytes in frames: they are saved and loaded by the glue, one behind the
 * other. */
static bool is_simple(const struct body *body) {
    for (size_t i = 0; i < body->slot_count; i++)
        if (ir_type_size(body->slots[i].type) > 8 ||
            BinaryenTypeArity(body->locals[body->slots[i].local]) > 1)
            return false;
    return true;
}

/* Are slots saved and loaded by their addresses? */
static bool is_in_place(const struct body *body) {
    return body->quiet || !is_simple(body);
}

/* Floating point numbers as integers of their size. */
static BinaryenExpressionRef make_bits(struct emit *emit, BinaryenIndex local) {
    BinaryenExpressionRef value = emit_get_local(emit, local);
    if (emit->body->locals[local] == BinaryenTypeFloat32())
        return BinaryenUnary(emit->module, BinaryenReinterpretFloat32(), value);
    if (emit->body->locals[local] == BinaryenTypeFloat64())
        return BinaryenUnary(emit->module, BinaryenReinterpretFloat64(), value);
    return value;
}

/* Integers as what has these bits. */
static BinaryenExpressionRef make_value(struct emit *emit, BinaryenIndex local,
                                        BinaryenExpressionRef bits) {
    if (emit->body->locals[local] == BinaryenTypeFloat32())
        return BinaryenUnary(emit->module, BinaryenReinterpretInt32(), bits);
    if (emit->body->locals[local] == BinaryenTypeFloat64())
        return BinaryenUnary(emit->module, BinaryenReinterpretInt64(), bits);
    return bits;
}

/* How many slots from this one on are saved by one call of the function that is returned. */
static const char *choose_put(const struct body *body, size_t first, BinaryenIndex *count) {
    size_t left = body->slot_count - first;
    *count = 1;
    if (ir_type_size(body->slots[first].type) == 8)
        return NAME_PUT_WIDE;
    if (left < 2)
        return NAME_PUT_1;
    *count = left < 4 ? 2 : 4;
    return left < 4 ? NAME_PUT_2 : NAME_PUT_4;
}

static void put_slots(struct emit *emit, struct line *line) {
    const struct body *body = emit->body;
    BinaryenIndex count;
    for (size_t i = 0; i < body->slot_count; i += count) {
        const char *put = choose_put(body, i, &count);
        BinaryenExpressionRef bits[4];
        for (BinaryenIndex j = 0; j < count; j++)
            bits[j] = make_bits(emit, body->slots[i + j].local);
        line_push(line, BinaryenCall(emit->module, put, bits, count, BinaryenTypeNone()));
    }
}

/* Bytes of all slots. */
static uint32_t slots_size(const struct body *body) {
    uint32_t size = 0;
    for (size_t i = 0; i < body->slot_count; i++)
        size += ir_type_size(body->slots[i].type);
    return size;
}

/* No local lives across a call, and what lay there before is gone. */
static void save_in_place(struct emit *emit, struct line *line, BinaryenExpressionRef number) {
    const struct body *body = emit->body;
    BinaryenModuleRef module = emit->module;
    uint32_t filled = slots_size(body);
    line_push(line, BinaryenLocalSet(module, body->scratch, number));
    for (size_t i = 0; i < body->slot_count; i++)
        store_at(emit, line, body->slots[i].type, body->slots[i].offset,
                 slot_value(emit, &body->slots[i]));
    if (filled + 4 < body->frame_size)
        store_at(emit, line, BinaryenTypeInt32(), filled, make_i32(module, 0));
    BinaryenExpressionRef arguments[] = {emit_get_local(emit, body->scratch),
                                         make_i32(module, (int32_t)body->frame_size)};
    line_push(line, BinaryenCall(module, NAME_FRAME_FILLED, arguments, 2, BinaryenTypeNone()));
}

void emit_save(struct emit *emit, struct line *line, BinaryenExpressionRef number) {
    const struct body *body = emit->body;
    BinaryenModuleRef module = emit->module;
    if (is_in_place(body)) {
        save_in_place(emit, line, number);
        return;
    }
    BinaryenExpressionRef arguments[] = {number, make_i32(module, (int32_t)body->frame_size)};
    line_push(line, BinaryenDrop(module, BinaryenCall(module, NAME_UNWIND_FRAME, arguments, 2,
                                                      BinaryenTypeInt32())));
    put_slots(emit, line);
}

static BinaryenExpressionRef take_slot(struct emit *emit, const struct slot *slot) {
    bool wide = ir_type_size(slot->type) == 8;
    BinaryenExpressionRef bits = BinaryenCall(emit->module, wide ? NAME_TAKE_WIDE : NAME_TAKE, NULL,
                                              0, wide ? BinaryenTypeInt64() : BinaryenTypeInt32());
    return make_value(emit, slot->local, bits);
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
static void load_local(struct emit *emit, struct line *line, const struct slot *slot,
                       bool in_place) {
    if (slot->member != 0)
        return;
    bool tuple = BinaryenTypeArity(emit->body->locals[slot->local]) > 1;
    BinaryenExpressionRef value = tuple      ? load_tuple(emit, slot->local)
                                  : in_place ? load_slot(emit, slot)
                                             : take_slot(emit, slot);
    line_push(line, BinaryenLocalSet(emit->module, slot->local, value));
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
    bool in_place = is_in_place(body);
    for (size_t i = 0; i < body->slot_count; i++)
        load_local(emit, line, &body->slots[i], in_place);
}

void emit_load_again(struct emit *emit, struct line *line) {
    for (size_t i = 0; i < emit->body->slot_count; i++)
        load_local(emit, line, &emit->body->slots[i], true);
}

void emit_go_save(struct emit *emit, struct line *line, const struct site *site) {
    BinaryenExpressionRef number =
        make_i32(emit->module, (int32_t)(site->number - emit->body->sites[0]->number));
    struct label label = emit->part == BODY_WHOLE ? (struct label){LABEL_SAVE}
                                                  : emit_label(LABEL_CLEAR, site->alike);
    line_push(line, BinaryenBreak(emit->module, label.text, NULL, number));
}
