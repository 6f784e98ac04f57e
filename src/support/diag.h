/*
 * diag.h: collects messages for the user. Nothing below the command line prints.
 *
 * A function that refuses adds one error here and returns a negative number; its callers pass
 * that on without adding more.
 */
#ifndef SNAPIFY_SUPPORT_DIAG_H
#define SNAPIFY_SUPPORT_DIAG_H

#include "snapify.h"

struct diag {
    struct snapify_diagnostic *items; /* owned, and so are the strings in them */
    size_t count;
    size_t capacity;
    bool bug; /* some error is our own fault: diag_bug() */
};

/* Where and why; all members borrowed and copied. A zeroed place means "the whole module". */
struct diag_place {
    const char *function; /* NULL: none */
    const char *hint;     /* NULL: none */
    int64_t offset;       /* byte offset + 1 in the input; 0: none */
};

/* Adds a message; always returns -1, so that `return diag_error(...)` refuses. */
int diag_error(struct diag *diag, struct diag_place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void diag_warning(struct diag *diag, struct diag_place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void diag_note(struct diag *diag, struct diag_place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* An error that no input may cause; `format` goes on after "internal error: ". */
int diag_bug(struct diag *diag, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds a copy of a finished message. */
void diag_add(struct diag *diag, const struct snapify_diagnostic *message);

void diag_release(struct diag *diag);

#endif
