/*
 * test_isolate.c: runs that answer and runs that die, in a child process. The pipeline is replaced
 * by functions that do on purpose what Binaryen does by accident.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "isolate/isolate.h"
#include "isolate/wire.h"

#define BIG_BYTES ((size_t)5 << 20)
#define DEEP_BYTES ((size_t)64 << 20)

/* One of everything. */
static void explain(struct pipeline_result *result) {
    struct snapify_explanation *explanation = explanation_add(&result->explanations, "f", 7);
    explanation_set_why(explanation, "because");
    explanation_add_step(explanation, "f", "");
    explanation_add_step(explanation, "g", "calls");
    struct snapify_site *site = explanation_add_site(explanation, "call", "g");
    site->frame_bytes = 24;
    explanation_add_saved(site, "x", "i32");
    explanation_add_saved(site, "$3", "f64");
    explanation_add_site(explanation, "entry", "")->point = 5;
    explanation->instrumented = true;
    explanation->code_before = 10;
    explanation->code_after = (uint64_t)1 << 40;
}

static void check_explanation(const struct pipeline_result *result) {
    assert_int_equal(result->explanations.count, 1);
    const struct snapify_explanation *explanation = result->explanations.items;
    assert_string_equal(explanation->function, "f");
    assert_string_equal(explanation->why, "because");
    assert_int_equal(explanation->index, 7);
    assert_true(explanation->instrumented);
    assert_int_equal(explanation->code_after, (uint64_t)1 << 40);
    assert_int_equal(explanation->path_count, 2);
    assert_string_equal(explanation->path[1].how, "calls");
    assert_int_equal(explanation->site_count, 2);
    assert_int_equal(explanation->sites[0].point, -1);
    assert_int_equal(explanation->sites[0].frame_bytes, 24);
    assert_int_equal(explanation->sites[0].saved_count, 2);
    assert_string_equal(explanation->sites[0].saved[1].name, "$3");
    assert_string_equal(explanation->sites[0].saved[1].type, "f64");
    assert_int_equal(explanation->sites[1].point, 5);
}

static enum snapify_status answers(const uint8_t *wasm, size_t size,
                                   const struct snapify_options *options,
                                   struct pipeline_result *result) {
    const struct snapify_point point = {"f", SNAPIFY_POINT_RETURN, "edge1\ncloud1"};
    struct diag_place place = {.function = "g", .hint = "a hint", .offset = 8};
    (void)options;
    for (int phase = 0; phase < PIPELINE_PHASE_COUNT; phase++)
        pipeline_enter(result, phase);
    for (int i = 0; i < 5; i++)
        pipeline_add_point(result, &point);
    explain(result);
    diag_warning(&result->diag, place, "something \x01 odd");
    diag_note(&result->diag, (struct diag_place){0}, "plain");
    buf_append(&result->module, wasm, size);
    buf_append_zeros(&result->module, BIG_BYTES);
    return SNAPIFY_OK;
}

static enum snapify_status refuses_aloud(const uint8_t *wasm, size_t size,
                                         const struct snapify_options *options,
                                         struct pipeline_result *result) {
    (void)wasm, (void)size, (void)options;
    fprintf(stderr, "[wasm-validator error in function 0] i32 != i64: i64 op, on \n(i64.add)\n");
    diag_error(&result->diag, (struct diag_place){0}, "not valid");
    return SNAPIFY_REFUSED;
}

static enum snapify_status says_a_lot(const uint8_t *wasm, size_t size,
                                      const struct snapify_options *options,
                                      struct pipeline_result *result) {
    (void)wasm, (void)size, (void)options;
    printf("Fatal: at the start\n");
    for (int i = 0; i < 200000; i++)
        printf("line %d of a long story\n", i);
    fflush(stdout);
    buf_append_u8(&result->module, 1);
    return SNAPIFY_OK;
}

static size_t deep(size_t depth) {
    volatile char frame[1024];
    frame[0] = (char)depth;
    return depth == 0 ? (size_t)frame[0] : deep(depth - 1) + (size_t)(frame[0] & 1);
}

static enum snapify_status recurses(const uint8_t *wasm, size_t size,
                                    const struct snapify_options *options,
                                    struct pipeline_result *result) {
    (void)wasm, (void)size, (void)options;
    deep(DEEP_BYTES / 1024);
    buf_append_u8(&result->module, 1);
    return SNAPIFY_OK;
}

/* What the process does in the phase that the first byte names, as the second says. */
static enum snapify_status dies(const uint8_t *wasm, size_t size,
                                const struct snapify_options *options,
                                struct pipeline_result *result) {
    (void)size, (void)options;
    pipeline_enter(result, wasm[0]);
    diag_note(&result->diag, (struct diag_place){0}, "never seen");
    switch (wasm[1]) {
    case 'f': /* as Binaryen's Fatal does */
        fprintf(stderr, "[parse exception: bad node code 255 (at 0:36)]"
                        "Fatal: error in parsing wasm binary\n");
        exit(1);
    case 'e':
        exit(0);
    case 'a':
        abort();
    case 'b':
        fprintf(stderr, "terminate called after throwing an instance of 'std::bad_alloc'\n");
        abort();
    case 'A':
        fprintf(stderr, "wasm-binary.cpp:12: Assertion `x' failed.\n");
        abort();
    case 's':
        fprintf(stderr, "==7==ERROR: AddressSanitizer: heap-buffer-overflow on address 1\n"
                        "==7==ABORTING\n");
        exit(1);
    default:
        raise(wasm[1]);
        return SNAPIFY_OK;
    }
}

struct run {
    struct pipeline_result result;
    enum snapify_status status;
    uint64_t nanoseconds[PIPELINE_PHASE_COUNT];
};

static struct run run_function(isolate_function function, const char *bytes, size_t size,
                               bool no_isolation) {
    struct run run = {.status = SNAPIFY_OK};
    const struct snapify_options options = {.no_isolation = no_isolation};
    run.status =
        isolate_run(function, (const uint8_t *)bytes, size, &options, &run.result, run.nanoseconds);
    /* Whatever happened, no child is left to wait for. */
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
    return run;
}

static const struct snapify_diagnostic *only_message(const struct run *run) {
    assert_int_equal(run->result.diag.count, 1);
    return &run->result.diag.items[0];
}

static void check_answer(struct run *run) {
    const struct pipeline_result *result = &run->result;
    assert_int_equal(run->status, SNAPIFY_OK);
    assert_int_equal(result->phase_reached, PIPELINE_WRITE);
    assert_int_equal(result->module.size, BIG_BYTES + 3);
    assert_memory_equal(result->module.data, "abc\0\0", 5);
    assert_int_equal(result->point_count, 5);
    assert_string_equal(result->points[4].function, "f");
    assert_string_equal(result->points[4].node, "edge1\ncloud1");
    check_explanation(result);
    assert_int_equal(result->points[4].kind, SNAPIFY_POINT_RETURN);
    assert_int_equal(result->diag.count, 2);
    assert_int_equal(result->diag.items[0].severity, SNAPIFY_WARNING);
    assert_string_equal(result->diag.items[0].text, "something \x01 odd");
    assert_string_equal(result->diag.items[0].function, "g");
    assert_string_equal(result->diag.items[0].hint, "a hint");
    assert_int_equal(result->diag.items[0].offset, 7);
    assert_null(result->diag.items[1].function);
    assert_null(result->diag.items[1].hint);
    assert_int_equal(result->diag.items[1].offset, -1);
    assert_true(run->nanoseconds[PIPELINE_WRITE] > 0);
    pipeline_result_release(&run->result);
}

static void test_isolate__answer_arrives(void **state) {
    (void)state;
    struct run run = run_function(answers, "abc", 3, false);
    check_answer(&run);
}

static void test_isolate__same_answer_in_process(void **state) {
    (void)state;
    struct run run = run_function(answers, "abc", 3, true);
    check_answer(&run);
}

static void test_isolate__refusal_quotes_binaryen(void **state) {
    (void)state;
    struct run run = run_function(refuses_aloud, "", 0, false);
    assert_int_equal(run.status, SNAPIFY_REFUSED);
    assert_int_equal(run.result.diag.count, 2);
    assert_string_equal(run.result.diag.items[0].text, "not valid");
    assert_int_equal(run.result.diag.items[1].severity, SNAPIFY_NOTE);
    assert_string_equal(run.result.diag.items[1].text,
                        "Binaryen says: [wasm-validator error in function 0] i32 != i64: i64 op");
    pipeline_result_release(&run.result);
}

static void test_isolate__long_output_does_not_block(void **state) {
    (void)state;
    struct run run = run_function(says_a_lot, "", 0, false);
    assert_int_equal(run.status, SNAPIFY_OK);
    assert_string_equal(only_message(&run)->text, "Binaryen says: at the start");
    pipeline_result_release(&run.result);
}

static void test_isolate__deep_recursion_fits(void **state) {
    (void)state;
    struct run run = run_function(recurses, "", 0, false);
    assert_int_equal(run.status, SNAPIFY_OK);
    pipeline_result_release(&run.result);
}

static void test_isolate__deaths(void **state) {
    static const struct {
        char phase, how;
        enum snapify_status status;
        int64_t offset;
        const char *text;
    } cases[] = {
        {PIPELINE_READ, 'f', SNAPIFY_REFUSED, 36,
         "this module makes Binaryen fail: bad node code 255"},
        {PIPELINE_READ, 'A', SNAPIFY_REFUSED, -1,
         "this module makes Binaryen fail: wasm-binary.cpp:12: Assertion `x' failed."},
        {PIPELINE_READ, SIGBUS, SNAPIFY_REFUSED, -1,
         "this module makes Binaryen fail: signal 7 (Bus error)"},
        {PIPELINE_READ, 'e', SNAPIFY_REFUSED, -1, "this module makes Binaryen fail: exit status 0"},
        {PIPELINE_READ, 'b', SNAPIFY_REFUSED, -1, "not enough memory for reading the module"},
        {PIPELINE_READ, 's', SNAPIFY_BUG, -1,
         "snapify failed while reading the module: exit status 1: ==7==ERROR: "
         "AddressSanitizer: heap-buffer-overflow on address 1"},
        {PIPELINE_SCAN, SIGBUS, SNAPIFY_BUG, -1,
         "snapify failed while looking at the sections of the module: signal 7 (Bus error)"},
        {PIPELINE_REWRITE, 'a', SNAPIFY_REFUSED, -1, "not enough memory for rewriting the module"},
        {PIPELINE_REWRITE, 'f', SNAPIFY_BUG, -1,
         "snapify failed while rewriting the module: exit status 1: bad node code 255"},
        {PIPELINE_REWRITE, SIGKILL, SNAPIFY_REFUSED, -1,
         "stopped from outside by signal 9 (Killed) while rewriting the module"},
        {PIPELINE_WRITE, 'A', SNAPIFY_BUG, -1,
         "snapify failed while writing the new module: signal 6 (Aborted): wasm-binary.cpp:12: "
         "Assertion `x' failed."},
        {PIPELINE_WRITE, SIGTERM, SNAPIFY_REFUSED, -1,
         "stopped from outside by signal 15 (Terminated) while writing the new module"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char bytes[] = {cases[i].phase, cases[i].how};
        struct run run = run_function(dies, bytes, sizeof bytes, false);
        const struct snapify_diagnostic *message = only_message(&run);
        assert_string_equal(message->text, cases[i].text);
        assert_int_equal(message->severity, SNAPIFY_ERROR);
        assert_int_equal(message->offset, cases[i].offset);
        assert_int_equal(run.status, cases[i].status);
        assert_int_equal(run.result.phase_reached, cases[i].phase);
        assert_int_equal(run.result.module.size, 0);
        pipeline_result_release(&run.result);
    }
}

static size_t count_descriptors(void) {
    size_t count = 0;
    for (int file = 0; file < 256; file++)
        count += lseek(file, 0, SEEK_CUR) >= 0 || errno != EBADF;
    return count;
}

static void test_isolate__leaves_no_descriptor(void **state) {
    (void)state;
    size_t before = count_descriptors();
    struct run run = run_function(answers, "abc", 3, false);
    pipeline_result_release(&run.result);
    run = run_function(dies, "\1f", 2, false);
    pipeline_result_release(&run.result);
    assert_int_equal(count_descriptors(), before);
}

/* A caller without standard streams: the new descriptors would be 0 to 2. */
static void test_isolate__standard_streams_closed(void **state) {
    int saved[3];
    (void)state;
    for (int file = 0; file < 3; file++) {
        saved[file] = fcntl(file, F_DUPFD_CLOEXEC, 10);
        close(file);
    }
    struct run run = run_function(refuses_aloud, "", 0, false);
    struct run other = run_function(answers, "abc", 3, false);
    for (int file = 0; file < 3; file++) {
        dup2(saved[file], file);
        close(saved[file]);
    }
    assert_int_equal(run.result.diag.count, 2);
    pipeline_result_release(&run.result);
    check_answer(&other);
}

static void test_isolate__child_signals_ignored(void **state) {
    (void)state;
    signal(SIGCHLD, SIG_IGN);
    struct run run = run_function(answers, "abc", 3, false);
    struct run dead = run_function(dies, "\1f", 2, false);
    signal(SIGCHLD, SIG_DFL);
    check_answer(&run);
    assert_int_equal(dead.status, SNAPIFY_REFUSED);
    assert_string_equal(only_message(&dead)->text,
                        "this module makes Binaryen fail: bad node code 255");
    pipeline_result_release(&dead.result);
}

/* Every shorter answer and every answer with one byte changed is refused or read, never followed
 * out of its bounds (which a sanitizer would report). */
static void test_wire__damage(void **state) {
    struct pipeline_result result = {0}, copy;
    struct buf bytes = {0};
    enum snapify_status status;
    const struct snapify_point point = {"f", SNAPIFY_POINT_ENTRY, "n"};
    (void)state;
    buf_append_string(&result.module, "module");
    pipeline_add_point(&result, &point);
    explain(&result);
    diag_error(&result.diag, (struct diag_place){.hint = "h"}, "text");
    wire_encode(&result, SNAPIFY_REFUSED, &bytes);
    buf_append(&bytes, result.module.data, result.module.size);
    for (size_t size = 0; size < bytes.size; size++) {
        uint8_t *exact = mem_alloc(size);
        memcpy(exact, bytes.data, size);
        copy = (struct pipeline_result){0};
        assert_int_equal(wire_decode(exact, size, &copy, &status), -1);
        pipeline_result_release(&copy);
        free(exact);
    }
    for (size_t i = 0; i < bytes.size; i++) {
        bytes.data[i] ^= 0xff;
        copy = (struct pipeline_result){0};
        int outcome = wire_decode(bytes.data, bytes.size, &copy, &status);
        if (i < 12)
            assert_int_equal(outcome, -1);
        pipeline_result_release(&copy);
        bytes.data[i] ^= 0xff;
    }
    copy = (struct pipeline_result){0};
    assert_int_equal(wire_decode(bytes.data, bytes.size, &copy, &status), 0);
    assert_int_equal(status, SNAPIFY_REFUSED);
    pipeline_result_release(&copy);
    pipeline_result_release(&result);
    buf_release(&bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_isolate__answer_arrives),
        cmocka_unit_test(test_isolate__same_answer_in_process),
        cmocka_unit_test(test_isolate__refusal_quotes_binaryen),
        cmocka_unit_test(test_isolate__long_output_does_not_block),
        cmocka_unit_test(test_isolate__deep_recursion_fits),
        cmocka_unit_test(test_isolate__deaths),
        cmocka_unit_test(test_isolate__leaves_no_descriptor),
        cmocka_unit_test(test_isolate__standard_streams_closed),
        cmocka_unit_test(test_isolate__child_signals_ignored),
        cmocka_unit_test(test_wire__damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
