/*
 * emit_frame.c: saving and loading the locals of one site.
 *
 * The stores and loads are per site, exactly what is live there. Sharing them between sites was
 * measured and dropped: it keeps dead values alive on the hot path.
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

static BinaryenExpressionRef frame_call(struct emit *emit, const char *function, uint32_t size) {
    BinaryenExpressionRef argument = make_i32(emit->module, (int32_t)size);
    return BinaryenCall(emit->module, function, &argument, 1, BinaryenTypeInt32());
}

static BinaryenExpressionRef slot_value(struct emit *emit, const struct slot *slot) {
    BinaryenExpressionRef value = emit_get_local(emit, slot->local);
    if (BinaryenTypeArity(emit->body->locals[slot->local]) > 1)
        value = BinaryenTupleExtract(emit->module, value, slot->member);
    return value;
}

void emit_save(struct emit *emit, struct line *line, const struct site *site) {
    BinaryenIndex scratch = emit->body->scratch;
    line_push(line, BinaryenLocalSet(emit->module, scratch,
                                     frame_call(emit, NAME_FRAME_PUSH, site->frame_size)));
    for (size_t i = 0; i < site->slot_count; i++) {
        const struct slot *slot = &site->slots[i];
        line_push(line, ir_make_store(emit->module, ir_type_size(slot->type), slot->offset,
                                      alignment_of(slot->type), slot->type,
                                      emit_get_local(emit, scratch), slot_value(emit, slot)));
    }
    line_push(line, ir_make_store(emit->module, 4, site->frame_size - 4, 4, BinaryenTypeInt32(),
                                  emit_get_local(emit, scratch),
                                  make_i32(emit->module, (int32_t)site->number)));
}

static BinaryenExpressionRef load_slot(struct emit *emit, const struct slot *slot) {
    return ir_make_load(emit->module, ir_type_size(slot->type), slot->offset,
                        alignment_of(slot->type), slot->type,
                        emit_get_local(emit, emit->body->scratch));
}

/* A tuple is loaded whole when its first member comes up. */
static BinaryenExpressionRef load_tuple(struct emit *emit, const struct site *site,
                                        BinaryenIndex local) {
    BinaryenIndex arity = BinaryenTypeArity(emit->body->locals[local]);
    BinaryenExpressionRef *members = mem_calloc(arity, sizeof(BinaryenExpressionRef));
    for (size_t i = 0; i < site->slot_count; i++)
        if (site->slots[i].local == local)
            members[site->slots[i].member] = load_slot(emit, &site->slots[i]);
    BinaryenExpressionRef tuple = BinaryenTupleMake(emit->module, members, arity);
    free(members);
    return tuple;
}

void emit_load(struct emit *emit, struct line *line, const struct site *site) {
    BinaryenExpressionRef address = frame_call(emit, NAME_FRAME_POP, site->frame_size);
    if (site->slot_count == 0) {
        line_push(line, BinaryenDrop(emit->module, address));
        return;
    }
    line_push(line, BinaryenLocalSet(emit->module, emit->body->scratch, address));
    for (size_t i = 0; i < site->slot_count; i++) {
        const struct slot *slot = &site->slots[i];
        bool tuple = BinaryenTypeArity(emit->body->locals[slot->local]) > 1;
        if (tuple && slot->member != 0)
            continue;
        BinaryenExpressionRef value =
            tuple ? load_tuple(emit, site, slot->local) : load_slot(emit, slot);
        line_push(line, BinaryenLocalSet(emit->module, slot->local, value));
    }
}
