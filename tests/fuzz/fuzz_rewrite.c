/*
 * fuzz_rewrite.c: damaged modules through the library, in isolation.
 *
 *     fuzz_rewrite MODULE RUNS
 *
 * The runs: every truncation of MODULE (those that RUNS has room for, evenly spread), then by turns
 * single bytes changed and random bytes, which depend on the number of the run only. Each must end
 * as refused or give a module that Binaryen accepts. Build with sanitizers: a report of theirs ends
 * the child and shows as status 3. Prints the first failures with what is needed to repeat them.
 */
#include <binaryen-c.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "snapify.h"
#include "support/buf.h"
#include "tests/fuzz/read_file.h"

#define RANDOM_BYTES_MAX 400
#define FAILURES_SHOWN 20

struct input {
    struct buf bytes;
    char *story; /* how to make it again */
};

struct tally {
    size_t passed, failed, refused;
};

/* splitmix64: the same numbers everywhere. */
static uint64_t random_next(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static struct input make_truncated(const struct buf *seed, size_t size) {
    struct input input = {.story = mem_printf("the first %zu bytes", size)};
    buf_append(&input.bytes, seed->data, size);
    return input;
}

static struct input make_changed(const struct buf *seed, size_t turn, uint64_t *random) {
    struct input input = {0};
    size_t position = turn % seed->size;
    uint8_t change = (uint8_t)(1 + random_next(random) % 255);
    buf_append(&input.bytes, seed->data, seed->size);
    input.bytes.data[position] ^= change;
    input.story = mem_printf("byte %zu is %#x", position, input.bytes.data[position]);
    return input;
}

/* Half of them behind a good header, which gets them further. */
static struct input make_random(uint64_t *random) {
    struct input input = {0};
    size_t size = random_next(random) % RANDOM_BYTES_MAX;
    if (random_next(random) & 1)
        buf_append(&input.bytes, "\0asm\1\0\0\0", 8);
    for (size_t i = 0; i < size; i++)
        buf_append_u8(&input.bytes, (uint8_t)random_next(random));
    input.story = mem_printf("%zu random bytes", input.bytes.size);
    return input;
}

static struct input make_input(const struct buf *seed, size_t run, size_t runs) {
    uint64_t random = run;
    size_t truncations = runs / 3 < seed->size ? runs / 3 : seed->size;
    if (run < truncations)
        return make_truncated(seed, run * seed->size / truncations);
    size_t turn = run - truncations;
    return turn % 5 == 4 ? make_random(&random) : make_changed(seed, turn - turn / 5, &random);
}

/* In a child, because Binaryen ends the process over what it cannot read. */
static bool is_valid(const uint8_t *module, size_t size) {
    int wait_status;
    pid_t child = fork();
    if (child == 0) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, STDOUT_FILENO);
        dup2(null, STDERR_FILENO);
        BinaryenModuleRef read = BinaryenModuleRead((char *)module, size);
        BinaryenModuleSetFeatures(read, BinaryenFeatureAll());
        _exit(BinaryenModuleValidate(read) ? 0 : 1);
    }
    return waitpid(child, &wait_status, 0) == child && WIFEXITED(wait_status) &&
           WEXITSTATUS(wait_status) == 0;
}

/* NULL if all is well, else what is wrong. */
static const char *check(enum snapify_status status, const struct snapify_result *result) {
    bool error = false;
    for (size_t i = 0; i < result->diagnostic_count; i++)
        error |= result->diagnostics[i].severity == SNAPIFY_ERROR;
    if (status != SNAPIFY_OK && status != SNAPIFY_REFUSED)
        return "the status is not 0 or 1";
    if (status == SNAPIFY_REFUSED)
        return !error ? "refused without an error" : result->module ? "refused, but written" : NULL;
    if (error || !result->module)
        return "accepted with an error or without a module";
    return is_valid(result->module, result->module_size) ? NULL : "the new module is not valid";
}

static void tell(size_t run, const struct input *input, const char *fault,
                 const struct snapify_result *result) {
    printf("run %zu (%s): %s\n", run, input->story, fault);
    for (size_t i = 0; i < result->diagnostic_count; i++)
        printf("    %s\n", result->diagnostics[i].text);
}

static void do_run(size_t run, const struct input *input, bool intact, struct tally *tally) {
    struct snapify_options options = {.optimize_level = (int)(run % 7 == 0 ? 2 : 0)};
    struct snapify_result result;
    /* Not a byte more than there is, so that a sanitizer sees a read behind the end. */
    uint8_t *exact = mem_alloc(input->bytes.size);
    if (input->bytes.size > 0)
        memcpy(exact, input->bytes.data, input->bytes.size);
    enum snapify_status status = snapify_rewrite(exact, input->bytes.size, &options, &result);
    const char *fault = check(status, &result);
    if (intact && status != SNAPIFY_OK)
        fault = "the module itself is not accepted, so little is tested";
    if (fault && tally->failed < FAILURES_SHOWN)
        tell(run, input, fault, &result);
    tally->failed += fault != NULL;
    tally->passed += fault == NULL;
    tally->refused += status == SNAPIFY_REFUSED;
    snapify_result_release(&result);
    free(exact);
}

int main(int argc, char **argv) {
    struct buf seed = {0};
    struct tally tally = {0};
    if (argc != 3 || !read_file(argv[1], &seed)) {
        fprintf(stderr, "usage: fuzz_rewrite MODULE RUNS\n");
        return 2;
    }
    size_t runs = strtoul(argv[2], NULL, 10);
    struct input whole = make_truncated(&seed, seed.size);
    do_run(0, &whole, true, &tally);
    free(whole.story);
    buf_release(&whole.bytes);
    for (size_t run = 0; run < runs; run++) {
        struct input input = make_input(&seed, run, runs);
        do_run(run, &input, false, &tally);
        free(input.story);
        buf_release(&input.bytes);
    }
    printf("fuzz: %zu of %zu inputs refused\n", tally.refused, runs + 1);
    printf("fuzz: %zu passed, %zu failed\n", tally.passed, tally.failed);
    buf_release(&seed);
    return tally.failed > 0;
}
