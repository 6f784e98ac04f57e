/*
 * The sum of pages without hashes (docs/snapshot-format.md): its values, and that nothing that
 * happens to a snapshot on its way is overlooked.
 */
#include "snapshot-format/page_sum.h"

#include "snapshot_content.h"
#include "tests/seal.h"

/* Computed from the description alone. */
static void test_page_sum__values(void **state) {
    (void)state;
    static const uint64_t first[4] = {0xbf86972afae9449b, 0x94752e3039d3f353, 0x0003fd7b171d0928,
                                      0x2fe873369014ae12};
    static const uint64_t both[4] = {0x2c0e02c393e92959, 0xa938370c82a69025, 0x3fa34ce341e31866,
                                     0x778fb4baade98c7b};
    _Alignas(8) uint8_t pages[2 * SNAP_PAGE_SIZE] = {0};
    struct page_sum sum;
    for (int i = 0; i < (int)SNAP_PAGE_SIZE; i++)
        pages[i] = (uint8_t)(7 * i + 3);
    pages[sizeof pages - 1] = 1;
    page_sum_start(&sum);
    page_sum_add(&sum, pages);
    assert_memory_equal(sum.chains, first, sizeof first);
    page_sum_add(&sum, pages + SNAP_PAGE_SIZE);
    assert_memory_equal(sum.chains, both, sizeof both);
}

/* With bytes that look random, as far as `mask` lets them. */
static void fill(uint8_t *page, uint8_t mask) {
    uint32_t x = 1;
    for (uint32_t i = 0; i < SNAP_PAGE_SIZE; i++) {
        x = x * 1664525 + 1013904223;
        page[i] = (uint8_t)(x >> 24 & mask);
    }
}

/* Pages 0 to 2 and 8 differ, in words that are not zero and in such that are. */
static struct content *summed_content(void) {
    struct content *content = make_content(0x107);
    content->header.form = SNAP_FORM_SUMMED;
    fill(content->memory + SNAP_PAGE_SIZE, 0xff);
    return content;
}

/* The first page of the first run. */
static uint8_t *first_page(const struct sink *sink) {
    uint8_t *at = sink->bytes.data + SNAP_HEADER_SIZE;
    while (load_u32(at) != SNAP_SECTION_MEMORY)
        at += SNAP_SECTION_HEADER_SIZE + load_u64(at + 8) + SNAP_CHECKSUM_SIZE;
    return at + SNAP_SECTION_HEADER_SIZE + SNAP_MEMORY_FIXED_SIZE + SNAP_RUN_SIZE;
}

static void test_page_sum__round_trip(void **state) {
    (void)state;
    struct content *content = summed_content();
    struct content *back = calloc(1, sizeof *back);
    struct sink sink = written(content);
    content->header.form = SNAP_FORM_HASHED;
    struct sink hashed = written(content);
    assert_int_equal(sink.bytes.data[12], 5);
    assert_int_equal(hashed.bytes.size - sink.bytes.size, 4 * SNAP_PAGE_HASH_SIZE);
    assert_int_equal(read_bytes(sink.bytes.data, sink.bytes.size, back), SNAP_OK);
    assert_int_equal(back->header.form, SNAP_FORM_SUMMED);
    assert_same(content, back);
    buf_release(&sink.bytes);
    buf_release(&hashed.bytes);
    free(content);
    free(back);
}

/* Every bit of every byte, and every length. */
static void test_page_sum__damage(void **state) {
    (void)state;
    struct content *content = summed_content();
    struct content *back = calloc(1, sizeof *back);
    struct sink sink = written(content);
    for (size_t i = 0; i < 8 * sink.bytes.size; i++) {
        sink.bytes.data[i / 8] ^= (uint8_t)(1u << i % 8);
        assert_int_not_equal(read_bytes(sink.bytes.data, sink.bytes.size, back), SNAP_OK);
        sink.bytes.data[i / 8] ^= (uint8_t)(1u << i % 8);
    }
    for (size_t size = 0; size < sink.bytes.size; size++)
        assert_int_equal(read_bytes(sink.bytes.data, size, back), SNAP_ERROR_TRUNCATED);
    buf_release(&sink.bytes);
    free(content);
    free(back);
}

static void swap(uint8_t *a, uint8_t *b, size_t size) {
    for (size_t i = 0; i < size; i++) {
        uint8_t byte = a[i];
        a[i] = b[i];
        b[i] = byte;
    }
}

/* What has the right bytes at the wrong place: words, sectors, pages of one run and of two. */
static void test_page_sum__order(void **state) {
    (void)state;
    const struct {
        size_t first, second, size;
    } rows[] = {
        {4096, 4104, 8},    {4096, 4128, 8},      {4096, 4096 + 128, 8}, {4096, 4096 + 256, 32},
        {4096, 4608, 512},  {4096, 6144, 2048},   {0, 4096, 4096},       {0, 8192, 4096},
        {4096, 8192, 4096}, {0, 12288 + 8, 4096}, {3, 4096 + 3, 100},    {8192, 12288 + 8, 4096},
    };
    struct content *content = summed_content();
    struct content *back = calloc(1, sizeof *back);
    struct sink sink = written(content);
    uint8_t *pages = first_page(&sink);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        swap(pages + rows[i].first, pages + rows[i].second, rows[i].size);
        assert_int_equal(read_bytes(sink.bytes.data, sink.bytes.size, back), SNAP_ERROR_CHECKSUM);
        swap(pages + rows[i].first, pages + rows[i].second, rows[i].size);
    }
    assert_int_equal(read_bytes(sink.bytes.data, sink.bytes.size, back), SNAP_OK);
    buf_release(&sink.bytes);
    free(content);
    free(back);
}

static bool is_overlooked(const struct page_sum *good, const uint8_t *page) {
    struct page_sum bad;
    page_sum_start(&bad);
    page_sum_add(&bad, page);
    return memcmp(good, &bad, sizeof bad) == 0;
}

static void flip(uint8_t *page, uint32_t bit) {
    page[bit / 8] ^= (uint8_t)(1u << bit % 8);
}

/* Two bits in one round: a few pairs in a thousand look alike. Further away, as nearly all pairs
 * of a page are, only highest bits do, which a multiplication does not move. */
static void test_page_sum__two_bits(void **state) {
    (void)state;
    _Alignas(8) uint8_t page[SNAP_PAGE_SIZE];
    struct page_sum good;
    uint32_t near = 0, far = 0;
    fill(page, 0xff);
    page_sum_start(&good);
    page_sum_add(&good, page);
    for (uint32_t first = 0; first < 64; first++)
        for (uint32_t second = first + 1; second < 40 * 64; second++) {
            flip(page, first);
            flip(page, second);
            *(second < 16 * 64 ? &near : &far) += is_overlooked(&good, page);
            flip(page, first);
            flip(page, second);
        }
    assert_in_range(near, 0, 3 * 64);
    assert_in_range(far, 0, 8);
}

/* Does the same to all words of a page: the `number`-th of 65 things, each in two ways. */
static void damage_all(uint8_t *page, uint32_t number, bool sticks) {
    for (uint32_t at = 0; at < SNAP_PAGE_SIZE; at++) {
        uint8_t bit = number / 8 == at % 8 ? (uint8_t)(1u << number % 8) : 0;
        uint8_t mask = number == 64 ? 0xff : bit;
        page[at] = sticks ? page[at] | mask : page[at] ^ mask;
    }
}

/* One bit of each word is stuck or inverted, or all of them are: a line of a bus, a blank block. */
static void test_page_sum__all_words(void **state) {
    (void)state;
    _Alignas(8) uint8_t page[SNAP_PAGE_SIZE];
    static const uint8_t masks[] = {0, 1, 0x7f, 0xff};
    struct page_sum good;
    for (uint32_t i = 0; i < 65 * 2 * 4; i++) {
        fill(page, masks[i % 4]);
        page_sum_start(&good);
        page_sum_add(&good, page);
        damage_all(page, i / 8, i / 4 % 2 == 0);
        assert_false(is_overlooked(&good, page));
    }
}

/* Header flags that make no sense. */
static void test_page_sum__flags(void **state) {
    (void)state;
    struct content *content = summed_content();
    struct content *back = calloc(1, sizeof *back);
    struct sink sink = written(content);
    for (uint8_t flags = 0; flags < 16; flags++) {
        sink.bytes.data[12] = flags;
        seal_header(sink.bytes.data);
        enum snap_error error = read_bytes(sink.bytes.data, sink.bytes.size, back);
        bool known = flags == 0 || flags == 1 || flags == 3 || flags == 5;
        assert_true((error != SNAP_ERROR_RESERVED) == known);
        assert_true((error == SNAP_OK) == (flags == 5));
    }
    buf_release(&sink.bytes);
    free(content);
    free(back);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_page_sum__values),   cmocka_unit_test(test_page_sum__round_trip),
        cmocka_unit_test(test_page_sum__damage),   cmocka_unit_test(test_page_sum__order),
        cmocka_unit_test(test_page_sum__two_bits), cmocka_unit_test(test_page_sum__all_words),
        cmocka_unit_test(test_page_sum__flags),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
