/*
 * Tables as arrays of numbers, and their way through a snapshot: runtime-glue/tables.c.
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORLD_HAS_TABLES
#include "files_case.h"

#define TABLES 512u /* offsets in the image */
#define NUMBERS 600u
#define SEGMENTS 640u

/* Table 0 starts with 5 and 7 and may grow to 50 entries, table 1 with nothing, without limit;
 * segment 1 holds 7 and 9. */
static void put_tables(void) {
    static const struct snapify_table tables[] = {
        {.initial = 4, .maximum = 50, .contents_count = 2, .contents_offset = NUMBERS},
        {.initial = 3, .maximum = 10000000},
    };
    static const uint32_t numbers[] = {5, 7, 9};
    static const uint32_t segments[] = {NUMBERS, NUMBERS + 4};
    memcpy(at(world.base + TABLES), tables, sizeof tables);
    memcpy(at(world.base + NUMBERS), numbers, sizeof numbers);
    memcpy(at(world.base + SEGMENTS), segments, sizeof segments);
    snapify_config.table_count = 2;
    snapify_config.tables_offset = TABLES;
    snapify_config.segments_offset = SEGMENTS;
}

static void start_program(const char *first, const char *second) {
    world_start(1, NULL);
    put_tables();
    world_environment(first, second, NULL);
    world_run(snapify_begin);
}

/* As generated code does it. */
static uint32_t size_now(uint32_t table) {
    return *(uint32_t *)(void *)at(world.base + world.tables + 4 + 8 * table);
}

static uint32_t entry_now(uint32_t index, uint32_t table) {
    uint32_t first = *(uint32_t *)(void *)at(world.base + world.tables + 8 + 8 * table);
    return *(uint32_t *)(void *)at(world.base + world.tables + 4 * (first + index));
}

static void check_table(uint32_t table, const uint32_t *expected, uint32_t size) {
    assert_int_equal(size_now(table), size);
    for (uint32_t i = 0; i < size; i++)
        assert_int_equal(entry_now(i, table), expected[i]);
}

#define CHECK_TABLE(table, ...)                                                                    \
    check_table(table, (const uint32_t[]){__VA_ARGS__},                                            \
                sizeof((uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

/* In a child process, since a trap ends it. */
static bool traps(void (*function)(void)) {
    int status;
    pid_t child = fork();
    if (child == 0) {
        signal(SIGILL, SIG_DFL);
        signal(SIGTRAP, SIG_DFL);
        function();
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status);
}

static void test_glue_tables__start(void **state) {
    (void)state;
    start_program("KAFU_NODE=edge1", NULL);
    assert_int_equal(world.status, -1);
    CHECK_TABLE(0, 5, 7, 0, 0);
    CHECK_TABLE(1, 0, 0, 0);
    assert_int_equal(world.frames, world.base + frames_start());
}

static void test_glue_tables__instructions(void **state) {
    (void)state;
    start_program("KAFU_NODE=edge1", NULL);
    snapify_table_set(2, 11, 0);
    snapify_table_fill(1, 3, 2, 1);
    CHECK_TABLE(0, 5, 7, 11, 0);
    CHECK_TABLE(1, 0, 3, 3);
    snapify_table_copy(1, 0, 3, 0, 0);
    CHECK_TABLE(0, 5, 5, 7, 11);
    snapify_table_copy(0, 1, 2, 1, 0);
    CHECK_TABLE(1, 5, 7, 3);
    snapify_table_init(1, 1, 1, 1, 1, 2);
    CHECK_TABLE(1, 5, 9, 3);
}

static void set_behind(void) {
    snapify_table_set(UINT32_MAX, 1, 0);
}
static void fill_behind(void) {
    snapify_table_fill(3, 1, 2, 0);
}
static void fill_around(void) {
    snapify_table_fill(2, 1, UINT32_MAX, 0);
}
static void copy_from_behind(void) {
    snapify_table_copy(0, 2, 2, 0, 1);
}
static void copy_to_behind(void) {
    snapify_table_copy(2, 0, 2, 1, 0);
}
static void init_from_dropped(void) {
    snapify_table_init(0, 0, 1, 0, 1, 0);
}
static void nothing_at_the_end(void) {
    snapify_table_fill(4, 1, 0, 0);
    snapify_table_copy(3, 4, 0, 1, 0);
    snapify_table_init(4, 0, 0, 0, 1, 0);
}

static void test_glue_tables__bounds(void **state) {
    (void)state;
    start_program("KAFU_NODE=edge1", NULL);
    void (*const beyond[])(void) = {set_behind,       fill_behind,    fill_around,
                                    copy_from_behind, copy_to_behind, init_from_dropped};
    for (size_t i = 0; i < sizeof beyond / sizeof *beyond; i++)
        assert_true(traps(beyond[i]));
    assert_false(traps(nothing_at_the_end));
}

static void test_glue_tables__grow(void **state) {
    (void)state;
    start_program("KAFU_NODE=edge1", NULL);
    snapify_table_fill(0, 8, 3, 1);
    assert_int_equal(snapify_table_grow(6, 2, 0), 4);
    CHECK_TABLE(0, 5, 7, 0, 0, 6, 6);
    CHECK_TABLE(1, 8, 8, 8);
    assert_int_equal(snapify_table_grow(6, 0, 0), 6);
    assert_int_equal(snapify_table_grow(6, 45, 0), UINT32_MAX);
    assert_int_equal(snapify_table_grow(6, UINT32_MAX, 0), UINT32_MAX);
    assert_int_equal(snapify_table_grow(9, 100000, 1), 3);
    assert_int_equal(entry_now(100002, 1), 9);
    CHECK_TABLE(0, 5, 7, 0, 0, 6, 6);
    assert_int_equal(world.frames, world.base + frames_start());
    world.max_pages = world.real_pages;
    assert_int_equal(snapify_table_grow(9, 1000000, 1), UINT32_MAX);
    assert_int_equal(size_now(1), 100003);
}

/* Where nothing makes the program leave, the region would be given up at the first memory.grow. */
static void test_glue_tables__memory_grow(void **state) {
    (void)state;
    start_program(NULL, NULL);
    snapify_table_set(3, 12, 0);
    assert_int_equal(snapify_memory_grow(2), WORLD_APP_PAGES);
    CHECK_TABLE(0, 5, 7, 0, 12);
    assert_int_equal(snapify_table_grow(6, 1, 1), 3);
    CHECK_TABLE(0, 5, 7, 0, 12);
    CHECK_TABLE(1, 0, 0, 0, 6);
}

static void save_program(void) {
    snapify_point(1, 2);
    assert_int_equal(world.state, SNAPIFY_STATE_UNWIND);
    memset(at(frame_push(24)), 0x77, 24);
    world_run(snapify_leave);
    assert_int_equal(world.status, SNAPIFY_EXIT_SAVED);
}

static void check_frame(void) {
    assert_int_equal(*at(frame_pop(24)), 0x77);
    assert_int_equal(world.frames, world.base + frames_start());
}

static void test_glue_tables__round_trip(void **state) {
    (void)state;
    start_program("KAFU_NODE=edge1", NULL);
    assert_int_equal(snapify_table_grow(6, 3, 0), 4);
    snapify_table_set(1, 13, 1);
    assert_int_equal(snapify_memory_grow(1), WORLD_APP_PAGES);
    save_program();
    start_program("SNAPIFY_RESTORE=snapshot.snap", "KAFU_NODE=a new node with a longer name");
    assert_int_equal(world.status, -1);
    CHECK_TABLE(0, 5, 7, 0, 0, 6, 6, 6);
    CHECK_TABLE(1, 0, 13, 0);
    check_frame();
    assert_int_equal(snapify_table_grow(1, 1, 0), 7);
    CHECK_TABLE(1, 0, 13, 0);
}

/* A node that a request names gets its number while frames are there. */
static void test_glue_tables__name_under_frames(void **state) {
    (void)state;
    start_program("KAFU_NODE=edge1", NULL);
    snapify_table_set(2, 12, 1);
    memset(at(frame_push(24)), 0x77, 24);
    assert_int_equal(node_add_under_frames("somewhere else"), 3);
    CHECK_TABLE(0, 5, 7, 0, 0);
    CHECK_TABLE(1, 0, 0, 12);
    check_frame();
}

/* Both tables and descriptors grow; descriptors stand behind the tables. */
static void test_glue_tables__descriptors(void **state) {
    (void)state;
    start_program("KAFU_NODE=edge1", NULL);
    uint32_t count = files_count_get(), host = 1000;
    descriptor_at(1)->host = host;
    assert_int_equal(snapify_table_grow(6, 3, 0), 4);
    snapify_table_set(2, 14, 1);
    assert_int_equal(descriptor_at(1)->host, host);
    assert_int_equal(files_count_get(), count);
    assert_true(descriptor_lowest(count + 20) == count + 20);
    assert_int_equal(snapify_table_grow(9, 1000, 1), 3);
    assert_int_equal(descriptor_at(1)->host, host);
    assert_int_equal(node_add_under_frames("somewhere else"), 3);
    assert_int_equal(descriptor_at(1)->host, host);
    CHECK_TABLE(0, 5, 7, 0, 0, 6, 6, 6);
    assert_int_equal(entry_now(2, 1), 14);
    assert_int_equal(entry_now(1002, 1), 9);
}

/* The content is checked when its checksum is right, too. */
static void test_glue_tables__forged(void **state) {
    (void)state;
    const struct {
        uint32_t word, value;
    } changes[] = {
        {0, 1},          /* tables */
        {1, 51},         /* entries of table 0: beyond its maximum */
        {1, 3},          /* below its initial size */
        {2, 6},          /* where they are */
        {3, 4},          /* of table 1: more than there are */
        {3, 0x80000000}, /* far more */
        {4, 0},          /* where they are */
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        start_program("KAFU_NODE=edge1", NULL);
        content()[changes[i].word] = changes[i].value;
        save_program();
        start_program("SNAPIFY_RESTORE=snapshot.snap", NULL);
        assert_int_equal(world.status, SNAPIFY_EXIT_UNFIT);
    }
    start_program("KAFU_NODE=edge1", NULL);
    glue.tables_size -= 2;
    save_program();
    start_program("SNAPIFY_RESTORE=snapshot.snap", NULL);
    assert_int_equal(world.status, SNAPIFY_EXIT_UNFIT);
}

#define TABLES_TEST(name) cmocka_unit_test_setup_teardown(test_glue_tables__##name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TABLES_TEST(start),
        TABLES_TEST(instructions),
        TABLES_TEST(bounds),
        TABLES_TEST(grow),
        TABLES_TEST(memory_grow),
        TABLES_TEST(round_trip),
        TABLES_TEST(name_under_frames),
        TABLES_TEST(descriptors),
        TABLES_TEST(forged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
