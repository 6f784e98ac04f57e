/*
 * last_words.h: finds, in what a run printed, the one line worth showing.
 */
#ifndef SNAPIFY_ISOLATE_LAST_WORDS_H
#define SNAPIFY_ISOLATE_LAST_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct last_words {
    char *text;            /* owned; NULL if nothing was said */
    int64_t offset;        /* byte offset in the input that the line names, or -1 */
    bool out_of_memory;    /* an allocation failed */
    bool sanitizer_report; /* our own code is broken, whatever Binaryen was doing */
};

/* `said` is borrowed, `size` bytes, any bytes. */
void last_words_read(struct last_words *words, const char *said, size_t size);
void last_words_release(struct last_words *words);

#endif
