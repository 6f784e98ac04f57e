/*
 * walk.c: one table over all kinds, filled from children.def. A try is the one shape that the
 * table does not hold (a body, then a list), so it is spelled out.
 */
#include "ir/walk.h"

#include "ir/compat.h"

typedef BinaryenExpressionRef get_fn(BinaryenExpressionRef);
typedef void set_fn(BinaryenExpressionRef, BinaryenExpressionRef);

enum {
    MAX_FIXED = 3
};

struct fixed_child {
    get_fn *get;
    set_fn *set;
};

/* The list comes first, then the fixed children. */
struct kind_children {
    bool known;
    BinaryenIndex (*count)(BinaryenExpressionRef); /* NULL: no list */
    BinaryenExpressionRef (*get_at)(BinaryenExpressionRef, BinaryenIndex);
    void (*set_at)(BinaryenExpressionRef, BinaryenIndex, BinaryenExpressionRef);
    BinaryenIndex fixed_count;
    struct fixed_child fixed[MAX_FIXED];
};

static void try_set_at(BinaryenExpressionRef expr, BinaryenIndex index,
                       BinaryenExpressionRef child) {
    if (index == 0)
        BinaryenTrySetBody(expr, child);
    else
        BinaryenTrySetCatchBodyAt(expr, index - 1, child);
}

static BinaryenExpressionRef try_get_at(BinaryenExpressionRef expr, BinaryenIndex index) {
    return index == 0 ? BinaryenTryGetBody(expr) : BinaryenTryGetCatchBodyAt(expr, index - 1);
}

static BinaryenIndex try_count(BinaryenExpressionRef expr) {
    return 1 + BinaryenTryGetNumCatchBodies(expr);
}

#define CHILD(kind, name) {Binaryen##kind##Get##name, Binaryen##kind##Set##name}
#define COUNT(...) (sizeof((struct fixed_child[]){__VA_ARGS__}) / sizeof(struct fixed_child))
#define FIXED(kind, ...)                                                                           \
    [IR(kind)] = {.known = true, .fixed_count = COUNT(__VA_ARGS__), .fixed = {__VA_ARGS__}},
#define LIST(kind, number, element)                                                                \
    [IR(kind)] = {.known = true,                                                                   \
                  .count = Binaryen##kind##Get##number,                                            \
                  .get_at = Binaryen##kind##Get##element##At,                                      \
                  .set_at = Binaryen##kind##Set##element##At},
#define LIST_AND(kind, number, element, name)                                                      \
    [IR(kind)] = {.known = true,                                                                   \
                  .count = Binaryen##kind##Get##number,                                            \
                  .get_at = Binaryen##kind##Get##element##At,                                      \
                  .set_at = Binaryen##kind##Set##element##At,                                      \
                  .fixed_count = 1,                                                                \
                  .fixed = {CHILD(kind, name)}},
#define LEAF(kind) [IR(kind)] = {.known = true},

static const struct kind_children kinds[IR_KIND_COUNT] = {
#include "ir/children.def"
    [IR(Try)] = {.known = true, .count = try_count, .get_at = try_get_at, .set_at = try_set_at},
};

static const struct kind_children *kind_of(BinaryenExpressionRef expr) {
    return &kinds[BinaryenExpressionGetId(expr)];
}

bool ir_is_known(BinaryenExpressionRef expr) {
    return kind_of(expr)->known;
}

BinaryenIndex ir_child_count(BinaryenExpressionRef expr) {
    const struct kind_children *kind = kind_of(expr);
    return kind->fixed_count + (kind->count ? kind->count(expr) : 0);
}

BinaryenExpressionRef ir_child_get(BinaryenExpressionRef expr, BinaryenIndex index) {
    const struct kind_children *kind = kind_of(expr);
    BinaryenIndex listed = kind->count ? kind->count(expr) : 0;
    if (index < listed)
        return kind->get_at(expr, index);
    return kind->fixed[index - listed].get(expr);
}

void ir_child_set(BinaryenExpressionRef expr, BinaryenIndex index, BinaryenExpressionRef child) {
    const struct kind_children *kind = kind_of(expr);
    BinaryenIndex listed = kind->count ? kind->count(expr) : 0;
    if (index < listed)
        kind->set_at(expr, index, child);
    else
        kind->fixed[index - listed].set(expr, child);
}

bool ir_is_tail_call(BinaryenExpressionRef expr) {
    BinaryenExpressionId kind = BinaryenExpressionGetId(expr);
    return (kind == IR(Call) && BinaryenCallIsReturn(expr)) ||
           (kind == IR(CallIndirect) && BinaryenCallIndirectIsReturn(expr));
}

bool ir_is_tail_call_to(BinaryenExpressionRef expr, const char *function) {
    return BinaryenExpressionGetId(expr) == IR(Call) && BinaryenCallIsReturn(expr) &&
           BinaryenCallGetTarget(expr) == function;
}

const char *ir_label(BinaryenExpressionRef expr) {
    switch (BinaryenExpressionGetId(expr)) {
    case IR(Block):
        return BinaryenBlockGetName(expr);
    case IR(Loop):
        return BinaryenLoopGetName(expr);
    default:
        return NULL;
    }
}

void ir_redirect(BinaryenExpressionRef expr, ir_label_fn *find, void *context) {
    switch (BinaryenExpressionGetId(expr)) {
    case IR(Break):
        BinaryenBreakSetName(expr, find(context, BinaryenBreakGetName(expr)));
        break;
    case IR(Switch):
        for (BinaryenIndex i = 0; i < BinaryenSwitchGetNumNames(expr); i++)
            BinaryenSwitchSetNameAt(expr, i, find(context, BinaryenSwitchGetNameAt(expr, i)));
        BinaryenSwitchSetDefaultName(expr, find(context, BinaryenSwitchGetDefaultName(expr)));
        break;
    default:
        break;
    }
}

bool ir_is_integer(BinaryenExpressionRef expr, uint64_t *value) {
    if (BinaryenExpressionGetId(expr) != IR(Const))
        return false;
    if (BinaryenExpressionGetType(expr) == BinaryenTypeInt32())
        *value = (uint32_t)BinaryenConstGetValueI32(expr);
    else if (BinaryenExpressionGetType(expr) == BinaryenTypeInt64())
        *value = (uint64_t)BinaryenConstGetValueI64(expr);
    else
        return false;
    return true;
}

bool ir_holds(BinaryenExpressionRef expr, BinaryenExpressionId kind) {
    BinaryenIndex count = ir_child_count(expr);
    bool found = BinaryenExpressionGetId(expr) == kind;
    for (BinaryenIndex i = 0; i < count && !found; i++)
        found = ir_child_get(expr, i) && ir_holds(ir_child_get(expr, i), kind);
    return found;
}

unsigned ir_count_uses(BinaryenExpressionRef expr, const char *label, BinaryenIndex local) {
    unsigned uses = 0;
    switch (BinaryenExpressionGetId(expr)) {
    case IR(Break):
        uses = BinaryenBreakGetName(expr) == label;
        break;
    case IR(Switch):
        uses = BinaryenSwitchGetDefaultName(expr) == label;
        for (BinaryenIndex i = 0; i < BinaryenSwitchGetNumNames(expr); i++)
            uses += BinaryenSwitchGetNameAt(expr, i) == label;
        break;
    case IR(LocalSet):
        uses = BinaryenLocalSetGetIndex(expr) == local;
        break;
    default:
        break;
    }
    BinaryenIndex count = ir_child_count(expr);
    for (BinaryenIndex i = 0; i < count; i++)
        if (ir_child_get(expr, i))
            uses += ir_count_uses(ir_child_get(expr, i), label, local);
    return uses;
}

bool ir_is_small(BinaryenExpressionRef expr, uint32_t *left) {
    if (*left == 0)
        return false;
    --*left;
    BinaryenIndex count = ir_child_count(expr);
    for (BinaryenIndex i = 0; i < count; i++)
        if (ir_child_get(expr, i) && !ir_is_small(ir_child_get(expr, i), left))
            return false;
    return true;
}

void ir_replace_all(BinaryenExpressionRef *root, ir_visit_fn *visit, void *context) {
    BinaryenIndex count = ir_child_count(*root);
    for (BinaryenIndex i = 0; i < count; i++) {
        BinaryenExpressionRef child = ir_child_get(*root, i), replaced = child;
        if (!child)
            continue;
        ir_replace_all(&replaced, visit, context);
        if (replaced != child)
            ir_child_set(*root, i, replaced);
    }
    *root = visit(context, *root);
}
