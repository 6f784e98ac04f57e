/*
 * test_scan.c: what the scan finds, and what it says about modules that are none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "wasm/names.h"
#include "wasm/scan.h"
#include "wasm_builder.h"

#define HEADER "\0asm\1\0\0\0"

static const struct {
    const char *bytes;
    size_t size;
    const char *text;
    int64_t offset;
} bad_modules[] = {
    {B(""), "the input is empty", -1},
    {B("\x7f"
       "ELF"),
     "this is not a WebAssembly module (no \\0asm at the start)", 0},
    {B("\0as"), "this is not a WebAssembly module (no \\0asm at the start)", 0},
    {B("\0asm\1\0"), "the module ends inside its header", 6},
    {B("\0asm\x0d\0\1\0"), "this is a component, not a core module", 4},
    {B("\0asm\2\0\0\0"), "the module has an unknown version", 4},
    {B(" \n(module)"), "this is WebAssembly text, not a binary module", -1},
    {B(";; text"), "this is WebAssembly text, not a binary module", -1},
    {B(HEADER "\1"), "the module ends inside the head of a section", 8},
    {B(HEADER "\x0e\0"), "unknown section 14", 8},
    {B(HEADER "\1\5\0"), "the type section is 5 bytes long, but only 1 are left", 8},
    {B(HEADER "\1\1\0\1\1\0"), "a second type section", 11},
    {B(HEADER "\3\1\0\1\1\0"), "the type section is out of order", 11},
    {B(HEADER "\1\2\0\0"), "the type section is longer than what is in it", 11},
    {B(HEADER "\1\0"), "the type section has no count", 10},
    {B(HEADER "\1\5\xff\xff\xff\xff\x0f"),
     "the type section announces 4294967295 entries in 0 bytes", 10},
    {B(HEADER "\1\2\1\x5f"), "type 0 is not a function type", 11},
    {B(HEADER "\1\4\1\x60\2\x7f"), "the type section is malformed or cut off in entry 0", 13},
    {B(HEADER "\2\4\1\1m\0"), "the import section is malformed or cut off in entry 0", 14},
    {B(HEADER "\2\7\1\1m\1f\0\0"), "the import section is malformed or cut off in entry 0", 17},
    {B(HEADER "\2\6\1\1\xff\0\0\0"), "the import section is malformed or cut off in entry 0", 12},
    {B(HEADER "\3\2\1\0"), "the function section is malformed or cut off in entry 0", 12},
    {B(HEADER "\4\7\1\x70\0\x81\xad\xe2\4"),
     "table 0 declares 10000001 entries, engines allow at most 10000000", 11},
    {B(HEADER "\5\5\1\0\x81\x80\4"),
     "memory 0 declares 65537 pages, at most 65536 can be addressed", 11},
    {B(HEADER "\5\6\1\1\1\x81\x80\4"),
     "memory 0 declares 65537 pages, at most 65536 can be addressed", 11},
    {B(HEADER "\5\4\1\1\2\1"), "memory 0 declares a maximum below its initial size", 11},
    {B(HEADER "\5\3\1\x08\1"), "the memory section is malformed or cut off in entry 0", 12},
    {B(HEADER "\6\6\1\x7f\2\x41\0\x0b"), "the global section is malformed or cut off in entry 0",
     13},
    {B(HEADER "\6\5\1\x7f\0\x41\0"), "the global section is malformed or cut off in entry 0", 15},
    {B(HEADER "\7\5\1\1f\0\0"), "the export section is malformed or cut off in entry 0", 15},
    {B(HEADER "\7\5\1\1f\x09\0"), "the export section is malformed or cut off in entry 0", 15},
    {B(HEADER "\x08\1\0"), "the start section names no function of this module", 11},
    {B(HEADER "\x09\3\1\x08\0"), "the element section is malformed or cut off in entry 0", 12},
    {B(HEADER "\x0b\3\1\3\0"), "the data section is malformed or cut off in entry 0", 12},
    {B(HEADER "\x0b\6\1\1\x09"
              "abc"),
     "the data section is malformed or cut off in entry 0", 16},
    {B(HEADER "\x0c\1\1"), "the data count section announces 1 segments, the data section has 0",
     -1},
    {B(HEADER "\1\4\1\x60\0\0\3\2\1\0"),
     "1 functions are declared, but the code section is missing", -1},
    {B(HEADER "\1\4\1\x60\0\0\3\2\1\0\x0a\1\0"),
     "the code section has 0 bodies for 1 declared functions", 21},
    {B(HEADER "\1\4\1\x60\0\0\3\2\1\0\x0a\4\1\3\0\x0b"),
     "the code section ends in the middle of function 0", 21},
    {B(HEADER "\1\4\1\x60\0\0\3\2\1\0\x0a\4\1\2\1\x0b"), "the locals of function 0 are malformed",
     24},
    {B(HEADER "\1\4\1\x60\0\0\3\2\1\0\x0a\x0b\1\x09\2\xff\xff\3\x7f\1\x7f\x0b\0"),
     "function 0 declares 65536 locals, at most 50000 are allowed", 22},
    {B(HEADER "\0\2\2a"), "a custom section has no valid name", 8},
    {B(HEADER "\0\2\1\xff"), "a custom section has no valid name", 8},
    {B(HEADER "\0\x08\7linking"), "this is a relocatable object file", 8},
    {B(HEADER "\5\3\1\0\1\7\x09\2\1m\2\0\1m\2\0"), "two exports are named \"m\"", -1},
};

static void test_scan__bad_modules(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof bad_modules / sizeof *bad_modules; i++) {
        struct wasm_scan scan;
        struct diag diag = {0};
        int status = wasm_scan_read(&scan, (const uint8_t *)bad_modules[i].bytes,
                                    bad_modules[i].size, &diag);
        assert_int_equal(status, -1);
        assert_int_equal(diag.count, 1);
        assert_string_equal(diag.items[0].text, bad_modules[i].text);
        assert_int_equal(diag.items[0].offset, bad_modules[i].offset);
        wasm_scan_release(&scan);
        diag_release(&diag);
    }
}

/* One of everything. */
static void build_rich(struct buf *module) {
    build_header(module);
    build_custom(module, "first", B("x"));
    build_section(module, 1, B("\2\x60\0\0\x60\2\x7f\x7e\1\x7b"));
    build_section(module, 2, B("\2\1m\1f\0\0\1m\1g\3\x7f\0"));
    build_section(module, 3, B("\2\0\1"));
    build_section(module, 4, B("\2\x70\0\1\x40\0\x6f\1\1\2\xd0\x6f\x0b"));
    build_section(module, 5, B("\1\1\2\x10"));
    build_section(module, 13, B("\1\0\0"));
    build_section(module, 6, B("\1\x7f\1\x41\0\x0b"));
    build_section(module, 7, B("\3\1a\0\1\6kafu:b\0\2\1m\2\0"));
    build_section(module, 8, B("\1"));
    build_section(module, 9, B("\1\0\x41\0\x0b\1\1"));
    build_section(module, 12, B("\2"));
    build_section(module, 10, B("\2\4\1\3\x7f\x0b\2\0\x0b"));
    build_section(module, 11, B("\2\0\x41\0\x0b\3abc\1\2de"));
    build_custom(module, "name", B("\1\x0e\3\0\1x\1\3one\2\3two"));
    build_custom(module, "target_features",
                 B("\1+\x0f"
                   "bulk-memory-opt"));
}

static void check_rich(const struct wasm_scan *scan) {
    assert_int_equal(scan->section_count, 16);
    assert_int_equal(scan->imported_functions, 1);
    assert_int_equal(scan->function_count, 2);
    assert_int_equal(scan->functions[1].type, 1);
    assert_int_equal(scan->functions[0].body.size, 4);
    assert_memory_equal(scan->functions[1].body.data, "\0\x0b", 2);
    assert_int_equal(scan->type_count, 2);
    assert_int_equal(scan->types[1].size, 5);
    assert_int_equal(scan->export_count, 3);
    assert_int_equal(scan->exports[1].index, 2);
    assert_int_equal(scan->memory_count, 1);
    assert_int_equal(scan->memory.initial, 2);
    assert_int_equal(scan->memory.maximum, 16);
    assert_true(scan->memory.has_maximum && !scan->memory.imported && !scan->memory.shared);
    assert_true(scan->has_start && scan->has_target_features);
    assert_true(scan->uses_bulk_memory_opt);
    assert_int_equal(scan->start, 1);
    assert_int_equal(wasm_scan_find_function(scan, "a"), 1);
    assert_int_equal(wasm_scan_find_function(scan, "two"), 2);
    assert_int_equal(wasm_scan_find_function(scan, "m"), UINT32_MAX);
    assert_int_equal(wasm_scan_find_function(scan, ""), UINT32_MAX);
}

static void test_scan__finds_everything(void **state) {
    (void)state;
    struct buf module = {0};
    struct wasm_scan scan;
    struct diag diag = {0};
    build_rich(&module);
    assert_int_equal(wasm_scan_read(&scan, module.data, module.size, &diag), 0);
    check_rich(&scan);
    char *name = wasm_scan_function_name(&scan, 1);
    assert_string_equal(name, "one");
    free(name);
    wasm_scan_release(&scan);
    buf_release(&module);
}

/* Cut anywhere but between sections, or behind everything that others count on, it is refused. */
static void test_scan__every_truncation(void **state) {
    (void)state;
    struct buf module = {0};
    size_t accepted = 0;
    build_rich(&module);
    for (size_t size = 0; size < module.size; size++) {
        struct wasm_scan scan;
        struct diag diag = {0};
        uint8_t *copy = mem_alloc(size);
        memcpy(copy, module.data, size);
        int status = wasm_scan_read(&scan, copy, size, &diag);
        accepted += status == 0;
        assert_int_equal(diag.count, status == 0 ? 0 : 1);
        wasm_scan_release(&scan);
        diag_release(&diag);
        free(copy);
    }
    /* The bare header, behind "first", the types and the imports, behind data and names. */
    assert_int_equal(accepted, 6);
    buf_release(&module);
}

static void test_scan__names(void **state) {
    (void)state;
    static const struct {
        const char *names;
        size_t size;
        const char *expected;
        uint32_t found;
    } cases[] = {
        {B("\1\4\1\0\1x"), "x", 0},
        {B("\0\2\1z\1\4\1\0\1x"), "x", 0},
        {B("\1\7\2\0\1x\1\1x"), "x", UINT32_MAX - 1},
        {B("\1\4\1\0\1\xff"), "shown", UINT32_MAX}, /* no UTF-8 */
        {B("\1\4\1\5\1x"), "shown", UINT32_MAX},    /* no such function */
        {B("\1\x7f\1\0\1x"), "shown", UINT32_MAX},  /* cut off */
        {B(""), "shown", UINT32_MAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf module = {0};
        struct wasm_scan scan;
        struct diag diag = {0};
        build_header(&module);
        build_section(&module, 1, B("\1\x60\0\0"));
        build_section(&module, 3, B("\2\0\0"));
        build_section(&module, 7, B("\2\6kafu:b\0\0\5shown\0\0"));
        build_section(&module, 10, B("\2\2\0\x0b\2\0\x0b"));
        build_custom(&module, "name", cases[i].names, cases[i].size);
        assert_int_equal(wasm_scan_read(&scan, module.data, module.size, &diag), 0);
        char *name = wasm_scan_function_name(&scan, 0);
        assert_string_equal(name, cases[i].expected);
        assert_int_equal(wasm_scan_find_function(&scan, "x"), cases[i].found);
        free(name);
        wasm_scan_release(&scan);
        buf_release(&module);
    }
}

/* Functions (1) and data (9) stay, tags as wabt numbers them (10) go, and so does what ends
 * early. */
static void test_scan__copied_names(void **state) {
    struct buf module = {0}, copied = {0}, expected = {0};
    struct wasm_scan scan;
    struct diag diag = {0};
    (void)state;
    build_header(&module);
    build_custom(&module, "name", B("\x0a\3\1\0e\1\4\1\0\1f\x09\1\0\2\x20short"));
    build_custom(&expected, "name", B("\1\4\1\0\1f\x09\1\0"));
    assert_int_equal(wasm_scan_read(&scan, module.data, module.size, &diag), 0);
    assert_true(wasm_is_name_section(&scan.sections[0]));
    wasm_copy_names(&scan.sections[0], &copied);
    assert_int_equal(copied.size, expected.size);
    assert_memory_equal(copied.data, expected.data, expected.size);
    wasm_scan_release(&scan);
    buf_release(&module);
    buf_release(&copied);
    buf_release(&expected);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scan__bad_modules),
        cmocka_unit_test(test_scan__finds_everything),
        cmocka_unit_test(test_scan__every_truncation),
        cmocka_unit_test(test_scan__names),
        cmocka_unit_test(test_scan__copied_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
