/*
 * test_text.c: hostile names on the terminal and in JSON.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "support/json.h"
#include "support/text.h"

static const struct {
    const char *input, *visible, *json;
} cases[] = {
    {"", "", "\"\""},
    {"plain name", "plain name", "\"plain name\""},
    {"a\"b\\c", "a\"b\\c", "\"a\\\"b\\\\c\""},
    {"two\nlines\ttab", "two\\x0alines\\x09tab", "\"two\\nlines\\u0009tab\""},
    {"\x1b[31mred\x7f", "\\x1b[31mred\\x7f", "\"\\u001b[31mred\\u007f\""},
    {"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x9a\x80",
     "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x9a\x80",
     "\"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x9a\x80\""},
    {"C1 \xc2\x9b", "C1 \\xc2\\x9b", "\"C1 \xc2\x9b\""},
    {"latin \xfc!", "latin \\xfc!", "\"latin \xef\xbf\xbd!\""},
    {"overlong \xc0\xaf", "overlong \\xc0\\xaf", "\"overlong \xef\xbf\xbd\xef\xbf\xbd\""},
    {"\xe0\x80\x80", "\\xe0\\x80\\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
    {"surrogate \xed\xa0\x80", "surrogate \\xed\\xa0\\x80",
     "\"surrogate \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
    {"too big \xf4\x90\x80\x80", "too big \\xf4\\x90\\x80\\x80",
     "\"too big \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
    {"cut \xe2\x82", "cut \\xe2\\x82", "\"cut \xef\xbf\xbd\xef\xbf\xbd\""},
};

static void assert_buf(struct buf *out, const char *expected) {
    buf_append_u8(out, 0);
    assert_string_equal((const char *)out->data, expected);
    buf_release(out);
}

static void test_text__visible(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out = {0};
        text_append_visible(&out, cases[i].input);
        assert_buf(&out, cases[i].visible);
    }
}

static void test_json__strings(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out = {0};
        json_string(&(struct json){.out = &out}, NULL, cases[i].input);
        assert_buf(&out, cases[i].json);
    }
}

static void test_json__nesting(void **state) {
    struct buf out = {0};
    struct json json = {.out = &out};
    (void)state;
    json_open(&json, NULL, '{');
    json_open(&json, "empty", '[');
    json_close(&json, ']');
    json_open(&json, "list", '[');
    json_number(&json, NULL, INT64_MIN);
    json_null(&json, NULL);
    json_open(&json, NULL, '{');
    json_bool(&json, "yes", true);
    json_bool(&json, "no", false);
    json_close(&json, '}');
    json_close(&json, ']');
    json_string(&json, "last", NULL);
    json_close(&json, '}');
    assert_buf(&out, "{\n"
                     "  \"empty\": [],\n"
                     "  \"list\": [\n"
                     "    -9223372036854775808,\n"
                     "    null,\n"
                     "    {\n"
                     "      \"yes\": true,\n"
                     "      \"no\": false\n"
                     "    }\n"
                     "  ],\n"
                     "  \"last\": null\n"
                     "}\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text__visible),
        cmocka_unit_test(test_json__strings),
        cmocka_unit_test(test_json__nesting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
