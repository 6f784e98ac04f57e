/*
 * harmless.h: what may be evaluated at any time, with any values in the locals.
 */
#ifndef SNAPIFY_IR_HARMLESS_H
#define SNAPIFY_IR_HARMLESS_H

#include <stdbool.h>

#include <binaryen-c.h>

/* True if the expression cannot trap, changes nothing and reads no memory. Not so: those of which
 * that is not known here. (Binaryen's own answer needs all globals to exist.) */
bool ir_is_harmless(BinaryenExpressionRef expr);

#endif
