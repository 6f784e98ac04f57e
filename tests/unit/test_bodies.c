/*
 * test_bodies.c: a module taken apart and put together again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wasm/bodies.h"
#include "wasm/splice.h"
#include "wasm_builder.h"

/* One imported function, three defined: of 3, 6 and 4 bytes. */
static const struct part {
    uint8_t id;
    const char *payload;
    size_t size;
} parts[] = {
    {1, B("\2\x60\0\0\x60\0\1\x7f")},
    {2, B("\1\1m\1f\0\0")},
    {3, B("\3\0\1\0")},
    {5, B("\1\0\1")},
    {7, B("\1\1e\0\1")},
    {10, B("\3\3\0\x01\x0b\6\0\xd2\1\x1a\x41\0\4\0\x10\0\x0b")},
    {11, B("\1\0\x41\x7f\x0b\3abc")},
    {0, B("\4name\1\4\1\2\1g\2\6\1\1\1\0\1x\7\3\1\0\0")},
    {0, B("\5other1")},
};

enum {
    PARTS = sizeof parts / sizeof *parts
};

static void build(struct buf *module, const struct part *list, size_t count) {
    build_header(module);
    for (size_t i = 0; i < count; i++)
        build_section(module, list[i].id, list[i].payload, list[i].size);
}

/* The code of function 2 does not end: nobody asks. */
static void open_bodies(struct buf *module, struct wasm_bodies *bodies) {
    struct diag diag = {0};
    build(module, parts, PARTS);
    assert_int_equal(wasm_bodies_init(bodies, module->data, module->size, true, &diag), 0);
    assert_int_equal(bodies->count, 3);
}

static void close_bodies(struct buf *module, struct wasm_bodies *bodies, struct buf *out) {
    wasm_bodies_release(bodies);
    buf_release(module);
    buf_release(out);
}

static void assert_parts(const struct buf *out, const struct part *list, size_t count) {
    struct buf expected = {0};
    build(&expected, list, count);
    assert_int_equal(out->size, expected.size);
    assert_memory_equal(out->data, expected.data, expected.size);
    buf_release(&expected);
}

/* References that code takes are still taken. */
static void test_bodies__frame(void **state) {
    struct part expected[PARTS];
    struct buf module = {0}, out = {0};
    struct wasm_bodies bodies;
    (void)state;
    memcpy(expected, parts, sizeof parts);
    expected[5] = (struct part){10, B("\3\3\0\0\x0b\6\0\xd2\1\x1a\0\x0b\3\0\0\x0b")};
    expected[7] = (struct part){0, B("\4name\7\3\1\0\0")};
    open_bodies(&module, &bodies);
    wasm_bodies_frame(&bodies, &out);
    assert_parts(&out, expected, PARTS);
    close_bodies(&module, &bodies, &out);
}

static void test_bodies__excerpt(void **state) {
    static const bool wanted[] = {true, false, true};
    static const struct part expected[] = {
        {1, B("\2\x60\0\0\x60\0\1\x7f")},
        {2, B("\1\1m\1f\0\0")},
        {3, B("\3\0\1\0")},
        {5, B("\1\0\1")},
        {10, B("\3\3\0\x01\x0b\3\0\0\x0b\3\0\0\x0b")},
        {11, B("\1\0\x41\x7f\x0b\0")},
        {0, B("\4name\2\6\1\1\1\0\1x\7\3\1\0\0")},
    };
    struct buf module = {0}, out = {0};
    struct wasm_bodies bodies;
    (void)state;
    open_bodies(&module, &bodies);
    wasm_bodies_excerpt(&bodies, wanted, (struct wasm_batch){0, 1}, &out);
    assert_parts(&out, expected, sizeof expected / sizeof *expected);
    close_bodies(&module, &bodies, &out);
}

/* With all bodies it is the module, but for the names of functions. */
static void test_bodies__whole(void **state) {
    static const bool wanted[] = {true, true, true};
    struct part expected[PARTS];
    struct buf module = {0}, out = {0};
    struct wasm_bodies bodies;
    (void)state;
    memcpy(expected, parts, sizeof parts);
    expected[7] = (struct part){0, B("\4name\2\6\1\1\1\0\1x\7\3\1\0\0")};
    open_bodies(&module, &bodies);
    wasm_bodies_excerpt(&bodies, wanted, (struct wasm_batch){0, 3}, &out);
    assert_parts(&out, expected, PARTS);
    close_bodies(&module, &bodies, &out);
}

static void test_bodies__batches(void **state) {
    static const struct {
        bool wanted[3];
        size_t most;
        struct wasm_batch batches[3];
    } rows[] = {
        {{true, true, true}, 100, {{0, 3}}},
        {{true, true, true}, 9, {{0, 2}, {2, 3}}},
        {{true, true, true}, 1, {{0, 1}, {1, 2}, {2, 3}}},
        {{true, false, true}, 7, {{0, 3}}},
        {{false, false, true}, 1, {{2, 3}}},
        {{false, false, false}, 9, {{0, 0}}},
    };
    struct buf module = {0}, out = {0};
    struct wasm_bodies bodies;
    (void)state;
    open_bodies(&module, &bodies);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct wasm_batch batch = {0};
        for (size_t j = 0; j < 3 && rows[i].batches[j].end > 0; j++) {
            assert_true(wasm_bodies_next(&bodies, rows[i].wanted, rows[i].most, &batch));
            assert_int_equal(batch.first, rows[i].batches[j].first);
            assert_int_equal(batch.end, rows[i].batches[j].end);
        }
        assert_false(wasm_bodies_next(&bodies, rows[i].wanted, rows[i].most, &batch));
    }
    close_bodies(&module, &bodies, &out);
}

/* The frame has other types, a tag and a function of its own; the name section gets our names. */
static void test_splice__types_and_code(void **state) {
    static const struct part frame[] = {
        {1, B("\2\x60\1\x7e\0\x60\0\0")},
        {2, B("\3\1m\1f\0\1\1m\1t\4\0\0\1m\1g\3\x7f\0")},
        {3, B("\2\1\0")},
        {13, B("\1\0\0")},
        {10, B("\2\3\0\0\x0b\6\0\x02\1\x01\x0b\x0b")},
        {0, B("\4name\1\4\1\0\1q\7\3\1\0\0")},
    };
    static const struct part expected[] = {
        {1, B("\3\x60\0\0\x60\0\1\x7f\x60\1\x7e\0")},
        {2, B("\3\1m\1f\0\0\1m\1t\4\0\2\1m\1g\3\x7f\0")},
        {3, B("\2\0\2")},
        {13, B("\1\0\2")},
        {10, B("\2\4\0\x10\0\x0b\6\0\x02\0\x01\x0b\x0b")},
        {0, B("\4name\1\7\2\1\1h\2\1i\7\3\1\0\0")},
    };
    struct buf module = {0}, written = {0}, out = {0};
    struct wasm_bodies bodies;
    struct diag diag = {0};
    (void)state;
    open_bodies(&module, &bodies);
    build(&written, frame, sizeof frame / sizeof *frame);
    struct wasm_bytes code[3] = {{0}, bodies.code[2], {0}}, locals[3] = {{0}};
    struct wasm_bytes names[3] = {{0}, {(const uint8_t *)"h", 1}, {(const uint8_t *)"i", 1}};
    struct wasm_splice splice = {
        .frame = {written.data, written.size},
        .code = code,
        .names = {names, locals, 3},
        .types = &bodies.types,
    };
    assert_int_equal(wasm_splice_apply(&splice, &out, &diag), 0);
    assert_parts(&out, expected, sizeof expected / sizeof *expected);
    buf_release(&written);
    close_bodies(&module, &bodies, &out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bodies__frame),          cmocka_unit_test(test_bodies__excerpt),
        cmocka_unit_test(test_bodies__whole),          cmocka_unit_test(test_bodies__batches),
        cmocka_unit_test(test_splice__types_and_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
