/*
 * glue_shorten.c: which addresses in locals are better made anew.
 *
 * A value qualifies that is read only behind its writing in the same block, loop or arm, so that
 * whoever comes to the reading has come by the writing and by no other. Bytes decide.
 */
#include <stdlib.h>

#include "ir/make.h"
#include "ir/walk.h"
#include "passes/glue_access.h"
#include "support/buf.h"
#include "support/map.h"

/* An address: what a global holds, and a constant. */
struct address {
    const char *global; /* NULL: it is something else */
    int32_t offset;     /* bytes, not negative */
};

/* What a local holds for a while. */
struct value {
    struct address address;
    int32_t gain; /* bytes */
    uint32_t reads;
};

struct local {
    uint32_t value; /* the last one that was written; the first one is a parameter or zero */
    uint32_t scope; /* where */
    uint32_t loop;  /* the innermost loop that this is in */
    bool unfit;     /* one reading may find several values */
};

struct shortening {
    BinaryenModuleRef module;
    bool stack_stays;
    struct local *locals; /* owned; by index */
    struct buf values;    /* struct value */
    struct map value_of;  /* by expression that reads or writes a local */
    struct buf open;      /* bool; by number of the scope: is the walk inside of it? */
    uint32_t scope;       /* the innermost one */
    uint32_t loop;        /* the innermost loop's scope */
};

static int32_t uleb_size(uint32_t value) {
    int32_t size = 1;
    for (; value >= 128; value >>= 7)
        size++;
    return size;
}

static int32_t sleb_size(int32_t value) {
    int32_t size = 1;
    for (; value < -64 || value > 63; value >>= 7)
        size++;
    return size;
}

/* Of (i32.add x (i32.const offset)): both; else only x, which is `expr`. */
static BinaryenExpressionRef split(BinaryenExpressionRef expr, int32_t *offset) {
    uint64_t bits;
    *offset = 0;
    if (BinaryenExpressionGetId(expr) != IR(Binary) ||
        BinaryenBinaryGetOp(expr) != BinaryenAddInt32() ||
        !ir_is_integer(BinaryenBinaryGetRight(expr), &bits))
        return expr;
    *offset = (int32_t)bits;
    return BinaryenBinaryGetLeft(expr);
}

static struct address address_of(const struct shortening *work, BinaryenExpressionRef expr) {
    struct address address = {NULL, 0};
    BinaryenExpressionRef base = split(expr, &address.offset);
    if (BinaryenExpressionGetId(base) != IR(GlobalGet) || address.offset < 0)
        return address;
    const char *name = BinaryenGlobalGetGetName(base);
    if (work->stack_stays || !BinaryenGlobalIsMutable(BinaryenGetGlobal(work->module, name)))
        address.global = name;
    return address;
}

/* Bytes of adding an offset to what is on the stack. */
static int32_t size_of_adding(int32_t offset) {
    return offset == 0 ? 0 : 2 + sleb_size(offset);
}

/* Bytes that `expr`, which is an access or an addition or neither, grows by when `child`, which it
 * takes, is followed by adding an offset. */
static int32_t growth(BinaryenExpressionRef expr, BinaryenExpressionRef child, int32_t offset) {
    int32_t own;
    uint32_t kept;
    switch (BinaryenExpressionGetId(expr)) {
    case IR(Load):
        kept = BinaryenLoadGetOffset(expr);
        return uleb_size(kept + (uint32_t)offset) - uleb_size(kept);
    case IR(Store):
        if (BinaryenStoreGetPtr(expr) != child)
            break;
        kept = BinaryenStoreGetOffset(expr);
        return uleb_size(kept + (uint32_t)offset) - uleb_size(kept);
    case IR(Binary):
        if (split(expr, &own) != child)
            break;
        return size_of_adding(own + offset) - size_of_adding(own);
    default:
        break;
    }
    return size_of_adding(offset);
}

static struct value *value_at(const struct shortening *work, uint32_t index) {
    return (struct value *)(void *)work->values.data + index;
}

static bool is_open(const struct shortening *work, uint32_t scope) {
    return ((const bool *)work->open.data)[scope];
}

static void note_write(struct shortening *work, BinaryenExpressionRef set,
                       BinaryenExpressionRef parent) {
    struct local *local = &work->locals[BinaryenLocalSetGetIndex(set)];
    struct value value = {.address = address_of(work, BinaryenLocalSetGetValue(set))};
    int32_t adding = size_of_adding(value.address.offset);
    value.gain = BinaryenLocalSetIsTee(set) ? 2 + adding - growth(parent, set, value.address.offset)
                                            : 4 + adding;
    /* In the loop's next round a reading in front of this one may find it. */
    if (is_open(work, local->scope) && local->loop != work->loop &&
        value_at(work, local->value)->reads > 0)
        local->unfit = true;
    local->value = (uint32_t)(work->values.size / sizeof value);
    local->scope = work->scope;
    local->loop = work->loop;
    buf_append(&work->values, &value, sizeof value);
    map_put(&work->value_of, set, local->value);
}

static void note_read(struct shortening *work, BinaryenExpressionRef get,
                      BinaryenExpressionRef parent) {
    struct local *local = &work->locals[BinaryenLocalGetGetIndex(get)];
    struct value *value = value_at(work, local->value);
    if (!is_open(work, local->scope))
        local->unfit = true;
    value->gain -= growth(parent, get, value->address.offset);
    value->reads++;
    map_put(&work->value_of, get, local->value);
}

static void look(struct shortening *work, BinaryenExpressionRef expr, BinaryenExpressionRef parent);

static void look_inside(struct shortening *work, BinaryenExpressionRef expr,
                        BinaryenExpressionRef parent) {
    uint32_t outer = work->scope, outer_loop = work->loop;
    bool open = true;
    work->scope = (uint32_t)(work->open.size / sizeof open);
    if (BinaryenExpressionGetId(expr) == IR(Loop))
        work->loop = work->scope;
    buf_append(&work->open, &open, sizeof open);
    look(work, expr, parent);
    ((bool *)work->open.data)[work->scope] = false;
    work->scope = outer;
    work->loop = outer_loop;
}

/* In the order of evaluation. */
static void look(struct shortening *work, BinaryenExpressionRef expr,
                 BinaryenExpressionRef parent) {
    BinaryenExpressionId kind = BinaryenExpressionGetId(expr);
    for (BinaryenIndex i = 0; i < ir_child_count(expr); i++) {
        BinaryenExpressionRef child = ir_child_get(expr, i);
        if (!child)
            continue;
        BinaryenExpressionId below = BinaryenExpressionGetId(child);
        if (below == IR(Block) || below == IR(Loop) || (kind == IR(If) && i > 0))
            look_inside(work, child, expr);
        else
            look(work, child, expr);
    }
    if (kind == IR(LocalSet))
        note_write(work, expr, parent);
    else if (kind == IR(LocalGet))
        note_read(work, expr, parent);
}

static BinaryenExpressionRef make_address(BinaryenModuleRef module, BinaryenExpressionRef base,
                                          int32_t offset) {
    return offset == 0 ? base
                       : make_binary(module, BinaryenAddInt32(), base, make_i32(module, offset));
}

/* The value that an expression reads or writes if it is to be made anew. */
static const struct value *made_anew(const struct shortening *work, BinaryenExpressionRef expr,
                                     BinaryenIndex index) {
    uint32_t number = 0;
    map_get(&work->value_of, expr, &number);
    const struct value *value = value_at(work, number);
    bool fit = value->address.global != NULL && value->gain > 0 && !work->locals[index].unfit;
    return fit ? value : NULL;
}

static BinaryenExpressionRef shorten(void *context, BinaryenExpressionRef expr) {
    struct shortening *work = context;
    const struct value *value;
    int32_t inner, outer;
    switch (BinaryenExpressionGetId(expr)) {
    case IR(LocalGet):
        value = made_anew(work, expr, BinaryenLocalGetGetIndex(expr));
        return value == NULL ? expr
                             : make_address(work->module,
                                            make_global_get(work->module, value->address.global),
                                            value->address.offset);
    case IR(LocalSet):
        if (made_anew(work, expr, BinaryenLocalSetGetIndex(expr)) == NULL)
            return expr;
        return BinaryenLocalSetIsTee(expr) ? BinaryenLocalSetGetValue(expr)
                                           : BinaryenNop(work->module);
    case IR(Binary): {
        BinaryenExpressionRef rest = split(expr, &outer);
        BinaryenExpressionRef base = split(rest, &inner);
        return rest == expr || base == rest ? expr
                                            : make_address(work->module, base, inner + outer);
    }
    default:
        return expr;
    }
}

void glue_access_shorten(BinaryenModuleRef module, BinaryenFunctionRef function, bool stack_stays) {
    BinaryenIndex count = BinaryenTypeArity(BinaryenFunctionGetParams(function)) +
                          BinaryenFunctionGetNumVars(function);
    struct shortening work = {.module = module, .stack_stays = stack_stays};
    struct value first = {.address = {NULL, 0}};
    BinaryenExpressionRef body = BinaryenFunctionGetBody(function);
    work.locals = mem_calloc(count, sizeof *work.locals);
    for (BinaryenIndex i = 0; i < count; i++) {
        work.locals[i].value = i;
        buf_append(&work.values, &first, sizeof first);
    }
    bool open = true; /* the scope of what is there at the beginning is no loop */
    buf_append(&work.open, &open, sizeof open);
    look_inside(&work, body, body);
    ir_replace_all(&body, shorten, &work);
    BinaryenFunctionSetBody(function, body);
    free(work.locals);
    buf_release(&work.values);
    map_release(&work.value_of);
    buf_release(&work.open);
}
