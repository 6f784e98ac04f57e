/*
 * Proves: allocation across hops. The heap grows inside a marked function and again after it, by
 * realloc and by memory.grow itself; memory.size tells the truth at every step, as if nothing had
 * been added to the memory; new pages are zero, old bytes are kept.
 */
#include "kafu.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __wasm__
static size_t size_now(void) {
    return __builtin_wasm_memory_size(0);
}

static size_t grow(size_t pages) {
    return __builtin_wasm_memory_grow(0, pages);
}

static unsigned char *page_start(size_t page) {
    return (unsigned char *)(page * 65536);
}
#else /* enough of a stand-in to try the program natively */
static unsigned char pretended[16 * 65536];
static size_t pretended_pages = 2;

static size_t size_now(void) {
    return pretended_pages;
}

static size_t grow(size_t pages) {
    size_t before = pretended_pages;
    pretended_pages += pages;
    return before;
}

static unsigned char *page_start(size_t page) {
    return pretended + page * 65536;
}
#endif

static unsigned checksum(const unsigned char *bytes, size_t size) {
    unsigned sum = 1;
    for (size_t i = 0; i < size; i++) {
        sum = sum * 31 + bytes[i];
    }
    return sum;
}

static void fill(unsigned char *bytes, size_t from, size_t to) {
    for (size_t i = from; i < to; i++) {
        bytes[i] = (unsigned char)(i * 7 >> 3);
    }
}

KAFU_DEST("edge1")
unsigned char *enlarge(unsigned char *bytes, size_t from, size_t to) {
    unsigned char *larger = realloc(bytes, to);
    if (!larger) {
        exit(9);
    }
    fill(larger, from, to);
    return larger;
}

KAFU_DEST("cloud1")
int grow_exactly(size_t pages) {
    size_t before = size_now();
    size_t answer = grow(pages);
    const unsigned char *fresh = page_start(before);
    int zeros = 1;
    for (size_t i = 0; i < pages * 65536; i += 4093) {
        zeros &= fresh[i] == 0;
    }
    memset(page_start(before), 0xa5, pages * 65536);
    return zeros && answer == before && size_now() == before + pages;
}

int main(void) {
    unsigned char *bytes = enlarge(NULL, 0, 50000);
    size_t start = size_now();
    bytes = enlarge(bytes, 50000, 150000);
    printf("grown with the heap: %d\n", size_now() >= start);
    for (size_t pages = 1; pages <= 2; pages++) {
        size_t before = size_now();
        printf("exact: %d", grow_exactly(pages));
        printf(" kept: %d\n", size_now() == before + pages);
    }
    bytes = enlarge(bytes, 150000, 400000);
    fill(bytes, 0, 400000);
    unsigned first = checksum(bytes, 400000);
    bytes = enlarge(bytes, 0, 400000);
    printf("same: %d\n", first == checksum(bytes, 400000));
    free(bytes);
    return 0;
}
