/*
 * print_kinds.c: runs while snapify is built and prints Binaryen's expression ids as constants.
 *
 * The C API offers the ids only as functions (BinaryenBlockId()), they differ between versions,
 * and the order of the installed list is not that of the ids, at least in version 108. A switch
 * needs constants, so they are asked for once, from the library that will be linked.
 */
#include <stdio.h>

#include <binaryen-c.h>

int main(void) {
    unsigned highest = 0;
    puts("/* Made by tools/print_kinds.c. */\nenum ir_kind {");
#define DELEGATE(kind)                                                                             \
    printf("    IR_%s = %u,\n", #kind, (unsigned)Binaryen##kind##Id());                            \
    if (Binaryen##kind##Id() > highest)                                                            \
    highest = Binaryen##kind##Id()
#include <wasm-delegations.def>
    printf("    IR_KIND_COUNT = %u\n};\n", highest + 1);
    return 0;
}
