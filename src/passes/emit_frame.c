/*
 * emit_frame.c: saving and loading locals.
 *
 * A point saves and loads exactly what is live there. Calls share: their frames are filled in one
 * place at the end of the function, and what is live behind any call of a region is loaded where
 * the region dispatches. Loading a local that is dead costs nothing, saving one keeps it alive on
 * the hot path: so a call zeroes what is dead behind it before it goes to the shared place. Frames
 * are the same then whichever way the program took: what is dead is zero in all of them.
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

static void store_slot(struct emit *emit, struct line *line, const struct slot *slot) {
    line_push(line,
              ir_make_store(emit->module, ir_type_size(slot->type), slot->offset,
                            alignment_of(slot->type), slot->type,
                            emit_get_local(emit, emit->body->scratch), slot_value(emit, slot)));
}

static void store_number(struct emit *emit, struct line *line, BinaryenExpressionRef frame,
                         BinaryenExpressionRef number) {
    line_push(line, ir_make_store(emit->module, 4, emit->body->frame_size - 4, 4,
                                  BinaryenTypeInt32(), frame, number));
}

void emit_save(struct emit *emit, struct line *line, const struct site *site) {
    const struct body *body = emit->body;
    line_push(line, BinaryenLocalSet(emit->module, body->scratch,
                                     frame_call(emit, NAME_FRAME_PUSH, body->frame_size)));
    for (size_t i = 0; i < site->slot_count; i++)
        store_slot(emit, line, &site->slots[i]);
    store_number(emit, line, emit_get_local(emit, body->scratch),
                 make_i32(emit->module, (int32_t)site->number));
}

BinaryenExpressionRef emit_frame(struct emit *emit, uint32_t size) {
    BinaryenModuleRef module = emit->module;
    return make_binary(module, BinaryenSubInt32(), make_global_get(module, NAME_FRAMES),
                       make_i32(module, (int32_t)size));
}

void emit_shared_save(struct emit *emit, struct line *line) {
    const struct body *body = emit->body;
    store_number(emit, line, frame_call(emit, NAME_FRAME_PUSH, body->frame_size),
                 emit_get_local(emit, body->scratch));
    if (body->slot_count > 0)
        line_push(line, BinaryenLocalSet(emit->module, body->scratch,
                                         emit_frame(emit, body->frame_size)));
    for (size_t i = 0; i < body->slot_count; i++)
        store_slot(emit, line, &body->slots[i]);
}

static bool uses_local(const struct site *site, BinaryenIndex local) {
    for (size_t i = 0; i < site->slot_count; i++)
        if (site->slots[i].local == local)
            return true;
    return false;
}

void emit_go_save(struct emit *emit, struct line *line, const struct site *site) {
    const struct body *body = emit->body;
    BinaryenModuleRef module = emit->module;
    for (size_t i = 0; i < body->slot_count; i++) {
        const struct slot *slot = &body->slots[i];
        if (slot->member == 0 && !uses_local(site, slot->local))
            line_push(line, BinaryenLocalSet(module, slot->local,
                                             make_zero(module, body->locals[slot->local])));
    }
    line_push(line,
              BinaryenLocalSet(module, body->scratch, make_i32(module, (int32_t)site->number)));
    line_push(line, emit_branch(emit, LABEL_SAVE));
}

static BinaryenExpressionRef load_slot(struct emit *emit, const struct slot *slot) {
    return ir_make_load(emit->module, ir_type_size(slot->type), slot->offset,
                        alignment_of(slot->type), slot->type,
                        emit_get_local(emit, emit->body->scratch));
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

void emit_pop(struct emit *emit, struct line *line) {
    line_push(line,
              BinaryenDrop(emit->module, frame_call(emit, NAME_FRAME_POP, emit->body->frame_size)));
}

void emit_load(struct emit *emit, struct line *line, const struct site *site) {
    if (site->slot_count == 0) {
        emit_pop(emit, line);
        return;
    }
    line_push(line, BinaryenLocalSet(emit->module, emit->body->scratch,
                                     frame_call(emit, NAME_FRAME_POP, emit->body->frame_size)));
    for (size_t i = 0; i < site->slot_count; i++)
        load_local(emit, line, &site->slots[i]);
}

/* Marks the locals that are live behind the calls of a region, not of the regions in it. */
static void note_locals(const struct stmt_list *list, bool *wanted) {
    for (const struct stmt *stmt = list->first; stmt; stmt = stmt->next) {
        if (stmt->kind == STMT_CALL)
            for (size_t i = 0; i < stmt->site->slot_count; i++)
                wanted[stmt->site->slots[i].local] = true;
        if (stmt->kind == STMT_BLOCK || stmt->kind == STMT_IF) {
            note_locals(&stmt->inner, wanted);
            note_locals(&stmt->otherwise, wanted);
        }
    }
}

void emit_load_region(struct emit *emit, struct line *line, const struct region *region) {
    const struct body *body = emit->body;
    bool *wanted = mem_calloc(body->local_count, sizeof *wanted), any = false;
    note_locals(region->list, wanted);
    for (size_t i = 0; i < body->slot_count; i++)
        any |= wanted[body->slots[i].local];
    if (any)
        line_push(line, BinaryenLocalSet(emit->module, body->scratch,
                                         emit_frame(emit, body->frame_size)));
    for (size_t i = 0; i < body->slot_count; i++)
        if (wanted[body->slots[i].local])
            load_local(emit, line, &body->slots[i]);
    free(wanted);
}
