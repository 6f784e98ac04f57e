/*
 * fuzz_scan.c: damaged modules through all that reads raw bytes, in this process.
 *
 *     fuzz_scan RUNS SEED MODULE...
 *
 * For every module: each truncation, then RUNS copies with a few changed, inserted or removed
 * bytes, which depend on SEED only. Build with sanitizers, which end the process with a report. A
 * refusal must come with exactly one error, acceptance without any; what is written for an accepted
 * module must be accepted again. Much faster than fuzz_rewrite, so it reaches deeper.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/read_file.h"
#include "wasm/code.h"
#include "wasm/marks.h"
#include "wasm/patch.h"
#include "wasm/references.h"

struct tally {
    size_t runs, accepted, failed;
};

/* splitmix64: the same numbers everywhere. */
static uint64_t random_next(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static size_t count_errors(const struct diag *diag) {
    size_t errors = 0;
    for (size_t i = 0; i < diag->count; i++)
        errors += diag->items[i].severity == SNAPIFY_ERROR;
    return errors;
}

/* Reads every body to its end or to the first thing that is malformed. */
static void walk_code(const struct wasm_scan *scan) {
    for (size_t i = 0; i < scan->function_count; i++) {
        struct wasm_code code;
        struct wasm_instruction instruction;
        if (wasm_code_init_body(&code, scan->functions[i].body))
            while (wasm_code_next(&code, &instruction) > 0)
                ;
    }
}

static void name_functions(const struct wasm_scan *scan) {
    uint32_t total = scan->imported_functions + (uint32_t)scan->function_count;
    for (uint32_t i = 0; i < total; i += 1 + total / 16) {
        char *name = wasm_scan_function_name(scan, i);
        wasm_scan_find_function(scan, name);
        free(name);
    }
}

static const char *read_marks(const struct wasm_scan *scan) {
    static const char *const dest[] = {"f=edge1"};
    const char *fault = NULL;
    for (int with_option = 0; with_option < 2 && !fault; with_option++) {
        struct snapify_options options = {
            .allow_uncalled = true,
            .dest = dest,
            .dest_count = (size_t)with_option,
        };
        struct mark_list marks;
        struct diag diag = {0};
        int status = marks_read(&marks, scan, &options, &diag);
        if (count_errors(&diag) != (status == 0 ? 0u : 1u))
            fault = "marks: errors and status differ";
        for (size_t i = 0; i < marks.count; i++)
            if (marks.items[i].function < scan->imported_functions ||
                marks.items[i].function - scan->imported_functions >= scan->function_count)
                fault = "marks: a function without a body";
        marks_release(&marks);
        diag_release(&diag);
    }
    return fault;
}

static const char *check_again(const struct buf *module) {
    struct wasm_scan scan;
    struct diag diag = {0};
    int status = wasm_scan_read(&scan, module->data, module->size, &diag);
    wasm_scan_release(&scan);
    diag_release(&diag);
    return status == 0 ? NULL : "what was written is refused";
}

static const char *write_again(const struct wasm_scan *scan) {
    struct wasm_patch patch = {.initial_pages = 65536, .segment = {(const uint8_t *)"x", 1}};
    struct buf stripped = {0}, patched = {0};
    struct diag diag = {0};
    marks_strip_sections(scan, &stripped);
    const char *fault = check_again(&stripped);
    if (!fault &&
        wasm_patch_apply(&patch, scan->module.data, scan->module.size, &patched, &diag) == 0)
        fault = check_again(&patched);
    buf_release(&stripped);
    buf_release(&patched);
    diag_release(&diag);
    return fault;
}

static const char *lower_references(const struct wasm_scan *scan) {
    struct wasm_references references;
    struct buf lowered = {0};
    struct diag diag = {0};
    const char *fault = NULL;
    int status = wasm_references_lower(&references, scan, &lowered, &diag);
    if (count_errors(&diag) != (status == 0 ? 0u : 1u))
        fault = "references: errors and status differ";
    else if (status == 0 && references.used)
        fault = check_again(&lowered);
    wasm_references_release(&references);
    buf_release(&lowered);
    diag_release(&diag);
    return fault;
}

/* NULL if all is well, else what is wrong. */
static const char *try_module(const uint8_t *bytes, size_t size, bool *accepted) {
    struct wasm_scan scan;
    struct diag diag = {0};
    const char *fault = NULL;
    *accepted = wasm_scan_read(&scan, bytes, size, &diag) == 0;
    if (count_errors(&diag) != (*accepted ? 0u : 1u))
        fault = "scan: errors and status differ";
    if (*accepted && !fault) {
        walk_code(&scan);
        name_functions(&scan);
        fault = read_marks(&scan);
    }
    if (*accepted && !fault)
        fault = write_again(&scan);
    if (*accepted && !fault)
        fault = lower_references(&scan);
    wasm_scan_release(&scan);
    diag_release(&diag);
    return fault;
}

static void do_run(const uint8_t *bytes, size_t size, const char *story, size_t number,
                   struct tally *tally) {
    /* Not a byte more than there is, so that a sanitizer sees a read behind the end. */
    uint8_t *exact = mem_alloc(size);
    bool accepted;
    if (size > 0)
        memcpy(exact, bytes, size);
    const char *fault = try_module(exact, size, &accepted);
    if (fault && tally->failed < 20)
        printf("%s %zu: %s\n", story, number, fault);
    tally->runs++;
    tally->accepted += accepted;
    tally->failed += fault != NULL;
    free(exact);
}

static void remove_bytes(struct buf *bytes, size_t at, size_t count) {
    if (count > bytes->size - at)
        count = bytes->size - at;
    memmove(bytes->data + at, bytes->data + at + count, bytes->size - at - count);
    bytes->size -= count;
}

static void insert_bytes(struct buf *bytes, size_t at, size_t count, uint64_t *random) {
    buf_append_zeros(bytes, count);
    memmove(bytes->data + at + count, bytes->data + at, bytes->size - at - count);
    for (size_t i = 0; i < count; i++)
        bytes->data[at + i] = (uint8_t)random_next(random);
}

/* Mostly single bytes, often to values that mean something: small, or all bits set. */
static void change_once(struct buf *bytes, uint64_t *random) {
    static const uint8_t telling[] = {0x00, 0x01, 0x7f, 0x80, 0xff, 0x0b, 0x60, 0xfc};
    if (bytes->size == 0)
        return;
    uint64_t kind = random_next(random) % 16;
    size_t at = random_next(random) % bytes->size;
    if (kind == 0)
        remove_bytes(bytes, at, 1 + random_next(random) % 8);
    else if (kind == 1)
        insert_bytes(bytes, at, 1 + random_next(random) % 8, random);
    else if (kind < 9)
        bytes->data[at] = telling[kind % sizeof telling];
    else
        bytes->data[at] = (uint8_t)random_next(random);
}

static void fuzz_module(const struct buf *module, size_t runs, uint64_t seed, struct tally *tally) {
    for (size_t size = 0; size <= module->size; size++)
        do_run(module->data, size, "truncated to", size, tally);
    for (size_t run = 0; run < runs; run++) {
        uint64_t random = seed + run;
        struct buf changed = {0};
        buf_append(&changed, module->data, module->size);
        for (uint64_t changes = 1 + random_next(&random) % 3; changes > 0; changes--)
            change_once(&changed, &random);
        do_run(changed.data, changed.size, "run", run, tally);
        buf_release(&changed);
    }
}

int main(int argc, char **argv) {
    struct tally tally = {0};
    if (argc < 4) {
        fprintf(stderr, "usage: fuzz_scan RUNS SEED MODULE...\n");
        return 2;
    }
    for (int i = 3; i < argc; i++) {
        struct buf module = {0};
        if (!read_file(argv[i], &module)) {
            fprintf(stderr, "fuzz_scan: cannot read %s\n", argv[i]);
            return 2;
        }
        fuzz_module(&module, strtoul(argv[1], NULL, 10), strtoull(argv[2], NULL, 10), &tally);
        buf_release(&module);
    }
    printf("fuzz_scan: %zu of %zu inputs accepted\n", tally.accepted, tally.runs);
    printf("fuzz_scan: %zu passed, %zu failed\n", tally.runs - tally.failed, tally.failed);
    return tally.failed > 0;
}
