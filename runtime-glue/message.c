/*
 * message.c: tells the user, in one line on stderr, what the glue could not do. Never on stdout.
 */
#include "runtime-glue/glue.h"

static struct {
    char text[400];
    uint32_t size;
} line;

void line_begin(const char *text) {
    line.size = 0;
    line_add("snapify: ");
    line_add(text);
}

/* Names come from outside: a control character would break the line or the terminal. */
void line_add(const char *text) {
    for (; *text != '\0' && line.size < sizeof line.text - 1; text++)
        line.text[line.size++] = (unsigned char)*text < ' ' || *text == 127 ? '?' : *text;
}

void line_add_number(uint32_t number) {
    char digits[11];
    uint32_t at = sizeof digits - 1;
    digits[at] = '\0';
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    line_add(digits + at);
}

static const char *reason_text(reason reason) {
#define REASON(code, text) code,
    static const uint8_t codes[] = {
#include "runtime-glue/reasons.def"
        0};
#undef REASON
#define REASON(code, text) text "\0"
    const char *text =
#include "runtime-glue/reasons.def"
        "WASI error ";
#undef REASON
    for (const uint8_t *code = codes; *code != 0 && *code != reason; code++)
        text += text_size(text) + 1;
    return text;
}

static void add_reason(reason reason) {
    const char *text = reason < 0 ? snap_error_text((enum snap_error)reason) : reason_text(reason);
    uint32_t size = text_size(text);
    line_add(text);
    if (text[size - 1] == ' ') /* has none of its own */
        line_add_number((uint32_t)reason);
}

/* If stderr cannot be written there is nobody to tell. */
void line_end(reason reason, const char *text) {
    if (reason != 0) {
        line_add(": ");
        add_reason(reason);
    }
    line_add(text);
    line.text[line.size++] = '\n';
    write_all(WASI_STDERR, (const uint8_t *)line.text, line.size);
}

_Noreturn void refuse(const char *subject, reason reason, const char *text) {
    line_begin(subject);
    line_end(reason, text);
    wasi_proc_exit(SNAPIFY_EXIT_UNFIT);
}
