#include "support/text.h"

#include <stdbool.h>
#include <string.h>

static bool is_continuation(char byte) {
    return ((unsigned char)byte & 0xc0) == 0x80;
}

/* The second byte is what tells overlong forms, surrogates and values above U+10FFFF. */
static bool second_byte_fits(unsigned char first, unsigned char second) {
    switch (first) {
    case 0xe0:
        return second >= 0xa0;
    case 0xed:
        return second < 0xa0;
    case 0xf0:
        return second >= 0x90;
    case 0xf4:
        return second < 0x90;
    default:
        return true;
    }
}

size_t text_character_size(const char *text, size_t left) {
    if (left == 0)
        return 0;
    unsigned char first = (unsigned char)text[0];
    if (first < 0x80)
        return 1;
    size_t size = first >= 0xc2 && first < 0xe0   ? 2
                  : first >= 0xe0 && first < 0xf0 ? 3
                  : first >= 0xf0 && first < 0xf5 ? 4
                                                  : 0;
    if (size == 0 || size > left || !second_byte_fits(first, (unsigned char)text[1]))
        return 0;
    for (size_t i = 1; i < size; i++)
        if (!is_continuation(text[i]))
            return 0;
    return size;
}

static void append_hex(struct buf *out, unsigned char byte) {
    static const char digits[] = "0123456789abcdef";
    const char escape[] = {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    buf_append(out, escape, sizeof escape);
}

/* U+0000 to U+001F, U+007F, and U+0080 to U+009F, which terminals obey as well. */
static bool is_control(const char *character, size_t size) {
    unsigned char first = (unsigned char)character[0];
    return first < 0x20 || first == 0x7f ||
           (size == 2 && first == 0xc2 && (unsigned char)character[1] < 0xa0);
}

void text_append_visible(struct buf *out, const char *text) {
    size_t left = strlen(text);
    while (left > 0) {
        size_t size = text_character_size(text, left);
        size_t used = size ? size : 1;
        if (size > 0 && !is_control(text, size))
            buf_append(out, text, size);
        else
            for (size_t i = 0; i < used; i++)
                append_hex(out, (unsigned char)text[i]);
        text += used;
        left -= used;
    }
}
