/*
 * last_words.c: Binaryen says why it gives up in forms like these (its colours taken out):
 *
 *     [parse exception: bad local.get index (at 0:37)]Fatal: error in parsing wasm binary
 *     [wasm-validator error in function 0] i32 != i64: i64 op, on
 *     (i64.add ...many lines of s-expressions...
 *     terminate called after throwing an instance of 'std::bad_alloc'
 *
 * The number behind "0:" is the byte offset in the module. Of several lines the first that stands
 * highest in `kinds` wins; without any of them, the last line that is not empty.
 */
#include "isolate/last_words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "support/buf.h"

#define LINE_MAX_BYTES 300

struct line {
    const char *text;
    size_t size;
};

static const char *const kinds[] = {
    "ERROR: AddressSanitizer: ", "runtime error: ", "[parse exception: ",
    "[wasm-validator error",     "Fatal: ",         "Assertion",
};
#define KIND_COUNT (sizeof kinds / sizeof *kinds)
#define SANITIZER_KINDS 2 /* the first ones; leaks do not count, exit() in the middle leaks */

static bool contains(struct line line, const char *word) {
    return memmem(line.text, line.size, word, strlen(word)) != NULL;
}

/* Copies printable text, without escape sequences such as "\x1b[31m". */
static void append_plain(struct buf *plain, const char *said, size_t size) {
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)said[i];
        if (byte == 0x1b && i + 1 < size && said[i + 1] == '[') {
            i += 2;
            while (i < size && !isalpha((unsigned char)said[i]))
                i++;
        } else if (byte == '\n' || byte == '\t' || (byte >= 0x20 && byte != 0x7f)) {
            buf_append_u8(plain, byte);
        }
    }
}

static struct line next_line(struct line *rest) {
    const char *end = memchr(rest->text, '\n', rest->size);
    struct line line = {rest->text, end ? (size_t)(end - rest->text) : rest->size};
    size_t used = end ? line.size + 1 : line.size;
    rest->text += used;
    rest->size -= used;
    return line;
}

static size_t line_kind(struct line line) {
    size_t kind = 0;
    while (kind < KIND_COUNT && !contains(line, kinds[kind]))
        kind++;
    return kind;
}

static bool is_blank(struct line line) {
    for (size_t i = 0; i < line.size; i++)
        if (!isspace((unsigned char)line.text[i]))
            return false;
    return true;
}

static struct line best_line(struct line rest, size_t *best_kind) {
    struct line best = {"", 0};
    *best_kind = KIND_COUNT;
    while (rest.size > 0) {
        struct line line = next_line(&rest);
        size_t kind = line_kind(line);
        bool better = kind < *best_kind;
        if (better || (*best_kind == KIND_COUNT && !is_blank(line))) {
            best = line;
            *best_kind = kind;
        }
    }
    return best;
}

/* "(at 0:37)" at the end of a parse exception is a place, not text. */
static void cut_offset(struct line *line, int64_t *offset) {
    static const char mark[] = " (at 0:";
    const char *at = memmem(line->text, line->size, mark, sizeof mark - 1);
    if (!at)
        return;
    int64_t value = 0;
    const char *digit = at + sizeof mark - 1;
    const char *end = line->text + line->size;
    for (; digit < end && isdigit((unsigned char)*digit) && value < INT32_MAX; digit++)
        value = value * 10 + (*digit - '0');
    *offset = value;
    line->size = (size_t)(at - line->text);
}

static void cut_front(struct line *line, const char *word) {
    const char *found = memmem(line->text, line->size, word, strlen(word));
    if (!found)
        return;
    const char *start = found + strlen(word);
    line->size -= (size_t)(start - line->text);
    line->text = start;
}

static void cut_ends(struct line *line) {
    static const char suffix[] = ", on";
    size_t tail = sizeof suffix - 1;
    while (line->size > 0 && isspace((unsigned char)line->text[line->size - 1]))
        line->size--;
    if (line->size > tail && memcmp(line->text + line->size - tail, suffix, tail) == 0)
        line->size -= tail;
    if (line->size > LINE_MAX_BYTES)
        line->size = LINE_MAX_BYTES;
}

void last_words_read(struct last_words *words, const char *said, size_t size) {
    struct buf plain = {0};
    size_t kind;
    *words = (struct last_words){.offset = -1};
    append_plain(&plain, said, size);
    struct line all = {(const char *)plain.data, plain.size};
    if (all.size > 0) {
        struct line line = best_line(all, &kind);
        words->out_of_memory = contains(all, "bad_alloc");
        words->sanitizer_report = kind < SANITIZER_KINDS;
        cut_offset(&line, &words->offset);
        cut_front(&line, "[parse exception: ");
        cut_front(&line, "Fatal: ");
        cut_ends(&line);
        if (line.size > 0)
            words->text = mem_strndup(line.text, line.size);
    }
    buf_release(&plain);
}

void last_words_release(struct last_words *words) {
    free(words->text);
    *words = (struct last_words){.offset = -1};
}
