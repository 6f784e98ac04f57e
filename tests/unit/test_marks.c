/*
 * test_marks.c: marks of every form, through every wrapper, and all ways in which they get lost.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "marks_cases.h"
#include "wasm/marks.h"

static void build_functions(const struct marks_case *c, struct buf *module) {
    struct buf types = {0}, bodies = {0};
    uint8_t count = 0;
    while (c->functions[count].body)
        count++;
    buf_append_u8(&types, count);
    buf_append_u8(&bodies, count);
    for (uint8_t i = 0; i < count; i++) {
        buf_append_u8(&types, c->functions[i].type);
        buf_append_uleb(&bodies, c->functions[i].size);
        buf_append(&bodies, c->functions[i].body, c->functions[i].size);
    }
    build_section(module, 3, (const char *)types.data, types.size);
    build_section(module, 4, B("\1\x70\0\1"));
    struct buf exports = {0};
    uint8_t export_count = 0;
    while (export_count < 6 && c->exports[export_count].name)
        export_count++;
    buf_append_u8(&exports, export_count);
    for (uint8_t i = 0; i < export_count; i++)
        build_export(&exports, c->exports[i].name, c->exports[i].function);
    build_section(module, 7, (const char *)exports.data, exports.size);
    if (c->element) {
        char element[] = "\1\0\x41\0\x0b\1\0";
        element[6] = (char)c->element;
        build_section(module, 9, element, 7);
    }
    build_section(module, 10, (const char *)bodies.data, bodies.size);
    buf_release(&types);
    buf_release(&bodies);
    buf_release(&exports);
}

static void build(const struct marks_case *c, struct buf *module) {
    build_header(module);
    build_section(module, 1, B("\2\x60\0\0\x60\1\x7f\1\x7f"));
    build_section(module, 2, B("\1\1m\1f\0\0"));
    build_functions(c, module);
    if (c->records)
        build_custom(module, "kafu", c->records, c->records_size);
    if (c->section)
        build_custom(module, c->section, B(""));
    if (c->names)
        build_custom(module, "name", c->names, c->names_size);
}

static void append_line(struct buf *out, char *line) {
    buf_append_string(out, line);
    free(line);
}

static void describe(struct buf *out, const struct mark_list *marks, const struct diag *diag) {
    for (size_t i = 0; i < diag->count; i++)
        append_line(out, mem_printf("%s %s\n",
                                    diag->items[i].severity == SNAPIFY_ERROR ? "error" : "warning",
                                    diag->items[i].text));
    for (size_t i = 0; i < marks->count; i++)
        append_line(out,
                    mem_printf("%s %u %s\n", marks->items[i].kind == MARK_DEST ? "dest" : "may",
                               marks->items[i].function, marks->items[i].node));
    for (size_t i = 0; i < marks->wrapper_count; i++)
        append_line(out, mem_printf("wrapper %u\n", marks->wrappers[i]));
    buf_append_u8(out, 0);
}

static void test_marks__cases(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof marks_cases / sizeof *marks_cases; i++) {
        const struct marks_case *c = &marks_cases[i];
        struct snapify_options options = {
            .allow_uncalled = c->allow_uncalled,
            .dest = &c->dest,
            .dest_count = c->dest ? 1 : 0,
        };
        struct buf module = {0}, found = {0};
        struct wasm_scan scan;
        struct mark_list marks;
        struct diag diag = {0};
        build(c, &module);
        assert_int_equal(wasm_scan_read(&scan, module.data, module.size, &diag), 0);
        int status = marks_read(&marks, &scan, &options, &diag);
        describe(&found, &marks, &diag);
        if (strcmp((const char *)found.data, c->expected) != 0)
            print_error("%s:\n", c->about);
        assert_string_equal((const char *)found.data, c->expected);
        assert_int_equal(status, strncmp(c->expected, "error", 5) == 0 ? -1 : 0);
        marks_release(&marks);
        wasm_scan_release(&scan);
        diag_release(&diag);
        buf_release(&module);
        buf_release(&found);
    }
}

/* Records cut short are refused, unless they are cut between two. */
static void test_marks__cut_records(void **state) {
    (void)state;
    static const char records[] =
        EXPORTED("dest", "edge1", "3", "0") INDEX("\2", "dest", "edge1", "a.c", "f");
    static const size_t whole = sizeof EXPORTED("dest", "edge1", "3", "0") - 1;
    for (size_t size = 1; size < sizeof records - 1; size++) {
        struct marks_case c = {
            .functions = {CALLED_F},
            START_AND_MARK,
            .records = records,
            .records_size = size,
        };
        struct snapify_options options = {0};
        struct buf module = {0};
        struct wasm_scan scan;
        struct mark_list marks;
        struct diag diag = {0};
        build(&c, &module);
        assert_int_equal(wasm_scan_read(&scan, module.data, module.size, &diag), 0);
        assert_int_equal(marks_read(&marks, &scan, &options, &diag), size == whole ? 0 : -1);
        if (size != whole)
            assert_string_equal(diag.items[0].text, "a mark is malformed or cut off");
        marks_release(&marks);
        wasm_scan_release(&scan);
        diag_release(&diag);
        buf_release(&module);
    }
}

static void test_marks__strip_sections(void **state) {
    (void)state;
    struct buf module = {0}, expected = {0}, stripped = {0};
    struct wasm_scan scan;
    struct diag diag = {0};
    build_header(&module);
    build_custom(&module, "kafu", B(EXPORT("f", "4", "1")));
    build_custom(&module, "kept", B("x"));
    build_custom(&module, ".kafu_dest.f.edge1", B(""));
    build_custom(&module, "kafu2", B("y"));
    build_custom(&module, ".kafu_may_offload.f.edge1", B(""));
    build_header(&expected);
    build_custom(&expected, "kept", B("x"));
    build_custom(&expected, "kafu2", B("y"));
    assert_int_equal(wasm_scan_read(&scan, module.data, module.size, &diag), 0);
    marks_strip_sections(&scan, &stripped);
    assert_int_equal(stripped.size, expected.size);
    assert_memory_equal(stripped.data, expected.data, expected.size);
    wasm_scan_release(&scan);
    buf_release(&module);
    buf_release(&expected);
    buf_release(&stripped);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_marks__cases),
        cmocka_unit_test(test_marks__cut_records),
        cmocka_unit_test(test_marks__strip_sections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
