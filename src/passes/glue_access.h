/*
 * glue_access.h: memory instructions of the glue, which is code that knows no absolute address.
 */
#ifndef SNAPIFY_PASSES_GLUE_ACCESS_H
#define SNAPIFY_PASSES_GLUE_ACCESS_H

#include <stdbool.h>

#include <binaryen-c.h>

/* A copied access names the glue's memory, which newer versions of Binaryen look up: made anew, it
 * names the application's. `zip`: zstd is there. Returns NULL for other expressions. */
BinaryenExpressionRef glue_access(BinaryenModuleRef module, BinaryenExpressionRef expr, bool zip);

/*
 * Makes addresses anew where that is shorter than to keep them in a local (glue_shorten.c):
 *
 *     (local.set $x (i32.add (global.get $base) (i32.const 8)))
 *     (i32.load offset=4 (local.get $x))
 *         =>  (i32.load offset=4 (i32.add (global.get $base) (i32.const 8)))
 *
 * of which glue_access() makes (i32.load offset=12 (global.get $base)). What the base is changes
 * only while nobody holds such an address; so does the stack pointer if `stack_stays`.
 */
void glue_access_shorten(BinaryenModuleRef module, BinaryenFunctionRef function, bool stack_stays);

#endif
