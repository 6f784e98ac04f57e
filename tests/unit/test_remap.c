/*
 * test_remap.c: every instruction that names something that can move, one body each, and those
 * that look like them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wasm/remap.h"
#include "wasm_builder.h"

#define G WASM_GONE

/* Function 1 gets an index of two bytes, 2 is gone; tables 0 and 1 change places. */
static const uint32_t functions[] = {5, 200, G, 3, [130] = 4};
static const uint32_t globals[] = {0, 7};
static const uint32_t tables[] = {1, 0};
static const uint32_t elements[] = {3, G};

/* Of the body's module: () -> (), (i32) -> (), () -> (i32 i32). */
#define TYPES "\3\x60\0\0\x60\1\x7f\0\x60\0\2\x7f\x7f"
/* Where they go: (i64) -> (), () -> (). */
#define NEW_TYPES "\2\x60\1\x7e\0\x60\0\0"

static const struct {
    const char *name;
    const char *body;
    size_t body_size;
    const char *moved; /* NULL: refused */
    size_t moved_size;
} cases[] = {
    {"nothing moves", B("\0\x20\0\x41\x7f\x6a\x1a\x0b"), B("\0\x20\0\x41\x7f\x6a\x1a\x0b")},
    {"call", B("\0\x10\0\x0b"), B("\0\x10\5\x0b")},
    {"call grows", B("\1\1\x7f\x01\x10\1\x10\0\x0b"), B("\1\1\x7f\x01\x10\xc8\1\x10\5\x0b")},
    {"call shrinks", B("\0\x10\x82\1\x0b"), B("\0\x10\4\x0b")},
    {"call stays, padded", B("\0\x10\x83\x80\0\x0b"), B("\0\x10\x83\x80\0\x0b")},
    {"call moves, padded", B("\0\x10\x80\x80\0\x01\x0b"), B("\0\x10\5\x01\x0b")},
    {"call of what is gone", B("\0\x10\2\x0b"), NULL, 0},
    {"call beyond the end", B("\0\x10\x83\1\x0b"), NULL, 0},
    {"return_call", B("\0\x12\0\x0b"), B("\0\x12\5\x0b")},
    {"ref.func", B("\0\xd2\1\x1a\x0b"), B("\0\xd2\xc8\1\x1a\x0b")},
    {"call_indirect", B("\0\x11\0\0\x0b"), B("\0\x11\1\1\x0b")},
    {"call_indirect, new type", B("\0\x11\1\1\x0b"), B("\0\x11\2\0\x0b")},
    {"call_indirect, no such type", B("\0\x11\3\0\x0b"), NULL, 0},
    {"return_call_indirect", B("\0\x13\0\1\x0b"), B("\0\x13\1\0\x0b")},
    {"call_ref", B("\0\x14\0\x0b"), B("\0\x14\1\x0b")},
    {"return_call_ref", B("\0\x15\0\x0b"), B("\0\x15\1\x0b")},
    {"block of a type", B("\0\x02\2\x0b\x0b"), B("\0\x02\2\x0b\x0b")},
    {"loop of a type", B("\0\x03\0\x0b\x0b"), B("\0\x03\1\x0b\x0b")},
    {"if of a type", B("\0\x04\0\x05\x0b\x0b"), B("\0\x04\1\x05\x0b\x0b")},
    {"try of a type", B("\0\x06\0\x07\0\x0b\x0b"), B("\0\x06\1\x07\0\x0b\x0b")},
    {"try_table of a type", B("\0\x1f\0\1\0\0\0\x0b\x0b"), B("\0\x1f\1\1\0\0\0\x0b\x0b")},
    {"blocks without type", B("\0\x02\x40\x03\x7f\x0b\x1a\x0b\x0b"),
     B("\0\x02\x40\x03\x7f\x0b\x1a\x0b\x0b")},
    {"block of a typed reference", B("\0\x02\x63\0\x0b\x0b"), NULL, 0},
    {"block of a reference", B("\0\x02\x63\x70\x0b\x0b"), B("\0\x02\x63\x70\x0b\x0b")},
    {"global.get, global.set", B("\0\x23\1\x24\0\x0b"), B("\0\x23\7\x24\0\x0b")},
    {"table.get, table.set", B("\0\x25\0\x26\1\x0b"), B("\0\x25\1\x26\0\x0b")},
    {"table.init: segment, table", B("\0\xfc\x0c\0\1\x0b"), B("\0\xfc\x0c\3\0\x0b")},
    {"table.init of what is gone", B("\0\xfc\x0c\1\1\x0b"), NULL, 0},
    {"elem.drop", B("\0\xfc\x0d\0\x0b"), B("\0\xfc\x0d\3\x0b")},
    {"table.copy", B("\0\xfc\x0e\0\1\x0b"), B("\0\xfc\x0e\1\0\x0b")},
    {"opcode with padding", B("\0\xfc\x8e\0\0\0\x0b"), B("\0\xfc\x8e\0\1\1\x0b")},
    {"table.grow, size, fill", B("\0\xfc\x0f\0\xfc\x10\1\xfc\x11\0\x0b"),
     B("\0\xfc\x0f\1\xfc\x10\0\xfc\x11\1\x0b")},
    {"memory and data keep theirs",
     B("\0\xfc\x08\0\0\xfc\x09\0\xfc\x0a\0\0\xfc\x0b\0\x3f\0\x40\0\x28\2\0\x0b"),
     B("\0\xfc\x08\0\0\xfc\x09\0\xfc\x0a\0\0\xfc\x0b\0\x3f\0\x40\0\x28\2\0\x0b")},
    {"labels, locals, tags keep theirs",
     B("\0\x0c\0\x0d\0\x0e\1\0\0\x20\0\x21\0\x22\0\x08\0\x09\0\x0b"),
     B("\0\x0c\0\x0d\0\x0e\1\0\0\x20\0\x21\0\x22\0\x08\0\x09\0\x0b")},
    {"constants that look like calls",
     B("\0\x41\x10\x43\x10\0\x10\0\xfd\x0c\x10\0\x10\0\x10\0\x10\0"
       "\x10\0\x10\0\x10\0\x10\0\x0b"),
     B("\0\x41\x10\x43\x10\0\x10\0\xfd\x0c\x10\0\x10\0\x10\0\x10\0\x10\0\x10\0\x10\0\x10\0\x0b")},
    {"ref.null func", B("\0\xd0\x70\x0b"), B("\0\xd0\x70\x0b")},
    {"ref.null of a type", B("\0\xd0\0\x0b"), NULL, 0},
    {"select of references", B("\0\x1c\1\x6f\x0b"), B("\0\x1c\1\x6f\x0b")},
    {"select of typed references", B("\0\x1c\1\x64\0\x0b"), NULL, 0},
    {"local that is a typed reference", B("\1\1\x63\0\x0b"), NULL, 0},
    {"no end", B("\0\x10\0"), NULL, 0},
    {"unknown instruction", B("\0\xfb\0\0\x0b"), NULL, 0},
    {"cut-off locals", B("\1"), NULL, 0},
};

struct modules {
    struct buf from, to;
    struct wasm_scan from_scan, to_scan;
};

static void read_types(struct buf *module, const char *types, size_t size, struct wasm_scan *scan) {
    struct diag diag = {0};
    build_header(module);
    build_section(module, 1, types, size);
    assert_int_equal(wasm_scan_read(scan, module->data, module->size, &diag), 0);
}

static void test_remap__each_case(void **state) {
    struct modules modules = {0};
    (void)state;
    read_types(&modules.from, B(TYPES), &modules.from_scan);
    read_types(&modules.to, B(NEW_TYPES), &modules.to_scan);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct wasm_types types;
        struct wasm_remap remap;
        struct buf out = {0};
        wasm_types_init(&types, &modules.to_scan);
        wasm_remap_init(&remap, &modules.from_scan, &types);
        remap.functions = (struct wasm_indices){functions, sizeof functions / sizeof *functions};
        remap.globals = (struct wasm_indices){globals, 2};
        remap.tables = (struct wasm_indices){tables, 2};
        remap.elements = (struct wasm_indices){elements, 2};
        struct wasm_bytes body = {(const uint8_t *)cases[i].body, cases[i].body_size};
        bool moved = wasm_remap_body(&remap, body, &out);
        if (moved != (cases[i].moved != NULL))
            fail_msg("%s: %s", cases[i].name, moved ? "not refused" : "refused");
        if (moved &&
            (out.size != cases[i].moved_size || memcmp(out.data, cases[i].moved, out.size) != 0))
            fail_msg("%s: other bytes", cases[i].name);
        buf_release(&out);
        wasm_remap_release(&remap);
        wasm_types_release(&types);
    }
    wasm_scan_release(&modules.from_scan);
    wasm_scan_release(&modules.to_scan);
    buf_release(&modules.from);
    buf_release(&modules.to);
}

/* Every shorter prefix of a body is refused, and nothing is read behind it. */
static void test_remap__prefixes(void **state) {
    static const char body[] = "\1\1\x7f\x02\x40\x10\x80\x80\0\x11\0\0\x0b\xfc\x0c\0\0\x0b";
    struct wasm_remap remap = {0};
    (void)state;
    for (size_t size = 0; size < sizeof body - 1; size++) {
        struct buf out = {0}, copy = {0};
        buf_append(&copy, body, size);
        assert_false(wasm_remap_body(&remap, (struct wasm_bytes){copy.data, size}, &out));
        buf_release(&copy);
        buf_release(&out);
    }
}

/* The input's types stay, equal ones are found, others are added once. */
static void test_types__index(void **state) {
    struct modules modules = {0};
    struct wasm_types types;
    struct buf out = {0};
    (void)state;
    read_types(&modules.from, B(TYPES), &modules.from_scan);
    read_types(&modules.to, B(NEW_TYPES), &modules.to_scan);
    wasm_types_init(&types, &modules.to_scan);
    assert_int_equal(wasm_types_index(&types, modules.from_scan.types[0]), 1);
    assert_int_equal(wasm_types_index(&types, modules.from_scan.types[2]), 2);
    assert_int_equal(wasm_types_index(&types, modules.from_scan.types[2]), 2);
    wasm_types_append(&types, &out);
    assert_int_equal(out.size, 15);
    assert_memory_equal(out.data, "\1\x0d\3\x60\1\x7e\0\x60\0\0\x60\0\2\x7f\x7f", 15);
    buf_release(&out);
    wasm_types_release(&types);
    wasm_scan_release(&modules.from_scan);
    wasm_scan_release(&modules.to_scan);
    buf_release(&modules.from);
    buf_release(&modules.to);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_remap__each_case),
        cmocka_unit_test(test_remap__prefixes),
        cmocka_unit_test(test_types__index),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
