/*
 * Files that cannot be saved, or are not there any more where the program is restored:
 * runtime-glue/files_{save,restore,rules}.c.
 */
#include "files_case.h"

static void save_fails(const char *errors) {
    snapify_point(1, 2);
    frame_push(16);
    world_run(snapify_leave);
    assert_int_equal(world.status, -1);
    assert_string_equal(world.errors, errors);
}

static void test_glue_files_refused__too_large_to_travel(void **state) {
    (void)state;
    begin("SNAPIFY_EMBED_FILES=7", NULL);
    put(open_in(3, "temporary", CREAT, WRITE | READ, 0), "contents");
    remove_file("snap/temporary");
    save_fails("snapify: cannot save snapshot.snap: descriptor 5 (/snap/temporary): "
               "exceeds SNAPIFY_EMBED_FILES; going on\n");
    begin("SNAPIFY_EMBED_FILES=1K", NULL);
    put(open_in(3, "temporary", CREAT, WRITE | READ, 0), "contents");
    remove_file("snap/temporary");
    save_all();
}

static void test_glue_files_refused__renamed_by_somebody(void **state) {
    (void)state;
    begin(NULL, NULL);
    uint32_t fd = open_in(3, "a", CREAT, WRITE | READ, 0);
    wasi_path_rename(3, "a", 1, 3, "b", 1);
    save_fails("snapify: cannot save snapshot.snap: descriptor 5 (/snap/a): no such file or "
               "directory; going on\n");
    glue.complained = false;
    memset(world.errors, 0, sizeof world.errors);
    frame_pop(16);
    world.state = SNAPIFY_STATE_RUN;
    open_in(3, "a", CREAT, WRITE, 0);
    save_fails("snapify: cannot save snapshot.snap: descriptor 5 (/snap/a): something else has "
               "its name now; going on\n");
    put(fd, "the program goes on");
}

/* ---- refusals ---- */

static void one_file_saved(uint64_t rights) {
    begin(NULL, NULL);
    put(open_in(4, "file", CREAT, WRITE, 0), "12345");
    uint32_t fd = open_in(4, "file", 0, rights, 0);
    assert_int_equal(fd, 6);
    snapify_wasi_fd_close(5);
    save_all();
}

static void refused(const char *errors) {
    restore("SNAPIFY_DIR=/snap");
    assert_int_equal(world.status, SNAPIFY_EXIT_UNFIT);
    assert_string_equal(world.errors, errors);
    restore("SNAPIFY_FILES=lenient");
    assert_int_equal(world.status, -1);
    assert_non_null(strstr(world.errors, "; the program will find it closed\n"));
    assert_int_equal(host_of(6), HOST_NONE);
    frame_pop(16);
    world.state = SNAPIFY_STATE_RUN;
    assert_int_equal(snapify_wasi_fd_close(6), WASI_EBADF);
    assert_int_equal(open_in(3, "new", CREAT, WRITE, 0), 5);
}

static void test_glue_files_refused__missing(void **state) {
    (void)state;
    one_file_saved(READ);
    remove_file("data/file");
    refused("snapify: snapshot.snap: descriptor 6 (/data/file): no such file or directory\n");
}

static void test_glue_files_refused__shorter(void **state) {
    (void)state;
    one_file_saved(READ);
    uint32_t fd;
    wasi_path_open(4, 1, "file", 4, WASI_OFLAG_TRUNC, WRITE, 0, 0, &fd);
    refused("snapify: snapshot.snap: descriptor 6 (/data/file): shorter than it was\n");
}

static void test_glue_files_refused__another_kind(void **state) {
    (void)state;
    one_file_saved(READ);
    remove_file("data/file");
    char path[200];
    snprintf(path, sizeof path, "%s/data/file", disk.path);
    mkdir(path, 0777);
    refused("snapify: snapshot.snap: descriptor 6 (/data/file): not the kind of file it was\n");
}

static void test_glue_files_refused__not_writable(void **state) {
    (void)state;
    one_file_saved(WRITE);
    disk.no_rights = WRITE;
    world_start(1, NULL);
    world_environment("SNAPIFY_RESTORE=snapshot.snap", NULL);
    world_run(snapify_begin);
    assert_string_equal(world.errors, "snapify: snapshot.snap: descriptor 6 (/data/file): not "
                                      "permitted by the runtime\n");
    assert_int_equal(world.status, SNAPIFY_EXIT_UNFIT);
}

static void test_glue_files_refused__no_such_directory(void **state) {
    (void)state;
    one_file_saved(READ);
    world.preopens[1] = NULL;
    restore(NULL);
    assert_int_equal(world.status, SNAPIFY_EXIT_UNFIT);
    assert_string_equal(world.errors, "snapify: snapshot.snap: descriptor 4 (/data): no such "
                                      "directory is preopened\n");
}

static void test_glue_files_refused__settings_are_checked(void **state) {
    (void)state;
    one_file_saved(READ);
    remove_file("data/file");
    restore("SNAPIFY_FILES=maybe");
    assert_int_equal(world.status, SNAPIFY_EXIT_UNFIT);
    assert_string_equal(world.errors, "snapify: SNAPIFY_FILES: neither strict nor lenient\n");
}

/* ---- damage ---- */

static void test_glue_files_refused__changed_bytes(void **state) {
    (void)state;
    one_file_saved(READ);
    char path[200];
    snprintf(path, sizeof path, "%s/snap/snapshot.snap", disk.path);
    int fd = open(path, O_RDWR);
    for (off_t at = 40, end = lseek(fd, 0, SEEK_END); at < end; at++) {
        char byte;
        assert_int_equal(pread(fd, &byte, 1, at), 1);
        byte ^= 0x41;
        pwrite(fd, &byte, 1, at);
        restore(NULL);
        assert_int_equal(world.status, SNAPIFY_EXIT_UNFIT);
        close_all_but(fd);
        byte ^= 0x41;
        pwrite(fd, &byte, 1, at);
    }
    close(fd);
    restore_well();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        REFUSED_TEST(too_large_to_travel),
        REFUSED_TEST(renamed_by_somebody),
        REFUSED_TEST(missing),
        REFUSED_TEST(shorter),
        REFUSED_TEST(another_kind),
        REFUSED_TEST(not_writable),
        REFUSED_TEST(no_such_directory),
        REFUSED_TEST(settings_are_checked),
        REFUSED_TEST(changed_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
