/*
 * compat.h: the differences between the versions of Binaryen's C API that we build with.
 *
 * 108 (Debian 12) knows one memory; from the version on that knows several, the makers of memory
 * instructions take the memory's name, NULL meaning the only one. The build defines
 * SNAPIFY_BINARYEN_MEMORY_NAMES to 1 or 0 after a look at the installed header.
 */
#ifndef SNAPIFY_IR_COMPAT_H
#define SNAPIFY_IR_COMPAT_H

#include <stdbool.h>
#include <string.h>

#include <binaryen-c.h>

#ifndef SNAPIFY_BINARYEN_MEMORY_NAMES
#define SNAPIFY_BINARYEN_MEMORY_NAMES 0
#endif

#if SNAPIFY_BINARYEN_MEMORY_NAMES
#define IR_MEMORY_ARG , NULL
#define IR_MEMORY_SIZE_ARGS , NULL, false
#else
#define IR_MEMORY_ARG
#define IR_MEMORY_SIZE_ARGS
#endif

/* Do two data.drop name the same segment? By name or, in older versions, by number. */
static inline bool ir_drops_same_segment(BinaryenExpressionRef a, BinaryenExpressionRef b) {
#if SNAPIFY_BINARYEN_MEMORY_NAMES
    return strcmp(BinaryenDataDropGetSegment(a), BinaryenDataDropGetSegment(b)) == 0;
#else
    return BinaryenDataDropGetSegment(a) == BinaryenDataDropGetSegment(b);
#endif
}

static inline BinaryenExpressionRef ir_make_load(BinaryenModuleRef module, uint32_t bytes,
                                                 uint32_t offset, uint32_t align, BinaryenType type,
                                                 BinaryenExpressionRef address) {
    return BinaryenLoad(module, bytes, false, offset, align, type, address IR_MEMORY_ARG);
}

static inline BinaryenExpressionRef ir_make_store(BinaryenModuleRef module, uint32_t bytes,
                                                  uint32_t offset, uint32_t align,
                                                  BinaryenType type, BinaryenExpressionRef address,
                                                  BinaryenExpressionRef value) {
    return BinaryenStore(module, bytes, offset, align, address, value, type IR_MEMORY_ARG);
}

static inline BinaryenExpressionRef ir_make_memory_grow(BinaryenModuleRef module,
                                                        BinaryenExpressionRef pages) {
    return BinaryenMemoryGrow(module, pages IR_MEMORY_SIZE_ARGS);
}

static inline BinaryenExpressionRef ir_make_memory_size(BinaryenModuleRef module) {
    return BinaryenMemorySize(module IR_MEMORY_SIZE_ARGS);
}

#endif
