/*
 * Reads that wait: runtime-glue/reads.c. The program reads a named pipe; what generated code does
 * around it is in rounds_until().
 */
#include "files_case.h"

#define OTHER 9999u /* nobody's descriptor of the engine */

static uint32_t pipe_fd; /* the program's number; the test writes by put() */

static void begin_with_pipe(void) {
    char path[700];
    begin(NULL, NULL);
    snapify_config.flags = SNAPIFY_CONFIG_BUDGET;
    snapify_poll_settle();
    snprintf(path, sizeof path, "%s/pipe", disk_root(4));
    assert_int_equal(mkfifo(path, 0666), 0);
    pipe_fd = open_in(4, "pipe", 0, READ | WRITE, 0);
    assert_int_equal(pipe_fd, 5);
    world.sure = HOST_NONE;
}

/* Until there is something, at most so often; says how often there was nothing, or -1 if it was
 * read at once. `text` gets what was read. */
static int rounds_until(int rounds, char *text, size_t size) {
    struct wasi_iovec iovec = {(uint8_t *)text, size};
    size_t done = 0;
    for (int round = 0; round < rounds; round++) {
        uint32_t error = snapify_reads_wait(pipe_fd, &iovec, 1, &done);
        if (error == SNAPIFY_READ_AGAIN)
            continue;
        if (error == SNAPIFY_READ_NOW)
            error = wasi_fd_read(host_of(pipe_fd), &iovec, 1, &done);
        assert_int_equal(error, 0);
        text[done] = '\0';
        return round;
    }
    return rounds;
}

static void expect_read(const char *wanted, size_t size) {
    char text[20];
    assert_int_equal(rounds_until(1, text, size), 0);
    assert_string_equal(text, wanted);
}

static void test_glue_reads__wait_in_slices(void **state) {
    (void)state;
    char text[20];
    begin_with_pipe();
    engine.ready = OTHER;
    world.budget = 0;
    assert_int_equal(rounds_until(3, text, 19), 3);
    assert_true(world.time == 3 * WAIT_SLICE);
    assert_int_equal(world.budget, SNAPIFY_BUDGET_SLOW); /* the point looks for a request */
    put(pipe_fd, "abc");
    engine.ready = host_of(pipe_fd);
    expect_read("abc", 19);
    assert_int_equal(world.sure, HOST_NONE);
    assert_true(world.time == 3 * WAIT_SLICE);
}

static void test_glue_reads__files_never_wait(void **state) {
    (void)state;
    size_t done;
    begin_with_pipe();
    uint32_t fd = open_in(4, "file", CREAT, READ, 0);
    assert_int_equal(snapify_reads_wait(fd, NULL, 0, &done), SNAPIFY_READ_NOW);
    assert_int_equal(world.sure, fd);
    assert_int_equal(engine.polls, 0);
    assert_int_equal(snapify_wasi_fd_close(fd), 0); /* its number may come back as a pipe's */
    assert_int_equal(world.sure, HOST_NONE);
    assert_int_equal(snapify_reads_wait(fd, NULL, 0, &done), SNAPIFY_READ_NOW); /* EBADF */
    assert_int_equal(world.sure, HOST_NONE);
}

static void test_glue_reads__what_cannot_be_polled(void **state) {
    (void)state;
    begin_with_pipe();
    put(pipe_fd, "abcdef");
    engine.unknown = host_of(pipe_fd);
    expect_read("abc", 3);
    assert_int_equal(world.sure, pipe_fd);
    assert_int_equal(engine.polls, 1);
}

static void test_glue_reads__nobody_can_ask(void **state) {
    (void)state;
    begin_with_pipe();
    glue.poll_period = 0;
    put(pipe_fd, "abc");
    expect_read("abc", 19);
    assert_int_equal(world.sure, pipe_fd);
    assert_int_equal(engine.polls, 0);
}

static void test_glue_reads__by_wish_without_waiting(void **state) {
    (void)state;
    begin_with_pipe();
    descriptor_at(pipe_fd)->file.fdflags = WASI_FDFLAG_NONBLOCK;
    put(pipe_fd, "abc");
    expect_read("abc", 19);
    assert_int_equal(world.sure, HOST_NONE); /* it may change its mind */
    assert_int_equal(engine.polls, 0);
}

/* As on wasmi, whose standard input holds back what its poll does not see. */
static void test_glue_reads__what_is_read_ahead(void **state) {
    (void)state;
    char text[20];
    begin_with_pipe();
    disk.rights = READ;
    engine.writable = OTHER;
    engine.ready = host_of(pipe_fd);
    put(pipe_fd, "abcdef");
    expect_read("abc", 3);
    engine.ready = OTHER;
    expect_read("def", 4); /* the first was full */
    assert_int_equal(rounds_until(3, text, 4), 3);
    assert_int_equal(world.sure, HOST_NONE);
}

/* There, a device ends the program when it is polled for reading, but it can be written to. */
static void test_glue_reads__a_device_of_unknown_type(void **state) {
    (void)state;
    begin_with_pipe();
    disk.rights = READ;
    engine.writable = host_of(pipe_fd);
    put(pipe_fd, "abc");
    expect_read("abc", 19);
    assert_int_equal(engine.polls, 1);
    assert_int_equal(world.sure, pipe_fd);
    snapify_reads_forget();
    disk.pipe_type = 2; /* a terminal */
    engine.ready = host_of(pipe_fd);
    put(pipe_fd, "abc");
    expect_read("abc", 19);
    assert_int_equal(world.sure, HOST_NONE);
}

static void test_glue_reads__moved_while_it_waits(void **state) {
    (void)state;
    char text[20];
    begin_with_pipe();
    engine.ready = OTHER;
    assert_int_equal(rounds_until(1, text, 19), 1);
    save_all();
    restore("KAFU_NODE=edge1"); /* else nobody can ask */
    frame_pop(16);
    snapify_config.flags = SNAPIFY_CONFIG_BUDGET;
    snapify_poll_settle();
    assert_int_equal(rounds_until(2, text, 19), 2);
    put(pipe_fd, "xyz");
    engine.ready = host_of(pipe_fd);
    expect_read("xyz", 19);
}

#define READS_TEST(name) cmocka_unit_test_setup_teardown(test_glue_reads__##name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        READS_TEST(wait_in_slices),           READS_TEST(files_never_wait),
        READS_TEST(what_cannot_be_polled),    READS_TEST(nobody_can_ask),
        READS_TEST(by_wish_without_waiting),  READS_TEST(what_is_read_ahead),
        READS_TEST(a_device_of_unknown_type), READS_TEST(moved_while_it_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
