/*
 * glue_image.c: puts glue.wasm into the library.
 *
 * In goes the file named by SNAPIFY_GLUE_FILE (the Makefile sets it), out come the two symbols of
 * glue_image.h. The assembler reads the file: no generated C source, no tool to generate it, and
 * no limit on the length of an initializer.
 */
#include "passes/glue_image.h"

#if __SIZEOF_SIZE_T__ == 8
#define SIZE_DIRECTIVE ".quad"
#else
#define SIZE_DIRECTIVE ".long"
#endif

__asm__(".pushsection .rodata\n"
        ".balign 16\n"
        ".globl snapify_glue_image\n"
        "snapify_glue_image:\n"
        ".incbin \"" SNAPIFY_GLUE_FILE "\"\n"
        "snapify_glue_image_end:\n"
        ".byte 0\n" /* keeps the symbol inside the section when the image is empty */
        ".balign 8\n"
        ".globl snapify_glue_image_size\n"
        "snapify_glue_image_size:\n" SIZE_DIRECTIVE " snapify_glue_image_end - snapify_glue_image\n"
        ".popsection\n");
