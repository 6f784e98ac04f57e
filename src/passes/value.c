/*
 * value.c: sums, tests and what shrinks.
 *
 *     i + 1           a sum
 *     i + 1 < 100     a test
 *     i & (i - 1)     a bit less than i
 *     i >> 3, i / 10  three bits less
 */
#include "passes/value.h"

static const struct comparison {
    BinaryenOp (*narrow)(void), (*wide)(void);
    enum compare compare, mirrored;
} comparisons[] = {
    {BinaryenEqInt32, BinaryenEqInt64, COMPARE_EQ, COMPARE_EQ},
    {BinaryenNeInt32, BinaryenNeInt64, COMPARE_NE, COMPARE_NE},
    {BinaryenLtSInt32, BinaryenLtSInt64, COMPARE_LT_S, COMPARE_GT_S},
    {BinaryenGeSInt32, BinaryenGeSInt64, COMPARE_GE_S, COMPARE_LE_S},
    {BinaryenGtSInt32, BinaryenGtSInt64, COMPARE_GT_S, COMPARE_LT_S},
    {BinaryenLeSInt32, BinaryenLeSInt64, COMPARE_LE_S, COMPARE_GE_S},
    {BinaryenLtUInt32, BinaryenLtUInt64, COMPARE_LT_U, COMPARE_GT_U},
    {BinaryenGeUInt32, BinaryenGeUInt64, COMPARE_GE_U, COMPARE_LE_U},
    {BinaryenGtUInt32, BinaryenGtUInt64, COMPARE_GT_U, COMPARE_LT_U},
    {BinaryenLeUInt32, BinaryenLeUInt64, COMPARE_LE_U, COMPARE_GE_U},
};

/* The pairs of enum compare are each other's opposite. */
static enum compare opposite(enum compare compare) {
    return (enum compare)((unsigned)compare ^ 1u);
}

bool value_equal(const struct value *a, const struct value *b) {
    return a->kind == b->kind && a->bits == b->bits && a->base == b->base && a->add == b->add &&
           a->bound == b->bound && a->compare == b->compare && a->loses == b->loses &&
           a->how == b->how && a->shrunk == b->shrunk;
}

static struct value mask(struct value value) {
    if (value.bits == 32) {
        value.add &= UINT32_MAX;
        value.bound &= UINT32_MAX;
    }
    return value;
}

static bool is_constant(const struct value *value) {
    return value->kind == VALUE_SUM && value->base == NO_BASE;
}

/* The value compared with the constant. */
static struct value compare_with(struct value value, uint64_t constant, enum compare compare) {
    if ((value.kind != VALUE_SUM && value.kind != VALUE_SHRUNK) || value.base == NO_BASE)
        return (struct value){0};
    return (struct value){.kind = VALUE_TEST,
                          .bits = value.bits,
                          .base = value.base,
                          .add = value.add,
                          .bound = constant,
                          .compare = compare,
                          .shrunk = value.kind == VALUE_SHRUNK};
}

struct value value_test(struct value value, bool holds) {
    if (value.kind != VALUE_TEST)
        return compare_with(value, 0, holds ? COMPARE_NE : COMPARE_EQ);
    if (!holds)
        value.compare = opposite(value.compare);
    return value;
}

static struct value add(struct value sum, uint64_t constant) {
    sum.add += constant;
    return mask(sum);
}

/* Bits that a number loses by being divided by this at least. */
static unsigned bits_of(uint64_t divisor) {
    unsigned bits = 0;
    while (divisor >>= 1)
        bits++;
    return bits;
}

/* How many bits less the local has, by this operation: 0 if it need not shrink. */
static unsigned lost_bits(BinaryenOp op, uint64_t constant, unsigned bits) {
    if (op == BinaryenShrUInt32() || op == BinaryenShrUInt64() || op == BinaryenShlInt32() ||
        op == BinaryenShlInt64())
        return constant & (bits - 1);
    if (op == BinaryenDivUInt32() || op == BinaryenDivUInt64())
        return bits_of(constant);
    bool positive = (constant >> (bits - 1)) == 0;
    if (positive && (op == BinaryenDivSInt32() || op == BinaryenDivSInt64()))
        return bits_of(constant);
    return 0;
}

static struct value shrink(struct value value, unsigned loses, BinaryenOp op) {
    if (loses == 0 || value.add != 0)
        return (struct value){0};
    return (struct value){
        .kind = VALUE_SHRUNK, .bits = value.bits, .base = value.base, .loses = loses, .how = op};
}

/* x & (x - 1) clears the lowest bit of x that is set. */
static struct value of_and(BinaryenOp op, struct value left, struct value right) {
    uint64_t minus_one = left.bits == 64 ? UINT64_MAX : UINT32_MAX;
    if (left.kind != VALUE_SUM || right.kind != VALUE_SUM || left.base != right.base ||
        left.base == NO_BASE)
        return (struct value){0};
    if (left.add == minus_one)
        return right.add == 0 ? shrink(right, 1, op) : (struct value){0};
    return right.add == minus_one ? shrink(left, 1, op) : (struct value){0};
}

static struct value of_comparison(BinaryenOp op, const struct value *left,
                                  const struct value *right) {
    for (size_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++) {
        if (op != comparisons[i].narrow() && op != comparisons[i].wide())
            continue;
        if (is_constant(right))
            return compare_with(*left, right->add, comparisons[i].compare);
        if (is_constant(left))
            return compare_with(*right, left->add, comparisons[i].mirrored);
    }
    return (struct value){0};
}

struct value value_of_binary(BinaryenOp op, struct value left, struct value right) {
    bool plus = op == BinaryenAddInt32() || op == BinaryenAddInt64();
    bool minus = op == BinaryenSubInt32() || op == BinaryenSubInt64();
    if ((plus || minus) && left.kind == VALUE_SUM && is_constant(&right))
        return add(left, plus ? right.add : -right.add);
    if (plus && right.kind == VALUE_SUM && is_constant(&left))
        return add(right, left.add);
    if (op == BinaryenAndInt32() || op == BinaryenAndInt64())
        return of_and(op, left, right);
    if (left.kind == VALUE_SUM && left.base != NO_BASE && is_constant(&right)) {
        unsigned loses = lost_bits(op, right.add, left.bits);
        if (loses > 0)
            return shrink(left, loses, op);
    }
    return of_comparison(op, &left, &right);
}
