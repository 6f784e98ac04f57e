/*
 * glue_stack.h: the C stack of the glue without a stack pointer.
 *
 * No function of the glue can be called while it runs, so that each has one frame at most, which
 * gets a fixed place behind those of all its callers. Moving a pointer down and up again is a
 * twentieth of the glue:
 *
 *     (global.set $sp (local.tee $x (i32.sub (global.get $sp) (i32.const 16))))
 *         =>  (local.set $x (i32.add (global.get $sp) (i32.const PLACE)))
 *     (global.set $sp (i32.add (local.get $x) (i32.const 16)))  =>  (nop)
 */
#ifndef SNAPIFY_PASSES_GLUE_STACK_H
#define SNAPIFY_PASSES_GLUE_STACK_H

#include <stddef.h>

#include <binaryen-c.h>

/*
 * Rewrites these functions of the module `glue`, all that call each other; its first stack pointer
 * is then the lowest address of the stack, and stays. Returns how many bytes lie above it, or -1 if
 * one of them can be called while it runs, calls by address or uses the pointer in another way.
 */
int glue_stack_place(BinaryenModuleRef glue, const BinaryenFunctionRef *functions, size_t count);

#endif
