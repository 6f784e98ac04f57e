/*
 * trips.c: bounds how often a loop goes round by what it tests each time (induction.c).
 *
 * A counter moves round a circle of 2 to the power of 32 or 64 numbers in steps of the same size.
 * Those for which the test holds are a stretch of that circle. The loop goes on as long as the
 * counter is in there, so unless a step can jump over the rest of the circle, it ends after as many
 * rounds as there are steps in the stretch, wherever it starts. Where it starts is needed for
 * counters that have to meet one number, as those of most loops that compilers make.
 *
 * What is shifted, divided or loses its lowest bit each time is 0 after as many rounds as it has
 * bits, whatever it was.
 */
#include "passes/trips.h"

#include "ir/walk.h"

enum {
    FACTS_MAX = 16
};

/* Numbers on the circle. */
struct stretch {
    uint64_t first;
    uint64_t length; /* 0: all of the circle, or nothing */
};

/* For which x is x compared so with the bound? */
static struct stretch stretch_of(enum compare compare, uint64_t bound, unsigned bits) {
    uint64_t least = 0, above = bound + 1;
    switch (compare) {
    case COMPARE_EQ:
        return (struct stretch){bound, 1};
    case COMPARE_NE:
        return (struct stretch){above, 0 - UINT64_C(1)};
    case COMPARE_LT_S:
    case COMPARE_LE_S:
    case COMPARE_GT_S:
    case COMPARE_GE_S:
        least = UINT64_C(1) << (bits - 1);
        break;
    default:
        break;
    }
    switch (compare) {
    case COMPARE_LT_S:
    case COMPARE_LT_U:
        return (struct stretch){least, bound - least};
    case COMPARE_LE_S:
    case COMPARE_LE_U:
        return (struct stretch){least, above - least};
    case COMPARE_GT_S:
    case COMPARE_GT_U:
        return (struct stretch){above, least - above};
    default:
        return (struct stretch){bound, least - bound};
    }
}

/* Rounds of a counter that enters a stretch of `length` numbers at position `at` and walks up to
 * its end in steps of `step`, the rest of the circle being `gap` numbers. */
static uint32_t count_rounds(uint64_t length, uint64_t gap, uint64_t at, uint64_t step,
                             uint64_t overshoot) {
    if (overshoot >= gap) /* jumps over it */
        return 0;
    uint64_t steps = (length - at - 1) / step + 1;
    return steps < UINT32_MAX ? (uint32_t)steps + 1 : 0;
}

/* Rounds of a loop whose local becomes 0, when the test of 0 plus `add` ends it. */
static uint32_t count_shrinking(const struct fact *fact, struct stretch stretch, uint64_t mask) {
    uint64_t at = (fact->add - stretch.first) & mask, length = stretch.length & mask;
    return length == 0 || at < length ? 0 : fact->bits / fact->loses + 2;
}

uint32_t trips_of_fact(const struct fact *fact, const uint64_t *start) {
    uint64_t mask = fact->bits == 64 ? UINT64_MAX : UINT32_MAX;
    struct stretch stretch = stretch_of(fact->compare, fact->bound, fact->bits);
    if (fact->loses > 0)
        return count_shrinking(fact, stretch, mask);
    uint64_t length = stretch.length & mask, gap = (0 - length) & mask, step = fact->step & mask;
    if (length == 0 || step == 0)
        return 0;
    uint64_t at = start ? (*start + fact->add - stretch.first) & mask : 0;
    if (step > mask / 2) { /* downwards is upwards on the circle seen from behind */
        step = (0 - step) & mask;
        at = start ? (length - 1 - at) & mask : 0;
    }
    if (start && at >= length)
        return 1;
    if (!start)
        return count_rounds(length, gap, 0, step, step - 1);
    uint64_t beyond = (length - at) % step;
    return count_rounds(length, gap, at, step, beyond == 0 ? 0 : step - beyond);
}

/* The local's value where item `index` of the block begins, if a constant was put there. */
static bool find_start(BinaryenExpressionRef block, BinaryenIndex index, BinaryenIndex local,
                       uint64_t *start) {
    while (block && index-- > 0) {
        BinaryenExpressionRef item = BinaryenBlockGetChildAt(block, index);
        if (BinaryenExpressionGetId(item) == IR(LocalSet) &&
            BinaryenLocalSetGetIndex(item) == local)
            return ir_is_integer(BinaryenLocalSetGetValue(item), start);
        if (ir_count_uses(item, NULL, local) > 0)
            return false;
    }
    return false;
}

uint32_t loop_trips(BinaryenExpressionRef loop, BinaryenExpressionRef block, BinaryenIndex index) {
    struct fact facts[FACTS_MAX];
    size_t count = induction_facts(loop, facts, FACTS_MAX);
    uint32_t least = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t start;
        bool started = find_start(block, index, facts[i].local, &start);
        uint32_t trips = trips_of_fact(&facts[i], started ? &start : NULL);
        if (trips > 0 && (least == 0 || trips < least))
            least = trips;
    }
    return least;
}
