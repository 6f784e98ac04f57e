/*
 * test_walk.c: every child of an expression is found, in the order of evaluation, and can be
 * replaced. The children are constants that count up, so their values are their positions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ir/make.h"
#include "ir/walk.h"

static BinaryenModuleRef module;
static int32_t next;

static int set_up(void **state) {
    (void)state;
    module = BinaryenModuleCreate();
    next = 0;
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    BinaryenModuleDispose(module);
    return 0;
}

static BinaryenExpressionRef child(void) {
    return make_i32(module, next++);
}

static void expect_children(BinaryenExpressionRef expr, BinaryenIndex count) {
    assert_true(ir_is_known(expr));
    assert_int_equal(ir_child_count(expr), count);
    for (BinaryenIndex i = 0; i < count; i++)
        assert_int_equal(BinaryenConstGetValueI32(ir_child_get(expr, i)), i);
    for (BinaryenIndex i = 0; i < count; i++) {
        ir_child_set(expr, i, make_i32(module, 100 + (int32_t)i));
        assert_int_equal(BinaryenConstGetValueI32(ir_child_get(expr, i)), 100 + i);
    }
}

static void test_walk__fixed(void **state) {
    (void)state;
    /* C leaves the order of evaluation of arguments open, hence the names. */
    BinaryenExpressionRef a = child(), b = child(), c = child();
    expect_children(BinaryenIf(module, a, b, c), 3);
}

static void test_walk__select_tests_last(void **state) {
    (void)state;
    BinaryenExpressionRef a = child(), b = child(), condition = child();
    expect_children(BinaryenSelect(module, condition, a, b, BinaryenTypeInt32()), 3);
}

static void test_walk__branch_tests_last(void **state) {
    (void)state;
    BinaryenExpressionRef value = child(), condition = child();
    expect_children(BinaryenBreak(module, "l", condition, value), 2);
    next = 0;
    value = child();
    condition = child();
    const char *names[] = {"a", "b"};
    expect_children(BinaryenSwitch(module, names, 2, "c", condition, value), 2);
}

static void test_walk__call_indirect_target_last(void **state) {
    (void)state;
    BinaryenExpressionRef operands[] = {make_i32(module, 0), make_i32(module, 1)};
    BinaryenType pair[] = {BinaryenTypeInt32(), BinaryenTypeInt32()};
    expect_children(BinaryenCallIndirect(module, "0", make_i32(module, 2), operands, 2,
                                         BinaryenTypeCreate(pair, 2), BinaryenTypeInt32()),
                    3);
}

static void test_walk__absent_child(void **state) {
    (void)state;
    BinaryenExpressionRef condition = child(), arm = child();
    BinaryenExpressionRef expr = BinaryenIf(module, condition, arm, NULL);
    assert_int_equal(ir_child_count(expr), 3);
    assert_null(ir_child_get(expr, 2));
}

static BinaryenExpressionRef double_constants(void *context, BinaryenExpressionRef expr) {
    ++*(int *)context;
    if (BinaryenExpressionGetId(expr) == IR(Const))
        return make_i32(module, 2 * BinaryenConstGetValueI32(expr));
    return expr;
}

static void test_walk__replace_all(void **state) {
    (void)state;
    int visited = 0;
    BinaryenExpressionRef left = make_i32(module, 3), right = make_i32(module, 4);
    BinaryenExpressionRef sum = make_binary(module, BinaryenAddInt32(), left, right);
    BinaryenExpressionRef root = BinaryenDrop(module, sum);
    ir_replace_all(&root, double_constants, &visited);
    assert_int_equal(visited, 4);
    assert_int_equal(BinaryenConstGetValueI32(ir_child_get(sum, 0)), 6);
    assert_int_equal(BinaryenConstGetValueI32(ir_child_get(sum, 1)), 8);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void test_walk__integers(void **state) {
    (void)state;
    uint64_t value = 0;
    assert_true(ir_is_integer(make_i32(module, -1), &value));
    assert_int_equal(value, UINT32_MAX);
    assert_true(ir_is_integer(BinaryenConst(module, BinaryenLiteralInt64(-2)), &value));
    assert_true(value == UINT64_MAX - 1);
    assert_false(ir_is_integer(BinaryenConst(module, BinaryenLiteralFloat32(1)), &value));
    assert_false(ir_is_integer(BinaryenNop(module), &value));
}

static void test_walk__holds(void **state) {
    (void)state;
    BinaryenExpressionRef expr = BinaryenDrop(module, make_not(module, child()));
    assert_true(ir_holds(expr, IR(Drop)));
    assert_true(ir_holds(expr, IR(Const)));
    assert_false(ir_holds(expr, IR(Try)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(test_walk__fixed),
        CASE(test_walk__select_tests_last),
        CASE(test_walk__branch_tests_last),
        CASE(test_walk__call_indirect_target_last),
        CASE(test_walk__absent_child),
        CASE(test_walk__replace_all),
        CASE(test_walk__integers),
        CASE(test_walk__holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
