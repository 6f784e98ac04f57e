/*
 * wasmtime_runner.c: runs one WASI program on the wasmtime library.
 *
 *     wasmtime-runner [--env N=V]... [--dir HOST::GUEST]... [--stack BYTES] [--cache FILE]
 *                     [--invoke NAME] FILE.wasm [ARGS...]
 *
 * Without --invoke it calls _start; with it, _initialize if there is one and then NAME (values.h).
 *
 * Exit status as the wasmtime command has it: the program's own (0..125), 134 for a trap, 1 for
 * everything else. The command itself takes half an hour to build, the Python wheel that carries
 * the library a few seconds, but Python needs 150 ms to start: hence this program.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "values.h"
#include "wasmtime_api.h"

struct wasmtime_value {
    uint8_t kind; /* enum value_kind */
    union {
        union value number;
        uint64_t reference[3];
    } of;
};
#define EXIT_TRAP 134
#define EXIT_FAILED 1
#define EXIT_USAGE 2

/* The wasm stack is part of the thread's own stack, so the limit must stay below that one. */
#define STACK_MAX (6u << 20)

struct settings {
    struct config *config;
    struct wasi *wasi;
    const char **names, **values; /* of the environment */
    size_t env_count;
    const char *invoke; /* NULL: _start */
};

static _Noreturn void fail(int status, const char *what, const char *text) {
    fprintf(stderr, "wasmtime-runner: %s: %s\n", what, text);
    exit(status);
}

static void check(const char *what, const struct error *error, const struct trap *trap) {
    struct byte_vec message = {0};
    int status;
    if (!error && !trap)
        return;
    if (error && wasmtime_error_exit_status(error, &status))
        exit(status);
    if (trap)
        wasm_trap_message(trap, &message);
    else
        wasmtime_error_message(error, &message);
    fprintf(stderr, "wasmtime-runner: %s: %.*s\n", what, (int)message.size, message.data);
    exit(trap ? EXIT_TRAP : EXIT_FAILED);
}

static char *split(char *text, const char *separator) {
    char *found = strstr(text, separator);
    if (!found)
        fail(EXIT_USAGE, text, "a separator is missing");
    *found = '\0';
    return found + strlen(separator);
}

static void take_stack(struct settings *settings, const char *text) {
    unsigned long bytes = strtoul(text, NULL, 10);
    if (bytes == 0 || bytes > STACK_MAX)
        fail(EXIT_USAGE, text, "the stack must have 1 to 6291456 bytes");
    wasmtime_config_async_stack_size_set(settings->config, STACK_MAX + (2u << 20));
    wasmtime_config_max_wasm_stack_set(settings->config, bytes);
}

static void take_option(struct settings *settings, const char *name, char *value) {
    if (strcmp(name, "--env") == 0) {
        settings->values[settings->env_count] = split(value, "=");
        settings->names[settings->env_count++] = value;
    } else if (strcmp(name, "--dir") == 0) {
        const char *guest = split(value, "::");
        if (!wasi_config_preopen_dir(settings->wasi, value, guest, true))
            fail(EXIT_FAILED, value, "cannot open the directory");
    } else if (strcmp(name, "--stack") == 0) {
        take_stack(settings, value);
    } else if (strcmp(name, "--invoke") == 0) {
        settings->invoke = value;
    } else if (strcmp(name, "--cache") == 0) {
        check(value, wasmtime_config_cache_config_load(settings->config, value), NULL);
    } else {
        fail(EXIT_USAGE, name, "unknown option");
    }
}

static uint8_t *read_file(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = NULL;
    long length;
    if (!file || fseek(file, 0, SEEK_END) != 0 || (length = ftell(file)) < 0)
        fail(EXIT_FAILED, path, "cannot read");
    rewind(file);
    bytes = malloc((size_t)length + 1);
    *size = (size_t)length;
    if (!bytes || fread(bytes, 1, *size, file) != *size)
        fail(EXIT_FAILED, path, "cannot read");
    fclose(file);
    return bytes;
}

struct program {
    struct context *context;
    struct instance instance;
};

/* Calls an exported function and prints its results; false if it is not there. */
static bool invoke(struct program *program, const struct invocation *call) {
    struct wasmtime_value params[VALUES_MAX] = {0}, results[VALUES_MAX] = {0};
    struct external function;
    struct trap *trap = NULL;
    if (!wasmtime_instance_export_get(program->context, &program->instance, call->name,
                                      strlen(call->name), &function) ||
        function.kind != 0)
        return false;
    struct function_type *type = wasmtime_func_type(program->context, function.item);
    const struct types *takes = wasm_functype_params(type), *gives = wasm_functype_results(type);
    if (takes->size != call->count || takes->size > VALUES_MAX || gives->size > VALUES_MAX)
        fail(EXIT_USAGE, call->name, "takes another number of arguments");
    for (size_t i = 0; i < takes->size; i++) {
        params[i].kind = wasm_valtype_kind(takes->data[i]);
        params[i].of.number = value_parse(params[i].kind, call->arguments[i]);
    }
    struct error *error = wasmtime_func_call(program->context, function.item, params, takes->size,
                                             results, gives->size, &trap);
    fflush(stdout);
    check(call->name, error, trap);
    for (size_t i = 0; i < gives->size; i++)
        value_print(results[i].kind, results[i].of.number);
    return true;
}

static void invoke_all(struct program *program, const char *name, char **list, int left) {
    struct invocation call = {.name = "_initialize"};
    invoke(program, &call);
    for (; invocation_next(&call, name, &list, &left); name = NULL)
        if (!invoke(program, &call))
            fail(EXIT_FAILED, call.name, "no such function is exported");
}

static void run(struct settings *settings, int argc, char **argv) {
    const char *path = argv[0];
    struct program program;
    struct engine *engine = wasm_engine_new_with_config(settings->config);
    struct context *context = wasmtime_store_context(wasmtime_store_new(engine, NULL, NULL));
    struct invocation start = {.name = "_start"};
    struct linker *linker = wasmtime_linker_new(engine);
    struct module *module = NULL;
    struct trap *trap = NULL;
    size_t size;
    uint8_t *wasm = read_file(path, &size);
    struct error *error = wasmtime_module_new(engine, wasm, size, &module);
    check(path, error, NULL);
    check("WASI", wasmtime_linker_define_wasi(linker), NULL);
    check("WASI", wasmtime_context_set_wasi(context, settings->wasi), NULL);
    program.context = context;
    error = wasmtime_linker_instantiate(linker, context, module, &program.instance, &trap);
    check(path, error, trap);
    if (settings->invoke)
        invoke_all(&program, settings->invoke, argv + 1, argc - 1);
    else if (!invoke(&program, &start))
        fail(EXIT_FAILED, path, "no function _start is exported");
}

int main(int argc, char **argv) {
    struct settings settings = {.config = wasm_config_new(), .wasi = wasi_config_new()};
    int at = 1;
    settings.names = calloc((size_t)argc, sizeof *settings.names);
    settings.values = calloc((size_t)argc, sizeof *settings.values);
    if (!settings.names || !settings.values)
        fail(EXIT_FAILED, "start", "out of memory");
    for (; at + 1 < argc && strncmp(argv[at], "--", 2) == 0; at += 2)
        take_option(&settings, argv[at], argv[at + 1]);
    if (at >= argc)
        fail(EXIT_USAGE, "usage", "wasmtime-runner [OPTIONS] FILE.wasm [ARGS...]");
    wasi_config_set_argv(settings.wasi, (size_t)(argc - at), (const char *const *)argv + at);
    wasi_config_set_env(settings.wasi, settings.env_count, settings.names, settings.values);
    wasi_config_inherit_stdin(settings.wasi);
    wasi_config_inherit_stdout(settings.wasi);
    wasi_config_inherit_stderr(settings.wasi);
    run(&settings, argc - at, argv + at);
    fflush(stdout);
    /* The process ends here anyway: tearing the engine down would only cost time. */
    return 0;
}
