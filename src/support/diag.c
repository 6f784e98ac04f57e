#include "support/diag.h"

#include <stdarg.h>
#include <stdlib.h>

#include "support/buf.h"

void diag_add(struct diag *diag, const struct snapify_diagnostic *message) {
    if (diag->count == diag->capacity) {
        diag->capacity = diag->capacity ? diag->capacity * 2 : 8;
        diag->items = mem_grow(diag->items, diag->capacity, sizeof *diag->items);
    }
    diag->items[diag->count++] = (struct snapify_diagnostic){
        .severity = message->severity,
        .text = mem_strdup(message->text),
        .function = message->function ? mem_strdup(message->function) : NULL,
        .hint = message->hint ? mem_strdup(message->hint) : NULL,
        .offset = message->offset,
    };
}

static void add(struct diag *diag, enum snapify_severity severity, struct diag_place place,
                const char *format, va_list args) {
    char *text = mem_vprintf(format, args);
    diag_add(diag, &(struct snapify_diagnostic){
                       .severity = severity,
                       .text = text,
                       .function = place.function,
                       .hint = place.hint,
                       .offset = place.offset - 1,
                   });
    free(text);
}

int diag_error(struct diag *diag, struct diag_place place, const char *format, ...) {
    va_list args;
    va_start(args, format);
    add(diag, SNAPIFY_ERROR, place, format, args);
    va_end(args);
    return -1;
}

void diag_warning(struct diag *diag, struct diag_place place, const char *format, ...) {
    va_list args;
    va_start(args, format);
    add(diag, SNAPIFY_WARNING, place, format, args);
    va_end(args);
}

void diag_note(struct diag *diag, struct diag_place place, const char *format, ...) {
    va_list args;
    va_start(args, format);
    add(diag, SNAPIFY_NOTE, place, format, args);
    va_end(args);
}

int diag_bug(struct diag *diag, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *text = mem_vprintf(format, args);
    va_end(args);
    diag->bug = true;
    diag_error(diag, (struct diag_place){.hint = "please report it, with the module if you can"},
               "internal error: %s", text);
    free(text);
    return -1;
}

void diag_release(struct diag *diag) {
    for (size_t i = 0; i < diag->count; i++) {
        free((char *)diag->items[i].text);
        free((char *)diag->items[i].function);
        free((char *)diag->items[i].hint);
    }
    free(diag->items);
    *diag = (struct diag){0};
}
