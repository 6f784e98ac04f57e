/*
 * page_sum.c: the sum that protects the pages of a run.
 *
 * Four chains, each taking every fourth word: add, and turn the bits; after four words multiply by
 * an odd number. Each step is reversible in the chain and in the word, so whatever changes inside
 * of one word ends in another chain, and the order of words counts. Three instructions for a word,
 * where XXH3 takes ten: as fast as memory on compilers. Bits are turned at each word, since what
 * changes the highest bits of all words (a line of a bus that is stuck) must not cancel out: a
 * multiplication leaves the highest bit where it is. Adding instead of an exclusive or does the
 * same for words that are inverted.
 */
#include "snapshot-format/page_sum.h"

#include "snapshot-format/snapshot_layout.h"

#define MULTIPLIER UINT64_C(0x9e3779b1) /* xxHash's first prime of 32 bits */
#define ROUND_SIZE 128u                 /* bytes */

static inline __attribute__((always_inline)) uint64_t word(const uint8_t *bytes, int index) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint64_t value;
    memcpy(&value, bytes + 8 * index, sizeof value);
    return value;
#else
    return load_u64(bytes + 8 * index);
#endif
}

void page_sum_start(struct page_sum *sum) {
    *sum = (struct page_sum){{0}};
}

/* Macros: a compiler that saves code would call functions, once for each word. */
#define TURN(value) ((value) << 29 | (value) >> 35)
#define STEP(chain, index) (chain) += word(at, index), (chain) = TURN(chain)
#define STEPS(index) STEP(a, index), STEP(b, index + 1), STEP(c, index + 2), STEP(d, index + 3)

/* A call for each page: V8 goes on to faster code of a function only when that is called again. */
__attribute__((noinline)) void page_sum_add(struct page_sum *sum, const uint8_t *page) {
    uint64_t a = sum->chains[0], b = sum->chains[1], c = sum->chains[2], d = sum->chains[3];
    for (const uint8_t *at = page; at != page + SNAP_PAGE_SIZE; at += ROUND_SIZE) {
        STEPS(0);
        STEPS(4);
        STEPS(8);
        STEPS(12);
        a *= MULTIPLIER, b *= MULTIPLIER, c *= MULTIPLIER, d *= MULTIPLIER;
    }
    *sum = (struct page_sum){{a, b, c, d}};
}

/* A function of its own: in a large one V8 compiles all of that anew because of this loop. */
__attribute__((noinline)) const uint8_t *page_sum_add_all(struct page_sum *sum,
                                                          const uint8_t *pages, uint32_t count) {
    for (; count > 0; count--, pages += SNAP_PAGE_SIZE)
        page_sum_add(sum, pages);
    return pages;
}

void page_sum_end(const struct page_sum *sum, struct snap_hash *hash) {
    struct page_sum bytes = *sum;
    swap_numbers(bytes.chains, 4, 8);
    snap_hash_update(hash, bytes.chains, sizeof bytes.chains);
}
