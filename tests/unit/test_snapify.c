/*
 * test_snapify.c: the promises of include/snapify.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "snapify.h"
#include "support/buf.h"
#include "wasm_builder.h"

static void append_section(struct buf *module, uint8_t id, const struct buf *payload) {
    buf_append_u8(module, id);
    buf_append_uleb(module, payload->size);
    buf_append(module, payload->data, payload->size);
}

static void append_fixed_section(struct buf *module, uint8_t id, const char *bytes, size_t size) {
    struct buf payload = {0};
    buf_append(&payload, bytes, size);
    append_section(module, id, &payload);
    buf_release(&payload);
}

/* What nests, and how deep. */
struct nest {
    const char *open; /* the bytes that open one level */
    size_t open_size, depth;
};

static const struct nest flat = {"", 0, 0};

/* (func $f) (func $_start  block block ... call $f ... end end) */
static struct buf make_module(struct nest nest) {
    struct buf module = {0}, body = {0}, code = {0};
    static const char exports[] = "\3\1f\0\0\6_start\0\1\6memory\2";
    buf_append(&module, "\0asm\1\0\0", 8);
    append_fixed_section(&module, 1, "\1\x60\0", 4);
    append_fixed_section(&module, 3, "\2\0", 3);
    append_fixed_section(&module, 5, "\1\0\1", 3);
    append_fixed_section(&module, 7, exports, sizeof exports);
    buf_append_u8(&body, 0);
    for (size_t i = 0; i < nest.depth; i++)
        buf_append(&body, nest.open, nest.open_size);
    buf_append(&body, "\x10", 2);
    for (size_t i = 0; i < nest.depth + 1; i++)
        buf_append_u8(&body, 0x0b);
    buf_append(&code, "\2\2\0\x0b", 4);
    buf_append_uleb(&code, body.size);
    buf_append(&code, body.data, body.size);
    append_section(&module, 10, &code);
    buf_release(&body);
    buf_release(&code);
    return module;
}

static const char *const dest[] = {"f=edge1"};

static void test_snapify__same_bytes_every_time(void **state) {
    const struct snapify_options isolated = {.dest = dest, .dest_count = 1};
    const struct snapify_options direct = {.dest = dest, .dest_count = 1, .no_isolation = true};
    const struct snapify_options *const runs[] = {&isolated, &direct, &direct, &isolated};
    struct snapify_result first, next;
    struct buf module = make_module(flat);
    (void)state;
    assert_int_equal(snapify_rewrite(module.data, module.size, &isolated, &first), SNAPIFY_OK);
    assert_int_equal(first.point_count, 2);
    assert_true(first.phase_nanoseconds[SNAPIFY_PHASE_WRITE] > 0);
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        assert_int_equal(snapify_rewrite(module.data, module.size, runs[i], &next), SNAPIFY_OK);
        assert_int_equal(next.module_size, first.module_size);
        assert_memory_equal(next.module, first.module, first.module_size);
        snapify_result_release(&next);
    }
    snapify_result_release(&first);
    buf_release(&module);
}

/* A module leaves nothing behind that changes what becomes of the next one. */
static void test_snapify__modules_in_one_process(void **state) {
    const struct nest nests[] = {flat, {"\x02\x40", 2, 3}, {"\x41\0\x04\x40", 4, 2}};
    enum {
        COUNT = 3
    };
    const struct snapify_options isolated = {
        .policy = SNAPIFY_POLICY_ALWAYS, .optimize_level = 1, .debug_info = true};
    struct snapify_options direct = isolated;
    struct snapify_result alone[COUNT], next;
    struct buf modules[COUNT];
    (void)state;
    direct.no_isolation = true;
    for (size_t i = 0; i < COUNT; i++) {
        modules[i] = make_module(nests[i]);
        assert_int_equal(snapify_rewrite(modules[i].data, modules[i].size, &isolated, &alone[i]),
                         SNAPIFY_OK);
    }
    for (size_t i = 0; i < 4 * COUNT; i++) {
        size_t which = i < 2 * COUNT ? i % COUNT : COUNT - 1 - i % COUNT;
        assert_int_equal(snapify_rewrite(modules[which].data, modules[which].size, &direct, &next),
                         SNAPIFY_OK);
        assert_int_equal(next.module_size, alone[which].module_size);
        assert_memory_equal(next.module, alone[which].module, next.module_size);
        snapify_result_release(&next);
    }
    for (size_t i = 0; i < COUNT; i++) {
        snapify_result_release(&alone[i]);
        buf_release(&modules[i]);
    }
}

/* A start function that calls $f; $f loops, asks for memory and calls $g through a table; $g has a
 * block of a type that nothing else has. */
static struct buf make_varied_module(void) {
    struct buf module = {0};
    build_header(&module);
    build_section(&module, 1, B("\4\x60\0\0\x60\1\x7f\1\x7f\x60\1\x7d\0\x60\0\2\x7f\x7f"));
    build_section(&module, 3, B("\3\0\1\1"));
    build_section(&module, 4, B("\1\x70\0\1"));
    build_section(&module, 5, B("\1\0\1"));
    build_section(&module, 7, B("\2\6_start\0\0\6memory\2\0"));
    build_section(&module, 9, B("\1\0\x41\0\x0b\1\2"));
    build_section(&module, 10,
                  B("\3\7\0\x41\3\x10\1\x1a\x0b"
                    "\x15\0\x03\x40\x20\0\x41\1\x6b\x22\0\x0d\0\x0b\x3f\0\x41\0\x11\1\0\x0b"
                    "\x0d\0\x02\3\x41\1\x41\2\x0b\x6a\x20\0\x6a\x0b"));
    build_custom(&module, "name", B("\1\7\2\1\1f\2\1g\2\6\1\1\1\0\1x"));
    return module;
}

/* What Binaryen has in its hands at a time does not show. */
static void test_snapify__same_bytes_in_batches(void **state) {
    static const struct snapify_options rows[] = {
        {.policy = SNAPIFY_POLICY_ALWAYS},
        {.policy = SNAPIFY_POLICY_ALWAYS, .optimize_level = 2, .debug_info = true, .map = true},
        {.dest = dest, .dest_count = 1, .debug_info = true},
        {.policy = SNAPIFY_POLICY_ALWAYS, .max_latency_ms = 10},
    };
    struct buf module = make_varied_module();
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct snapify_options in_batches = rows[i];
        struct snapify_result whole, batches;
        in_batches.batch_bytes = 1;
        assert_int_equal(snapify_rewrite(module.data, module.size, &rows[i], &whole), SNAPIFY_OK);
        assert_int_equal(snapify_rewrite(module.data, module.size, &in_batches, &batches),
                         SNAPIFY_OK);
        assert_int_equal(batches.module_size, whole.module_size);
        assert_memory_equal(batches.module, whole.module, whole.module_size);
        snapify_result_release(&whole);
        snapify_result_release(&batches);
    }
    buf_release(&module);
}

/* Sanitizers make frames larger and everything slower. */
#if defined __SANITIZE_ADDRESS__
#define DEPTH 10000
#else
#define DEPTH 100000
#endif

/* No policy and no level of optimization overflows the native stack. Loops and ifs are less deep
 * because of the time that Binaryen takes for them. */
static void test_snapify__deep_nesting(void **state) {
    static const struct nest nests[] = {
        {"\x02\x40", 2, DEPTH},                  /* block */
        {"\x41\0\x04\x40", 4, DEPTH / 4},        /* i32.const 0, if */
        {"\x03\x40\x41\0\x0d\0", 6, DEPTH / 20}, /* loop, i32.const 0, br_if 0 */
    };
    static const struct snapify_options options[] = {
        {.dest = dest, .dest_count = 1},
        {.dest = dest, .dest_count = 1, .optimize_level = 2},
        {.policy = SNAPIFY_POLICY_ALWAYS},
        {.policy = SNAPIFY_POLICY_ALWAYS, .optimize_level = 3, .shrink_level = 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof nests / sizeof *nests; i++) {
        struct buf module = make_module(nests[i]);
        for (size_t j = 0; j < sizeof options / sizeof *options; j++) {
            struct snapify_result result;
            assert_int_equal(snapify_rewrite(module.data, module.size, &options[j], &result),
                             SNAPIFY_OK);
            assert_non_null(result.module);
            snapify_result_release(&result);
        }
        buf_release(&module);
    }
}

static void test_snapify__list_only(void **state) {
    const struct snapify_options options = {.dest = dest, .dest_count = 1, .list_only = true};
    struct snapify_result result;
    struct buf module = make_module(flat);
    (void)state;
    assert_int_equal(snapify_rewrite(module.data, module.size, &options, &result), SNAPIFY_OK);
    assert_null(result.module);
    assert_int_equal(result.point_count, 2);
    assert_string_equal(result.points[0].function, "f");
    assert_string_equal(result.points[0].node, "edge1");
    snapify_result_release(&result);
    buf_release(&module);
}

static void test_snapify__option_forms(void **state) {
    static const struct {
        const char *pair; /* for --dest, or for --bake if it begins with '!' */
        int optimize_level, shrink_level;
        const char *text;
    } cases[] = {
        {NULL, 4, 0, "optimize level 4: must be 0 to 3"},
        {NULL, -1, 0, "optimize level -1: must be 0 to 3"},
        {NULL, 0, 2, "shrink level 2: must be 0 or 1"},
        {"f", 0, 0, "--dest f: this must have the form FUNC=NODE"},
        {"f=", 0, 0, "--dest f=: this must have the form FUNC=NODE"},
        {"=n", 0, 0, "--dest =n: this must have the form FUNC=NODE"},
        {"!NAME", 0, 0, "--bake NAME: this must have the form NAME=VALUE"},
        {"!=value", 0, 0, "--bake =value: this must have the form NAME=VALUE"},
    };
    struct buf module = make_module(flat);
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool bake = cases[i].pair && cases[i].pair[0] == '!';
        const char *pairs[] = {bake ? cases[i].pair + 1 : cases[i].pair};
        const struct snapify_options options = {
            .optimize_level = cases[i].optimize_level,
            .shrink_level = cases[i].shrink_level,
            .dest = pairs,
            .dest_count = cases[i].pair && !bake,
            .bake = pairs,
            .bake_count = bake,
        };
        struct snapify_result result;
        assert_int_equal(snapify_rewrite(module.data, module.size, &options, &result),
                         SNAPIFY_USAGE);
        assert_int_equal(result.diagnostic_count, 1);
        assert_string_equal(result.diagnostics[0].text, cases[i].text);
        assert_null(result.module);
        snapify_result_release(&result);
    }
    buf_release(&module);
}

static void test_snapify__refusal(void **state) {
    const struct snapify_options options = {0};
    struct snapify_result result;
    (void)state;
    assert_int_equal(snapify_rewrite(NULL, 0, &options, &result), SNAPIFY_REFUSED);
    assert_null(result.module);
    assert_int_equal(result.diagnostic_count, 1);
    assert_int_equal(result.diagnostics[0].severity, SNAPIFY_ERROR);
    snapify_result_release(&result);
    assert_null(result.diagnostics);
    snapify_result_release(&result);
    snapify_result_release(NULL);
}

/* block ref.null 0 drop ... end, in f: Binaryen takes it for a typed reference. */
static void test_snapify__typed_reference(void **state) {
    const struct nest typed = {"\x02\x40\xd0\0\x1a", 5, 1};
    struct buf module = make_module(typed);
    (void)state;
    for (int level = 0; level < 3; level++) {
        const struct snapify_options options = {
            .dest = dest, .dest_count = 1, .optimize_level = level};
        struct snapify_result result;
        assert_int_equal(snapify_rewrite(module.data, module.size, &options, &result),
                         SNAPIFY_REFUSED);
        assert_string_equal(result.diagnostics[0].text,
                            "a reference to a type of the module is not supported in a program "
                            "with migration points");
        snapify_result_release(&result);
    }
    buf_release(&module);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_snapify__same_bytes_every_time),
        cmocka_unit_test(test_snapify__modules_in_one_process),
        cmocka_unit_test(test_snapify__same_bytes_in_batches),
        cmocka_unit_test(test_snapify__deep_nesting),
        cmocka_unit_test(test_snapify__list_only),
        cmocka_unit_test(test_snapify__option_forms),
        cmocka_unit_test(test_snapify__refusal),
        cmocka_unit_test(test_snapify__typed_reference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
