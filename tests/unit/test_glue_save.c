/*
 * Saving and restoring, and all that can go wrong there: runtime-glue/{dir,file,save,restore}.c.
 */
#include "glue_program.h"

static int count_files(void) {
    int count = 0;
    for (int i = 0; i < WORLD_FILES; i++)
        count += world.files[i].name[0] != '\0';
    return count;
}

/* ---- it works ---- */

static void test_glue_save__round_trip(void **state) {
    (void)state;
    const size_t transfer[] = {0, 1000, 4096, 7};
    for (size_t i = 0; i < sizeof transfer / sizeof *transfer; i++) {
        world_start(1, NULL);
        run_program(node, NULL);
        world.transfer_max = transfer[i];
        save_program();
        assert_int_equal(count_files(), 1);
        restore_program("KAFU_NODE=cloud1", NULL);
        assert_int_equal(world.status, -1);
        assert_int_equal(world.here, 2);
        assert_int_equal(world.grow_count, 1);
        assert_null(world.open);
        check_program();
        assert_int_equal(snapify_memory_grow(1), 5);
    }
}

/* 2 MiB in one run, behind one that moves it: padding brings both places together. */
static void test_glue_save__large_pieces_are_level(void **state) {
    (void)state;
    const uint32_t pages = WORLD_APP_PAGES + 32, hole = 2 * 4096;
    world_environment(node, NULL);
    world_run(snapify_begin);
    assert_int_equal(snapify_memory_grow(32), WORLD_APP_PAGES);
    for (uint32_t i = 0; i < pages * SNAPIFY_PAGE_SIZE; i++)
        *at(i) = i / 4096 * 4096 == hole ? 0 : pattern(i);
    snapify_point(1, 2);
    save_program();
    assert_true(world.level > 0 && world.askew == 0);
    restore_program(node, NULL);
    assert_int_equal(world.status, -1);
    assert_true(world.level > 0 && world.askew == 0);
    for (uint32_t i = 0; i < pages * SNAPIFY_PAGE_SIZE; i++)
        assert_int_equal(*at(i), i / 4096 * 4096 == hole ? 0 : pattern(i));
}

static void test_glue_save__many_hops(void **state) {
    (void)state;
    run_program(node, NULL);
    hop_around();
    check_program();
}

static void test_glue_save__describes_itself(void **state) {
    (void)state;
    run_program("KAFU_NODE=edge7", NULL);
    save_program();
    restore_program(node, NULL);
    world.position = 0;
    world.open = file_named("/snap/snapshot.snap");
    file = (struct file){.fd = 77};
    struct snap_reader reader;
    struct snap_header header;
    struct snap_meta meta;
    uint8_t storage[200];
    assert_int_equal(snap_read_header(&reader, file_io(), &header), SNAP_OK);
    assert_memory_equal(header.identity, "identity of mod", 16);
    assert_int_equal(snap_read_section(&reader, SNAP_SECTION_META), SNAP_OK);
    assert_true(reader.left <= sizeof storage);
    assert_int_equal(snap_read_meta(&reader, storage, &meta), SNAP_OK);
    assert_int_equal(meta.app_pages, 5);
    assert_int_equal(meta.frame_count, FRAME_COUNT);
    assert_int_equal(meta.point, 1);
    assert_int_equal(meta.kind, 1);
    assert_int_equal(meta.node_from, 3);
    assert_int_equal(meta.node_to, 2);
    assert_int_equal(meta.nodes.size, 19);
    assert_memory_equal(meta.nodes.bytes, "edge1\0cloud1\0edge7", 19);
    assert_int_equal(meta.function.size, 4);
    assert_memory_equal(meta.function.bytes, "work", 4);
    assert_int_equal(meta.export, 1);
    assert_int_equal(meta.export_name.size, 7);
    assert_memory_equal(meta.export_name.bytes, "compute", 7);
}

static void test_glue_save__rename_not_supported(void **state) {
    (void)state;
    run_program(node, NULL);
    world.error_rename = WASI_ENOTSUP;
    world.error_sync = WASI_ENOSYS;
    save_program();
    assert_int_equal(count_files(), 1);
    restore_program(NULL, NULL);
    assert_int_equal(world.status, -1);
    check_program();
}

static void test_glue_save__region_needs_room(void **state) {
    (void)state;
    world_start(1, NULL);
    snapify_config.max_frame_size = 100000;
    run_program(node, NULL);
    save_program();
    restore_program(NULL, NULL);
    check_program();
}

/* ---- directories ---- */

static void test_glue_dir__is_found(void **state) {
    (void)state;
    const struct {
        const char *preopens[3];
        const char *variable;
        const char *file; /* NULL: none is found */
    } rows[] = {
        {{"/snap"}, "SNAPIFY_DIR=/snap", "/snap/snapshot.snap"},
        {{"snap"}, "SNAPIFY_DIR=/snap", "snap/snapshot.snap"},
        {{"/a", "/snap"}, "SNAPIFY_DIR=snap/", "/snap/snapshot.snap"},
        {{"./snap/"}, "SNAPIFY_DIR=.//snap/.", "./snap//snapshot.snap"},
        {{"/", "/snap"}, "SNAPIFY_DIR=/snap", "/snap/snapshot.snap"},
        {{"/snap", "/"}, "SNAPIFY_DIR=/snap/in/side", "/snap/in/side/snapshot.snap"},
        {{"/snap", "/snap/in"}, "SNAPIFY_DIR=/snap/in/side", "/snap/in/side/snapshot.snap"},
        {{"/"}, "SNAPIFY_DIR=/snap", "//snap/snapshot.snap"},
        {{"."}, "SNAPIFY_DIR=.", "./snapshot.snap"},
        {{"/a", "/b"}, "SNAPIFY_DIR=", "/a/snapshot.snap"},
        {{"/sna", "/snapp"}, "SNAPIFY_DIR=/snap", NULL},
        {{"/snap/in"}, "SNAPIFY_DIR=/snap", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        world_start(1, NULL);
        memcpy(world.preopens, rows[i].preopens, sizeof rows[i].preopens);
        run_program(node, rows[i].variable);
        world_run(snapify_leave);
        if (rows[i].file != NULL) {
            assert_int_equal(world.status, SNAPIFY_EXIT_SAVED);
            assert_non_null(file_named(rows[i].file));
            world_remove(file_named(rows[i].file));
        } else {
            assert_int_equal(world.status, -1);
            assert_string_equal(world.errors, "snapify: cannot save snapshot.snap in /snap: no "
                                              "such directory is preopened; going on\n");
        }
    }
}

static void test_glue_dir__name_is_a_path(void **state) {
    (void)state;
    run_program(node, "SNAPIFY_SAVE=deep/er.snap");
    save_program();
    assert_non_null(file_named("/snap/deep/er.snap"));
}

/* ---- saving fails ---- */

static void save_fails(const char *errors) {
    world_run(snapify_leave);
    assert_int_equal(world.status, -1);
    assert_string_equal(world.errors, errors);
    assert_int_equal(count_files(), 0);
    assert_null(world.open);
    check_program();
}

static void test_glue_save__no_directory(void **state) {
    (void)state;
    world.preopens[0] = NULL;
    run_program(node, NULL);
    save_fails("snapify: cannot save snapshot.snap: no directory is preopened; going on\n");
}

static void test_glue_save__errors_of_the_engine(void **state) {
    (void)state;
    run_program(node, "SNAPIFY_DIR=snap");
    world.error_open = 69;
    save_fails("snapify: cannot save snapshot.snap in snap: read-only file system; going on\n");

    world_start(1, NULL);
    run_program(node, "SNAPIFY_SAVE=x\ny");
    world.error_sync = 29;
    save_fails("snapify: cannot save x?y: input/output error; going on\n");

    world_start(1, NULL);
    run_program(node, NULL);
    world.error_rename = 75;
    save_fails("snapify: cannot save snapshot.snap: WASI error 75; going on\n");
}

/* However much fits, nothing of it remains; the failure is told once. */
static void test_glue_save__disk_full_at_any_byte(void **state) {
    (void)state;
    run_program(node, NULL);
    save_program();
    size_t size = file_named("/snap/snapshot.snap")->size;
    world_remove(file_named("/snap/snapshot.snap"));
    for (size_t left = 0; left < size; left += left < 300 ? 1 : 9973) {
        world_start(1, NULL);
        run_program(node, NULL);
        world.disk_left = left;
        save_fails("snapify: cannot save snapshot.snap: no space left; going on\n");
    }
    world.disk_left = 0;
    world.state = SNAPIFY_STATE_UNWIND;
    world_run(snapify_leave);
    assert_int_equal(world.state, SNAPIFY_STATE_REWIND);
    assert_string_equal(world.errors,
                        "snapify: cannot save snapshot.snap: no space left; going on\n");
}

static void test_glue_save__keeps_the_old_snapshot(void **state) {
    (void)state;
    run_program(node, NULL);
    save_program();
    world_start(1, NULL);
    run_program(node, NULL);
    world.globals[0] = 0;
    world.disk_left = 1000;
    world_run(snapify_leave);
    assert_int_equal(world.status, -1);
    assert_int_equal(count_files(), 1);
    restore_program(NULL, NULL);
    check_program();
}

/* ---- restoring fails ---- */

static void restore_fails(const char *errors) {
    assert_int_equal(world.status, SNAPIFY_EXIT_UNFIT);
    assert_string_equal(world.errors, errors);
}

static void test_glue_restore__missing_file(void **state) {
    (void)state;
    restore_program(NULL, NULL);
    restore_fails("snapify: snapshot.snap: no such file or directory\n");
    world.preopens[0] = NULL;
    restore_program(NULL, NULL);
    restore_fails("snapify: snapshot.snap: no directory is preopened\n");
}

static void test_glue_restore__every_truncation(void **state) {
    (void)state;
    run_program(node, NULL);
    save_program();
    struct world_file *snapshot = file_named("/snap/snapshot.snap");
    size_t whole = snapshot->size;
    for (size_t size = 0; size < whole; size += size < 300 || size > whole - 200 ? 1 : 9973) {
        snapshot->size = size;
        restore_program(NULL, NULL);
        restore_fails("snapify: snapshot.snap: truncated\n");
    }
    snapshot->size = whole;
    restore_program(NULL, NULL);
    check_program();
}

static void test_glue_restore__changed_bytes(void **state) {
    (void)state;
    run_program(node, NULL);
    save_program();
    struct world_file *snapshot = file_named("/snap/snapshot.snap");
    size_t whole = snapshot->size;
    for (size_t i = 0; i < whole; i += i < 300 || i > whole - 60 ? 1 : 9973) {
        snapshot->bytes[i] ^= 0x41;
        restore_program(NULL, NULL);
        assert_int_equal(world.status, SNAPIFY_EXIT_UNFIT);
        snapshot->bytes[i] ^= 0x41;
    }
    restore_program(NULL, NULL);
    check_program();
}

static void test_glue_restore__unfit(void **state) {
    (void)state;
    run_program(node, NULL);
    save_program();
    world_environment("SNAPIFY_RESTORE=snapshot.snap", NULL);
    world_start(1, NULL);
    snapify_config.identity[15] = 1;
    world_run(snapify_begin);
    restore_fails("snapify: snapshot.snap: was made by another build of this program\n");
    world_start(1, NULL);
    snapify_config.globals_size -= 8;
    world_run(snapify_begin);
    restore_fails("snapify: snapshot.snap: does not fit this program\n");
    world_start(1, NULL);
    snapify_config.app_max_pages = 4;
    world_run(snapify_begin);
    restore_fails("snapify: snapshot.snap: does not fit this program\n");
    world_start(1, NULL);
    world.max_pages = 5;
    world_run(snapify_begin);
    restore_fails("snapify: snapshot.snap: no memory left\n");
    world_start(1, NULL);
    world.error_read = 31;
    world_run(snapify_begin);
    restore_fails("snapify: snapshot.snap: it is a directory\n");
}

static void test_glue_restore__counts_again(void **state) {
    (void)state;
    run_program("SNAPIFY_STOP_AT=1", NULL);
    save_program();
    restore_program("SNAPIFY_STOP_AT=2", NULL);
    check_program();
    glue.frame_count = 1; /* as the point's own is still there */
    world.state = SNAPIFY_STATE_REWIND;
    snapify_point(1, 0);
    assert_int_equal(world.budget, SNAPIFY_BUDGET_SLOW);
    snapify_point(0, 0);
    snapify_point(0, 0);
    assert_int_equal(world.state, SNAPIFY_STATE_UNWIND);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_glue_save__round_trip),
        WORLD_TEST(test_glue_save__many_hops),
        WORLD_TEST(test_glue_save__large_pieces_are_level),
        WORLD_TEST(test_glue_save__describes_itself),
        WORLD_TEST(test_glue_save__rename_not_supported),
        WORLD_TEST(test_glue_save__region_needs_room),
        WORLD_TEST(test_glue_dir__is_found),
        WORLD_TEST(test_glue_dir__name_is_a_path),
        WORLD_TEST(test_glue_save__no_directory),
        WORLD_TEST(test_glue_save__errors_of_the_engine),
        WORLD_TEST(test_glue_save__disk_full_at_any_byte),
        WORLD_TEST(test_glue_save__keeps_the_old_snapshot),
        WORLD_TEST(test_glue_restore__missing_file),
        WORLD_TEST(test_glue_restore__every_truncation),
        WORLD_TEST(test_glue_restore__changed_bytes),
        WORLD_TEST(test_glue_restore__unfit),
        WORLD_TEST(test_glue_restore__counts_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
