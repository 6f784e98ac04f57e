/*
 * test_page_store.c: pages in a directory: what is got is what was put, or nothing.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "snapshot-tool/page_store.h"
#include "snapshot-tool/tool.h"

struct page {
    _Alignas(8) uint8_t bytes[SNAP_PAGE_SIZE];
    uint8_t hash[SNAP_PAGE_HASH_SIZE];
};

static char directory[32];

static int set_up(void **state) {
    (void)state;
    strcpy(directory, "/tmp/snapify-unit-XXXXXX");
    return mkdtemp(directory) ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", directory);
    return system(command);
}

static struct page_store open_store(enum page_store_use use) {
    struct page_store store;
    assert_int_equal(page_store_open(&store, directory, use), TOOL_OK);
    return store;
}

/* Of noise, which cannot be compressed, or of little. */
static struct page make_page(uint32_t seed, bool noise) {
    struct page page;
    memset(page.bytes, (int)seed, sizeof page.bytes);
    for (size_t i = 0; noise && i < sizeof page.bytes; i++)
        page.bytes[i] = (uint8_t)((seed = seed * 1664525 + 1013904223) >> 24);
    snap_page_hash(page.bytes, page.hash);
    return page;
}

static void put_page(struct page_store *store, const struct page *page) {
    assert_int_equal(page_store_put(store, page->bytes, page->hash), TOOL_OK);
}

static enum page_state get_page(const struct page_store *store, const struct page *page) {
    uint8_t bytes[SNAP_PAGE_SIZE];
    enum page_state state = page_store_get(store, bytes, page->hash);
    if (state == PAGE_SOUND)
        assert_memory_equal(bytes, page->bytes, sizeof bytes);
    return state;
}

static void test_page_store__round_trip(void **state) {
    (void)state;
    struct page_store store = open_store(PAGE_STORE_ADDS);
    for (int round = 0; round < 2; round++)
        for (uint32_t seed = 1; seed < 300; seed++) {
            struct page page = make_page(seed, seed % 2);
            put_page(&store, &page);
            assert_int_equal(get_page(&store, &page), PAGE_SOUND);
        }
    /* Half of them are noise; of the others, a byte each, 128 are told apart. */
    assert_int_equal(store.added, 150 + 128);
    assert_int_equal(page_store_sync(&store), TOOL_OK);
    struct page page = make_page(300, true);
    assert_int_equal(get_page(&store, &page), PAGE_MISSING);
    page_store_close(&store);
}

static FILE *open_page(const struct page *page, const char *mode) {
    char path[128];
    struct hash_text name = hash_text(page->hash);
    snprintf(path, sizeof path, "%s/%.2s/%s.zst", directory, name.text, name.text);
    FILE *file = fopen(path, mode);
    assert_non_null(file);
    return file;
}

static void write_page(const struct page *page, const uint8_t *bytes, size_t size) {
    FILE *file = open_page(page, "wb");
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

/* A header of zstd has bits that do not matter: then the page is the right one. */
static void test_page_store__damaged(void **state) {
    (void)state;
    for (int noise = 0; noise < 2; noise++) {
        struct page_store store = open_store(PAGE_STORE_ADDS);
        struct page page = make_page(7, noise);
        uint8_t bytes[2 * SNAP_PAGE_SIZE];
        put_page(&store, &page);
        FILE *file = open_page(&page, "rb");
        size_t size = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        for (size_t cut = 0; cut < size; cut++) {
            write_page(&page, bytes, cut);
            assert_int_equal(get_page(&store, &page), PAGE_DAMAGED);
        }
        for (size_t i = 0; i < size; i++) {
            bytes[i] ^= (uint8_t)(1 << i % 8);
            write_page(&page, bytes, size);
            assert_true(get_page(&store, &page) == PAGE_DAMAGED || i < 8);
            bytes[i] ^= (uint8_t)(1 << i % 8);
        }
        write_page(&page, bytes, 1);
        put_page(&store, &page);
        assert_int_equal(get_page(&store, &page), PAGE_SOUND);
        page_store_close(&store);
    }
}

/* A hash that another page has, which nobody can make: here the caller is told a wrong one. */
static void test_page_store__collision(void **state) {
    (void)state;
    struct page_store store = open_store(PAGE_STORE_ADDS);
    struct page page = make_page(1, true), other = make_page(2, true);
    put_page(&store, &page);
    assert_int_equal(page_store_put(&store, other.bytes, page.hash), TOOL_REFUSED);
    assert_int_equal(get_page(&store, &page), PAGE_SOUND);
    page_store_close(&store);
}

static void test_page_store__many_writers(void **state) {
    (void)state;
    for (int child = 0; child < 8; child++)
        if (fork() == 0) {
            struct page_store store;
            int status = page_store_open(&store, directory, PAGE_STORE_ADDS);
            for (uint32_t seed = 1; seed < 200 && status == TOOL_OK; seed++) {
                struct page page = make_page(seed, true);
                status = page_store_put(&store, page.bytes, page.hash);
            }
            _exit(status);
        }
    int status;
    while (wait(&status) > 0)
        assert_int_equal(status, 0);
    struct page_store store = open_store(PAGE_STORE_READS);
    for (uint32_t seed = 1; seed < 200; seed++) {
        struct page page = make_page(seed, true);
        assert_int_equal(get_page(&store, &page), PAGE_SOUND);
    }
    page_store_close(&store);
}

static void test_page_store__keep(void **state) {
    (void)state;
    struct page_store store = open_store(PAGE_STORE_ADDS);
    struct page first = make_page(1, true), second = make_page(2, true);
    put_page(&store, &first);
    put_page(&store, &second);
    page_store_close(&store);
    store = open_store(PAGE_STORE_REMOVES);
    uint8_t wanted[1][SNAP_PAGE_HASH_SIZE];
    memcpy(wanted[0], second.hash, sizeof wanted[0]);
    assert_int_equal(page_store_keep(&store, wanted, 1), TOOL_OK);
    assert_true(store.kept == 1 && store.removed == 1 && store.removed_bytes > SNAP_PAGE_SIZE);
    assert_int_equal(get_page(&store, &first), PAGE_MISSING);
    assert_int_equal(get_page(&store, &second), PAGE_SOUND);
    page_store_close(&store);
}

#define STORE_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_page_store__round_trip), STORE_TEST(test_page_store__damaged),
        STORE_TEST(test_page_store__collision),  STORE_TEST(test_page_store__many_writers),
        STORE_TEST(test_page_store__keep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
