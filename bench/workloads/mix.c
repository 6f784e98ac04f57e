/* mix: a list, a matrix, a state machine and a checksum, in the manner of embedded benchmarks. */
#include "workload.h"

enum {
    ITEMS = 200,
    SIZE = 12,
    TEXT_SIZE = 2000
};

struct item {
    struct item *next;
    uint16_t key, value;
};

static struct item items[ITEMS];

static uint16_t checksum(uint16_t sum, uint16_t word) {
    for (int i = 0; i < 16; i++, word >>= 1)
        sum = (uint16_t)((sum ^ word) & 1 ? sum >> 1 ^ 0xa001 : sum >> 1);
    return sum;
}

static struct item *merge(struct item *a, struct item *b) {
    struct item head, *last = &head;
    while (a && b) {
        struct item **smaller = a->key <= b->key ? &a : &b;
        last = last->next = *smaller;
        *smaller = (*smaller)->next;
    }
    last->next = a ? a : b;
    return head.next;
}

static struct item *sort(struct item *list) {
    struct item *middle = list, *back;
    if (!list || !list->next)
        return list;
    for (struct item *end = list->next; end && end->next; end = end->next->next)
        middle = middle->next;
    back = middle->next;
    middle->next = NULL;
    return merge(sort(list), sort(back));
}

static uint16_t use_list(uint16_t sum, uint32_t *seed) {
    for (int i = 0; i < ITEMS; i++)
        items[i] = (struct item){i + 1 < ITEMS ? &items[i + 1] : NULL, (uint16_t)next_random(seed),
                                 (uint16_t)i};
    for (const struct item *item = sort(items); item; item = item->next)
        sum = checksum(sum, item->value);
    return sum;
}

static uint16_t use_matrix(uint16_t sum, uint32_t *seed) {
    int16_t a[SIZE][SIZE], b[SIZE][SIZE];
    for (int i = 0; i < SIZE * SIZE; i++) {
        a[i / SIZE][i % SIZE] = (int16_t)next_random(seed);
        b[i / SIZE][i % SIZE] = (int16_t)next_random(seed);
    }
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            uint32_t product = 0;
            for (int k = 0; k < SIZE; k++)
                product += (uint32_t)(a[i][k] * b[k][j]);
            sum = checksum(sum, (uint16_t)(product >> 8));
        }
    return sum;
}

/* Counts numbers, signs and what is neither in a text. */
static uint16_t use_states(uint16_t sum, uint32_t *seed) {
    enum {
        START,
        SIGN,
        DIGITS,
        FRACTION,
        INVALID,
        STATES
    } state = START;
    uint16_t counts[STATES] = {0};
    for (int i = 0; i < TEXT_SIZE; i++) {
        char c = "0123456789+-.,,e"[next_random(seed) % 16];
        if (c == ',') {
            counts[state]++;
            state = START;
        } else if (c == '+' || c == '-') {
            state = state == START ? SIGN : INVALID;
        } else if (c == '.') {
            state = state == DIGITS ? FRACTION : INVALID;
        } else if (c < '0' || c > '9') {
            state = INVALID;
        } else if (state != FRACTION && state != INVALID) {
            state = DIGITS;
        }
    }
    for (int i = 0; i < STATES; i++)
        sum = checksum(sum, counts[i]);
    return sum;
}

uint32_t kernel(void) {
    uint32_t seed = 19;
    uint16_t sum = use_list(0, &seed);
    sum = use_matrix(sum, &seed);
    return use_states(sum, &seed);
}
