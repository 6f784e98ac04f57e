/*
 * The program's descriptors, their moves and directory streams, over real files:
 * runtime-glue/{descriptor,files,files_*,preopen,stream}.c.
 */
#include "files_case.h"

/* ---- numbers ---- */

static void test_glue_files__numbers_are_ours(void **state) {
    (void)state;
    begin(NULL, NULL);
    assert_int_equal(open_in(3, "a", CREAT, WRITE, 0), 5);
    assert_int_equal(open_in(4, "b", CREAT, WRITE, 0), 6);
    assert_int_equal(snapify_wasi_fd_close(5), 0);
    assert_int_equal(snapify_wasi_fd_close(5), WASI_EBADF);
    assert_int_equal(host_of(5), HOST_NONE);
    assert_int_equal(open_in(3, "c", CREAT, WRITE, 0), 5);
    assert_int_equal(open_in(3, "missing", 0, READ, 0), 10044);
    assert_int_equal(open_in(6, "below", CREAT, WRITE, 0), 10054);
    assert_int_equal(open_in(17, "x", CREAT, WRITE, 0), 10000 + WASI_EBADF);
    assert_int_equal(open_in(1, "x", CREAT, WRITE, 0), 10000 + WASI_EBADF);
    for (uint32_t i = 0; i < 100; i++)
        assert_int_equal(open_in(3, "many", CREAT, WRITE, 0), 7 + i);
    assert_int_equal(descriptor_find(5)->file.kind, SNAP_FILE_PATH);
    assert_string_equal(descriptor_path(descriptor_find(5)), "c");
}

static void test_glue_files__nothing_without_a_reason_to_leave(void **state) {
    (void)state;
    world_environment("HOME=/", NULL);
    world_run(snapify_begin);
    assert_int_equal(world.files_count, 0);
    assert_true(open_in(3, "a", CREAT, WRITE, 0) >= HOST_FIRST);
}

/* Texts are dropped and made until the waste has been tidied many times. */
static void test_glue_files__texts_stay_right(void **state) {
    (void)state;
    char name[40];
    begin(NULL, NULL);
    uint32_t kept = open_in(3, "kept", CREAT, WRITE, 0);
    for (int i = 0; i < 2000; i++) {
        snprintf(name, sizeof name, "name-%d", i % 50);
        uint32_t first = open_in(3, name, CREAT, WRITE, 0);
        uint32_t second = open_in(4, name, CREAT, WRITE, 0);
        snapify_wasi_fd_close(first);
        assert_string_equal(descriptor_path(descriptor_at(second)), name);
        snapify_wasi_fd_close(second);
    }
    assert_string_equal(descriptor_path(descriptor_at(kept)), "kept");
    assert_string_equal(descriptor_base(descriptor_at(3)), "/snap");
    assert_true(glue.texts_size < 4096);
}

static void test_glue_files__renumber(void **state) {
    (void)state;
    begin(NULL, NULL);
    uint32_t a = open_in(3, "a", CREAT, WRITE | READ, 0);
    uint32_t b = open_in(3, "b", CREAT, WRITE, 0);
    put(a, "text");
    assert_int_equal(snapify_wasi_fd_renumber(a, a), 0);
    assert_int_equal(snapify_wasi_fd_renumber(a, 30), WASI_EBADF);
    assert_int_equal(snapify_wasi_fd_renumber(30, a), WASI_EBADF);
    assert_int_equal(snapify_wasi_fd_renumber(a, b), 0);
    assert_int_equal(host_of(a), HOST_NONE);
    save_all();
    restore_well();
    assert_int_equal(host_of(a), HOST_NONE);
    put(b, "!");
    lseek(disk_fd(host_of(b)), 0, SEEK_SET);
    expect_text(b, "text!");
}

static void test_glue_files__fdstat_is_what_was_asked_for(void **state) {
    (void)state;
    struct wasi_fdstat stat;
    begin(NULL, NULL);
    uint32_t fd = open_in(3, "a", CREAT, WRITE | READ, APPEND);
    assert_int_equal(snapify_wasi_fd_fdstat_get(fd, &stat), 0);
    assert_true(stat.fdflags == APPEND && stat.rights == (WRITE | READ) && stat.inheriting == 0);
    assert_int_equal(snapify_wasi_fd_fdstat_set_flags(fd, 0), 0);
    assert_int_equal(snapify_wasi_fd_fdstat_get(fd, &stat), 0);
    assert_int_equal(stat.fdflags, 0);
    assert_int_equal(snapify_wasi_fd_fdstat_get(99, &stat), WASI_EBADF);
}

/* ---- moves ---- */

/* The engine tells a bit of its host, the program gives it back, another engine would trap at it.
 */
static void test_glue_files__streams_wait_as_before(void **state) {
    (void)state;
    begin(NULL, NULL);
    assert_int_equal(snapify_wasi_fd_fdstat_set_flags(0, 0x8000 | WASI_FDFLAG_NONBLOCK), 0);
    save_all();
    restore_well();
    assert_int_equal(disk.flags_set, WASI_FDFLAG_NONBLOCK);
}

static void test_glue_files__come_back(void **state) {
    (void)state;
    begin(NULL, NULL);
    uint32_t log = open_in(3, "log", CREAT, WRITE, APPEND);
    uint32_t reader = open_in(3, "log", 0, READ, 0);
    uint32_t hole = open_in(4, "hole", CREAT, WRITE, 0);
    put(log, "first\n");
    expect_text(reader, "first\n");
    snapify_wasi_fd_close(hole);
    uint32_t other = open_in(4, "other", CREAT, WRITE | READ, 0);
    assert_int_equal(other, hole);
    for (int hop = 0; hop < 3; hop++) {
        save_all();
        restore_well();
    }
    put(log, "second\n");
    expect_text(reader, "second\n");
    assert_int_equal(fcntl(disk_fd(host_of(log)), F_GETFL) & O_APPEND, O_APPEND);
    assert_int_equal(open_in(3, "new", CREAT, WRITE, 0), 8);
}

/* The directories have other numbers, one another name: it is known by its role. */
static void test_glue_files__preopens_are_matched(void **state) {
    (void)state;
    begin("SNAPIFY_DIR=/snap", NULL);
    put(open_in(3, "in-snap", CREAT, WRITE, 0), "s");
    put(open_in(4, "in-data", CREAT, WRITE, 0), "d");
    save_all();
    memcpy(world.preopens, (const char *[]){"data/", "/tmp/case/7"}, 2 * sizeof(char *));
    memcpy(world.roots, (const char *[]){"data", "snap"}, 2 * sizeof(char *));
    restore("SNAPIFY_DIR=/tmp/case/7");
    assert_int_equal(world.status, -1);
    assert_true(host_of(3) == 4 && host_of(4) == 3);
    struct wasi_prestat prestat;
    char name[16] = "";
    assert_int_equal(snapify_wasi_fd_prestat_get(3, &prestat), 0);
    assert_int_equal(prestat.name_size, 5);
    assert_int_equal(snapify_wasi_fd_prestat_dir_name(3, name, 5), 0);
    assert_string_equal(name, "/snap");
    assert_int_equal(snapify_wasi_fd_prestat_get(5, &prestat), WASI_EBADF);

    /* Only a directory above the one that it was. */
    memcpy(world.preopens, (const char *[]){"/snap", "/"}, 2 * sizeof(char *));
    memcpy(world.roots, (const char *[]){"snap", "."}, 2 * sizeof(char *));
    restore_well();
    assert_true(host_of(3) == 3 && host_of(4) >= HOST_FIRST);
    assert_int_equal(open_in(4, "in-data", 0, READ, 0), 7);
}

static void test_glue_files__a_closed_preopen_stays_closed(void **state) {
    (void)state;
    begin("SNAPIFY_DIR=/snap", NULL);
    assert_int_equal(snapify_wasi_fd_close(3), 0);
    assert_int_equal(open_in(3, "a", CREAT, WRITE, 0), 10000 + WASI_EBADF);
    assert_int_equal(open_in(4, "a", CREAT, WRITE, 0), 3);
    save_all();
    restore_well();
    assert_string_equal(descriptor_path(descriptor_at(3)), "a");
}

static void rename_in(uint32_t fd, const char *from, const char *to) {
    assert_int_equal(snapify_wasi_path_rename(fd, from, strlen(from), fd, to, strlen(to)), 0);
}

/* By the program itself: the log that is rotated, the directory that is moved. */
static void test_glue_files__renames_are_followed(void **state) {
    (void)state;
    char path[200];
    begin(NULL, NULL);
    snprintf(path, sizeof path, "%s/data/sub", disk.path);
    assert_int_equal(mkdir(path, 0777), 0);
    uint32_t log = open_in(4, "log", CREAT, WRITE | READ, 0);
    uint32_t other = open_in(4, "log-book", CREAT, WRITE, 0);
    uint32_t below = open_in(4, "sub/below", CREAT, WRITE, 0);
    put(log, "log");
    rename_in(4, "log", "log.1");
    rename_in(4, "sub", "directory");
    assert_string_equal(descriptor_path(descriptor_at(log)), "log.1");
    assert_string_equal(descriptor_path(descriptor_at(other)), "log-book");
    assert_string_equal(descriptor_path(descriptor_at(below)), "directory/below");
    assert_int_equal(snapify_wasi_path_rename(4, "no", 2, 4, "x", 1), 44);
    assert_int_equal(open_in(4, "log", CREAT, WRITE, 0), 8);
    save_all();
    restore_well();
    lseek(disk_fd(host_of(log)), 0, SEEK_SET);
    expect_text(log, "log");
}

/* ---- files without a name ---- */

static void test_glue_files__unlinked_ones_travel(void **state) {
    (void)state;
    begin(NULL, NULL);
    uint32_t fd = open_in(3, "temporary", CREAT, WRITE | READ, 0);
    put(fd, "contents");
    lseek(disk_fd(host_of(fd)), 3, SEEK_SET);
    remove_file("snap/temporary");
    for (int hop = 0; hop < 2; hop++) {
        save_all();
        restore_well();
        assert_int_equal(lseek(disk_fd(host_of(fd)), 0, SEEK_CUR), 3);
    }
    expect_text(fd, "tents");
    put(fd, "!");
    struct stat host;
    fstat(disk_fd(host_of(fd)), &host);
    assert_int_equal(host.st_nlink, 0);
}

/* ---- directory streams ---- */

static void mark_seen(const char *name, size_t size, bool *seen) {
    char text[20] = "";
    memcpy(text, name, size);
    if (text[0] == '.')
        return;
    int number = atoi(text + strlen("file-"));
    assert_false(seen[number]);
    seen[number] = true;
}

/* Reads on from *cookie with a small buffer, as a C library does. Returns how many were whole. */
static int list_some(uint32_t fd, uint64_t *cookie, int limit, bool *seen) {
    uint8_t bytes[100];
    size_t used;
    int count = 0;
    do {
        assert_int_equal(snapify_wasi_fd_readdir(fd, bytes, sizeof bytes, *cookie, &used), 0);
        size_t at = 0;
        for (uint32_t size; count < limit && (size = entry_size(bytes + at, (uint32_t)(used - at)));
             at += size, count++) {
            memcpy(cookie, bytes + at, 8);
            mark_seen((char *)bytes + at + 24, size - 24, seen);
        }
    } while (used == sizeof bytes && count < limit);
    return count;
}

static void test_glue_files__streams_go_on(void **state) {
    (void)state;
    bool seen[80] = {false};
    char name[20];
    uint64_t cookie = 0;
    begin(NULL, NULL);
    for (int i = 0; i < 80; i++) {
        snprintf(name, sizeof name, "file-%d", i);
        snapify_wasi_fd_close(open_in(4, name, CREAT, WRITE, 0));
    }
    uint32_t fd = open_in(4, ".", WASI_OFLAG_DIRECTORY, READ, 0);
    assert_int_equal(list_some(fd, &cookie, 30, seen), 30);
    save_all();
    remove_file("data/file-7");
    restore_well();
    assert_int_equal(list_some(fd, &cookie, 100, seen), 52); /* "." and ".." are among all */
    for (int i = 0; i < 80; i++)
        assert_true(seen[i]);
    memset(seen, 0, sizeof seen);
    cookie = 0;
    assert_int_equal(list_some(fd, &cookie, 100, seen), 81); /* from the start: as it is now */
    size_t used;
    uint8_t bytes[8];
    assert_int_equal(snapify_wasi_fd_readdir(fd, bytes, 8, cookie + 1, &used), WASI_EINVAL);
    assert_int_equal(snapify_wasi_fd_readdir(99, bytes, 8, 0, &used), WASI_EBADF);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        FILES_TEST(numbers_are_ours),
        FILES_TEST(nothing_without_a_reason_to_leave),
        FILES_TEST(texts_stay_right),
        FILES_TEST(renumber),
        FILES_TEST(fdstat_is_what_was_asked_for),
        FILES_TEST(streams_wait_as_before),
        FILES_TEST(come_back),
        FILES_TEST(preopens_are_matched),
        FILES_TEST(a_closed_preopen_stays_closed),
        FILES_TEST(renames_are_followed),
        FILES_TEST(unlinked_ones_travel),
        FILES_TEST(streams_go_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
