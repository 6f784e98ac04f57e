/* test_map.c: keys stay apart through every growth; absent keys are absent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/map.h"

enum {
    KEYS = 5000
};

static void test_map__empty(void **state) {
    (void)state;
    struct map map = {0};
    uint32_t value = 7;
    assert_false(map_get(&map, "key", &value));
    assert_int_equal(value, 7);
    map_release(&map);
}

static void test_map__many_keys(void **state) {
    (void)state;
    static const char keys[2 * KEYS];
    struct map map = {0};
    for (uint32_t i = 0; i < KEYS; i++)
        map_put(&map, &keys[i], i * 3);
    assert_int_equal(map.count, KEYS);
    for (uint32_t i = 0; i < KEYS; i++) {
        uint32_t value = 0;
        assert_true(map_get(&map, &keys[i], &value));
        assert_int_equal(value, i * 3);
        assert_false(map_get(&map, &keys[KEYS + i], NULL));
    }
    map_release(&map);
}

static void test_map__replace(void **state) {
    (void)state;
    struct map map = {0};
    uint32_t value;
    map_put(&map, &map, 1);
    map_put(&map, &map, 2);
    assert_int_equal(map.count, 1);
    assert_true(map_get(&map, &map, &value));
    assert_int_equal(value, 2);
    map_release(&map);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_map__empty),
        cmocka_unit_test(test_map__many_keys),
        cmocka_unit_test(test_map__replace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
