/*
 * test_glue_shorten.c: addresses made anew, and frames at fixed places, on small modules.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ir/walk.h"
#include "passes/glue_access.h"
#include "passes/glue_stack.h"

#define IMPORTS                                                                                    \
    "(module (import \"env\" \"__memory_base\" (global $base i32))"                                \
    " (import \"env\" \"__stack_pointer\" (global $sp (mut i32))) (memory 1)"

static BinaryenModuleRef parse(const char *text) {
    char *own = strdup(text); /* the parser of 108 writes into it */
    BinaryenModuleRef module = BinaryenModuleParse(own);
    free(own);
    BinaryenModuleSetFeatures(module, BinaryenFeatureAll());
    return module;
}

static BinaryenExpressionRef count(void *context, BinaryenExpressionRef expr) {
    unsigned *counts = context;
    counts[0] += BinaryenExpressionGetId(expr) == IR(LocalGet);
    counts[1] += BinaryenExpressionGetId(expr) == IR(GlobalSet);
    return expr;
}

/* Reads of locals and writes of globals that are left in $f. */
static void assert_left(BinaryenModuleRef module, unsigned local_gets, unsigned global_sets) {
    unsigned counts[2] = {0};
    BinaryenExpressionRef body = BinaryenFunctionGetBody(BinaryenGetFunction(module, "f"));
    ir_replace_all(&body, count, counts);
    assert_int_equal(counts[0], local_gets);
    assert_int_equal(counts[1], global_sets);
    assert_true(BinaryenModuleValidate(module));
}

static void test_glue_shorten__addresses(void **state) {
    (void)state;
    static const struct {
        const char *body;
        unsigned left;
    } cases[] = {
        /* read behind the write */
        {"(local.set $x (global.get $base)) (i32.store (local.get $x) (i32.const 1))", 0},
        {"(i32.store (local.tee $x (global.get $base)) (i32.load (local.get $x)))", 0},
        /* in a loop behind it */
        {"(local.set $x (global.get $base)) (loop $l (drop (local.get $x)) (br $l))", 0},
        /* what is read may be the zero of the beginning */
        {"(if (i32.const 1) (then (local.set $x (global.get $base)))) (drop (local.get $x))", 1},
        {"(block $b (br_if $b (i32.const 1)) (local.set $x (global.get $base)))"
         " (drop (local.get $x))",
         1},
        {"(loop $l (drop (local.get $x)) (local.set $x (global.get $base)) (br $l))", 1},
        /* one value behind the other, in one round or in two */
        {"(local.set $x (global.get $base)) (drop (local.get $x)) (local.set $x (i32.const 1))"
         " (drop (local.get $x))",
         1},
        {"(local.set $x (i32.const 1)) (loop $l (drop (local.get $x))"
         " (local.set $x (global.get $base)) (drop (local.get $x)) (br $l))",
         2},
        {"(loop $l (drop (local.get $x)) (if (i32.const 1) (then (local.set $x (global.get "
         "$base))))"
         " (br $l))",
         1},
        {"(if (i32.const 1) (then (local.set $x (global.get $base)) (drop (local.get $x)))"
         " (else (local.set $x (global.get $base)) (drop (local.get $x))))",
         0},
        /* no address: it may change */
        {"(local.set $x (global.get $sp)) (drop (local.get $x))", 1},
        /* longer: each time an addition */
        {"(local.set $x (i32.add (global.get $base) (i32.const 900)))"
         " (drop (local.get $x)) (drop (local.get $x)) (drop (local.get $x))",
         3},
        /* not longer: it goes into the offsets */
        {"(local.set $x (i32.add (global.get $base) (i32.const 90)))"
         " (drop (i32.load (local.get $x))) (drop (i32.load offset=4 (local.get $x)))",
         0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[2000];
        snprintf(text, sizeof text, IMPORTS "(func $f (local $x i32) %s))", cases[i].body);
        BinaryenModuleRef module = parse(text);
        glue_access_shorten(module, BinaryenGetFunction(module, "f"), false);
        assert_left(module, cases[i].left, 0);
        BinaryenModuleDispose(module);
    }
}

#define FRAME(name, size, body)                                                                    \
    "(func $" name " (local $x i32) (global.set $sp (local.tee $x (i32.sub (global.get $sp)"       \
    " (i32.const " size "))))" body "(global.set $sp (i32.add (local.get $x) (i32.const " size     \
    "))))"

static int place(BinaryenModuleRef module) {
    const BinaryenFunctionRef functions[] = {BinaryenGetFunction(module, "f"),
                                             BinaryenGetFunction(module, "g")};
    return glue_stack_place(module, functions, 2);
}

static void test_glue_shorten__frames_have_places(void **state) {
    (void)state;
    BinaryenModuleRef module =
        parse(IMPORTS FRAME("f", "16", "") FRAME("g", "32", "(call $f)") ")");
    assert_int_equal(place(module), 48);
    assert_left(module, 0, 0);
    BinaryenExpressionRef first =
        BinaryenBlockGetChildAt(BinaryenFunctionGetBody(BinaryenGetFunction(module, "f")), 0);
    assert_int_equal(BinaryenExpressionGetId(first), IR(LocalSet));
    BinaryenExpressionRef address = BinaryenLocalSetGetValue(first);
    assert_int_equal(BinaryenBinaryGetOp(address), BinaryenAddInt32());
    assert_int_equal(BinaryenConstGetValueI32(BinaryenBinaryGetRight(address)), 32);
    BinaryenModuleDispose(module);
}

static void test_glue_shorten__no_place(void **state) {
    (void)state;
    static const char *const texts[] = {
        IMPORTS FRAME("f", "16", "(call $g)") FRAME("g", "32", "(call $f)") ")",
        IMPORTS FRAME("f", "4112", "") FRAME("g", "16", "") ")",
        IMPORTS "(func $f (drop (global.get $sp))) (func $g))",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        BinaryenModuleRef module = parse(texts[i]);
        assert_int_equal(place(module), -1);
        BinaryenModuleDispose(module);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_glue_shorten__addresses),
        cmocka_unit_test(test_glue_shorten__frames_have_places),
        cmocka_unit_test(test_glue_shorten__no_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
