/*
 * kinds.h: Binaryen's expression kinds as compile-time constants.
 *
 * The C API offers the ids as functions (BinaryenBlockId()), which a switch cannot use. Binaryen
 * numbers them by a list that its packages install, one `DELEGATE(Kind);` per line, starting at 1.
 * Read as members of one byte each, the list makes a struct in which a kind's offset is its id.
 * Kinds of only some versions must not be named without a feature test.
 */
#ifndef SNAPIFY_IR_KINDS_H
#define SNAPIFY_IR_KINDS_H

#include <stddef.h>

#include <binaryen-c.h>

struct ir_kind_order {
    char Invalid;
#define DELEGATE(kind) char kind
#include <wasm-delegations.def>
};

#define IR(kind) offsetof(struct ir_kind_order, kind)

#endif
