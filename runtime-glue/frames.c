/*
 * frames.c: the stack of frames that unwinding fills and rewinding empties.
 *
 * A push never fails, because room for several frames is kept free behind the top: when it cannot
 * be kept any more, the program turns round while the last frames still fit.
 *
 * The frames of a snapshot are checked while they are rewound, which is before the program's first
 * instruction: each function knows its own sites, and refuses the number of any other; each site
 * knows the size of its frame, and sizes and count have to come out even; the innermost frame has
 * to be that of the snapshot's point. A table of sites and callees in the image would find no more,
 * and grow with the program. What neither finds is a wrong value in a frame of the right shape.
 */
#include "runtime-glue/glue.h"

/* The caller of a push that turned round finishes its frame and pushes no other, and a point pushes
 * one before it asks; four leave a margin. */
#define RESERVED_FRAMES 4

static uint32_t align(uint32_t offset) {
    return (offset + 15) & ~15u;
}

uint32_t tables_start(void) {
    return align(glue.process_end != 0 ? glue.process_end : glue.keep_end);
}

uint32_t tables_end(void) {
    return align(tables_start() + glue.tables_size);
}

uint32_t frames_start(void) {
    return align(glue.files_end != 0 ? glue.files_end : tables_end());
}

uint64_t frames_reserve(void) {
    return (uint64_t)RESERVED_FRAMES * snapify_config.max_frame_size + 64;
}

bool room_make(uint32_t start, uint32_t shift) {
    uint32_t used = frames_get() - base_get() - start;
    if (!region_reserve((uint64_t)start + shift + used + frames_reserve()))
        return false;
    memmove(at(base_get() + start + shift), at(base_get() + start), used);
    if (glue.files_end != 0) {
        glue.files_end += shift;
        files_set(files_get() + shift);
    }
    frames_set(frames_get() + shift);
    return true;
}

/* All offsets that are counted from there, whichever way it goes. */
static void room_shift(uint32_t shift) {
    snapify_config.frames_offset += shift;
    glue.env_end += shift;
    glue.keep_end += shift;
    if (glue.process_end != 0) {
        glue.process += shift;
        glue.process_end += shift;
    }
    snapify_tables_moved();
}

bool room_open(uint32_t size) {
    if (!room_make(snapify_config.frames_offset, size))
        return false;
    room_shift(size);
    return true;
}

void room_close(uint32_t size) {
    uint32_t start = snapify_config.frames_offset;
    uint32_t used = frames_get() - base_get() - start;
    memmove(at(base_get() + start - size), at(base_get() + start), used);
    if (glue.files_end != 0) {
        glue.files_end -= size;
        files_set(files_get() - size);
    }
    frames_set(frames_get() - size);
    room_shift(-size);
}

/* Without a snapshot the frames are our own: a bug. */
_Noreturn void misfit(void) {
    const char *snapshot = restore_name();
    if (snapshot == NULL)
        __builtin_trap();
    refuse(snapshot, (reason)SNAP_ERROR_FRAMES, "");
}

/* The last word of a frame. */
static uint32_t *site_before(uint32_t end) {
    return (uint32_t *)(void *)at(end - 4);
}

uint32_t frames_top_site(void) {
    return *site_before(frames_get());
}

/* Of what lies behind the top. */
static void frame_add(uint32_t size) {
    uint32_t top = frames_get() + size;
    frames_set(top);
    glue.frame_count++;
    if (!region_reserve((uint64_t)(top - base_get()) + frames_reserve()) &&
        state_get() == SNAPIFY_STATE_UNWIND)
        save_failed(REASON_NO_MEMORY);
}

uint32_t frame_push(uint32_t size) {
    uint32_t frame = frames_get();
    frame_add(size);
    /* Not all of a frame is filled; what lay here must not get into snapshots. */
    memset(at(frame), 0, size);
    return frame;
}

uint32_t frame_pop(uint32_t size) {
    uint32_t top = frames_get();
    uint32_t left = top - base_get() - frames_start();
    /* The last frame is the first one that was pushed. */
    if (size > left || (--glue.frame_count == 0) != (size == left))
        misfit();
    frames_set(top - size);
    return top - size;
}

SNAPIFY_EXPORT("snapify_unwind_frame")
uint32_t snapify_unwind_frame(uint32_t site, uint32_t size) {
    uint32_t frame = frame_push(size);
    *site_before(frame + size) = site;
    glue.slot = frame;
    return frame;
}

SNAPIFY_EXPORT("snapify_frame_filled")
void snapify_frame_filled(uint32_t site, uint32_t size) {
    frame_add(size);
    *site_before(frames_get()) = site;
}

/* Reads and writes of slots one behind the other: less code than addresses in the program's own. In
 * line: a deep stack has many. */
static inline __attribute__((always_inline)) uint32_t *next_slot(uint32_t size) {
    glue.slot += size;
    return (uint32_t *)(void *)at(glue.slot - size);
}

SNAPIFY_EXPORT("snapify_put_1") void snapify_put_1(uint32_t a) {
    *next_slot(4) = a;
}

SNAPIFY_EXPORT("snapify_put_2") void snapify_put_2(uint32_t a, uint32_t b) {
    uint32_t *slots = next_slot(8);
    slots[0] = a;
    slots[1] = b;
}

SNAPIFY_EXPORT("snapify_put_4")
void snapify_put_4(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
    snapify_put_2(a, b);
    snapify_put_2(c, d);
}

SNAPIFY_EXPORT("snapify_put_wide") void snapify_put_wide(uint64_t a) {
    snapify_put_2((uint32_t)a, (uint32_t)(a >> 32));
}

SNAPIFY_EXPORT("snapify_take") uint32_t snapify_take(void) {
    return *next_slot(4);
}

SNAPIFY_EXPORT("snapify_take_wide") uint64_t snapify_take_wide(void) {
    uint32_t *slots = next_slot(8);
    return slots[0] | (uint64_t)slots[1] << 32;
}

/* The innermost frame, and no other, is that of the snapshot's point. */
static bool is_in_its_place(void) {
    if (glue.frame_count == 0)
        return glue.site == point_info(glue.point)->site;
    if (glue.site + 1 == glue.call) /* recursion repeats it */
        return true;
    glue.call = glue.site + 1;
    return !point_is_at(glue.site);
}

/* What points take off the budget on the way to the innermost frame must not add up. A mark's point
 * comes here when rewinding has ended. */
SNAPIFY_EXPORT("snapify_rewind_frame")
void snapify_rewind_frame(uint32_t size, uint32_t first, uint32_t count) {
    glue.site = *site_before(frame_pop(size) + size);
    glue.slot = frames_get();
    if (glue.site - first >= count)
        misfit();
    if (state_get() != SNAPIFY_STATE_REWIND)
        return;
    if (glue.restored && !is_in_its_place())
        misfit();
    if (glue.frame_count == 0)
        refill_set(next_budget());
    site_set((int32_t)(glue.site - first));
    budget_set(SNAPIFY_BUDGET_SLOW);
}
