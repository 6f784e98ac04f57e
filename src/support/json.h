/*
 * json.h: writes JSON (RFC 8259), members and elements each on a line of their own.
 *
 *     struct json json = {.out = &buf};
 *     json_open(&json, NULL, '{');
 *     json_string(&json, "name", "x");
 *     json_close(&json, '}');
 *
 * `key` is NULL inside of arrays and at the top. It is a literal of the program; only values are
 * escaped. The caller opens and closes in order.
 */
#ifndef SNAPIFY_SUPPORT_JSON_H
#define SNAPIFY_SUPPORT_JSON_H

#include <stdbool.h>

#include "support/buf.h"

struct json {
    struct buf *out;  /* borrowed */
    int depth;        /* of open objects and arrays */
    bool has_element; /* the innermost open one is not empty */
};

void json_open(struct json *json, const char *key, char bracket);
void json_close(struct json *json, char bracket);

/* NULL is written as null; bytes that are not UTF-8 become U+FFFD, one each. */
void json_string(struct json *json, const char *key, const char *value);
void json_number(struct json *json, const char *key, int64_t value);

/* With at most `digits` behind the point; what is not finite is written as null. */
void json_real(struct json *json, const char *key, double value, int digits);
void json_bool(struct json *json, const char *key, bool value);
void json_null(struct json *json, const char *key);

#endif
