/* words: makes a text, splits it and counts its words in a hash table; short loops over strings,
 * small calls. */
#include <string.h>

#include "workload.h"

enum {
    TEXT_SIZE = 64 * 1024,
    SLOTS = 8192
};

struct slot {
    char word[8];
    uint32_t count;
};

static char text[TEXT_SIZE];
static struct slot table[SLOTS];

static void make_text(void) {
    uint32_t seed = 3;
    int left = 0;
    for (int i = 0; i < TEXT_SIZE - 1; i++) {
        if (left-- == 0) {
            text[i] = ' ';
            left = 1 + (int)(next_random(&seed) % 6);
        } else {
            text[i] = (char)('a' + next_random(&seed) % 4);
        }
    }
}

static uint32_t hash(const char *word) {
    uint32_t h = 2166136261;
    for (; *word; word++)
        h = (h ^ (uint8_t)*word) * 16777619;
    return h;
}

static void count_word(const char *word) {
    uint32_t at = hash(word) % SLOTS;
    while (table[at].count > 0 && strcmp(table[at].word, word) != 0)
        at = (at + 1) % SLOTS;
    strcpy(table[at].word, word);
    table[at].count++;
}

uint32_t kernel(void) {
    make_text();
    memset(table, 0, sizeof table);
    for (char *word = strtok(text, " "); word; word = strtok(NULL, " "))
        count_word(word);
    uint32_t sum = 0;
    for (int i = 0; i < SLOTS; i++)
        sum += table[i].count * table[i].count;
    return sum;
}
