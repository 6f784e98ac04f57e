/*
 * Files that have a name and travel all the same: SNAPIFY_EMBED_FILES=named:SIZE,
 * runtime-glue/files_{save,restore}.c.
 */
#include "files_case.h"

static const char *in_data(const char *name) {
    static char path[200];
    snprintf(path, sizeof path, "%.60s/data/%s", disk.path, name);
    return path;
}

static void put_file(const char *name, const char *text) {
    FILE *file = fopen(in_data(name), "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void expect_file(const char *name, const char *wanted) {
    char text[100] = "";
    FILE *file = fopen(in_data(name), "r");
    assert_non_null(file);
    assert_int_equal(fread(text, 1, sizeof text - 1, file), strlen(wanted));
    assert_string_equal(text, wanted);
    fclose(file);
}

static bool is_there(const char *name) {
    return access(in_data(name), F_OK) == 0;
}

/* 5 writes "log", as it does nothing else; 6 and 7 are "input". */
static void save_three(const char *setting, const char *other) {
    begin(setting, other);
    put_file("input", "abcdef");
    assert_int_equal(open_in(4, "log", CREAT, WRITE, 0), 5);
    assert_int_equal(open_in(4, "input", 0, READ, 0), 6);
    assert_int_equal(open_in(4, "input", 0, READ | WRITE, 0), 7);
    put(5, "12345");
    expect_text(6, "abcdef");
    save_all();
}

static void expect_three(void) {
    expect_file("log", "12345");
    expect_file("input", "abcdef");
    put(5, "6");
    put(7, "A"); /* at its beginning */
    expect_file("log", "123456");
    expect_file("input", "Abcdef");
    expect_text(6, ""); /* at its end */
    assert_false(is_there("log.snapify") || is_there("input.snapify"));
}

static void test_glue_carried__where_there_is_none(void **state) {
    (void)state;
    save_three("SNAPIFY_EMBED_FILES=named:1K", NULL);
    remove_file("data/log");
    remove_file("data/input");
    restore_well();
    expect_three();
}

/* Opens a snapshot; returns the place of a text in it, or -1. */
static long find_in(const char *name, const char *text, FILE **file) {
    static char bytes[1 << 20];
    char path[200];
    snprintf(path, sizeof path, "%.60s/snap/%s", disk.path, name);
    *file = fopen(path, "r+");
    assert_non_null(*file);
    size_t size = fread(bytes, 1, sizeof bytes, *file);
    assert_true(size > 0 && size < sizeof bytes);
    const char *found = memmem(bytes, size, text, strlen(text));
    return found ? found - bytes : -1;
}

static bool snapshot_holds(const char *name, const char *text) {
    FILE *file;
    long place = find_in(name, text, &file);
    assert_int_equal(fclose(file), 0);
    return place >= 0;
}

static void damage_snapshot(const char *text) {
    FILE *file;
    long place = find_in("snapshot.snap", text, &file);
    assert_int_equal(fseek(file, place, SEEK_SET), 0);
    fputc('X', file);
    assert_int_equal(fclose(file), 0);
}

static void test_glue_carried__nothing_is_left_by_damage(void **state) {
    (void)state;
    save_three("SNAPIFY_EMBED_FILES=named:1K", NULL);
    damage_snapshot("12345abcdef");
    put_file("log", "1");
    restore("SNAPIFY_DIR=/snap");
    assert_int_equal(world.status, SNAPIFY_EXIT_UNFIT);
    expect_file("log", "1");
    assert_false(is_there("log.snapify") || is_there("input.snapify"));
}

/* A base holds pages for the other file, in which all else is. */
static void test_glue_carried__once_beside_a_base(void **state) {
    (void)state;
    save_three("SNAPIFY_EMBED_FILES=named:1K", "SNAPIFY_DELTA=1");
    assert_true(snapshot_holds("snapshot.snap", "12345abcdef"));
    assert_false(snapshot_holds("snapshot.snap.1", "12345abcdef"));
    remove_file("data/log");
    remove_file("data/input");
    restore_well();
    expect_three();
    remove_file("snap/snapshot.snap.1");
}

/* Older, newer, shorter, longer: what the program knows takes the place of it. */
static void test_glue_carried__where_another_is(void **state) {
    (void)state;
    save_three("SNAPIFY_EMBED_FILES=named:1K", NULL);
    put_file("log", "1");
    put_file("input", "0123456789");
    restore_well();
    expect_three();
}

static void test_glue_carried__only_by_wish_and_size(void **state) {
    (void)state;
    static const char *const settings[] = {"SNAPIFY_EMBED_FILES=1K", "SNAPIFY_EMBED_FILES=named:5"};
    for (size_t i = 0; i < 2; i++) {
        save_three(settings[i], NULL);
        remove_file("data/input");
        restore("SNAPIFY_DIR=/snap");
        assert_int_equal(world.status, SNAPIFY_EXIT_UNFIT);
        assert_string_equal(world.errors, "snapify: snapshot.snap: descriptor 6 (/data/input): no "
                                          "such file or directory\n");
    }
}

/* Nothing was touched: files that were carried are not in place either. */
static void test_glue_carried__beside_one_that_is_missing(void **state) {
    (void)state;
    begin("SNAPIFY_EMBED_FILES=named:5", NULL);
    put_file("input", "abcdef");
    put(open_in(4, "log", CREAT, WRITE, 0), "12345");
    open_in(4, "input", 0, READ, 0);
    save_all();
    remove_file("data/input");
    put_file("log", "other");
    restore("SNAPIFY_DIR=/snap");
    assert_int_equal(world.status, SNAPIFY_EXIT_UNFIT);
    expect_file("log", "other");
    assert_false(is_there("log.snapify"));
}

static void test_glue_carried__where_no_file_can_be(void **state) {
    (void)state;
    save_three("SNAPIFY_EMBED_FILES=named:1K", NULL);
    remove_file("data/input");
    assert_int_equal(mkdir(in_data("input"), 0777), 0);
    assert_int_equal(mkdir(in_data("input/x"), 0777), 0);
    restore("SNAPIFY_DIR=/snap");
    assert_int_equal(world.status, SNAPIFY_EXIT_UNFIT);
    assert_string_equal(world.errors,
                        "snapify: snapshot.snap: descriptor 6 (/data/input): it is a directory\n");
    assert_false(is_there("log.snapify") || is_there("input.snapify"));
    restore("SNAPIFY_FILES=lenient");
    assert_int_equal(world.status, -1);
    assert_int_equal(host_of(6), HOST_NONE);
    expect_file("log", "12345");
}

#define CARRIED_TEST(name)                                                                         \
    cmocka_unit_test_setup_teardown(test_glue_carried__##name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        CARRIED_TEST(where_there_is_none),       CARRIED_TEST(where_another_is),
        CARRIED_TEST(only_by_wish_and_size),     CARRIED_TEST(beside_one_that_is_missing),
        CARRIED_TEST(where_no_file_can_be),      CARRIED_TEST(once_beside_a_base),
        CARRIED_TEST(nothing_is_left_by_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
