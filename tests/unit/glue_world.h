/*
 * glue_world.h: the glue compiled natively into a test, and a world around it.
 *
 * The world plays the rewriter (globals, the image with its tables), the engine (linear memory,
 * WASI with files in memory) and the faults of both. What only exists in WebAssembly, that static
 * data and the C stack move with the region, is not seen here: test_glue_image.c checks the code,
 * the hop tests the whole.
 *
 * Pages that do not exist are not accessible: a stray access ends the test. proc_exit() comes back
 * to world_run().
 */
#ifndef SNAPIFY_TESTS_GLUE_WORLD_H
#define SNAPIFY_TESTS_GLUE_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

/* clang-format off: in the order of their names */
#include "runtime-glue/begin.c"
#include "runtime-glue/delta.c"
#include "runtime-glue/dir.c"
#include "runtime-glue/env.c"
#include "runtime-glue/file.c"
#include "runtime-glue/frames.c"
#include "runtime-glue/memory.c"
#include "runtime-glue/message.c"
#include "runtime-glue/node.c"
#include "runtime-glue/point.c"
#include "runtime-glue/poll.c"
#include "runtime-glue/restore.c"
#include "runtime-glue/save.c"
#ifdef WORLD_ZIPS
#include "runtime-glue/zip/zip.c"
#else
#include "runtime-glue/zip_none.c"
#endif
#ifdef WORLD_HAS_TABLES
#include "runtime-glue/tables.c"
#endif
#ifdef WORLD_OPENS_FILES
#include "runtime-glue/clock.c"
#include "runtime-glue/descriptor.c"
#include "runtime-glue/environ.c"
#include "runtime-glue/files.c"
#include "runtime-glue/files_restore.c"
#include "runtime-glue/files_rules.c"
#include "runtime-glue/files_save.c"
#include "runtime-glue/preopen.c"
#include "runtime-glue/process.c"
#include "runtime-glue/reads.c"
#include "runtime-glue/socket.c"
#include "runtime-glue/stream.c"
#endif
/* clang-format on */

#define WORLD_APP_PAGES 2u
#define WORLD_FILES 4
#define WORLD_PREOPENS 4
#define WORLD_GLOBALS_SIZE 24u
#define WORLD_SPACE ((size_t)65536 * SNAPIFY_PAGE_SIZE)

struct world_file {
    char name[600]; /* of its directory, "/", and its own; "": no file */
    uint8_t *bytes; /* owned */
    size_t size;
};

struct world {
    uint8_t *memory;
    uint32_t real_pages;
    uint32_t max_pages; /* memory.grow fails beyond */
    uint32_t grow_count;
    int32_t state, budget, site, refill;
    uint32_t tables;
    uint32_t extra, frames, base, stack, here, files_table, files_count, sure;
    uint64_t globals[WORLD_GLOBALS_SIZE / 8];

    const char *variables[8];
    uint32_t variable_count;
    const char *preopens[WORLD_PREOPENS]; /* numbered from 3; "": a listening socket */
    const char *roots[WORLD_PREOPENS];    /* glue_posix.h */
    struct world_file files[WORLD_FILES];
    struct world_file *open; /* the one open file */
    size_t position;
    uint64_t rights; /* that it was opened with */

    size_t transfer_max; /* a call moves at most so many bytes; 0: any number */
    size_t disk_left;    /* bytes that still can be written; then ENOSPC */
    size_t level, askew; /* large pieces whose places in memory and file agree, or not */
    uint32_t error_open, error_sync, error_rename, error_read; /* errno to give; 0: works */

    uint32_t inside; /* set of the active KAFU_MAY_OFFLOAD */
    uint64_t time;   /* nanoseconds; a test moves it on */
    uint64_t realtime;
    uint64_t clock_offset;
    uint64_t sync_time; /* so long does fd_sync() take */

    char errors[1000]; /* stderr */
    jmp_buf exit;
    int status; /* of proc_exit(); -1: none */
};

static struct world world;

/* Calls a function; world.status is what it passed to proc_exit(), or -1. */
static void world_run(void (*function)(void)) {
    world.status = -1;
    if (setjmp(world.exit) == 0)
        function();
}

/* ---- globals of the output ---- */

int32_t state_get(void) {
    return world.state;
}
void state_set(int32_t state) {
    world.state = state;
}
void site_set(int32_t site) {
    world.site = site;
}

void refill_set(int32_t budget) {
    world.refill = budget;
}

void budget_set(int32_t budget) {
    world.budget = budget;
}
uint32_t extra_get(void) {
    return world.extra;
}
void extra_set(uint32_t pages) {
    world.extra = pages;
}
uint32_t frames_get(void) {
    return world.frames;
}
void frames_set(uint32_t address) {
    world.frames = address;
}
uint32_t base_get(void) {
    return world.base;
}
void base_set(uint32_t address) {
    world.base = address;
}
uint32_t stack_get(void) {
    return world.stack;
}
void stack_set(uint32_t address) {
    world.stack = address;
}
uint32_t inside_get(void) {
    return world.inside;
}
void sure_set(uint32_t number) {
    world.sure = number;
}
uint64_t clock_get(void) {
    return world.clock_offset;
}
void clock_set(uint64_t offset) {
    world.clock_offset = offset;
}
uint32_t files_get(void) {
    return world.files_table;
}
void files_set(uint32_t address) {
    world.files_table = address;
}
uint32_t files_count_get(void) {
    return world.files_count;
}
void files_count_set(uint32_t count) {
    world.files_count = count;
}
void globals_save(uint32_t address) {
    memcpy(at(address), world.globals, sizeof world.globals);
}
void globals_load(uint32_t address) {
    memcpy(world.globals, at(address), sizeof world.globals);
}
void tables_set(uint32_t offset) {
    world.tables = offset;
}
void here_set(uint32_t node) {
    world.here = node;
}

/* ---- linear memory ---- */

uint8_t *at(uint32_t address) {
    return world.memory + address;
}

uint32_t real_pages(void) {
    return world.real_pages;
}

uint32_t real_grow(uint32_t pages) {
    uint32_t old = world.real_pages;
    world.grow_count++;
    if (pages > world.max_pages - old)
        return UINT32_MAX;
    world.real_pages += pages;
    assert_int_equal(mprotect(world.memory, (size_t)world.real_pages * SNAPIFY_PAGE_SIZE,
                              PROT_READ | PROT_WRITE),
                     0);
    return old;
}

/* ---- WASI ---- */

uint32_t wasi_environ_sizes_get(uint32_t *count, uint32_t *size) {
    *count = world.variable_count;
    *size = 0;
    for (uint32_t i = 0; i < world.variable_count; i++)
        *size += (uint32_t)strlen(world.variables[i]) + 1;
    return WASI_SUCCESS;
}

uint32_t wasi_environ_get(uint8_t **variables, uint8_t *bytes) {
    for (uint32_t i = 0; i < world.variable_count; i++) {
        size_t size = strlen(world.variables[i]) + 1;
        variables[i] = memcpy(bytes, world.variables[i], size);
        bytes += size;
    }
    return WASI_SUCCESS;
}

static bool world_gave(uint32_t fd) {
    return fd >= 3 && fd - 3 < WORLD_PREOPENS && world.preopens[fd - 3] != NULL;
}

static bool world_gave_socket(uint32_t fd) {
    return world_gave(fd) && *world.preopens[fd - 3] == '\0';
}

uint32_t wasi_fd_prestat_get(uint32_t fd, struct wasi_prestat *prestat) {
    if (!world_gave(fd) || (world_gave_socket(fd) && fd % 2 != 0)) /* engines differ */
        return 8;
    *prestat = (struct wasi_prestat){0, (uint32_t)strlen(world.preopens[fd - 3])};
    return WASI_SUCCESS;
}

uint32_t wasi_fd_prestat_dir_name(uint32_t fd, char *name, size_t size) {
    assert_int_equal(size, strlen(world.preopens[fd - 3]));
    memcpy(name, world.preopens[fd - 3], size);
    return WASI_SUCCESS;
}

static void world_remove(struct world_file *file) {
    free(file->bytes);
    *file = (struct world_file){0};
}

static uint32_t world_complain(const struct wasi_iovec *iovec, size_t *done) {
    size_t used = strlen(world.errors);
    assert_true(iovec->size < sizeof world.errors - used);
    memcpy(world.errors + used, iovec->bytes, iovec->size);
    *done = iovec->size;
    return WASI_SUCCESS;
}

uint32_t wasi_clock_time_get(uint32_t clock, uint64_t precision, uint64_t *time) {
    (void)precision;
    *time = clock == WASI_CLOCK_MONOTONIC ? world.time : world.realtime;
    return WASI_SUCCESS;
}

_Noreturn void wasi_proc_exit(uint32_t status) {
    world.status = (int)status;
    longjmp(world.exit, 1);
}

#ifdef WORLD_OPENS_FILES
#include "glue_engine.h"
#include "glue_posix.h"
#else
#include "glue_disk.h"
#endif

#ifndef WORLD_HAS_TABLES
void snapify_tables_begin(void) {}
void snapify_tables_moved(void) {}
void snapify_tables_write(void) {}
void snapify_tables_restore(void) {}
#endif

/* ---- the life of a world ---- */

/* The tables behind the image: two points, nodes 1 and 2, three exports, one baked variable if
 * given. */
static void world_make_image(const char *bake) {
    static const char strings[] = "work\0edge1\0cloud1";
    static const char exports[] = "compute\0_initialize\0other";
    uint8_t *image = at(world.base);
    static const uint32_t offloads[] = {0, 1, 2, 2, 1, 2}; /* {}, {cloud1}, {edge1, cloud1} */
    struct snapify_point_info points[2] = {{10, 0, 64}, {11, 1, 64}};
    memcpy(image, points, sizeof points);
    memcpy(image + 64, strings, sizeof strings);
    memcpy(image + 256, offloads, sizeof offloads);
    memcpy(image + 320, exports, sizeof exports);
    if (bake != NULL)
        strcpy((char *)image + 128, bake);
    snapify_config = (struct snapify_config){
        .abi_version = SNAPIFY_ABI_VERSION,
        .app_pages = WORLD_APP_PAGES,
        .app_max_pages = 65536,
        .region_pages = world.extra,
        .image_size = 1024,
        .stack_offset = 1024 + SNAPIFY_GLUE_STACK_SIZE,
        .frames_offset = 1024 + SNAPIFY_GLUE_STACK_SIZE,
        .max_frame_size = 64,
        .globals_size = WORLD_GLOBALS_SIZE,
        .point_count = 2,
        .node_count = 2,
        .nodes_offset = 64 + 5,
        .bake_count = bake != NULL,
        .bake_offset = 128,
        .offload_count = 2,
        .offload_offset = 256,
        .export_count = 3,
        .exports_offset = 320,
        .initialize = 2,
        .identity = "identity of mod",
#ifdef WORLD_ZIPS
        .zip_level = 1,
#endif
    };
}

/* A fresh process: memory, globals and the glue's data as the module starts with. Files stay. */
static void world_start(uint32_t region_pages, const char *bake) {
    if (world.memory != NULL)
        munmap(world.memory, WORLD_SPACE);
    world.memory =
        mmap(NULL, WORLD_SPACE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    assert_true(world.memory != MAP_FAILED);
    world.real_pages = 0;
    world.max_pages = 65536;
    world.extra = region_pages;
    world.base = WORLD_APP_PAGES * SNAPIFY_PAGE_SIZE;
    real_grow(WORLD_APP_PAGES + region_pages);
    world_make_image(bake);
    world.stack = world.base + snapify_config.stack_offset;
    world.frames = world.base + snapify_config.frames_offset;
    world.state = SNAPIFY_STATE_RUN;
    world.here = 0;
    world.files_table = world.files_count = 0;
    world.clock_offset = 0;
    world.grow_count = 0;
    world.open = NULL;
    world.transfer_max = 0;
    world.disk_left = SIZE_MAX;
    world.level = world.askew = 0;
    world.error_open = world.error_sync = world.error_rename = world.error_read = 0;
    memset(world.errors, 0, sizeof world.errors);
    memset(world.globals, 0, sizeof world.globals);
    memset(&delta, 0, sizeof delta);
    glue = (struct glue){.export = 1}; /* the host calls that one, unless a test says otherwise */
    memset(&incoming, 0, sizeof incoming);
    memset(&request, 0, sizeof request);
#ifdef WORLD_ZIPS
    memset(&zip, 0, sizeof zip);
#endif
}

/* NULL ends the list. */
static void world_environment(const char *first, ...) {
    va_list list;
    va_start(list, first);
    world.variable_count = 0;
    for (const char *variable = first; variable != NULL; variable = va_arg(list, const char *))
        world.variables[world.variable_count++] = variable;
    va_end(list);
}

static int world_setup(void **state) {
    (void)state;
    world = (struct world){.preopens = {"/snap"}};
    world_start(1, NULL);
    return 0;
}

static int world_teardown(void **state) {
    (void)state;
    for (int i = 0; i < WORLD_FILES; i++)
        world_remove(&world.files[i]);
    munmap(world.memory, WORLD_SPACE);
    world.memory = NULL;
    return 0;
}

#define WORLD_TEST(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

#endif
