/*
 * What a snapshot says of those before it, and of the time.
 */
#include "glue_program.h"
#include "tests/seal.h"

#define TIME_OF_DAY UINT64_C(1700000000123456789)

static void pass_memory(struct snap_reader *reader, const struct snap_meta *meta) {
    _Alignas(8) uint8_t page[SNAP_PAGE_SIZE * 16];
    struct snap_runs runs;
    assert_int_equal(snap_read_runs(reader, meta->app_pages * 16, &runs), SNAP_OK);
    while (snap_read_run(reader, &runs)) {
        assert_true(runs.count <= 16);
        snap_read_page_bytes(reader, page, (size_t)runs.count * SNAP_PAGE_SIZE);
        if (reader->form == SNAP_FORM_SUMMED)
            sum_run(&reader->hash, page, runs.count);
        for (uint32_t i = 0; reader->form == SNAP_FORM_HASHED && i < runs.count; i++)
            assert_int_equal(snap_read_page_hash(reader, page + (size_t)i * SNAP_PAGE_SIZE),
                             SNAP_OK);
    }
    assert_int_equal(snap_read_section_end(reader), SNAP_OK);
}

/* What META says of the snapshot in the directory, without names; its fingerprint in *fingerprint.
 */
static struct snap_meta read_history(uint64_t *fingerprint) {
    struct world_file *saved = file_named("/snap/snapshot.snap");
    struct snap_reader reader;
    struct snap_header header;
    struct snap_meta meta;
    uint8_t storage[4000];
    world.position = 0;
    world.open = saved;
    file = (struct file){.fd = 77};
    assert_int_equal(snap_read_header(&reader, file_io(), &header), SNAP_OK);
    assert_int_equal(snap_read_section(&reader, SNAP_SECTION_META), SNAP_OK);
    assert_true(reader.left <= sizeof storage);
    assert_int_equal(snap_read_meta(&reader, storage, &meta), SNAP_OK);
    uint32_t type;
    while ((type = snap_next_section(&reader)) != SNAP_SECTION_END) {
        if (type == SNAP_SECTION_MEMORY)
            pass_memory(&reader, &meta);
        else
            assert_int_equal(snap_skip_section(&reader), SNAP_OK);
    }
    assert_int_equal(snap_skip_section(&reader), SNAP_OK);
    *fingerprint = snap_read_fingerprint(&reader, header.identity);
    world.open = NULL;
    file = (struct file){.fd = 0};
    return meta;
}

/* Each snapshot knows the one before it; the time only if it is asked for. */
static void test_glue_history__of_many_hops(void **state) {
    (void)state;
    uint64_t before = 0, fingerprint;
    run_program(node, NULL);
    for (uint32_t generation = 1; generation <= 4; generation++) {
        world.state = SNAPIFY_STATE_UNWIND;
        save_program();
        struct snap_meta meta = read_history(&fingerprint);
        assert_int_equal(meta.generation, generation);
        assert_true(meta.base == before);
        assert_true(meta.time == (generation > 1 ? TIME_OF_DAY : 0));
        before = fingerprint;
        restore_program(node, "SNAPIFY_TIME=1");
        assert_int_equal(world.status, -1);
        world.realtime = TIME_OF_DAY;
    }
    assert_true(before != 0);
}

/* A snapshot to go on from is the base of the next one, too. */
static void test_glue_history__of_one_run(void **state) {
    (void)state;
    uint64_t first, second;
    run_program(node, NULL);
    glue.saving = true;
    world_run(snapify_leave);
    assert_int_equal(world.status, -1);
    read_history(&first);
    glue.saving = false;
    world.state = SNAPIFY_STATE_UNWIND;
    save_program();
    struct snap_meta meta = read_history(&second);
    assert_int_equal(meta.generation, 2);
    assert_true(meta.base == first);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_glue_history__of_many_hops),
        WORLD_TEST(test_glue_history__of_one_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
