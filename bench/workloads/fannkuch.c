/* fannkuch: flips the front of every permutation until 1 comes first; very short loops. */
#include "workload.h"

enum {
    SIZE = 8
};

static uint32_t count_flips(const uint8_t *permutation) {
    uint8_t cards[SIZE];
    uint32_t flips = 0;
    for (int i = 0; i < SIZE; i++)
        cards[i] = permutation[i];
    while (cards[0] != 0) {
        for (int i = 0, j = cards[0]; i < j; i++, j--) {
            uint8_t card = cards[i];
            cards[i] = cards[j];
            cards[j] = card;
        }
        flips++;
    }
    return flips;
}

/* The next permutation: the front of `depth` cards turns by one; false after the last. */
static int turn(uint8_t *cards, uint8_t *turns) {
    for (int depth = 1; depth < SIZE; depth++) {
        uint8_t card = cards[0];
        for (int i = 0; i < depth; i++)
            cards[i] = cards[i + 1];
        cards[depth] = card;
        if (turns[depth]++ < depth)
            return 1;
        turns[depth] = 0;
    }
    return 0;
}

uint32_t kernel(void) {
    uint8_t cards[SIZE], turns[SIZE] = {0};
    uint32_t most = 0, sum = 0, number = 0;
    for (int i = 0; i < SIZE; i++)
        cards[i] = (uint8_t)i;
    do {
        uint32_t flips = count_flips(cards);
        most = flips > most ? flips : most;
        sum += number++ % 2 ? -flips : flips;
    } while (turn(cards, turns));
    return sum * 100 + most;
}
