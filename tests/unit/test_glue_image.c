/*
 * What the compiled glue must be, so that it can be put into any module: position independent, with
 * the imports and exports of runtime-glue/abi.h, and careful where the region moves.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ir/names.h"
#include "ir/walk.h"
#include "passes/glue_image.h"
#include "passes/glue_indirect.h"
#include "runtime-glue/abi.h"
#include "support/map.h"

#define SIZE_MAX_BYTES 39500u /* with all that is linked on demand */

struct image {
    BinaryenModuleRef module;
    char *bytes; /* owned */
};

static int image_setup(void **state) {
    struct image *image = calloc(1, sizeof *image);
    image->bytes = malloc(snapify_glue_image_size);
    memcpy(image->bytes, snapify_glue_image, snapify_glue_image_size);
    image->module = BinaryenModuleRead(image->bytes, snapify_glue_image_size);
    *state = image;
    return 0;
}

static int image_teardown(void **state) {
    struct image *image = *state;
    BinaryenModuleDispose(image->module);
    free(image->bytes);
    free(image);
    return 0;
}

static bool is_among(const char *name, const char *const *names) {
    for (; *names != NULL; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

static bool is_import(BinaryenFunctionRef function) {
    return *BinaryenFunctionImportGetModule(function) != '\0';
}

/* ---- sections ---- */

static uint32_t read_uleb(const uint8_t **at) {
    uint32_t value = 0;
    for (uint32_t shift = 0; shift < 35; shift += 7) {
        uint8_t byte = *(*at)++;
        value |= (uint32_t)(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0)
            break;
    }
    return value;
}

/* No code that runs by itself, no table contents, no second kind of data. */
static void test_glue_image__sections(void **state) {
    (void)state;
    enum {
        TYPE = 1,
        IMPORT = 2,
        FUNCTION = 3,
        GLOBAL = 6,
        EXPORT = 7,
        CODE = 10,
        DATA = 11
    };
    const uint32_t allowed = 1u << 0 | 1u << TYPE | 1u << IMPORT | 1u << FUNCTION | 1u << GLOBAL |
                             1u << EXPORT | 1u << CODE | 1u << DATA;
    size_t travels = 0; /* what comes into the output: no names, no table of imports */
    const uint8_t *at = snapify_glue_image + 8;
    const uint8_t *end = snapify_glue_image + snapify_glue_image_size;
    while (at < end) {
        uint8_t id = *at++;
        uint32_t size = read_uleb(&at);
        assert_true(id < 32 && (allowed >> id & 1) == 1);
        assert_true(size <= (size_t)(end - at));
        travels += id == CODE || id == DATA ? size : 0;
        at += size;
    }
    assert_true(travels < SIZE_MAX_BYTES);
}

/* ---- imports and exports ---- */

static void test_glue_image__imports(void **state) {
    struct image *image = *state;
    static const char *const provided[] = {
        "budget_set",   "state_get",    "state_set",
        "extra_get",    "extra_set",    "frames_get",
        "frames_set",   "base_get",     "base_set",
        "stack_get",    "stack_set",    "here_set",
        "globals_save", "globals_load", "inside_get",
        "files_get",    "files_set",    "files_count_get",
        "clock_get",    "clock_set",    "files_count_set",
        "tables_set",   "sure_set",     "site_set",
        "refill_set",   NULL,
    };
    static const char *const wasi[] = {
        "clock_time_get",
        "environ_sizes_get",
        "environ_get",
        "fd_prestat_get",
        "fd_prestat_dir_name",
        "path_open",
        "path_rename",
        "path_unlink_file",
        "fd_read",
        "fd_write",
        "fd_sync",
        "fd_close",
        "sock_shutdown",
        "sock_send",
        "sock_recv",
        "sock_accept",
        "poll_oneoff",
        "args_sizes_get",
        "args_get",
        "fd_fdstat_get",
        "fd_fdstat_set_flags",
        "fd_filestat_get",
        "fd_pread",
        "fd_readdir",
        "fd_renumber",
        "fd_seek",
        "fd_tell",
        "path_filestat_get",
        "proc_exit",
        NULL,
    };
    for (BinaryenIndex i = 0; i < BinaryenGetNumFunctions(image->module); i++) {
        BinaryenFunctionRef function = BinaryenGetFunctionByIndex(image->module, i);
        if (!is_import(function))
            continue;
        const char *module = BinaryenFunctionImportGetModule(function);
        const char *base = BinaryenFunctionImportGetBase(function);
        if (strcmp(module, "snapify") == 0)
            assert_true(is_among(base, provided));
        else if (strcmp(module, "wasi_snapshot_preview1") == 0)
            assert_true(is_among(base, wasi));
        else
            fail_msg("import %s.%s", module, base);
    }
}

/* Functions that some modules do without. */
static bool is_linked_on_demand(const char *name) {
    static const char *const prefixes[] = {
        NAME_FILES_PREFIX, NAME_CLOCK_PREFIX,  NAME_PROCESS_PREFIX,
        NAME_WASI_PREFIX,  NAME_TABLES_PREFIX, NAME_TABLE_PREFIX,
        NAME_READS_PREFIX, NAME_POLL_PREFIX,   NAME_ENVIRON_PREFIX};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}

static void test_glue_image__exports(void **state) {
    struct image *image = *state;
    static const char *const expected[] = {
        "snapify_enter",
        "snapify_unwind_frame",
        "snapify_frame_filled",
        "snapify_saved",
        "snapify_rewind_frame",
        "snapify_landed",
        "snapify_put_1",
        "snapify_put_2",
        "snapify_put_4",
        "snapify_put_wide",
        "snapify_take",
        "snapify_take_wide",
        "snapify_point",
        "snapify_leave",
        "snapify_memory_grow",
        "snapify_config",
        "__wasm_apply_data_relocs",
        NULL,
    };
    BinaryenIndex count = BinaryenGetNumExports(image->module);
    for (BinaryenIndex i = 0; i < count; i++) {
        const char *name = BinaryenExportGetName(BinaryenGetExportByIndex(image->module, i));
        assert_true(is_among(name, expected) || is_linked_on_demand(name));
    }
    for (int i = 0; i < 16; i++)
        assert_non_null(BinaryenGetExport(image->module, expected[i]));
}

static bool is_empty(BinaryenExpressionRef body) {
    BinaryenExpressionId kind = BinaryenExpressionGetId(body);
    return kind == IR(Nop) || (kind == IR(Block) && BinaryenBlockGetNumChildren(body) == 0);
}

/* The linker writes this function whether it is needed or not. */
static void test_glue_image__no_relocations(void **state) {
    struct image *image = *state;
    static const char *const names[] = {"__wasm_call_ctors", "__wasm_apply_data_relocs", NULL};
    for (int i = 0; names[i] != NULL; i++) {
        BinaryenFunctionRef function = BinaryenGetFunction(image->module, names[i]);
        if (function != NULL)
            assert_true(is_empty(BinaryenFunctionGetBody(function)));
    }
    for (size_t i = 0; i + 4 < snapify_glue_image_size; i++)
        assert_memory_not_equal(snapify_glue_image + i, "GOT.", 4);
}

/* ---- code ---- */

struct finding {
    uint32_t globals;    /* uses of globals */
    uint32_t indirect;   /* uses of tables */
    uint32_t frame;      /* bytes on the C stack */
    uint32_t max_callee; /* deepest use of the C stack below */
    BinaryenModuleRef module;
    const char *name; /* of the function */
    const struct finding *caller;
    struct map *known; /* depths of functions by name */
};

static uint32_t stack_depth(BinaryenModuleRef module, const char *name,
                            const struct finding *caller, struct map *known);

/* A function that is on its way already is not followed: zstd's sort, its search for places to
 * split a block and its reading of short tables call themselves a few times. */
static void note_callee(struct finding *finding, const char *name) {
    for (const struct finding *caller = finding; caller != NULL; caller = caller->caller)
        if (name == caller->name)
            return;
    uint32_t depth = stack_depth(finding->module, name, finding, finding->known);
    if (depth > finding->max_callee)
        finding->max_callee = depth;
}

static BinaryenExpressionRef look(void *context, BinaryenExpressionRef expr) {
    struct finding *finding = context;
    switch (BinaryenExpressionGetId(expr)) {
    case IR(GlobalGet):
    case IR(GlobalSet):
        finding->globals++;
        break;
    case IR(CallIndirect):
        finding->indirect++;
        for (size_t i = 0; finding->module != NULL && i < glue_table_size(finding->module); i++)
            note_callee(finding, glue_table_at(finding->module, i));
        break;
    case IR(RefFunc):
        finding->indirect++;
        break;
    case IR(Call):
        if (finding->module != NULL)
            note_callee(finding, BinaryenCallGetTarget(expr));
        break;
    case IR(Binary):
        if (BinaryenBinaryGetOp(expr) == BinaryenSubInt32() &&
            BinaryenExpressionGetId(BinaryenBinaryGetLeft(expr)) == IR(GlobalGet) &&
            BinaryenExpressionGetId(BinaryenBinaryGetRight(expr)) == IR(Const))
            finding->frame = (uint32_t)BinaryenConstGetValueI32(BinaryenBinaryGetRight(expr));
        break;
    }
    return expr;
}

static struct finding examine(BinaryenFunctionRef function, struct finding finding) {
    BinaryenExpressionRef body = BinaryenFunctionGetBody(function);
    finding.name = BinaryenFunctionGetName(function);
    ir_replace_all(&body, look, &finding);
    return finding;
}

static uint32_t stack_depth(BinaryenModuleRef module, const char *name,
                            const struct finding *caller, struct map *known) {
    BinaryenFunctionRef function = BinaryenGetFunction(module, name);
    uint32_t depth;
    if (is_import(function))
        return 0;
    if (map_get(known, BinaryenFunctionGetName(function), &depth))
        return depth;
    struct finding finding =
        examine(function, (struct finding){.module = module, .caller = caller, .known = known});
    depth = finding.frame + finding.max_callee;
    map_put(known, finding.name, depth);
    return depth;
}

static uint32_t whole_depth(BinaryenModuleRef module, const char *name) {
    struct map known = {0};
    uint32_t depth = stack_depth(module, name, NULL, &known);
    map_release(&known);
    return depth;
}

static void test_glue_image__no_tables(void **state) {
    struct image *image = *state;
    for (BinaryenIndex i = 0; i < BinaryenGetNumFunctions(image->module); i++) {
        BinaryenFunctionRef function = BinaryenGetFunctionByIndex(image->module, i);
        if (!is_import(function))
            assert_int_equal(examine(function, (struct finding){0}).indirect, 0);
    }
}

/* Static data and the C stack are elsewhere after a move: these use neither. */
static void test_glue_image__nothing_held_while_moving(void **state) {
    struct image *image = *state;
    static const char *const names[] = {
        "snapify_enter",       "snapify_begin", "memory_resize", "snapify_memory_grow",
        "grow_without_region", "memcpy",        "memmove",       "memset"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        BinaryenFunctionRef function = BinaryenGetFunction(image->module, names[i]);
        assert_non_null(function);
        assert_int_equal(examine(function, (struct finding){0}).globals, 0);
    }
}

static void test_glue_image__stack_is_large_enough(void **state) {
    struct image *image = *state;
    static const char *const names[] = {
        "snapify_enter", "snapify_leave",       "snapify_unwind_frame", "snapify_frame_filled",
        "snapify_saved", "snapify_memory_grow", "snapify_point"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        uint32_t depth = whole_depth(image->module, names[i]);
        assert_true(depth <= SNAPIFY_GLUE_STACK_SIZE / 2);
    }
    assert_true(whole_depth(image->module, "snapify_leave") > 400); /* the line of a message */
}

/* zstd needs more of it; what it calls by address counts as called by whoever calls any. */
static void test_glue_image__stack_is_large_enough_for_zstd(void **state) {
    (void)state;
    if (snapify_glue_zip_image_size == 0)
        skip();
    char *bytes = malloc(snapify_glue_zip_image_size);
    memcpy(bytes, snapify_glue_zip_image, snapify_glue_zip_image_size);
    BinaryenModuleRef module = BinaryenModuleRead(bytes, snapify_glue_zip_image_size);
    uint32_t leave = whole_depth(module, "snapify_leave");
    assert_true(glue_table_size(module) > 0);
    assert_true(leave > 1000 && leave <= SNAPIFY_ZIP_STACK_SIZE / 2);
    assert_true(whole_depth(module, "snapify_enter") <= SNAPIFY_ZIP_STACK_SIZE / 2);
    BinaryenModuleDispose(module);
    free(bytes);
}

#define IMAGE_TEST(test) cmocka_unit_test_setup_teardown(test, image_setup, image_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        IMAGE_TEST(test_glue_image__sections),
        IMAGE_TEST(test_glue_image__imports),
        IMAGE_TEST(test_glue_image__exports),
        IMAGE_TEST(test_glue_image__no_relocations),
        IMAGE_TEST(test_glue_image__no_tables),
        IMAGE_TEST(test_glue_image__nothing_held_while_moving),
        IMAGE_TEST(test_glue_image__stack_is_large_enough),
        cmocka_unit_test(test_glue_image__stack_is_large_enough_for_zstd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
