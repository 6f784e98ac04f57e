/*
 * kinds.h: Binaryen's expression kinds as compile-time constants, for switches and tables.
 *
 * They are numbered differently by every version; tools/print_kinds.c asks the installed one while
 * building. Kinds of only some versions must not be named without a feature test.
 */
#ifndef SNAPIFY_IR_KINDS_H
#define SNAPIFY_IR_KINDS_H

#include <binaryen-c.h>

#include "ir_kinds.inc"

#define IR(kind) IR_##kind

#endif
