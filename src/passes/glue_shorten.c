/*
 * glue_shorten.c: which addresses in locals are better made anew.
 *
 * A local qualifies that is written once and read only behind that in the same block, loop or arm:
 * whoever comes to the reading has come by the writing. Bytes decide.
 */
#include <stdlib.h>

#include "ir/make.h"
#include "ir/walk.h"
#include "passes/glue_access.h"
#include "support/buf.h"

/* An address: what a global holds, and a constant. */
struct address {
    const char *global; /* NULL: it is something else */
    int32_t offset;     /* bytes, not negative */
};

struct local {
    struct address address; /* its value, once it was written */
    uint32_t scope;         /* where */
    int32_t gain;           /* bytes */
    bool unfit;
};

struct shortening {
    BinaryenModuleRef module;
    bool stack_stays;
    struct local *locals; /* owned; by index */
    struct buf open;      /* bool; by number of the scope: is the walk inside of it? */
    uint32_t scope;       /* the innermost one */
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

static void note_write(struct shortening *work, BinaryenExpressionRef set,
                       BinaryenExpressionRef parent) {
    struct local *local = &work->locals[BinaryenLocalSetGetIndex(set)];
    bool first = local->address.global == NULL;
    local->address = address_of(work, BinaryenLocalSetGetValue(set));
    if (!first || local->address.global == NULL) {
        local->unfit = true;
        return;
    }
    int32_t adding = size_of_adding(local->address.offset);
    local->scope = work->scope;
    local->gain =
        2 + (BinaryenLocalSetIsTee(set) ? adding - growth(parent, set, local->address.offset)
                                        : 2 + adding);
}

static void note_read(struct shortening *work, BinaryenExpressionRef get,
                      BinaryenExpressionRef parent) {
    struct local *local = &work->locals[BinaryenLocalGetGetIndex(get)];
    if (local->address.global == NULL || !((const bool *)work->open.data)[local->scope])
        local->unfit = true;
    else
        local->gain -= growth(parent, get, local->address.offset);
}

static void look(struct shortening *work, BinaryenExpressionRef expr, BinaryenExpressionRef parent);

static void look_inside(struct shortening *work, BinaryenExpressionRef expr,
                        BinaryenExpressionRef parent) {
    uint32_t outer = work->scope;
    bool open = true;
    work->scope = (uint32_t)work->open.size;
    buf_append(&work->open, &open, sizeof open);
    look(work, expr, parent);
    ((bool *)work->open.data)[work->scope] = false;
    work->scope = outer;
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

static BinaryenExpressionRef shorten(void *context, BinaryenExpressionRef expr) {
    struct shortening *work = context;
    const struct local *local;
    int32_t inner, outer;
    switch (BinaryenExpressionGetId(expr)) {
    case IR(LocalGet):
        local = &work->locals[BinaryenLocalGetGetIndex(expr)];
        return local->unfit ? expr
                            : make_address(work->module,
                                           make_global_get(work->module, local->address.global),
                                           local->address.offset);
    case IR(LocalSet):
        local = &work->locals[BinaryenLocalSetGetIndex(expr)];
        if (local->unfit)
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
    BinaryenIndex params = BinaryenTypeArity(BinaryenFunctionGetParams(function));
    BinaryenIndex count = params + BinaryenFunctionGetNumVars(function);
    struct shortening work = {.module = module, .stack_stays = stack_stays};
    BinaryenExpressionRef body = BinaryenFunctionGetBody(function);
    work.locals = mem_calloc(count, sizeof *work.locals);
    for (BinaryenIndex i = 0; i < params; i++)
        work.locals[i].unfit = true;
    look_inside(&work, body, body);
    for (BinaryenIndex i = 0; i < count; i++)
        if (work.locals[i].gain <= 0)
            work.locals[i].unfit = true;
    ir_replace_all(&body, shorten, &work);
    BinaryenFunctionSetBody(function, body);
    free(work.locals);
    buf_release(&work.open);
}
