/*
 * values.h: the command line of a call, for the runners of ours: NAME given with --invoke, ARGS
 * behind the file. "--" among them ends a call and begins another one: its name and arguments.
 * Results are printed one on a line, as the shortest decimal number that reads as the same value.
 */
#ifndef SNAPIFY_TESTS_VALUES_H
#define SNAPIFY_TESTS_VALUES_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum value_kind {
    VALUE_I32,
    VALUE_I64,
    VALUE_F32,
    VALUE_F64
}; /* as engines number them */

union value {
    int32_t i32;
    int64_t i64;
    float f32;
    double f64;
};

enum {
    VALUES_MAX = 16 /* parameters or results of a call */
};

/* Unsigned numbers are taken, too. */
static inline union value value_parse(unsigned kind, const char *text) {
    union value value = {.i64 = 0};
    if (kind == VALUE_I32)
        value.i32 = (int32_t)strtoll(text, NULL, 0);
    else if (kind == VALUE_I64)
        value.i64 = text[0] == '-' ? strtoll(text, NULL, 0) : (int64_t)strtoull(text, NULL, 0);
    else if (kind == VALUE_F32)
        value.f32 = strtof(text, NULL);
    else
        value.f64 = strtod(text, NULL);
    return value;
}

static inline void value_print(unsigned kind, union value value) {
    char text[40];
    if (kind == VALUE_I32) {
        printf("%" PRId32 "\n", value.i32);
    } else if (kind == VALUE_I64) {
        printf("%" PRId64 "\n", value.i64);
    } else {
        double number = kind == VALUE_F32 ? (double)value.f32 : value.f64;
        for (int digits = 1; digits <= 17; digits++) {
            snprintf(text, sizeof text, "%.*g", digits, number);
            if (kind == VALUE_F32 ? strtof(text, NULL) == value.f32 : strtod(text, NULL) == number)
                break;
        }
        printf("%s\n", text);
    }
}

struct invocation {
    const char *name;
    char **arguments;
    unsigned count;
};

/* Takes the next call off the list; `name` is that of --invoke the first time, else NULL. */
static inline bool invocation_next(struct invocation *call, const char *name, char ***list,
                                   int *left) {
    if (!name) {
        if (*left < 2 || strcmp((*list)[0], "--") != 0)
            return false;
        name = (*list)[1];
        *list += 2;
        *left -= 2;
    }
    *call = (struct invocation){.name = name, .arguments = *list};
    while (*left > 0 && strcmp((*list)[0], "--") != 0) {
        call->count++;
        ++*list;
        --*left;
    }
    return true;
}

#endif
