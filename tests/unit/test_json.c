/*
 * test_json.c: what is written is JSON for any reader; numbers that it lacks become null.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "support/json.h"

static void writes_nothing_that_json_lacks(void **state) {
    (void)state;
    struct buf out = {0};
    struct json json = {.out = &out};
    json_open(&json, NULL, '[');
    json_real(&json, NULL, 0.125, 2);
    json_real(&json, NULL, -3, 0);
    json_real(&json, NULL, INFINITY, 2);
    json_real(&json, NULL, NAN, 2);
    json_close(&json, ']');
    buf_append_u8(&out, 0);
    assert_string_equal((char *)out.data, "[\n  0.12,\n  -3,\n  null,\n  null\n]\n");
    buf_release(&out);
}

static void separates_members_and_escapes(void **state) {
    (void)state;
    struct buf out = {0};
    struct json json = {.out = &out};
    json_open(&json, NULL, '{');
    json_string(&json, "a", "\"\n\x01\xff");
    json_open(&json, "b", '[');
    json_close(&json, ']');
    json_bool(&json, "c", true);
    json_string(&json, "d", NULL);
    json_close(&json, '}');
    buf_append_u8(&out, 0);
    assert_string_equal((char *)out.data,
                        "{\n  \"a\": \"\\\"\\n\\u0001\xef\xbf\xbd\",\n  \"b\": [],\n"
                        "  \"c\": true,\n  \"d\": null\n}\n");
    buf_release(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_nothing_that_json_lacks),
        cmocka_unit_test(separates_members_and_escapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
