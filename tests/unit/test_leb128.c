/*
 * test_leb128.c: varints of every width, too long ones and cut ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wasm/leb128.h"

struct unsigned_case {
    const char *bytes;
    size_t size;
    uint64_t value;
    bool fits32, fits64;
};

static const struct unsigned_case unsigned_cases[] = {
    {"", 0, 0, false, false},
    {"\x00", 1, 0, true, true},
    {"\x7f", 1, 127, true, true},
    {"\x80", 1, 0, false, false},
    {"\x80\x01", 2, 128, true, true},
    {"\xe5\x8e\x26", 3, 624485, true, true},
    {"\x80\x80\x80\x80\x00", 5, 0, true, true}, /* padded by a linker */
    {"\x85\x80\x80\x80\x00", 5, 5, true, true},
    {"\xff\xff\xff\xff\x0f", 5, UINT32_MAX, true, true},
    {"\xff\xff\xff\xff\x1f", 5, 0x1ffffffff, false, true},
    {"\x80\x80\x80\x80\x80\x00", 6, 0, false, true},
    {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10, UINT64_MAX, false, true},
    {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10, 0, false, false},
    {"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", 11, 0, false, false},
};

static void test_leb128__unsigned(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof unsigned_cases / sizeof *unsigned_cases; i++) {
        const struct unsigned_case *c = &unsigned_cases[i];
        struct reader narrow = reader_over((const uint8_t *)c->bytes, c->size), wide = narrow;
        uint32_t value32 = 0;
        uint64_t value64 = 0;
        assert_int_equal(reader_uleb32(&narrow, &value32), c->fits32);
        assert_int_equal(narrow.at, c->fits32 ? c->size : 0);
        assert_int_equal(value32, c->fits32 ? c->value : 0);
        assert_int_equal(reader_uleb64(&wide, &value64), c->fits64);
        assert_int_equal(wide.at, c->fits64 ? c->size : 0);
        assert_true(value64 == (c->fits64 ? c->value : 0));
    }
}

enum {
    FITS_32 = 1,
    FITS_33 = 2,
    FITS_64 = 4,
    FITS_ALL = 7
};

static const struct signed_case {
    const char *bytes;
    size_t size;
    int64_t value;
    int fits;
} signed_cases[] = {
    {"\x00", 1, 0, FITS_ALL},
    {"\x3f", 1, 63, FITS_ALL},
    {"\x40", 1, -64, FITS_ALL},
    {"\x7f", 1, -1, FITS_ALL},
    {"\xff\x00", 2, 127, FITS_ALL},
    {"\x80\x7f", 2, -128, FITS_ALL},
    {"\xff\xff\xff\xff\x07", 5, INT32_MAX, FITS_ALL},
    {"\x80\x80\x80\x80\x78", 5, INT32_MIN, FITS_ALL},
    {"\xff\xff\xff\xff\x7f", 5, -1, FITS_ALL},
    {"\xff\xff\xff\xff\x0f", 5, UINT32_MAX, FITS_33 | FITS_64},
    {"\x80\x80\x80\x80\x70", 5, -4294967296, FITS_33 | FITS_64},
    {"\xff\xff\xff\xff\x1f", 5, 0x1ffffffff, FITS_64},
    {"\xff\xff\xff\xff\x4f", 5, -12884901889, FITS_64},
    {"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7f", 10, INT64_MIN, FITS_64},
    {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00", 10, INT64_MAX, FITS_64},
    {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10, 0, 0},
    {"\xff\xff", 2, 0, 0},
};

static void test_leb128__signed(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof signed_cases / sizeof *signed_cases; i++) {
        const struct signed_case *c = &signed_cases[i];
        struct reader r32 = reader_over((const uint8_t *)c->bytes, c->size);
        struct reader r33 = r32, r64 = r32;
        int32_t v32 = 0;
        int64_t v33 = 0, v64 = 0;
        assert_int_equal(reader_sleb32(&r32, &v32), (c->fits & FITS_32) != 0);
        assert_int_equal(reader_sleb33(&r33, &v33), (c->fits & FITS_33) != 0);
        assert_int_equal(reader_sleb64(&r64, &v64), (c->fits & FITS_64) != 0);
        assert_true(v32 == ((c->fits & FITS_32) != 0 ? c->value : 0));
        assert_true(v33 == ((c->fits & FITS_33) != 0 ? c->value : 0));
        assert_true(v64 == ((c->fits & FITS_64) != 0 ? c->value : 0));
    }
}

static void test_leb128__limits(void **state) {
    (void)state;
    struct reader reader = reader_over((const uint8_t *)"\1\2\3\4\5\6\x80\x80", 8);
    uint32_t word;
    uint8_t byte;
    assert_true(reader_u32le(&reader, &word));
    assert_int_equal(word, 0x04030201);
    assert_int_equal(reader_varint_size(&reader), 1);
    assert_true(reader_skip(&reader, 2));
    assert_int_equal(reader_varint_size(&reader), 0);
    assert_false(reader_u32le(&reader, &word));
    assert_int_equal(reader_left(&reader), 2);
    assert_false(reader_skip(&reader, SIZE_MAX));
    assert_int_equal(reader_left(&reader), 0);
    assert_false(reader_u8(&reader, &byte));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_leb128__unsigned),
        cmocka_unit_test(test_leb128__signed),
        cmocka_unit_test(test_leb128__limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
