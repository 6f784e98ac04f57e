/*
 * zlib.c: compresses text at three levels and expands it again; checksums to standard output.
 */
#include "zlib.h"
#include "kafu.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SIZE = 20000
};

static unsigned char text[SIZE], packed[2 * SIZE], again[SIZE];

static void make_text(void) {
    static const char *const words[] = {"point ", "frame ", "snapshot ", "unwind, ", "region.\n"};
    unsigned state = 1;
    for (size_t at = 0; at + 16 < SIZE;) {
        state = state * 1103515245 + 12345;
        at += (size_t)sprintf((char *)text + at, "%s", words[state / 65536 % 5]);
    }
}

KAFU_DEST("edge1")
uLong round_trip(int level) {
    uLongf length = sizeof packed, back = sizeof again;
    if (compress2(packed, &length, text, SIZE, level) != Z_OK ||
        uncompress(again, &back, packed, length) != Z_OK || back != SIZE ||
        memcmp(text, again, SIZE) != 0)
        exit(3);
    printf("level %d: %lu bytes, crc %08lx\n", level, length, crc32(0, packed, (uInt)length));
    return length;
}

int main(void) {
    make_text();
    uLong sum = 0;
    for (int level = 1; level <= 9; level += 4)
        sum += round_trip(level);
    printf("%lu %08lx\n", sum, adler32(1, text, SIZE));
    return 7;
}
