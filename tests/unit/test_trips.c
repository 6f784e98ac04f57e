/* test_trips.c: no counter takes more rounds than its bound, whatever it starts with and steps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "passes/trips.h"

enum {
    ROUNDS_MAX = 5000 /* that are tried */
};

static bool holds(enum compare compare, uint64_t value, uint64_t bound, unsigned bits) {
    uint64_t sign = UINT64_C(1) << (bits - 1);
    uint64_t a = value ^ sign, b = bound ^ sign; /* in the order of signed numbers */
    switch (compare) {
    case COMPARE_EQ:
        return value == bound;
    case COMPARE_NE:
        return value != bound;
    case COMPARE_LT_S:
        return a < b;
    case COMPARE_GE_S:
        return a >= b;
    case COMPARE_GT_S:
        return a > b;
    case COMPARE_LE_S:
        return a <= b;
    case COMPARE_LT_U:
        return value < bound;
    case COMPARE_GE_U:
        return value >= bound;
    case COMPARE_GT_U:
        return value > bound;
    default:
        return value <= bound;
    }
}

/* Rounds of a loop that does what the fact says; ROUNDS_MAX if they are that many or more. */
static uint32_t run(const struct fact *fact, uint64_t local) {
    uint64_t mask = fact->bits == 64 ? UINT64_MAX : UINT32_MAX;
    for (uint32_t round = 1; round < ROUNDS_MAX; round++) {
        if (!holds(fact->compare, (local + fact->add) & mask, fact->bound, fact->bits))
            return round;
        local = (local + fact->step) & mask;
    }
    return ROUNDS_MAX;
}

static uint64_t next_random(uint64_t *seed) {
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 17 ^ *seed << 40;
}

/* Most are near one of the numbers where something changes. */
static uint64_t pick(uint64_t *seed, unsigned bits) {
    static const uint64_t edges[] = {0, 0, 0x7fffffff, 0xffffffff, INT64_MAX, UINT64_MAX};
    uint64_t random = next_random(seed), near = random % 41 - 20;
    uint64_t value = random >> 20 & 7;
    value = value < 6 ? edges[value] + near : value == 6 ? random >> 7 % 30 : near * (random >> 40);
    return bits == 64 ? value : value & UINT32_MAX;
}

static void test_trips__never_too_few(void **state) {
    (void)state;
    uint64_t seed = 1;
    uint32_t bounded = 0, exact = 0;
    for (int i = 0; i < 200000; i++) {
        unsigned bits = i % 2 ? 32 : 64;
        struct fact fact = {.bits = bits,
                            .compare = (enum compare)(next_random(&seed) % 10),
                            .add = pick(&seed, bits),
                            .bound = pick(&seed, bits),
                            .step = pick(&seed, bits)};
        uint64_t start = pick(&seed, bits);
        uint32_t from = trips_of_fact(&fact, &start), any = trips_of_fact(&fact, NULL);
        uint32_t rounds = run(&fact, start);
        bounded += from > 0 && from < ROUNDS_MAX;
        exact += from == rounds;
        assert_true(from == 0 || rounds <= from);
        assert_true(any == 0 || rounds <= any);
        assert_true(from == 0 || from >= ROUNDS_MAX || from == rounds);
    }
    assert_true(bounded > 50000);
    assert_true(exact > 50000);
}

/* What a round makes of a number that shrinks. */
static uint64_t shrink(uint64_t value, unsigned way, unsigned loses, uint64_t mask) {
    switch (way) {
    case 0:
        return value >> loses;
    case 1:
        return value << loses & mask;
    case 2:
        return value / ((UINT64_C(1) << loses) + 1);
    default:
        return value & (value - 1);
    }
}

/* Numbers that shrink end as soon as they say, tested before or behind that. */
static void test_trips__shrinking(void **state) {
    (void)state;
    uint64_t seed = 1;
    uint32_t bounded = 0;
    for (int i = 0; i < 200000; i++) {
        unsigned bits = i % 2 ? 32 : 64, way = i / 2 % 4, round = 0;
        uint64_t mask = bits == 64 ? UINT64_MAX : UINT32_MAX;
        bool behind = next_random(&seed) % 2;
        struct fact fact = {.bits = bits,
                            .compare = (enum compare)(next_random(&seed) % 10),
                            .add = behind ? 0 : pick(&seed, bits),
                            .bound = next_random(&seed) % 2 ? 0 : pick(&seed, bits),
                            .loses = way == 3 ? 1 : 1 + next_random(&seed) % (bits - 1)};
        uint64_t local = pick(&seed, bits);
        uint32_t most = trips_of_fact(&fact, NULL);
        for (bool goes_on = true; goes_on && round < 100; round++) {
            uint64_t next = shrink(local, way, fact.loses, mask);
            uint64_t tested = behind ? next : (local + fact.add) & mask;
            goes_on = holds(fact.compare, tested, fact.bound, bits);
            local = next;
        }
        assert_true(most == 0 || round <= most);
        bounded += most > 0;
    }
    assert_true(bounded > 50000);
}

/* What has no bound, by reason. */
static void test_trips__unknown(void **state) {
    (void)state;
    static const struct fact facts[] = {
        {.bits = 32, .compare = COMPARE_LT_U, .bound = 100},                   /* no step */
        {.bits = 32, .compare = COMPARE_NE, .bound = 100, .step = 1},          /* 2^32 */
        {.bits = 32, .compare = COMPARE_NE, .bound = 1, .step = 2},            /* never meets */
        {.bits = 32, .compare = COMPARE_LE_U, .bound = UINT32_MAX, .step = 1}, /* always */
        {.bits = 32, .compare = COMPARE_LT_U, .bound = UINT32_MAX, .step = 2}, /* jumps over 1 */
        {.bits = 64, .compare = COMPARE_GE_S, .bound = 0, .step = 1},          /* 2^63 */
    };
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        assert_int_equal(trips_of_fact(&facts[i], NULL), 0);
}

/* x counts from 0 to 99 and the test is made before or behind the step. */
static void test_trips__exact(void **state) {
    (void)state;
    uint64_t zero = 0, hundred = 100;
    struct fact before = {.bits = 32, .compare = COMPARE_LT_U, .bound = 100, .step = 1};
    struct fact behind = {.bits = 32, .compare = COMPARE_NE, .add = 1, .bound = 100, .step = 1};
    assert_int_equal(trips_of_fact(&before, &zero), 101);
    assert_int_equal(trips_of_fact(&before, &hundred), 1);
    assert_int_equal(trips_of_fact(&before, NULL), 101);
    assert_int_equal(trips_of_fact(&behind, &zero), 100);
    struct fact down = {.bits = 64, .compare = COMPARE_NE, .add = UINT64_MAX, .step = UINT64_MAX};
    assert_int_equal(trips_of_fact(&down, &hundred), 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trips__never_too_few),
        cmocka_unit_test(test_trips__shrinking),
        cmocka_unit_test(test_trips__unknown),
        cmocka_unit_test(test_trips__exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
