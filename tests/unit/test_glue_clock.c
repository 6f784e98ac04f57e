/*
 * Time, waits, arguments, environment and connections across a move:
 * runtime-glue/{clock,process,socket}.c.
 */
#include "files_case.h"

#define SECOND UINT64_C(1000000000)

static uint64_t monotonic(void) {
    uint64_t time;
    assert_int_equal(snapify_wasi_clock_time_get(WASI_CLOCK_MONOTONIC, 1, &time), 0);
    return time;
}

/* ---- clocks ---- */

static void test_glue_clock__goes_on_where_it_stopped(void **state) {
    (void)state;
    static const uint64_t others[] = {0, 5 * SECOND, 900 * SECOND};
    world.time = 70 * SECOND;
    begin(NULL, NULL);
    for (size_t i = 0; i < 3; i++) {
        uint64_t before = monotonic();
        save_all();
        world.time = others[i];
        restore_well();
        assert_true(monotonic() == before);
        world.time += 3;
        assert_true(monotonic() == before + 3);
    }
    uint64_t time;
    world.realtime = 12345;
    assert_int_equal(snapify_wasi_clock_time_get(0, 1, &time), 0);
    assert_true(time == 12345);
}

/* ---- waits ---- */

static struct wasi_subscription clock_wait(uint64_t userdata, uint32_t id, uint64_t timeout,
                                           uint16_t flags) {
    return (struct wasi_subscription){
        .userdata = userdata, .tag = WASI_EVENT_CLOCK, .clock = {id, timeout, 1, flags}};
}

static struct wasi_subscription fd_wait(uint64_t userdata, uint32_t fd) {
    return (struct wasi_subscription){.userdata = userdata, .tag = 1, .fd = fd};
}

/* What generated code does (wasi_poll.c), without points. Returns the number of slices. */
static int wait_for(const struct wasi_subscription *waits, uint32_t count,
                    struct wasi_event *events, size_t *given) {
    uint64_t begun = snapify_clock_now();
    int slices = 1;
    while (snapify_clock_poll(waits, events, count, given, begun) == UINT32_MAX)
        slices++;
    return slices;
}

static void begin_slow(void) {
    begin(NULL, NULL);
    snapify_config.flags = SNAPIFY_CONFIG_BUDGET;
    snapify_poll_settle();
}

static void test_glue_clock__one_call_without_requests(void **state) {
    (void)state;
    struct wasi_event event;
    size_t given;
    begin(NULL, NULL);
    struct wasi_subscription wait = clock_wait(7, WASI_CLOCK_MONOTONIC, 10 * SECOND, 0);
    assert_int_equal(wait_for(&wait, 1, &event, &given), 1);
    assert_true(given == 1 && event.userdata == 7 && event.type == 0 && event.error == 0);
    assert_true(world.time == 10 * SECOND);
}

static void test_glue_clock__slices(void **state) {
    (void)state;
    struct wasi_event event;
    size_t given;
    begin_slow();
    struct wasi_subscription wait = clock_wait(7, WASI_CLOCK_MONOTONIC, 70 * SECOND / 1000, 0);
    assert_int_equal(wait_for(&wait, 1, &event, &given), 4); /* of 20 ms */
    assert_true(given == 1 && event.userdata == 7);
    assert_true(world.time == 70 * SECOND / 1000);
    assert_int_equal(world.budget, SNAPIFY_BUDGET_SLOW); /* the point looks at the clock */
}

/* Then the rest is waited, and how often that happens shows in nothing. */
static void test_glue_clock__engines_wake_early(void **state) {
    (void)state;
    struct wasi_event event;
    size_t given;
    engine.early = SECOND / 10000;
    begin(NULL, NULL);
    struct wasi_subscription wait = clock_wait(7, WASI_CLOCK_MONOTONIC, 50 * SECOND / 1000, 0);
    assert_int_equal(wait_for(&wait, 1, &event, &given), 1);
    assert_true(given == 1 && world.time == 50 * SECOND / 1000);
    begin_slow();
    uint32_t polls = engine.polls;
    assert_int_equal(wait_for(&wait, 1, &event, &given), 3);
    assert_true(given == 1 && world.time == 100 * SECOND / 1000);
    assert_int_equal(engine.polls - polls, 6);
    engine.early = 0;
}

/* The nearest of several decides; absolute ones count from the program's own time. */
static void test_glue_clock__several_clocks(void **state) {
    (void)state;
    struct wasi_event events[3];
    size_t given;
    world.time = 100 * SECOND;
    world.realtime = 5000 * SECOND;
    begin(NULL, NULL);
    clock_set(50 * SECOND);
    struct wasi_subscription waits[] = {
        clock_wait(1, WASI_CLOCK_MONOTONIC, 152 * SECOND, WASI_SUBSCRIPTION_ABSTIME),
        clock_wait(2, 0, 5003 * SECOND, WASI_SUBSCRIPTION_ABSTIME),
        clock_wait(3, WASI_CLOCK_MONOTONIC, 2 * SECOND, 0),
    };
    wait_for(waits, 3, events, &given);
    assert_true(world.time == 102 * SECOND);
    assert_int_equal(given, 2);
    assert_true(events[0].userdata == 1 && events[1].userdata == 3);
    waits[0].clock.timeout = 1; /* long ago */
    wait_for(waits, 3, events, &given);
    assert_true(given == 1 && world.time == 102 * SECOND);
}

static void test_glue_clock__descriptors_are_translated(void **state) {
    (void)state;
    struct wasi_event events[3];
    size_t given;
    begin_slow();
    uint32_t fd = open_in(3, "a", CREAT, READ, 0);
    engine.ready = host_of(fd);
    struct wasi_subscription waits[] = {
        clock_wait(1, WASI_CLOCK_MONOTONIC, SECOND, 0),
        fd_wait(2, 99),
        fd_wait(3, fd),
    };
    assert_int_equal(wait_for(waits, 3, events, &given), 1);
    assert_true(given == 1 && events[0].userdata == 3 && events[0].size == 5);
    assert_true(world.time == 0);
    engine.ready = 0;
    assert_int_equal(wait_for(waits, 3, events, &given), 50);
    assert_true(given == 1 && events[0].userdata == 1);
    assert_int_equal(snapify_clock_poll(waits, events, 0, &given, 0), WASI_EINVAL);
}

/* Saved in the middle of a wait: the rest is waited, by the clock of another engine. */
static void test_glue_clock__the_rest_of_a_wait(void **state) {
    (void)state;
    struct wasi_event event;
    size_t given;
    world.time = 1000 * SECOND;
    begin_slow();
    struct wasi_subscription wait = clock_wait(7, WASI_CLOCK_MONOTONIC, 100 * SECOND / 1000, 0);
    uint64_t begun = snapify_clock_now();
    for (int i = 0; i < 3; i++)
        assert_int_equal(snapify_clock_poll(&wait, &event, 1, &given, begun), UINT32_MAX);
    save_all();
    world.time = 5;
    restore_well();
    assert_int_equal(snapify_clock_poll(&wait, &event, 1, &given, begun), 0);
    assert_true(world.time == 5 + 40 * SECOND / 1000);
}

/* ---- arguments and environment ---- */

static void expect_strings(const char *const *wanted, uint32_t count, char *const *strings,
                           uint32_t strings_count) {
    assert_int_equal(strings_count, count);
    for (uint32_t i = 0; i < count; i++)
        assert_string_equal(strings[i], wanted[i]);
}

static void expect_process(const char *const *arguments, uint32_t argument_count,
                           const char *const *variables, uint32_t variable_count) {
    uint8_t *strings[8];
    uint8_t bytes[200];
    uint32_t count, size;
    assert_int_equal(snapify_wasi_args_sizes_get(&count, &size), 0);
    assert_true(size <= sizeof bytes);
    assert_int_equal(snapify_wasi_args_get(strings, bytes), 0);
    expect_strings(arguments, argument_count, (char **)strings, count);
    assert_int_equal(snapify_wasi_environ_sizes_get(&count, &size), 0);
    assert_true(size <= sizeof bytes);
    assert_int_equal(snapify_wasi_environ_get(strings, bytes), 0);
    expect_strings(variables, variable_count, (char **)strings, count);
}

static void test_glue_clock__arguments_and_environment_stay(void **state) {
    (void)state;
    const char *arguments[] = {"program", "", "a b"};
    const char *before[] = {"KAFU_NODE=edge1", "HOME=/", "EMPTY="};
    const char *after[] = {"HOME=/", "EMPTY=", "SNAPIFY_RESTORE=snapshot.snap", "KAFU_NODE=edge1"};
    memcpy(engine.arguments, arguments, sizeof arguments);
    engine.argument_count = 3;
    begin("HOME=/", "EMPTY=");
    expect_process(arguments, 3, before, 3);
    const char *saved[] = {"program"};
    engine.argument_count = 1;
    save_all();
    for (int hop = 0; hop < 3; hop++) {
        world_start(1, NULL);
        world_environment("SNAPIFY_RESTORE=snapshot.snap", "HOME=/root", "KAFU_NODE=edge1", NULL);
        world_run(snapify_begin);
        assert_int_equal(world.status, -1);
        frame_pop(16);
        world.state = SNAPIFY_STATE_RUN;
        expect_process(saved, 1, after, 4);
        engine.arguments[0] = "something else";
        save_all();
    }
}

/* Stopped between the two calls: what it was told is what it gets, or it would be overrun. */
static void test_glue_clock__a_promised_environment(void **state) {
    (void)state;
    uint8_t *strings[8];
    uint8_t bytes[200];
    uint32_t count, size, later_count, later_size;
    const char *promised[] = {"KAFU_NODE=edge1", "HOME=/", "A=1"};
    begin("HOME=/", "A=1");
    assert_int_equal(snapify_wasi_environ_sizes_get(&count, &size), 0);
    for (int hop = 0; hop < 3; hop++) {
        save_all();
        restore("SNAPIFY_FILES=lenient");
        frame_pop(16);
        world.state = SNAPIFY_STATE_RUN;
    }
    assert_int_equal(snapify_wasi_environ_sizes_get(&later_count, &later_size), 0);
    assert_true(later_count == count && later_size == size);
    memset(bytes, 'x', sizeof bytes);
    assert_int_equal(snapify_wasi_environ_get(strings, bytes), 0);
    expect_strings(promised, 3, (char **)strings, count);
    assert_true(bytes[size - 1] == '\0' && bytes[size] == 'x');
    const char *after[] = {"HOME=/", "A=1", "SNAPIFY_RESTORE=snapshot.snap",
                           "SNAPIFY_FILES=lenient"};
    assert_int_equal(snapify_wasi_environ_sizes_get(&count, &size), 0);
    save_all(); /* promised here, too */
    restore(NULL);
    assert_int_equal(snapify_wasi_environ_get(strings, bytes), 0);
    expect_strings(after, 4, (char **)strings, count);
}

/* ---- connections ---- */

static void test_glue_clock__connections_break(void **state) {
    (void)state;
    uint32_t fd;
    size_t done;
    begin(NULL, NULL);
    assert_int_equal(snapify_wasi_sock_accept(99, 0, &fd), WASI_EBADF);
    assert_int_equal(snapify_wasi_sock_accept(0, 0, &fd), 0);
    assert_int_equal(fd, 5);
    assert_int_equal(snapify_wasi_sock_send(fd, NULL, 0, 0, &done), 0);
    assert_int_equal(snapify_files_reset(WASI_EBADF, fd), WASI_EBADF);
    save_all();
    restore_well();
    assert_int_equal(snapify_wasi_sock_send(fd, NULL, 0, 0, &done), WASI_ECONNRESET);
    assert_int_equal(snapify_wasi_sock_recv(fd, NULL, 0, 0, &done, NULL), WASI_ECONNRESET);
    assert_int_equal(snapify_wasi_sock_shutdown(fd, 0), WASI_ECONNRESET);
    assert_int_equal(snapify_files_reset(WASI_EBADF, fd), WASI_ECONNRESET);
    assert_int_equal(snapify_files_reset(WASI_EBADF, 99), WASI_EBADF);
    assert_int_equal(snapify_wasi_sock_accept(0, 0, &fd), 0);
    assert_int_equal(fd, 6);
    assert_int_equal(snapify_wasi_fd_close(5), 0);
    assert_int_equal(snapify_wasi_fd_close(5), WASI_EBADF);
}

/* Engines put them in front of directories or behind. */
static void test_glue_clock__listening_sockets_are_counted(void **state) {
    const char *const behind[] = {"/snap", "/data", "", ""}, *const before[] = {"", "", "/snap"};
    (void)state;
    memcpy(world.preopens, behind, sizeof behind);
    begin(NULL, NULL);
    assert_int_equal(host_of(6), 6);
    assert_int_equal(snapify_wasi_fd_renumber(6, 0), 0);
    save_all();
    memset(world.preopens, 0, sizeof world.preopens);
    memcpy(world.preopens, before, sizeof before);
    world.roots[2] = "snap";
    restore("SNAPIFY_FILES=lenient"); /* there is no /data */
    assert_int_equal(host_of(5), 3);
    assert_int_equal(host_of(0), 4);
    assert_int_equal(host_of(1), 1);
    assert_int_equal(host_of(3), 5);

    memcpy(world.preopens, (const char *[]){"", "/snap", NULL}, 3 * sizeof(char *));
    world.roots[1] = "snap";
    restore(NULL);
    assert_int_equal(world.status, SNAPIFY_EXIT_UNFIT);
    assert_string_equal(world.errors,
                        "snapify: snapshot.snap: descriptor 0: not opened by the runtime\n");
}

#define CLOCK_TEST(name) cmocka_unit_test_setup_teardown(test_glue_clock__##name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        CLOCK_TEST(goes_on_where_it_stopped),
        CLOCK_TEST(one_call_without_requests),
        CLOCK_TEST(slices),
        CLOCK_TEST(engines_wake_early),
        CLOCK_TEST(several_clocks),
        CLOCK_TEST(descriptors_are_translated),
        CLOCK_TEST(the_rest_of_a_wait),
        CLOCK_TEST(arguments_and_environment_stay),
        CLOCK_TEST(a_promised_environment),
        CLOCK_TEST(connections_break),
        CLOCK_TEST(listening_sockets_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
