/*
 * glue_indirect.h: functions of the glue that are called by their address.
 *
 * Only zstd does (--compress). The output gets no table for that: it may have one of its own, and
 * some engines take no second. An address is a number from 1 on, and a call by address becomes one
 * of a function that knows them all:
 *
 *     (call_indirect (param T...) (result R) a.. i)  =>  (call $snapify_glue_indirect0 a.. i)
 *     (func $snapify_glue_indirect0 (param T... i32) (result R)
 *       (if (i32.eq i 1) (return (call $one T...)))  ... (unreachable))
 */
#ifndef SNAPIFY_PASSES_GLUE_INDIRECT_H
#define SNAPIFY_PASSES_GLUE_INDIRECT_H

#include "passes/program.h"

/* What the glue sees as __table_base. 0 would be the null pointer. */
enum {
    GLUE_TABLE_BASE = 1
};

struct glue_indirect {
    struct signature *signatures; /* owned; of the calls */
    size_t signature_count;
};

/* The functions with addresses: how many, and the name of each in the glue. */
size_t glue_table_size(BinaryenModuleRef glue);
const char *glue_table_at(BinaryenModuleRef glue, size_t index);

/* The call that takes the place of a call_indirect, already copied into `module`. */
BinaryenExpressionRef glue_indirect_call(struct glue_indirect *indirect, BinaryenModuleRef module,
                                         BinaryenExpressionRef expr);

/* Adds the functions that these calls are of. targets[i]: what function i of the table is called in
 * `module`, where all of them are. */
void glue_indirect_add(const struct glue_indirect *indirect, BinaryenModuleRef module,
                       const char *const *targets, size_t target_count);

void glue_indirect_release(struct glue_indirect *indirect);

#endif
