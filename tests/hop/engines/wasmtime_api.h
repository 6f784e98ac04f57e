/*
 * wasmtime_api.h: the part of wasmtime's C interface that is used here.
 *
 * The wheel that carries the library has no headers. These are the prototypes of the one version
 * that is pinned in scripts/engine-versions; a change there means a look at the wheel's
 * _bindings.py.
 */
#ifndef SNAPIFY_TESTS_WASMTIME_API_H
#define SNAPIFY_TESTS_WASMTIME_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct byte_vec {
    size_t size;
    char *data;
};
struct instance {
    uint64_t store_id;
    size_t private_part;
};
struct external {
    uint8_t kind;     /* 0: a function */
    uint64_t item[7]; /* more than the largest kind needs */
};
struct types {
    size_t size;
    struct type **data;
};

struct config;
struct context;
struct engine;
struct error;
struct function_type;
struct linker;
struct module;
struct store;
struct trap;
struct type;
struct wasi;

struct config *wasm_config_new(void);
struct engine *wasm_engine_new(void);
struct engine *wasm_engine_new_with_config(struct config *config);
void wasmtime_config_max_wasm_stack_set(struct config *config, size_t bytes);
void wasmtime_config_async_stack_size_set(struct config *config, uint64_t bytes);
struct error *wasmtime_config_cache_config_load(struct config *config, const char *file);

struct error *wasmtime_module_new(struct engine *engine, const uint8_t *wasm, size_t size,
                                  struct module **module);
struct error *wasmtime_module_serialize(struct module *module, struct byte_vec *bytes);
struct error *wasmtime_module_deserialize(struct engine *engine, const uint8_t *bytes, size_t size,
                                          struct module **module);
void wasmtime_module_delete(struct module *module);

struct store *wasmtime_store_new(struct engine *engine, void *data, void (*finalizer)(void *));
void wasmtime_store_delete(struct store *store);
void wasmtime_store_limiter(struct store *store, int64_t memory_size, int64_t table_elements,
                            int64_t instances, int64_t tables, int64_t memories);
struct context *wasmtime_store_context(struct store *store);
struct error *wasmtime_context_set_wasi(struct context *context, struct wasi *wasi);

struct linker *wasmtime_linker_new(struct engine *engine);
struct error *wasmtime_linker_define_wasi(struct linker *linker);
struct error *wasmtime_linker_instantiate(struct linker *linker, struct context *context,
                                          struct module *module, struct instance *instance,
                                          struct trap **trap);
bool wasmtime_instance_export_get(struct context *context, struct instance *instance,
                                  const char *name, size_t size, struct external *item);

struct error *wasmtime_func_call(struct context *context, const void *function, const void *args,
                                 size_t arg_count, void *results, size_t result_count,
                                 struct trap **trap);
struct function_type *wasmtime_func_type(const struct context *context, const void *function);
const struct types *wasm_functype_params(const struct function_type *type);
const struct types *wasm_functype_results(const struct function_type *type);
uint8_t wasm_valtype_kind(const struct type *type);

bool wasmtime_error_exit_status(const struct error *error, int *status);
void wasmtime_error_message(const struct error *error, struct byte_vec *message);
void wasmtime_error_delete(struct error *error);
void wasm_trap_message(const struct trap *trap, struct byte_vec *message);
void wasm_trap_delete(struct trap *trap);
void wasm_byte_vec_delete(struct byte_vec *bytes);

struct wasi *wasi_config_new(void);
bool wasi_config_set_argv(struct wasi *wasi, size_t count, const char *const *args);
bool wasi_config_set_env(struct wasi *wasi, size_t count, const char *const *names,
                         const char *const *values);
bool wasi_config_preopen_dir(struct wasi *wasi, const char *host, const char *guest, bool mutable);
bool wasi_config_set_stdout_file(struct wasi *wasi, const char *path);
bool wasi_config_set_stderr_file(struct wasi *wasi, const char *path);
void wasi_config_inherit_stdin(struct wasi *wasi);
void wasi_config_inherit_stdout(struct wasi *wasi);
void wasi_config_inherit_stderr(struct wasi *wasi);

#endif
