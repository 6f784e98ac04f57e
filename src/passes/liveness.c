/*
 * liveness.c: which locals have to be in the frame at each site, and where in it.
 *
 * Ordinary backward dataflow over the basic blocks of flow.c: a local is live where some path
 * leads to a read without a write before it. All frames of a function have one layout: what is live
 * behind any of its sites, largest values first so that all are naturally aligned, then the site's
 * number. A site uses the slots of what is live behind it, the others hold values that nobody will
 * read.
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
    struct bits at_site; /* per site: what is live behind it */
    uint64_t *live;      /* one set, work space; owned */
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

/* Adds the slots of those members of a local that take `size` bytes. */
static void add_slots(struct body *body, BinaryenIndex local, uint32_t size) {
    BinaryenType type = body->locals[local];
    BinaryenIndex arity = BinaryenTypeArity(type);
    BinaryenType *members = mem_calloc(arity, sizeof *members);
    BinaryenTypeExpand(type, members);
    for (BinaryenIndex i = 0; i < arity; i++) {
        if (ir_type_size(members[i]) != size)
            continue;
        body->slots = mem_grow(body->slots, body->slot_count + 1, sizeof *body->slots);
        body->slots[body->slot_count++] = (struct slot){local, i, members[i], body->frame_size};
        body->frame_size += size;
    }
    free(members);
}

static bool holds_reference(BinaryenType type) {
    BinaryenIndex arity = BinaryenTypeArity(type);
    BinaryenType *members = mem_calloc(arity, sizeof *members);
    bool found = false;
    BinaryenTypeExpand(type, members);
    for (BinaryenIndex i = 0; i < arity; i++)
        found |= ir_type_size(members[i]) == 0;
    free(members);
    return found;
}

static int refuse_references(const struct liveness *liveness, size_t site) {
    const struct body *body = liveness->body;
    for (BinaryenIndex local = 0; local < body->local_count; local++)
        if (set_has(set_of(&liveness->at_site, site), local) &&
            holds_reference(body->locals[local]))
            return refuse_type(body, body->sites[site]);
    return 0;
}

/* liveness->live = what lives at any site, or only at any call. */
static void gather(struct liveness *liveness, bool calls_only) {
    const struct body *body = liveness->body;
    memset(liveness->live, 0, liveness->in.per_set * sizeof(uint64_t));
    for (size_t site = 0; site < body->site_count; site++)
        for (size_t i = 0; i < liveness->in.per_set && (!calls_only || body->sites[site]->call);
             i++)
            liveness->live[i] |= set_of(&liveness->at_site, site)[i];
}

static void lay_out_frame(struct liveness *liveness) {
    struct body *body = liveness->body;
    gather(liveness, false);
    for (uint32_t size = 16; size >= 4; size /= 2)
        for (BinaryenIndex local = 0; local < body->local_count; local++)
            if (set_has(liveness->live, local))
                add_slots(body, local, size);
    body->frame_size = (body->frame_size + 4 + 7) & ~7u;
}

static bool is_loop_point(const struct site *site) {
    return !site->call && site->kind == SNAPIFY_POINT_LOOP;
}

/* Does something live at a loop's point that lives across no call? */
static bool is_quiet(struct liveness *liveness) {
    const struct body *body = liveness->body;
    gather(liveness, true);
    for (size_t site = 0; site < body->site_count; site++)
        for (size_t i = 0; i < liveness->in.per_set && is_loop_point(body->sites[site]); i++)
            if ((set_of(&liveness->at_site, site)[i] & ~liveness->live[i]) != 0)
                return true;
    return false;
}

static void use_slots(const struct liveness *liveness, size_t index) {
    const struct body *body = liveness->body;
    const uint64_t *live = set_of(&liveness->at_site, index);
    struct site *site = body->sites[index];
    size_t count = 0;
    for (size_t i = 0; i < body->slot_count; i++)
        count += set_has(live, body->slots[i].local);
    site->slots = mem_calloc(count, sizeof *site->slots);
    for (size_t i = 0; i < body->slot_count; i++)
        if (set_has(live, body->slots[i].local))
            site->slots[site->slot_count++] = body->slots[i];
    program_set_frame_size(body->program, site->number, body->frame_size);
}

static void note_initial(const struct liveness *liveness) {
    struct body *body = liveness->body;
    body->initial = mem_calloc(body->local_count, sizeof *body->initial);
    for (BinaryenIndex local = 0; local < body->local_count; local++)
        if (set_has(set_of(&liveness->in, 0), local))
            body->initial[body->initial_count++] = local;
}

static int lay_out(struct liveness *liveness) {
    const struct body *body = liveness->body;
    for (size_t site = 0; site < body->site_count; site++)
        if (refuse_references(liveness, site) < 0)
            return -1;
    lay_out_frame(liveness);
    liveness->body->quiet = is_quiet(liveness);
    for (size_t site = 0; site < body->site_count; site++)
        use_slots(liveness, site);
    return 0;
}

static void note_sites(struct liveness *liveness, size_t block) {
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
            memcpy(set_of(&liveness->at_site, event->what), liveness->live,
                   liveness->in.per_set * sizeof(uint64_t));
            break;
        }
    }
}

int body_liveness(struct body *body) {
    struct liveness liveness = {.body = body};
    size_t words = (body->local_count + 63) / 64, blocks;
    flow_build(&liveness.flow, body);
    blocks = liveness.flow.block_count;
    liveness.gen = make_sets(blocks, words);
    liveness.kill = make_sets(blocks, words);
    liveness.in = make_sets(blocks, words);
    liveness.at_site = make_sets(body->site_count, words);
    liveness.live = mem_calloc(words, sizeof(uint64_t));
    for (size_t block = 0; block < blocks; block++)
        summarize_block(&liveness, block);
    solve(&liveness);
    for (size_t block = 0; block < blocks; block++)
        note_sites(&liveness, block);
    note_initial(&liveness);
    int status = lay_out(&liveness);
    free(liveness.gen.words);
    free(liveness.kill.words);
    free(liveness.in.words);
    free(liveness.at_site.words);
    free(liveness.live);
    flow_release(&liveness.flow);
    return status;
}
