#include "support/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/text.h"

static void append_character(struct buf *out, const char *text, size_t size) {
    unsigned char first = (unsigned char)text[0];
    if (first == '"' || first == '\\') {
        buf_append_u8(out, '\\');
        buf_append_u8(out, first);
    } else if (first == '\n') {
        buf_append_string(out, "\\n");
    } else if (first < 0x20 || first == 0x7f) {
        char escape[8];
        snprintf(escape, sizeof escape, "\\u%04x", first);
        buf_append_string(out, escape);
    } else {
        buf_append(out, text, size);
    }
}

static void append_quoted(struct buf *out, const char *text) {
    size_t left = strlen(text);
    buf_append_u8(out, '"');
    while (left > 0) {
        size_t size = text_character_size(text, left);
        if (size > 0)
            append_character(out, text, size);
        else
            buf_append_string(out, "\xef\xbf\xbd");
        text += size ? size : 1;
        left -= size ? size : 1;
    }
    buf_append_u8(out, '"');
}

static void new_line(struct json *json) {
    buf_append_u8(json->out, '\n');
    for (int i = 0; i < json->depth; i++)
        buf_append_string(json->out, "  ");
}

static void begin_element(struct json *json, const char *key) {
    if (json->has_element)
        buf_append_u8(json->out, ',');
    if (json->depth > 0)
        new_line(json);
    if (key) {
        append_quoted(json->out, key);
        buf_append_string(json->out, ": ");
    }
    json->has_element = true;
}

void json_open(struct json *json, const char *key, char bracket) {
    begin_element(json, key);
    buf_append_u8(json->out, (uint8_t)bracket);
    json->depth++;
    json->has_element = false;
}

void json_close(struct json *json, char bracket) {
    json->depth--;
    if (json->has_element)
        new_line(json);
    buf_append_u8(json->out, (uint8_t)bracket);
    json->has_element = true;
    if (json->depth == 0)
        buf_append_u8(json->out, '\n');
}

void json_string(struct json *json, const char *key, const char *value) {
    if (!value) {
        json_null(json, key);
        return;
    }
    begin_element(json, key);
    append_quoted(json->out, value);
}

void json_number(struct json *json, const char *key, int64_t value) {
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRId64, value);
    begin_element(json, key);
    buf_append_string(json->out, digits);
}

void json_real(struct json *json, const char *key, double value, int digits) {
    char text[400]; /* the largest double has 309 digits in front of the point */
    if (!isfinite(value)) {
        json_null(json, key);
        return;
    }
    snprintf(text, sizeof text, "%.*f", digits, value);
    begin_element(json, key);
    buf_append_string(json->out, text);
}

void json_bool(struct json *json, const char *key, bool value) {
    begin_element(json, key);
    buf_append_string(json->out, value ? "true" : "false");
}

void json_null(struct json *json, const char *key) {
    begin_element(json, key);
    buf_append_string(json->out, "null");
}
