/*
 * start.c: what a run costs on wasmtime whose code was compiled before, without the process.
 *
 *     start DIRECTORY [NAME=VALUE]... MODULE.wasm...
 *
 * All modules are compiled once; then each is loaded, instantiated and run in turn, ROUNDS times,
 * with DIRECTORY as /snap and its output thrown away. Prints the least of each step, milliseconds.
 */
#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/hop/engines/wasmtime_api.h"

enum {
    ROUNDS = 400,
    MODULES_MAX = 16,
    VARIABLES_MAX = 16
};

enum step {
    LOAD,
    INSTANTIATE,
    RUN,
    ALL,
    STEPS
};

struct setup {
    struct engine *engine;
    struct linker *linker;
    const char *directory;
    const char *names[VARIABLES_MAX], *values[VARIABLES_MAX];
    size_t variables;
};

struct timed {
    const char *path;
    struct byte_vec code; /* owned */
    double least[STEPS];
    int status; /* of the last run; 0: it returned */
};

static void check(const char *what, const struct error *error) {
    struct byte_vec message;
    if (!error)
        return;
    wasmtime_error_message(error, &message);
    fprintf(stderr, "start: %s: %.*s\n", what, (int)message.size, message.data);
    exit(1);
}

static double milliseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static void compile(struct setup *setup, struct timed *timed) {
    FILE *file = fopen(timed->path, "rb");
    long size = 0;
    if (!file || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0) {
        perror(timed->path);
        exit(1);
    }
    rewind(file);
    uint8_t *wasm = malloc((size_t)size + 1);
    struct module *module = NULL;
    if (!wasm || fread(wasm, 1, (size_t)size, file) != (size_t)size)
        exit(1);
    fclose(file);
    check(timed->path, wasmtime_module_new(setup->engine, wasm, (size_t)size, &module));
    check(timed->path, wasmtime_module_serialize(module, &timed->code));
    wasmtime_module_delete(module);
    free(wasm);
    for (int i = 0; i < STEPS; i++)
        timed->least[i] = INFINITY;
}

static struct wasi *make_wasi(const struct setup *setup) {
    struct wasi *wasi = wasi_config_new();
    wasi_config_set_env(wasi, setup->variables, setup->names, setup->values);
    wasi_config_preopen_dir(wasi, setup->directory, "/snap", true);
    wasi_config_inherit_stdout(wasi);
    wasi_config_inherit_stderr(wasi);
    return wasi;
}

static void call_start(struct timed *timed, struct context *context, struct instance *instance) {
    struct external start;
    struct trap *trap = NULL;
    if (!wasmtime_instance_export_get(context, instance, "_start", 6, &start)) {
        fprintf(stderr, "start: %s: no function _start is exported\n", timed->path);
        exit(1);
    }
    struct error *error = wasmtime_func_call(context, start.item, NULL, 0, NULL, 0, &trap);
    timed->status = trap ? 134 : 0;
    if (error && !wasmtime_error_exit_status(error, &timed->status))
        check(timed->path, error);
    if (error)
        wasmtime_error_delete(error);
    if (trap)
        wasm_trap_delete(trap);
}

static void run_once(const struct setup *setup, struct timed *timed) {
    struct module *module = NULL;
    struct instance instance;
    struct trap *trap = NULL;
    double at[STEPS + 1];
    at[0] = milliseconds();
    check(timed->path, wasmtime_module_deserialize(setup->engine, (uint8_t *)timed->code.data,
                                                   timed->code.size, &module));
    at[1] = milliseconds();
    struct store *store = wasmtime_store_new(setup->engine, NULL, NULL);
    struct context *context = wasmtime_store_context(store);
    check("WASI", wasmtime_context_set_wasi(context, make_wasi(setup)));
    check(timed->path,
          wasmtime_linker_instantiate(setup->linker, context, module, &instance, &trap));
    at[2] = milliseconds();
    call_start(timed, context, &instance);
    at[3] = milliseconds();
    wasmtime_store_delete(store);
    wasmtime_module_delete(module);
    at[4] = milliseconds();
    for (int i = 0; i < STEPS; i++) {
        double spent = i == ALL ? at[4] - at[0] : at[i + 1] - at[i];
        if (spent < timed->least[i])
            timed->least[i] = spent;
    }
}

static void take_variable(struct setup *setup, char *text) {
    char *equals = strchr(text, '=');
    if (setup->variables == VARIABLES_MAX)
        exit(2);
    *equals = '\0';
    setup->names[setup->variables] = text;
    setup->values[setup->variables++] = equals + 1;
}

int main(int argc, char **argv) {
    static struct timed timed[MODULES_MAX];
    struct setup setup = {.engine = wasm_engine_new(), .directory = argc > 1 ? argv[1] : "."};
    int first = 2;
    for (; first < argc && strchr(argv[first], '=') && !strstr(argv[first], ".wasm"); first++)
        take_variable(&setup, argv[first]);
    int count = argc - first;
    if (count < 1 || count > MODULES_MAX) {
        fprintf(stderr, "usage: start DIRECTORY [NAME=VALUE]... MODULE.wasm...\n");
        return 2;
    }
    setup.linker = wasmtime_linker_new(setup.engine);
    check("WASI", wasmtime_linker_define_wasi(setup.linker));
    for (int i = 0; i < count; i++) {
        timed[i].path = argv[first + i];
        compile(&setup, &timed[i]);
    }
    int out = dup(STDOUT_FILENO), nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(nowhere, STDOUT_FILENO);
    for (int i = 0; i < ROUNDS * count; i++)
        run_once(&setup, &timed[i % count]);
    dup2(out, STDOUT_FILENO);
    puts("   load    inst.      run      all  status  compiled");
    for (int i = 0; i < count; i++) {
        for (int step = 0; step < STEPS; step++)
            printf("%7.3f  ", timed[i].least[step]);
        printf("%6d  %8zu  %s\n", timed[i].status, timed[i].code.size, timed[i].path);
    }
    return 0;
}
