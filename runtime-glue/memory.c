/*
 * memory.c: the application's memory.grow, and the region on top of its memory.
 *
 * Growing the application by n pages:
 *
 *     before   | application            | image stack ... frames |
 *     grow     | application            | image stack ... frames | n new pages  |
 *     move     | application            | zeros   | image stack ... frames      |
 *                                         ^ new base, stack and frame top follow
 *
 * The application gets exactly the zeroed pages it asked for. Code that runs while the region moves
 * keeps no address: neither in static data (`__memory_base` changes under its feet) nor on the C
 * stack. The functions below that move take all they need from the host's globals.
 *
 * A program that never leaves gives the region up at its first memory.grow. From then on nothing
 * of the glue exists: `base` is 0, and the application's maximum is kept in `frames`. Not so with a
 * budget: once it is spent a point pushes a frame, even if only to hear that nobody asks.
 */
#include "runtime-glue/glue.h"

#define GROW_FAILED UINT32_MAX
#define PAGES_MAX 65536u

struct snapify_config snapify_config = {.abi_version = SNAPIFY_ABI_VERSION};
struct glue glue __attribute__((section(".rodata_front")));

uint32_t app_pages(void) {
    return real_pages() - extra_get();
}

/* ---- the region grows at its end ---- */

static bool region_grow(uint32_t pages) {
    if (pages > PAGES_MAX - real_pages() || real_grow(pages) == GROW_FAILED)
        return false;
    extra_set(extra_get() + pages);
    return true;
}

/* In good steps, since some engines copy the whole memory each time. */
bool region_reserve(uint64_t end) {
    uint64_t size = (uint64_t)extra_get() * SNAPIFY_PAGE_SIZE;
    if (end <= size)
        return true;
    uint64_t missing = (end - size + SNAPIFY_PAGE_SIZE - 1) / SNAPIFY_PAGE_SIZE;
    if (missing > PAGES_MAX)
        return false;
    uint32_t step = extra_get() / 4 > 4 ? extra_get() / 4 : 4;
    return (step > missing && region_grow(step)) || region_grow((uint32_t)missing);
}

/* ---- scratch ---- */

void scratch_reset(void) {
    glue.scratch = (frames_get() - base_get() + 15) & ~15u;
}

uint8_t *scratch_take(uint64_t size) {
    uint64_t end = glue.scratch + ((size + 15) & ~UINT64_C(15));
    if (!region_reserve(end))
        return NULL;
    uint32_t start = glue.scratch;
    glue.scratch = (uint32_t)end;
    return at(base_get() + start);
}

/* ---- the region moves ---- */

/* Up by `pages`; what it leaves behind becomes zero. */
static void region_move(uint32_t pages) {
    uint32_t distance = pages * SNAPIFY_PAGE_SIZE;
    uint32_t base = base_get();
    uint32_t size = extra_get() * SNAPIFY_PAGE_SIZE;
    memmove(at(base + distance), at(base), frames_get() - base);
    memset(at(base), 0, distance < size ? distance : size);
    base_set(base + distance);
    frames_set(frames_get() + distance);
    stack_set(stack_get() + distance);
    files_set(files_get() + distance);
}

bool memory_resize(uint32_t app_more, uint32_t region_more) {
    if (app_more > PAGES_MAX || region_more > PAGES_MAX ||
        app_more + region_more > PAGES_MAX - real_pages() ||
        real_grow(app_more + region_more) == GROW_FAILED)
        return false;
    if (app_more > 0)
        region_move(app_more);
    extra_set(extra_get() + region_more);
    return true;
}

/* ---- the region is given up ---- */

static void region_give_up(uint32_t app_max_pages) {
    memset(at(base_get()), 0, extra_get() * SNAPIFY_PAGE_SIZE);
    base_set(0);
    frames_set(app_max_pages);
}

/* Zeroed pages that were the region's come first. */
static int32_t grow_without_region(uint32_t pages) {
    uint32_t old = app_pages();
    uint32_t given = pages < extra_get() ? pages : extra_get();
    if (pages > frames_get() - old || (pages > given && real_grow(pages - given) == GROW_FAILED))
        return -1;
    extra_set(extra_get() - given);
    return (int32_t)old;
}

/* ---- memory.grow ---- */

static __attribute__((noinline)) uint32_t app_max_pages(void) {
    return snapify_config.app_max_pages;
}

static __attribute__((noinline)) bool region_is_needed(void) {
    return glue.leaves || (snapify_config.flags & SNAPIFY_CONFIG_BUDGET) != 0;
}

SNAPIFY_EXPORT("snapify_memory_grow") int32_t snapify_memory_grow(int32_t pages) {
    if (base_get() == 0)
        return grow_without_region((uint32_t)pages);
    if (!region_is_needed()) {
        region_give_up(app_max_pages());
        return grow_without_region((uint32_t)pages);
    }
    uint32_t old = app_pages();
    if ((uint32_t)pages > app_max_pages() - old || !memory_resize((uint32_t)pages, 0))
        return -1;
    return (int32_t)old;
}
