/*
 * wamr_runner.c: runs one WASI program on WAMR's fast interpreter.
 *
 *     wamr-runner [--env N=V]... [--dir GUEST::HOST]... [--stack BYTES] [--invoke NAME]
 *                 FILE.wasm [ARGS...]
 *
 * With --invoke it calls NAME (values.h); the library itself has called _initialize by then.
 *
 * It behaves like the project's own iwasm, whose source the crate that carries the library leaves
 * out: the program's exit status (mod 256), 1 after a trap, whose text goes to standard output,
 * 255 when the module or a directory can't be loaded.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wasm_export.h>

#include "values.h"

#define EXIT_LOAD 255
#define EXIT_USAGE 1
#define ERROR_SIZE 256

/* iwasm's own default is 64 KiB, a call depth of some 900. */
#define STACK_DEFAULT (8u << 20)

struct settings {
    const char **env;
    uint32_t env_count;
    const char **dirs;
    uint32_t dir_count;
    uint32_t stack;     /* bytes */
    const char *invoke; /* NULL: _start */
};

static _Noreturn void fail(int status, const char *what, const char *text) {
    fprintf(stderr, "wamr-runner: %s: %s\n", what, text);
    exit(status);
}

static uint8_t *read_file(const char *path, uint32_t *size) {
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = NULL;
    long length;
    if (!file || fseek(file, 0, SEEK_END) != 0 || (length = ftell(file)) < 0 || length > INT32_MAX)
        fail(EXIT_LOAD, path, "cannot read");
    rewind(file);
    bytes = malloc((size_t)length + 1);
    *size = (uint32_t)length;
    if (!bytes || fread(bytes, 1, *size, file) != *size)
        fail(EXIT_LOAD, path, "cannot read");
    fclose(file);
    return bytes;
}

static void take_option(struct settings *settings, const char *name, const char *value) {
    if (strcmp(name, "--env") == 0)
        settings->env[settings->env_count++] = value;
    else if (strcmp(name, "--dir") == 0)
        settings->dirs[settings->dir_count++] = value;
    else if (strcmp(name, "--stack") == 0)
        settings->stack = (uint32_t)strtoul(value, NULL, 10);
    else if (strcmp(name, "--invoke") == 0)
        settings->invoke = value;
    else
        fail(EXIT_USAGE, name, "unknown option");
}

/* Prints the results; false after a trap. */
static bool invoke(wasm_module_inst_t instance, wasm_exec_env_t env,
                   const struct invocation *call) {
    wasm_valkind_t takes[VALUES_MAX], gives[VALUES_MAX];
    wasm_val_t params[VALUES_MAX] = {0}, results[VALUES_MAX] = {0};
    wasm_function_inst_t function = wasm_runtime_lookup_function(instance, call->name);
    if (!function)
        fail(EXIT_LOAD, call->name, "no such function is exported");
    uint32_t count = wasm_func_get_param_count(function, instance);
    uint32_t result_count = wasm_func_get_result_count(function, instance);
    if (count != call->count || count > VALUES_MAX || result_count > VALUES_MAX)
        fail(EXIT_USAGE, call->name, "takes another number of arguments");
    wasm_func_get_param_types(function, instance, takes);
    wasm_func_get_result_types(function, instance, gives);
    for (uint32_t i = 0; i < count; i++) {
        union value value = value_parse(takes[i], call->arguments[i]);
        params[i].kind = takes[i];
        memcpy(&params[i].of, &value, sizeof value);
    }
    if (!wasm_runtime_call_wasm_a(env, function, result_count, results, count, params))
        return false;
    for (uint32_t i = 0; i < result_count; i++) {
        union value value;
        memcpy(&value, &results[i].of, sizeof value);
        value_print(gives[i], value);
    }
    return true;
}

static bool invoke_all(wasm_module_inst_t instance, const char *name, int left, char **list) {
    wasm_exec_env_t env = wasm_runtime_create_exec_env(instance, STACK_DEFAULT);
    struct invocation call;
    for (; invocation_next(&call, name, &list, &left); name = NULL)
        if (!invoke(instance, env, &call))
            return false;
    return true;
}

static int run(const struct settings *settings, int argc, char **argv) {
    char error[ERROR_SIZE];
    uint32_t size;
    wasm_module_t module;
    wasm_module_inst_t instance;
    uint8_t *wasm = read_file(argv[0], &size);
    if (!wasm_runtime_init())
        fail(EXIT_LOAD, argv[0], "the runtime does not start");
    /* Its warnings would go to standard output. */
    wasm_runtime_set_log_level(WASM_LOG_LEVEL_ERROR);
    module = wasm_runtime_load(wasm, size, error, sizeof error);
    if (!module)
        fail(EXIT_LOAD, argv[0], error);
    wasm_runtime_set_wasi_args(module, NULL, 0, settings->dirs, settings->dir_count, settings->env,
                               settings->env_count, argv, argc);
    instance = wasm_runtime_instantiate(module, settings->stack, 0, error, sizeof error);
    if (!instance)
        fail(EXIT_LOAD, argv[0], error);
    bool good = settings->invoke ? invoke_all(instance, settings->invoke, argc - 1, argv + 1)
                                 : wasm_application_execute_main(instance, 0, NULL);
    const char *exception = good ? NULL : wasm_runtime_get_exception(instance);
    if (exception && !strstr(exception, "wasi proc exit")) {
        printf("%s\n", exception);
        return 1;
    }
    return (int)(wasm_runtime_get_wasi_exit_code(instance) & 0xff);
}

int main(int argc, char **argv) {
    struct settings settings = {.stack = STACK_DEFAULT};
    int at = 1;
    settings.env = calloc((size_t)argc, sizeof *settings.env);
    settings.dirs = calloc((size_t)argc, sizeof *settings.dirs);
    if (!settings.env || !settings.dirs)
        fail(EXIT_LOAD, "start", "out of memory");
    for (; at + 1 < argc && strncmp(argv[at], "--", 2) == 0; at += 2)
        take_option(&settings, argv[at], argv[at + 1]);
    if (at >= argc)
        fail(EXIT_USAGE, "usage", "wamr-runner [OPTIONS] FILE.wasm [ARGS...]");
    /* The process ends here anyway: tearing the runtime down would only cost time. */
    return run(&settings, argc - at, argv + at);
}
