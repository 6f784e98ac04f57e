/*
 * Which row holds for an address, and where a function's lines are looked for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h wants the four above. */
#include <cmocka.h>
#include <string.h>

#include "dwarf/source_lines.h"

static char *files[] = {"a.c", "b.c"};

/* Two functions, with a gap between them; two rows at 0x24, the second one holds. */
static struct source_row rows[] = {
    {0x12, 0, 3, 0}, {0x18, 0, 4, 1}, {0x1e, 0, 0, 2}, {0x20, 0, 0, 3},
    {0x24, 1, 7, 4}, {0x24, 1, 8, 5}, {0x28, 0, 0, 6},
};

static const struct source_lines lines = {
    .files = files, .file_count = 2, .rows = rows, .row_count = sizeof rows / sizeof *rows};

static void test_source_lines__find(void **state) {
    static const struct {
        uint32_t address, line; /* 0: none */
        const char *file;
    } cases[] = {
        {0x00, 0, ""},    {0x11, 0, ""},    {0x12, 3, "a.c"}, {0x17, 3, "a.c"},
        {0x18, 4, "a.c"}, {0x1d, 4, "a.c"}, {0x1e, 0, ""},    {0x23, 0, ""},
        {0x24, 8, "b.c"}, {0x27, 8, "b.c"}, {0x28, 0, ""},    {UINT32_MAX, 0, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct source_place place = {"", 0};
        assert_int_equal(source_lines_find(&lines, cases[i].address, &place), cases[i].line != 0);
        assert_int_equal(place.line, cases[i].line);
        assert_string_equal(place.file, cases[i].file);
    }
}

static void test_source_lines__none(void **state) {
    static const struct source_lines none;
    struct source_place place;
    (void)state;
    assert_false(source_lines_find(&none, 0x12, &place));
}

/* A module whose code section holds 0x30 bytes; the functions' bodies are given as if scanned. */
static void test_source_lines__functions(void **state) {
    static const uint8_t code[0x30];
    struct wasm_section section = {.id = 10, .payload = {code, sizeof code}};
    struct wasm_function functions[] = {
        {0, {code + 0x12, 0x0c}}, /* its first row is where it begins */
        {0, {code + 0x20, 0x08}}, /* the first row that names a line is behind */
        {0, {code + 0x28, 0x08}}, /* none */
    };
    struct wasm_scan scan = {
        .sections = &section, .section_count = 1, .functions = functions, .function_count = 3};
    struct source_place place;
    (void)state;
    assert_true(source_lines_begin(&lines, &scan, 0, &place));
    assert_int_equal(place.line, 3);
    assert_true(source_lines_end(&lines, &scan, 0, &place));
    assert_int_equal(place.line, 4);
    assert_true(source_lines_begin(&lines, &scan, 1, &place));
    assert_int_equal(place.line, 8);
    assert_string_equal(place.file, "b.c");
    assert_false(source_lines_begin(&lines, &scan, 2, &place));
    assert_false(source_lines_end(&lines, &scan, 2, &place));
    assert_int_equal(source_address(&scan, code + 0x12), 0x12);
    assert_int_equal(source_address(&scan, code + 0x30), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_source_lines__find),
        cmocka_unit_test(test_source_lines__none),
        cmocka_unit_test(test_source_lines__functions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
