/*
 * trial.c: one run of a module on the wasmtime library that scripts/engines keeps.
 */
#include "faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/hop/engines/wasmtime_api.h"

enum {
    VARIABLES_MAX = 8
};

struct trial {
    struct engine *engine;
    struct module *module;
    struct linker *linker;
    const char *directory;
    char out[4096], err[4096]; /* paths */
};

static void check(const char *what, struct error *error) {
    struct byte_vec message;
    if (!error)
        return;
    wasmtime_error_message(error, &message);
    fprintf(stderr, "faults: %s: %.*s\n", what, (int)message.size, message.data);
    exit(2);
}

struct trial *trial_open(const char *module, const char *directory) {
    struct trial *trial = calloc(1, sizeof *trial);
    struct bytes wasm = bytes_read(module);
    trial->engine = wasm_engine_new();
    trial->linker = wasmtime_linker_new(trial->engine);
    trial->directory = directory;
    snprintf(trial->out, sizeof trial->out, "%s.out", directory);
    snprintf(trial->err, sizeof trial->err, "%s.err", directory);
    check(module, wasmtime_module_new(trial->engine, wasm.data, wasm.size, &trial->module));
    check("WASI", wasmtime_linker_define_wasi(trial->linker));
    free(wasm.data);
    return trial;
}

static struct wasi *configure(const struct trial *trial, const char *const *variables,
                              size_t count) {
    struct wasi *wasi = wasi_config_new();
    char text[VARIABLES_MAX][256];
    const char *names[VARIABLES_MAX], *values[VARIABLES_MAX];
    for (size_t i = 0; i < count && i < VARIABLES_MAX; i++) {
        snprintf(text[i], sizeof text[i], "%s", variables[i]);
        char *separator = strchr(text[i], '=');
        *separator = '\0';
        names[i] = text[i];
        values[i] = separator + 1;
    }
    wasi_config_set_env(wasi, count, names, values);
    wasi_config_set_stdout_file(wasi, trial->out);
    wasi_config_set_stderr_file(wasi, trial->err);
    if (!wasi_config_preopen_dir(wasi, trial->directory, "/snap", true)) {
        fprintf(stderr, "faults: cannot open %s\n", trial->directory);
        exit(2);
    }
    return wasi;
}

static void keep_message(struct outcome *outcome, struct byte_vec *message) {
    snprintf(outcome->trap, sizeof outcome->trap, "%.*s", (int)message->size, message->data);
    wasm_byte_vec_delete(message);
}

/* How the run ended; frees both. */
static void conclude(struct outcome *outcome, struct error *error, struct trap *trap) {
    struct byte_vec message;
    outcome->status = 0;
    if (error && !wasmtime_error_exit_status(error, &outcome->status)) {
        outcome->status = STATUS_TRAP;
        wasmtime_error_message(error, &message);
        keep_message(outcome, &message);
    } else if (trap) {
        outcome->status = STATUS_TRAP;
        wasm_trap_message(trap, &message);
        keep_message(outcome, &message);
    }
    if (error)
        wasmtime_error_delete(error);
    if (trap)
        wasm_trap_delete(trap);
}

static void read_text(const char *path, char *text, size_t size) {
    struct bytes bytes = bytes_read(path);
    size_t used = bytes.size < size - 1 ? bytes.size : size - 1;
    memcpy(text, bytes.data, used);
    text[used] = '\0';
    free(bytes.data);
}

void trial_run(struct trial *trial, const char *const *variables, size_t count,
               int64_t memory_limit, struct outcome *outcome) {
    struct store *store = wasmtime_store_new(trial->engine, NULL, NULL);
    struct context *context = wasmtime_store_context(store);
    struct instance instance;
    struct external start;
    struct trap *trap = NULL;
    *outcome = (struct outcome){0};
    if (memory_limit > 0)
        wasmtime_store_limiter(store, memory_limit, -1, -1, -1, -1);
    check("WASI", wasmtime_context_set_wasi(context, configure(trial, variables, count)));
    struct error *error =
        wasmtime_linker_instantiate(trial->linker, context, trial->module, &instance, &trap);
    if (!error && !trap) {
        wasmtime_instance_export_get(context, &instance, "_start", 6, &start);
        error = wasmtime_func_call(context, start.item, NULL, 0, NULL, 0, &trap);
    }
    conclude(outcome, error, trap);
    wasmtime_store_delete(store);
    read_text(trial->out, outcome->out, sizeof outcome->out);
    read_text(trial->err, outcome->err, sizeof outcome->err);
}
