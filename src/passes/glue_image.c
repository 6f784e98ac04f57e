/*
 * glue_image.c: puts glue.wasm and glue-zip.wasm into the library.
 *
 * In go the files named by SNAPIFY_GLUE_FILE and SNAPIFY_GLUE_ZIP_FILE (the Makefile sets them),
 * out come the symbols of glue_image.h. The assembler reads the file: no generated C source, no
 * tool to generate it, and no limit on the length of an initializer.
 */
#include "passes/glue_image.h"

#include "wasm/leb128.h"

#if __SIZEOF_SIZE_T__ == 8
#define SIZE_DIRECTIVE ".quad"
#else
#define SIZE_DIRECTIVE ".long"
#endif

#define IMAGE(name, file)                                                                          \
    __asm__(".pushsection .rodata\n"                                                               \
            ".balign 16\n"                                                                         \
            ".globl " name "\n" name ":\n"                                                         \
            ".incbin \"" file "\"\n" name "_end:\n"                                                \
            ".byte 0\n" /* keeps the symbol inside the section when the image is empty */          \
            ".balign 8\n"                                                                          \
            ".globl " name "_size\n" name "_size:\n" SIZE_DIRECTIVE " " name "_end - " name "\n"   \
            ".popsection\n")

IMAGE("snapify_glue_image", SNAPIFY_GLUE_FILE);
IMAGE("snapify_glue_zip_image", SNAPIFY_GLUE_ZIP_FILE);

struct wasm_bytes glue_image(const struct snapify_options *options) {
    if (options->compress_level != 0)
        return (struct wasm_bytes){snapify_glue_zip_image, snapify_glue_zip_image_size};
    return (struct wasm_bytes){snapify_glue_image, snapify_glue_image_size};
}

static size_t weight(const uint8_t *image, size_t image_size) {
    struct reader reader = reader_over(image, image_size);
    size_t sum = 0;
    uint8_t id;
    uint32_t size;
    reader_skip(&reader, 8); /* magic and version */
    while (reader_u8(&reader, &id) && reader_uleb32(&reader, &size) && reader_skip(&reader, size))
        sum += id != 0 ? size : 0;
    return sum;
}

size_t glue_image_zip_weight(void) {
    return weight(snapify_glue_zip_image, snapify_glue_zip_image_size) -
           weight(snapify_glue_image, snapify_glue_image_size);
}
