/* Proves: what clang makes of external references: a table of them that grows, is set, copied into
 * and filled; a reference in a parameter and over a point. WASI gives none, so all are null. */
#include "kafu.h"
#include <stdio.h>

static __externref_t things[0];

KAFU_DEST("edge1") int hop(int n) {
    return n;
}

/* A mark is an export, but no host calls that. */
KAFU_MAY_OFFLOAD("cloud1") int put(int at, __externref_t thing) {
    int n = hop(at);
    __builtin_wasm_table_set(things, n, thing);
    return n;
}

int main(void) {
    __externref_t nothing = __builtin_wasm_ref_null_extern();
    printf("%d\n", (int)__builtin_wasm_table_grow(things, nothing, 2));
    hop(0);
    printf("%d\n", (int)__builtin_wasm_table_size(things));
    printf("%d\n", put(1, __builtin_wasm_table_get(things, 0)));
    __builtin_wasm_table_fill(things, 0, nothing, 2);
    printf("%d\n", (int)__builtin_wasm_table_grow(things, nothing, 3));
    hop(5);
    printf("%d\n", (int)__builtin_wasm_table_size(things));
}
