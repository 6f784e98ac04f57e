/*
 * test_patch.c: sections before and after.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wasm/patch.h"
#include "wasm_builder.h"

/* `a`, 16 zeros, `b`, and 26 zeros more. */
#define ZEROS(a, b)                                                                                \
    a "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" b "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

struct part {
    uint8_t id;
    const char *payload;
    size_t size;
};

static const struct {
    struct wasm_patch patch;
    struct part before[4];
    struct part after[4];
} cases[] = {
    {
        {.initial_pages = 3, .segment_address = 0x10000, .segment = {(const uint8_t *)"xy", 2}},
        {{5, B("\1\1\1\4")}, {11, B("\1\0\x41\0\x0b\1a")}},
        {{5, B("\1\0\3")}, {11, B("\2\0\x41\0\x0b\1a\0\x41\x80\x80\4\x0b\2xy")}},
    },
    {
        {.initial_pages = 300, .has_maximum = true, .maximum_pages = 65536, .segment_address = 63},
        {{5, B("\1\0\1")}, {12, B("\1")}, {11, B("\1\1\1a")}},
        {{5, B("\1\1\xac\2\x80\x80\4")}, {12, B("\2")}, {11, B("\2\1\1a\0\x41\x3f\x0b\0")}},
    },
    {
        /* A data section is made in its place, in front of custom sections. */
        {.initial_pages = 1, .segment_address = 64, .segment = {(const uint8_t *)"z", 1}},
        {{0, B("\1f")}, {5, B("\1\0\1")}, {0, B("\1l")}},
        {{0, B("\1f")}, {5, B("\1\0\1")}, {11, B("\1\0\x41\xc0\0\x0b\1z")}, {0, B("\1l")}},
    },
    {
        /* Above 2 GiB constants are negative. */
        {.initial_pages = 65536, .segment_address = 0x80000000},
        {{5, B("\1\0\1")}},
        {{5, B("\1\0\x80\x80\4")}, {11, B("\1\0\x41\x80\x80\x80\x80\x78\x0b\0")}},
    },
    {
        {.initial_pages = 1, .export_memory = true},
        {{5, B("\1\0\1")}, {7, B("\0")}},
        {{5, B("\1\0\1")}, {7, B("\1\6memory\2\0")}, {11, B("\1\0\x41\0\x0b\0")}},
    },
    {
        /* It is there already, under this name or another. */
        {.initial_pages = 1, .export_memory = true},
        {{5, B("\1\0\1")}, {7, B("\1\1m\2\0")}},
        {{5, B("\1\0\1")}, {7, B("\1\1m\2\0")}, {11, B("\1\0\x41\0\x0b\0")}},
    },
    {
        /* Long stretches of zeros are left out, at the end, too; short ones are not. */
        {.initial_pages = 1,
         .segment_address = 8,
         .segment = {(const uint8_t *)ZEROS("ab\0\0c", "d"), 48}},
        {{5, B("\1\0\1")}, {12, B("\0")}, {11, B("\0")}},
        {{5, B("\1\0\1")},
         {12, B("\2")},
         {11, B("\2\0\x41\x08\x0b\5"
                "ab\0\0c"
                "\0\x41\x1d\x0b\1"
                "d")}},
    },
    {
        /* Others memories stay as they are. */
        {.initial_pages = 2},
        {{5, B("\2\0\1\1\7\x09")}},
        {{5, B("\2\0\2\1\7\x09")}, {11, B("\1\0\x41\0\x0b\0")}},
    },
};

static void build(struct buf *module, const struct part *parts, size_t count) {
    build_header(module);
    for (size_t i = 0; i < count && parts[i].payload; i++)
        build_section(module, parts[i].id, parts[i].payload, parts[i].size);
}

static void test_patch__sections(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf before = {0}, after = {0}, out = {0};
        struct diag diag = {0};
        build(&before, cases[i].before, 4);
        build(&after, cases[i].after, 4);
        assert_int_equal(wasm_patch_apply(&cases[i].patch, before.data, before.size, &out, &diag),
                         0);
        assert_int_equal(out.size, after.size);
        assert_memory_equal(out.data, after.data, after.size);
        buf_release(&before);
        buf_release(&after);
        buf_release(&out);
    }
}

static const struct {
    struct wasm_patch patch;
    struct part module;
    const char *text;
} refusals[] = {
    {{.initial_pages = 1}, {1, B("\0")}, "the module defines no memory"},
    {{.initial_pages = 1}, {2, B("\1\1m\1m\2\0\1")}, "the module defines no memory"},
    {{.initial_pages = 1}, {5, B("\1\3\1\1")}, "memory 0 is shared"},
    {{.initial_pages = 1}, {5, B("\1\4\1")}, "memory 0 is addressed with 64 bits"},
    {{.initial_pages = 1, .segment_address = 65535, .segment = {(const uint8_t *)"ab", 2}},
     {5, B("\1\0\1")},
     "a data segment of 2 bytes at 65535 does not fit into 1 pages"},
    {{.initial_pages = 1}, {5, B("\1\0")}, "the memory section is malformed or cut off in entry 0"},
};

static void test_patch__refusals(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct buf module = {0}, out = {0};
        struct diag diag = {0};
        build(&module, &refusals[i].module, 1);
        assert_int_equal(
            wasm_patch_apply(&refusals[i].patch, module.data, module.size, &out, &diag), -1);
        assert_int_equal(out.size, 0);
        assert_int_equal(diag.count, 1);
        assert_string_equal(diag.items[0].text, refusals[i].text);
        diag_release(&diag);
        buf_release(&module);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_patch__sections),
        cmocka_unit_test(test_patch__refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
