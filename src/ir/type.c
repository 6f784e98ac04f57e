#include "ir/type.h"

#include <stdlib.h>

static const char *name_of(BinaryenType type) {
    const struct {
        BinaryenType type;
        const char *name;
    } names[] = {
        {BinaryenTypeInt32(), "i32"},           {BinaryenTypeInt64(), "i64"},
        {BinaryenTypeFloat32(), "f32"},         {BinaryenTypeFloat64(), "f64"},
        {BinaryenTypeVec128(), "v128"},         {BinaryenTypeFuncref(), "funcref"},
        {BinaryenTypeExternref(), "externref"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].type == type)
            return names[i].name;
    return "ref";
}

void ir_type_append(struct buf *out, BinaryenType type) {
    BinaryenIndex arity = BinaryenTypeArity(type);
    BinaryenType *members = mem_calloc(arity, sizeof *members);
    BinaryenTypeExpand(type, members);
    for (BinaryenIndex i = 0; i < arity; i++) {
        if (i > 0)
            buf_append_string(out, ", ");
        buf_append_string(out, name_of(members[i]));
    }
    free(members);
}

void ir_signature_append(struct buf *out, BinaryenType params, BinaryenType results) {
    buf_append_string(out, "(");
    ir_type_append(out, params);
    buf_append_string(out, ") -> ");
    if (BinaryenTypeArity(results) == 1) {
        ir_type_append(out, results);
        return;
    }
    buf_append_string(out, "(");
    ir_type_append(out, results);
    buf_append_string(out, ")");
}
