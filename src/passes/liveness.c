/*
 * liveness.c: which locals have to be in the frame at each site, and where in it.
 *
 * Ordinary backward dataflow over the basic blocks of flow.c: a local is live where some path
 * leads to a read without a write before it. The frame of a site holds exactly what is live behind
 * it, largest values first so that all are naturally aligned, then the site's number:
 *
 *     +--------------+------------------+------------------+---------+-----------+
 *     | v128 ...     | i64, f64 ...     | i32, f32 ...     | padding | u32 site  |
 *     +--------------+------------------+------------------+---------+-----------+
 *     0                                                              size - 4    size
 */
#include <stdlib.h>
#include <string.h>

#include "ir/type.h"
#include "passes/flow.h"

struct bits {
    uint64_t *words; /* one set per block; owned */
    size_t per_set;  /* words in a set */
};

struct liveness {
    struct body *body;
    struct flow flow;
    struct bits gen, kill, in;
    uint64_t *live; /* one set, work space; owned */
};

static uint64_t *set_of(const struct bits *bits, size_t block) {
    return bits->words + block * bits->per_set;
}

static bool set_has(const uint64_t *set, uint32_t item) {
    return set[item / 64] >> (item % 64) & 1;
}

static void set_add(uint64_t *set, uint32_t item) {
    set[item / 64] |= UINT64_C(1) << (item % 64);
}

static void set_remove(uint64_t *set, uint32_t item) {
    set[item / 64] &= ~(UINT64_C(1) << (item % 64));
}

static struct bits make_sets(size_t blocks, size_t per_set) {
    return (struct bits){mem_calloc(blocks * per_set, sizeof(uint64_t)), per_set};
}

static void summarize_block(struct liveness *liveness, size_t block) {
    const struct flow_block *range = &liveness->flow.blocks[block];
    uint64_t *gen = set_of(&liveness->gen, block), *kill = set_of(&liveness->kill, block);
    for (size_t i = range->end_event; i-- > range->first_event;) {
        const struct flow_event *event = &liveness->flow.events[i];
        if (event->kind == FLOW_READ) {
            set_add(gen, event->what);
        } else if (event->kind == FLOW_WRITE) {
            set_remove(gen, event->what);
            set_add(kill, event->what);
        }
    }
}

/* live = what is live at the end of the block. */
static void meet_successors(struct liveness *liveness, size_t block) {
    size_t words = liveness->in.per_set;
    memset(liveness->live, 0, words * sizeof(uint64_t));
    uint32_t at = liveness->flow.blocks[block].successors;
    for (; at; at = liveness->flow.edges[at - 1].next) {
        const uint64_t *in = set_of(&liveness->in, liveness->flow.edges[at - 1].to);
        for (size_t i = 0; i < words; i++)
            liveness->live[i] |= in[i];
    }
}

static bool update_block(struct liveness *liveness, size_t block) {
    const uint64_t *gen = set_of(&liveness->gen, block), *kill = set_of(&liveness->kill, block);
    uint64_t *in = set_of(&liveness->in, block);
    bool changed = false;
    meet_successors(liveness, block);
    for (size_t i = 0; i < liveness->in.per_set; i++) {
        uint64_t now = gen[i] | (liveness->live[i] & ~kill[i]);
        changed |= now != in[i];
        in[i] = now;
    }
    return changed;
}

/* Blocks are numbered nearly in the order of execution, so going backwards settles in a few
 * rounds: one more than loops are nested, as a rule. */
static void solve(struct liveness *liveness) {
    bool changed = true;
    while (changed) {
        changed = false;
        for (size_t block = liveness->flow.block_count; block-- > 0;)
            changed |= update_block(liveness, block);
    }
}

static int refuse_type(const struct body *body, const struct site *site) {
    static const char *const at[] = {"at its entry point", "at its return point",
                                     "at a loop point"};
    return diag_error(body->program->diag,
                      (struct diag_place){.function = body->function->shown,
                                          .hint = "keep references in a table and their index in "
                                                  "the local, or move the use before the call"},
                      "a local that holds a reference is live %s",
                      site->call ? "across a call that can be suspended" : at[site->kind]);
}

/* Adds the slots of one local whose values take `size` bytes. */
static int add_slots(const struct body *body, struct site *site, BinaryenIndex local,
                     uint32_t size) {
    BinaryenType type = body->locals[local];
    BinaryenIndex arity = BinaryenTypeArity(type);
    BinaryenType *members = mem_calloc(arity, sizeof *members);
    int status = 0;
    BinaryenTypeExpand(type, members);
    for (BinaryenIndex i = 0; i < arity && status == 0; i++) {
        if (ir_type_size(members[i]) == 0)
            status = refuse_type(body, site);
        else if (ir_type_size(members[i]) == size) {
            site->slots = mem_grow(site->slots, site->slot_count + 1, sizeof *site->slots);
            site->slots[site->slot_count++] = (struct slot){local, i, members[i], site->frame_size};
            site->frame_size += size;
        }
    }
    free(members);
    return status;
}

static int lay_out_frame(struct liveness *liveness, struct site *site) {
    const struct body *body = liveness->body;
    for (uint32_t size = 16; size >= 4; size /= 2)
        for (BinaryenIndex local = 0; local < body->local_count; local++)
            if (set_has(liveness->live, local) && add_slots(body, site, local, size) < 0)
                return -1;
    site->frame_size = (site->frame_size + 4 + 7) & ~7u;
    program_set_frame_size(body->program, site->number, site->frame_size);
    return 0;
}

static int lay_out_block(struct liveness *liveness, size_t block) {
    const struct flow_block *range = &liveness->flow.blocks[block];
    meet_successors(liveness, block);
    for (size_t i = range->end_event; i-- > range->first_event;) {
        const struct flow_event *event = &liveness->flow.events[i];
        switch (event->kind) {
        case FLOW_READ:
            set_add(liveness->live, event->what);
            break;
        case FLOW_WRITE:
            set_remove(liveness->live, event->what);
            break;
        case FLOW_SITE:
            if (lay_out_frame(liveness, liveness->body->sites[event->what]) < 0)
                return -1;
            break;
        }
    }
    return 0;
}

int body_liveness(struct body *body) {
    struct liveness liveness = {.body = body};
    size_t words = (body->local_count + 63) / 64, blocks;
    int status = 0;
    flow_build(&liveness.flow, body);
    blocks = liveness.flow.block_count;
    liveness.gen = make_sets(blocks, words);
    liveness.kill = make_sets(blocks, words);
    liveness.in = make_sets(blocks, words);
    liveness.live = mem_calloc(words, sizeof(uint64_t));
    for (size_t block = 0; block < blocks; block++)
        summarize_block(&liveness, block);
    solve(&liveness);
    for (size_t block = 0; block < blocks && status == 0; block++)
        status = lay_out_block(&liveness, block);
    free(liveness.gen.words);
    free(liveness.kill.words);
    free(liveness.in.words);
    free(liveness.live);
    flow_release(&liveness.flow);
    return status;
}
