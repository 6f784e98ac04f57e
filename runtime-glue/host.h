/*
 * host.h: what the rewriter provides to the glue (abi.h), and linear memory by address.
 *
 * Natively (unit tests) the test provides the same functions and a memory of its own, so an address
 * becomes a pointer only by at().
 */
#ifndef SNAPIFY_GLUE_HOST_H
#define SNAPIFY_GLUE_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime-glue/abi.h"

#ifdef __wasm__
#define SNAPIFY_IMPORT(module, name)                                                               \
    __attribute__((import_module(module), import_name(name))) extern
#define SNAPIFY_EXPORT(name) __attribute__((export_name(name), visibility("default")))
#else
#define SNAPIFY_IMPORT(module, name) extern
#define SNAPIFY_EXPORT(name)
#endif

SNAPIFY_IMPORT("snapify", "state_get") int32_t state_get(void);
SNAPIFY_IMPORT("snapify", "state_set") void state_set(int32_t state);
SNAPIFY_IMPORT("snapify", "budget_set") void budget_set(int32_t budget);
SNAPIFY_IMPORT("snapify", "site_set") void site_set(int32_t site);
SNAPIFY_IMPORT("snapify", "refill_set") void refill_set(int32_t budget);
SNAPIFY_IMPORT("snapify", "extra_get") uint32_t extra_get(void);
SNAPIFY_IMPORT("snapify", "extra_set") void extra_set(uint32_t pages);
SNAPIFY_IMPORT("snapify", "frames_get") uint32_t frames_get(void);
SNAPIFY_IMPORT("snapify", "frames_set") void frames_set(uint32_t address);
SNAPIFY_IMPORT("snapify", "base_get") uint32_t base_get(void);
SNAPIFY_IMPORT("snapify", "base_set") void base_set(uint32_t address);
SNAPIFY_IMPORT("snapify", "stack_get") uint32_t stack_get(void);
SNAPIFY_IMPORT("snapify", "stack_set") void stack_set(uint32_t address);
SNAPIFY_IMPORT("snapify", "tables_set") void tables_set(uint32_t offset);
SNAPIFY_IMPORT("snapify", "files_get") uint32_t files_get(void);
SNAPIFY_IMPORT("snapify", "files_set") void files_set(uint32_t address);
SNAPIFY_IMPORT("snapify", "files_count_get") uint32_t files_count_get(void);
SNAPIFY_IMPORT("snapify", "files_count_set") void files_count_set(uint32_t count);
SNAPIFY_IMPORT("snapify", "sure_set") void sure_set(uint32_t number);
SNAPIFY_IMPORT("snapify", "clock_get") uint64_t clock_get(void);
SNAPIFY_IMPORT("snapify", "clock_set") void clock_set(uint64_t offset);
SNAPIFY_IMPORT("snapify", "inside_get") uint32_t inside_get(void);
SNAPIFY_IMPORT("snapify", "globals_save") void globals_save(uint32_t address);
SNAPIFY_IMPORT("snapify", "globals_load") void globals_load(uint32_t address);
SNAPIFY_IMPORT("snapify", "here_set") void here_set(uint32_t node);

#ifdef __wasm__
/* Pages that exist, the region's included. */
static inline uint32_t real_pages(void) {
    return (uint32_t)__builtin_wasm_memory_size(0);
}

/* The previous number of pages, or UINT32_MAX. */
static inline uint32_t real_grow(uint32_t pages) {
    return (uint32_t)__builtin_wasm_memory_grow(0, pages);
}

static inline uint8_t *at(uint32_t address) {
    return (uint8_t *)(uintptr_t)address;
}
#else
uint32_t real_pages(void);
uint32_t real_grow(uint32_t pages);
uint8_t *at(uint32_t address);
#endif

#endif
