/*
 * wasi_wrappers.c: stands between the application and its WASI imports, where a move would show.
 *
 * An import keeps its name and becomes a function, so that calls, tables and exports need no
 * change; the import itself gets a name of ours. What only uses a descriptor gets it translated:
 *
 *     (func $fd_write (param $fd i32) ...
 *       (call $snapify_host_fd_write
 *         (if (result i32) (i32.lt_u fd (global.get $snapify_files_count))
 *           (then (i32.load (i32.add (global.get $snapify_files) (i32.shl fd 7))))
 *           (else (select fd NONE (i32.eqz (global.get $snapify_files_count)))))
 *         ...))
 *
 * What makes, ends or describes a descriptor becomes a call of the glue (runtime-glue/files.c).
 * A count of 0 says that there is no table: the numbers are the engine's. NONE is
 * SNAPIFY_NO_DESCRIPTOR, so that the engine itself answers EBADF. Most calls need no such function
 * (wasi_direct.c).
 *
 * Only a module that can open something is changed: what all others know are the standard streams.
 * Clock, arguments and environment are exchanged in the same way, where they are asked for.
 */
#include "passes/wasi_wrappers.h"

#include <stdlib.h>
#include <string.h>

#include "ir/compat.h"
#include "ir/make.h"
#include "ir/names.h"
#include "runtime-glue/abi.h"

enum {
    MAX_PARAMS = 9,
    DESCRIPTOR_SHIFT = 7,
};
_Static_assert(1 << DESCRIPTOR_SHIFT == SNAPIFY_DESCRIPTOR_SIZE, "the size of a descriptor");

/* Parameters: f a descriptor, i another i32, I an i64. The glue has a function of its own for
 * those that are not translated. All give an i32. */
static const struct wasi_import {
    const char *base;
    const char *params;
    uint32_t features; /* bits of enum wasi_feature: wrapped in modules that have one */
    bool asks;         /* a module that imports this has them */
    bool in_glue;
} imports[] = {
    {"args_get", "ii", WASI_PROCESS, true, true},
    {"args_sizes_get", "ii", WASI_PROCESS, true, true},
    {"clock_time_get", "iIi", WASI_CLOCK, true, true},
    {"environ_get", "ii", WASI_PROCESS | WASI_ENVIRON, true, true},
    {"environ_sizes_get", "ii", WASI_PROCESS | WASI_ENVIRON, true, true},
    {"fd_advise", "fIIi", WASI_FILES, false, false},
    {"fd_allocate", "fII", WASI_FILES, false, false},
    {"fd_close", "f", WASI_FILES, false, true},
    {"fd_datasync", "f", WASI_FILES, false, false},
    {"fd_fdstat_get", "fi", WASI_FILES, false, true},
    {"fd_fdstat_set_flags", "fi", WASI_FILES, true, true},
    {"fd_fdstat_set_rights", "fII", WASI_FILES, false, false},
    {"fd_filestat_get", "fi", WASI_FILES, false, false},
    {"fd_filestat_set_size", "fI", WASI_FILES, false, false},
    {"fd_filestat_set_times", "fIIi", WASI_FILES, false, false},
    {"fd_pread", "fiiIi", WASI_FILES, false, false},
    {"fd_prestat_dir_name", "fii", WASI_FILES, false, true},
    {"fd_prestat_get", "fi", WASI_FILES, false, true},
    {"fd_pwrite", "fiiIi", WASI_FILES, false, false},
    {"fd_read", "fiii", WASI_FILES, false, false},
    {"fd_readdir", "fiiIi", WASI_FILES, true, true},
    {"fd_renumber", "ff", WASI_FILES, true, true},
    {"fd_seek", "fIii", WASI_FILES, false, false},
    {"fd_sync", "f", WASI_FILES, false, false},
    {"fd_tell", "fi", WASI_FILES, false, false},
    {"fd_write", "fiii", WASI_FILES, false, false},
    {"path_create_directory", "fii", WASI_FILES, true, false},
    {"path_filestat_get", "fiiii", WASI_FILES, true, false},
    {"path_filestat_set_times", "fiiiIIi", WASI_FILES, true, false},
    {"path_link", "fiiifii", WASI_FILES, true, false},
    {"path_open", "fiiiiIIii", WASI_FILES, true, true},
    {"path_readlink", "fiiiii", WASI_FILES, true, false},
    {"path_remove_directory", "fii", WASI_FILES, true, false},
    {"path_rename", "fiifii", WASI_FILES, true, true},
    {"path_symlink", "iifii", WASI_FILES, true, false},
    {"path_unlink_file", "fii", WASI_FILES, true, false},
    {"sock_accept", "fii", WASI_FILES, true, true},
    {"sock_recv", "fiiiii", WASI_FILES, false, true},
    {"sock_send", "fiiii", WASI_FILES, false, true},
    {"sock_shutdown", "fi", WASI_FILES, false, true},
};

/* --- which --- */

static bool has_params(BinaryenFunctionRef function, const char *params) {
    BinaryenType types[MAX_PARAMS];
    BinaryenType all = BinaryenFunctionGetParams(function);
    size_t count = strlen(params);
    if (BinaryenTypeArity(all) != count ||
        BinaryenFunctionGetResults(function) != BinaryenTypeInt32())
        return false;
    BinaryenTypeExpand(all, types);
    for (size_t i = 0; i < count; i++)
        if (types[i] != (params[i] == 'I' ? BinaryenTypeInt64() : BinaryenTypeInt32()))
            return false;
    return true;
}

/* The import's name in WASI, or NULL. */
static const char *import_base(const struct function *function) {
    bool is_wasi = function->imported &&
                   strcmp(BinaryenFunctionImportGetModule(function->ref), WASI_MODULE) == 0;
    return is_wasi ? BinaryenFunctionImportGetBase(function->ref) : NULL;
}

bool wasi_is_import(const struct function *function, const char *base, const char *params) {
    const char *own = import_base(function);
    return own && strcmp(own, base) == 0 && has_params(function->ref, params);
}

void wasi_stand_in(struct program *program, struct function *function, const char *base,
                   BinaryenType *locals, BinaryenIndex local_count, BinaryenExpressionRef body) {
    BinaryenType params = BinaryenFunctionGetParams(function->ref);
    BinaryenRemoveFunction(program->module, function->name);
    function->ref = BinaryenAddFunction(program->module, function->name, params,
                                        BinaryenTypeInt32(), locals, local_count, body);
    function->imported = false;
    function->defined = true;
    function->loaded = true;
    function->stands_for = base;
}

/* The row of an import, or NULL. */
static const struct wasi_import *find_import(const struct function *function) {
    for (size_t i = 0; i < sizeof imports / sizeof *imports; i++)
        if (wasi_is_import(function, imports[i].base, imports[i].params))
            return &imports[i];
    return NULL;
}

void wasi_find_imports(struct program *program) {
    for (size_t i = 0; i < program->function_count; i++) {
        const struct wasi_import *import = find_import(&program->functions[i]);
        program->functions[i].wasi = import;
        if (import && import->asks)
            program->features |= import->features;
    }
    program->accepts = wasi_is_wrapped(program, "sock_accept");
}

static bool is_wrapped(const struct program *program, const struct wasi_import *import) {
    return import && (program->features & import->features) != 0;
}

bool wasi_is_wrapped(const struct program *program, const char *base) {
    for (size_t i = 0; i < program->function_count; i++) {
        const struct wasi_import *import = program->functions[i].wasi;
        if (import && strcmp(import->base, base) == 0)
            return is_wrapped(program, import);
    }
    return false;
}

static bool is_transfer(const struct wasi_import *import) {
    return strcmp(import->base, "fd_read") == 0 || strcmp(import->base, "fd_write") == 0;
}

bool wasi_is_translated(const struct program *program, const struct function *function) {
    const struct wasi_import *import = function->wasi;
    return is_wrapped(program, import) && !import->in_glue && import->params[0] == 'f' &&
           !strchr(import->params + 1, 'f') && !(program->accepts && is_transfer(import));
}

/* --- the function that stands for it --- */

/* `fd` stays the caller's. */
static BinaryenExpressionRef make_fd(BinaryenModuleRef module, BinaryenExpressionRef fd) {
    const BinaryenType i32 = BinaryenTypeInt32();
    BinaryenExpressionRef offset =
        make_binary(module, BinaryenShlInt32(), BinaryenExpressionCopy(fd, module),
                    make_i32(module, DESCRIPTOR_SHIFT));
    BinaryenExpressionRef address =
        make_binary(module, BinaryenAddInt32(), make_global_get(module, NAME_FILES), offset);
    BinaryenExpressionRef is_ours =
        make_binary(module, BinaryenLtUInt32(), BinaryenExpressionCopy(fd, module),
                    make_global_get(module, NAME_FILES_COUNT));
    BinaryenExpressionRef no_table =
        BinaryenUnary(module, BinaryenEqZInt32(), make_global_get(module, NAME_FILES_COUNT));
    return BinaryenIf(module, is_ours, ir_make_load(module, 4, 0, 4, i32, address),
                      BinaryenSelect(module, no_table, BinaryenExpressionCopy(fd, module),
                                     make_i32(module, SNAPIFY_NO_DESCRIPTOR), i32));
}

/* A connection that a move has ended is not a bad descriptor. */
static BinaryenExpressionRef make_reset_check(BinaryenModuleRef module,
                                              BinaryenExpressionRef error) {
    BinaryenExpressionRef operands[] = {error, BinaryenLocalGet(module, 0, BinaryenTypeInt32())};
    return BinaryenCall(module, NAME_FILES_RESET, operands, 2, BinaryenTypeInt32());
}

static BinaryenExpressionRef make_call(BinaryenModuleRef module, const struct wasi_import *import,
                                       const char *callee, bool translated) {
    BinaryenExpressionRef operands[MAX_PARAMS];
    BinaryenIndex count = (BinaryenIndex)strlen(import->params);
    for (BinaryenIndex i = 0; i < count; i++) {
        bool is_long = import->params[i] == 'I';
        operands[i] =
            BinaryenLocalGet(module, i, is_long ? BinaryenTypeInt64() : BinaryenTypeInt32());
        if (import->params[i] == 'f' && translated)
            operands[i] = make_fd(module, operands[i]);
    }
    return BinaryenCall(module, callee, operands, count, BinaryenTypeInt32());
}

/* --- the exchange --- */

char *wasi_import(BinaryenModuleRef module, const char *base, BinaryenType params,
                  BinaryenType results) {
    char *name = mem_printf(NAME_HOST_PREFIX "%s", base);
    if (!BinaryenGetFunction(module, name))
        BinaryenAddFunctionImport(module, name, WASI_MODULE, base, params, results);
    return name;
}

BinaryenExpressionRef wasi_make_call(struct program *program, const struct function *function) {
    BinaryenModuleRef module = program->module;
    const struct wasi_import *import = function->wasi;
    bool wrapped = is_wrapped(program, import);
    char *host = wasi_import(module, import->base, BinaryenFunctionGetParams(function->ref),
                             BinaryenFunctionGetResults(function->ref));
    char *glue = mem_printf(NAME_WASI_PREFIX "%s", import->base);
    BinaryenExpressionRef call = make_call(module, import, wrapped && import->in_glue ? glue : host,
                                           wrapped && !import->in_glue);
    if (is_transfer(import) && program->accepts)
        call = make_reset_check(module, call);
    free(glue);
    free(host);
    return call;
}

BinaryenExpressionRef wasi_make_translated_call(struct program *program,
                                                const struct function *function,
                                                BinaryenExpressionRef *operands) {
    BinaryenModuleRef module = program->module;
    char *host = wasi_import(module, function->wasi->base, BinaryenFunctionGetParams(function->ref),
                             BinaryenTypeInt32());
    operands[0] = make_fd(module, operands[0]);
    BinaryenExpressionRef call = BinaryenCall(
        module, host, operands, (BinaryenIndex)strlen(function->wasi->params), BinaryenTypeInt32());
    free(host);
    return call;
}

static void wrap(struct program *program, struct function *function) {
    BinaryenModuleRef module = program->module;
    BinaryenType params = BinaryenFunctionGetParams(function->ref);
    BinaryenType results = BinaryenFunctionGetResults(function->ref);
    BinaryenExpressionRef body = wasi_make_call(program, function);
    BinaryenRemoveFunction(module, function->name);
    function->ref = BinaryenAddFunction(module, function->name, params, results, NULL, 0, body);
    function->imported = false;
}

void wasi_wrap(struct program *program) {
    for (size_t i = 0; i < program->function_count; i++) {
        struct function *function = &program->functions[i];
        if (function->imported && is_wrapped(program, function->wasi))
            wrap(program, function);
    }
}
