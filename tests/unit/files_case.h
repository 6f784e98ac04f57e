/*
 * files_case.h: a program with open files that is saved and restored, for the tests of them. Two
 * directories are preopened: 3 is /snap, where the snapshots go, 4 is /data.
 */
#ifndef SNAPIFY_TESTS_FILES_CASE_H
#define SNAPIFY_TESTS_FILES_CASE_H

#define WORLD_OPENS_FILES
#include "glue_world.h"

enum {
    READ = 2, /* WASI_RIGHT_... */
    WRITE = 64,
    APPEND = 1,
    CREAT = 1,
};

/* ---- a program with files ---- */

static inline void begin(const char *first, const char *second) {
    world_start(1, NULL);
    world_environment("KAFU_NODE=edge1", first, second, NULL);
    world_run(snapify_begin);
}

static inline uint32_t open_in(uint32_t directory, const char *path, uint32_t oflags,
                               uint64_t rights, uint32_t fdflags) {
    uint32_t fd = 12345;
    uint32_t error =
        snapify_wasi_path_open(directory, 1, path, strlen(path), oflags, rights, 0, fdflags, &fd);
    return error == WASI_SUCCESS ? fd : 10000 + error;
}

/* As generated code finds it. */
static inline uint32_t host_of(uint32_t fd) {
    return fd < world.files_count ? descriptor_at(fd)->host : HOST_NONE;
}

static inline void put(uint32_t fd, const char *text) {
    assert_int_equal(write(disk_fd(host_of(fd)), text, strlen(text)), strlen(text));
}

static inline void expect_text(uint32_t fd, const char *wanted) {
    char text[100] = "";
    assert_int_equal(read(disk_fd(host_of(fd)), text, sizeof text - 1), strlen(wanted));
    assert_string_equal(text, wanted);
}

static inline void save_all(void) {
    snapify_point(1, 2);
    frame_push(16);
    world_run(snapify_leave);
    assert_string_equal(world.errors, "");
    assert_int_equal(world.status, SNAPIFY_EXIT_SAVED);
}

static inline void restore(const char *variable) {
    world_start(1, NULL);
    disk.inode_shift += 1000;
    world_environment("SNAPIFY_RESTORE=snapshot.snap", variable, NULL);
    world_run(snapify_begin);
}

static inline void restore_well(void) {
    restore(NULL);
    assert_string_equal(world.errors, "");
    assert_int_equal(world.status, -1);
    frame_pop(16);
    world.state = SNAPIFY_STATE_RUN;
}

static inline void remove_file(const char *name) {
    char path[200];
    snprintf(path, sizeof path, "%s/%s", disk.path, name);
    assert_int_equal(remove(path), 0);
}

/* ---- the life of the disk ---- */

static inline int setup(void **state) {
    world_setup(state);
    strcpy(disk.path, "/tmp/snapify-files-XXXXXX");
    assert_non_null(mkdtemp(disk.path));
    disk.no_rights = 0;
    disk.rights = 42;
    disk.pipe_type = WASI_FILETYPE_UNKNOWN;
    engine.ready = engine.writable = engine.unknown = engine.argument_count = engine.polls = 0;
    memset(&known, 0, sizeof known);
    memcpy(world.preopens, (const char *[]){"/snap", "/data"}, 2 * sizeof(char *));
    memcpy(world.roots, (const char *[]){"snap", "data"}, 2 * sizeof(char *));
    for (int i = 0; i < 2; i++)
        assert_int_equal(mkdir(disk_root((uint32_t)i + 3), 0777), 0);
    return 0;
}

/* What the end of a process does, but to the test's own descriptor, if it has one. */
static inline void close_all_but(int kept) {
    for (int fd = 3; fd < 200; fd++)
        if (fd != kept)
            close(fd);
}

static inline int teardown(void **state) {
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s", disk.path);
    close_all_but(-1);
    assert_int_equal(system(command), 0);
    return world_teardown(state);
}

#define FILES_TEST(name) cmocka_unit_test_setup_teardown(test_glue_files__##name, setup, teardown)
#define REFUSED_TEST(name)                                                                         \
    cmocka_unit_test_setup_teardown(test_glue_files_refused__##name, setup, teardown)

#endif
