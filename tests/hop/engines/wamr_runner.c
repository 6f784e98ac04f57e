/*
 * wamr_runner.c: runs one WASI program on WAMR's fast interpreter.
 *
 *     wamr-runner [--env N=V]... [--dir GUEST::HOST]... [--stack BYTES] FILE.wasm [ARGS...]
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
    uint32_t stack; /* bytes */
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
    else
        fail(EXIT_USAGE, name, "unknown option");
}

static int run(const struct settings *settings, int argc, char **argv) {
    char error[ERROR_SIZE];
    uint32_t size;
    wasm_module_t module;
    wasm_module_inst_t instance;
    uint8_t *wasm = read_file(argv[0], &size);
    if (!wasm_runtime_init())
        fail(EXIT_LOAD, argv[0], "the runtime does not start");
    module = wasm_runtime_load(wasm, size, error, sizeof error);
    if (!module)
        fail(EXIT_LOAD, argv[0], error);
    wasm_runtime_set_wasi_args(module, NULL, 0, settings->dirs, settings->dir_count, settings->env,
                               settings->env_count, argv, argc);
    instance = wasm_runtime_instantiate(module, settings->stack, 0, error, sizeof error);
    if (!instance)
        fail(EXIT_LOAD, argv[0], error);
    if (!wasm_application_execute_main(instance, 0, NULL)) {
        const char *exception = wasm_runtime_get_exception(instance);
        printf("%s\n", exception ? exception : "Exception: unknown");
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
