/* deflate: compresses a text with zlib and decompresses it again. */
#include <string.h>

#include <zlib.h>

#include "workload.h"

enum {
    SIZE = 64 * 1024
};

static uint8_t text[SIZE], packed[SIZE * 2], unpacked[SIZE];

/* Words of a small vocabulary, so that there is something to find again. */
static void make_text(void) {
    static const char *const words[] = {"the ",   "camera ", "sees ",  "a ",
                                        "person", " and ",   "moves ", "on.\n"};
    uint32_t seed = 29;
    for (size_t at = 0; at < SIZE;) {
        const char *word = words[next_random(&seed) % 8];
        for (; *word && at < SIZE; word++)
            text[at++] = (uint8_t)*word;
    }
}

uint32_t kernel(void) {
    uLongf packed_size = sizeof packed, size = sizeof unpacked;
    make_text();
    if (compress2(packed, &packed_size, text, SIZE, 6) != Z_OK ||
        uncompress(unpacked, &size, packed, packed_size) != Z_OK || size != SIZE ||
        memcmp(text, unpacked, SIZE) != 0)
        return 0;
    return (uint32_t)adler32(adler32(0, NULL, 0), packed, (uInt)packed_size);
}
