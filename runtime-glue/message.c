/*
 * message.c: tells the user, in one line on stderr, what the glue could not do. Never on stdout.
 */
#include "runtime-glue/glue.h"

void line_begin(struct line *line) {
    line->size = 0;
    line_add(line, "snapify: ");
}

/* Names come from outside: a control character would break the line or the terminal. */
void line_add(struct line *line, const char *text) {
    for (; *text != '\0' && line->size < sizeof line->text - 1; text++)
        line->text[line->size++] = (unsigned char)*text < ' ' || *text == 127 ? '?' : *text;
}

void line_add_number(struct line *line, uint32_t number) {
    char digits[11];
    uint32_t at = sizeof digits - 1;
    digits[at] = '\0';
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    line_add(line, digits + at);
}

static const char *reason_text(reason reason) {
#define REASON(code, text) code,
    static const int16_t codes[] = {
#include "runtime-glue/reasons.def"
        0};
#undef REASON
#define REASON(code, text) text "\0"
    static const char texts[] =
#include "runtime-glue/reasons.def"
        "WASI error ";
#undef REASON
    return snap_find_text(codes, texts, reason);
}

void line_add_reason(struct line *line, reason reason) {
    const char *text = reason < 0 ? snap_error_text((enum snap_error)reason) : reason_text(reason);
    uint32_t size = text_size(text);
    line_add(line, text);
    if (text[size - 1] == ' ') /* has none of its own */
        line_add_number(line, (uint32_t)reason);
}

/* If stderr cannot be written there is nobody to tell. */
void line_print(struct line *line) {
    line->text[line->size++] = '\n';
    for (uint32_t start = 0; start < line->size;) {
        struct wasi_iovec iovec = {(uint8_t *)line->text + start, line->size - start};
        size_t done = 0;
        if (wasi_fd_write(WASI_STDERR, &iovec, 1, &done) != WASI_SUCCESS || done == 0)
            return;
        start += (uint32_t)done;
    }
}

_Noreturn void refuse(const char *subject, reason reason, const char *text) {
    struct line line;
    line_begin(&line);
    line_add(&line, subject);
    line_add(&line, ": ");
    if (reason != 0)
        line_add_reason(&line, reason);
    else
        line_add(&line, text);
    line_print(&line);
    wasi_proc_exit(SNAPIFY_EXIT_UNFIT);
}
