/*
 * place_glue.c: where the region begins and what stands in it, known when all else is written.
 */
#include "passes/place_glue.h"

#include <stdlib.h>
#include <string.h>

#include "ir/make.h"
#include "ir/names.h"
#include "passes/glue_data.h"
#include "passes/glue_image.h"
#include "passes/passes.h"
#include "runtime-glue/abi.h"

/* Set by pass_place_glue(). */
static const char *const places[] = {NAME_EXTRA, NAME_BASE, NAME_STACK, NAME_FRAMES};

static void add_word(struct program *program, const char *name, uint32_t value) {
    BinaryenAddGlobal(program->module, name, BinaryenTypeInt32(), true,
                      make_i32(program->module, (int32_t)value));
}

void place_glue_globals(struct program *program) {
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        add_word(program, places[i], 0);
    add_word(program, NAME_FILES, 0);
    add_word(program, NAME_FILES_COUNT, 0);
    add_word(program, NAME_SURE, SNAPIFY_NO_DESCRIPTOR);
    BinaryenAddGlobal(program->module, NAME_CLOCK, BinaryenTypeInt64(), true,
                      BinaryenConst(program->module, BinaryenLiteralInt64(0)));
}

BinaryenModuleRef place_glue_read(const struct snapify_options *options) {
    struct wasm_bytes compiled = glue_image(options);
    char *bytes = mem_alloc(compiled.size);
    memcpy(bytes, compiled.data, compiled.size);
    BinaryenModuleRef module = BinaryenModuleRead(bytes, compiled.size);
    free(bytes);
    return module;
}

/* The address of the config in the glue's data, from the global that the linker exports for it. */
static bool find_config(BinaryenModuleRef module, uint32_t *offset) {
    BinaryenExportRef export = BinaryenGetExport(module, NAME_CONFIG);
    if (!export || BinaryenExportGetKind(export) != BinaryenExternalGlobal())
        return false;
    BinaryenGlobalRef global = BinaryenGetGlobal(module, BinaryenExportGetValue(export));
    *offset = (uint32_t)BinaryenConstGetValueI32(BinaryenGlobalGetInitExpr(global));
    return true;
}

int pass_place_glue(struct program *program, struct glue_layout *layout, struct buf *image) {
    BinaryenModuleRef module = place_glue_read(program->options);
    uint32_t config = 0;
    bool found = find_config(module, &config);
    BinaryenModuleDispose(module);
    if (!found)
        return diag_bug(program->diag, "the glue lacks an export (%s)", NAME_CONFIG);
    if (glue_data_build(program, config, layout, image) < 0)
        return -1;
    const uint32_t values[] = {layout->region_pages, layout->base,
                               layout->base + layout->stack_offset,
                               layout->base + layout->frames_offset};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        BinaryenConstSetValueI32(
            BinaryenGlobalGetInitExpr(BinaryenGetGlobal(program->module, places[i])),
            (int32_t)values[i]);
    return 0;
}
