/*
 * snapshot_layout.h: what the writer and the reader share: sizes, flags, little-endian numbers.
 * Private to src/snapshot-format.
 */
#ifndef SNAPIFY_SNAPSHOT_FORMAT_SNAPSHOT_LAYOUT_H
#define SNAPIFY_SNAPSHOT_FORMAT_SNAPSHOT_LAYOUT_H

#include <string.h>

#include "snapshot-format/snapshot.h"

/* 0x89 is no ASCII and no UTF-8 start; CR LF, ^Z and LF are what translations of text damage. */
#define SNAP_MAGIC "\x89SNP\r\n\x1a\n"
#define SNAP_MAGIC_SIZE 8u

#define SNAP_HEADER_SIZE 40u
#define SNAP_HEADER_HASHED 32u /* bytes in front of the checksum */
#define SNAP_HEADER_FORM UINT32_C(0x00000007)
#define SNAP_HEADER_RESERVED UINT32_C(0x0000fff8)

#define SNAP_SECTION_HEADER_SIZE 16u
#define SNAP_CHECKSUM_SIZE 8u
#define SNAP_FLAG_CODEC UINT32_C(0x0000ff00)
#define SNAP_FLAG_RESERVED UINT32_C(0xffff0000)

#define SNAP_META_FIXED_SIZE 48u
#define SNAP_META_EXPORT_SIZE 8u /* in front of the export's name */
#define SNAP_META_HISTORY_SIZE 20u
#define SNAP_MEMORY_FIXED_SIZE 16u
#define SNAP_RUN_SIZE 8u
#define SNAP_PROCESS_FIXED_SIZE 20u
#define SNAP_FILES_FIXED_SIZE 8u
#define SNAP_FILE_FIXED_SIZE 68u
#define SNAP_DELTA_FIXED_SIZE 32u
#define SNAP_ALIGNED_MIN 256u /* pages of a run that is worth up to one page of padding */

/* Pages of a run that are moved and then summed, still in a cache: 1 MiB. Shorter pieces are faster
 * on Node, but wasmtime makes a buffer for each that it moves. */
#define SNAP_PIECE 256u

/* Hashes name the pages of a delta's base. */
static inline enum snap_form snap_form_of_runs(enum snap_form form, bool delta) {
    return delta && form == SNAP_FORM_SUMMED ? SNAP_FORM_HASHED : form;
}

/* Bytes that a page takes which is stored. */
static inline uint64_t snap_stored_size(enum snap_form form) {
    return form == SNAP_FORM_HASHED ? SNAP_PAGE_SIZE + SNAP_PAGE_HASH_SIZE : SNAP_PAGE_SIZE;
}

/* The length of the section, its counts being those of all runs. */
uint64_t snap_runs_size(const struct snap_runs *runs, enum snap_form form);

/* Where numbers lie in memory as in a file they are one store or load; not every compiler would
 * make that of the bytes. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define SNAP_NUMBER(bits)                                                                          \
    static inline void store_u##bits(uint8_t *at, uint##bits##_t value) {                          \
        __builtin_memcpy(at, &value, sizeof value);                                                \
    }                                                                                              \
    static inline uint##bits##_t load_u##bits(const uint8_t *at) {                                 \
        uint##bits##_t value;                                                                      \
        __builtin_memcpy(&value, at, sizeof value);                                                \
        return value;                                                                              \
    }
#else
#define SNAP_NUMBER(bits)                                                                          \
    static inline void store_u##bits(uint8_t *at, uint##bits##_t value) {                          \
        for (int i = 0; i < bits / 8; i++)                                                         \
            at[i] = (uint8_t)(value >> 8 * i);                                                     \
    }                                                                                              \
    static inline uint##bits##_t load_u##bits(const uint8_t *at) {                                 \
        uint##bits##_t value = 0;                                                                  \
        for (int i = 0; i < bits / 8; i++)                                                         \
            value = (uint##bits##_t)(value | (uint##bits##_t)at[i] << 8 * i);                      \
        return value;                                                                              \
    }
#endif
SNAP_NUMBER(16)
SNAP_NUMBER(32)
SNAP_NUMBER(64)
#undef SNAP_NUMBER

/* `count` numbers of `size` bytes, one behind the other, that are in a file or come from it. */
static inline void swap_numbers(void *numbers, uint32_t count, uint32_t size) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    (void)numbers, (void)count, (void)size;
#else
    for (uint8_t *number = numbers; count > 0; count--, number += size)
        for (uint32_t i = 0; i < size / 2; i++) {
            uint8_t byte = number[i];
            number[i] = number[size - 1 - i];
            number[size - 1 - i] = byte;
        }
#endif
}

/*
 * What a structure begins with that lies there as in the file: numbers of 4 bytes, behind them some
 * of 8, and of 4 again. They are written from it and read into it, far less code than field by
 * field.
 */
struct snap_fields {
    uint8_t words, longs, more;
};

/* In line: their operands are constants. */
#define SNAP_FIELDS_INLINE static inline __attribute__((always_inline))

#define SNAP_PAIR_FIELDS ((struct snap_fields){2, 0, 0})
#define SNAP_META_FIELDS ((struct snap_fields){10, 0, 0})
#define SNAP_HISTORY_FIELDS ((struct snap_fields){0, 2, 1}) /* from `base` on */
#define SNAP_MEMORY_FIELDS ((struct snap_fields){4, 0, 0})
#define SNAP_DELTA_FIELDS ((struct snap_fields){6, 1, 0})
#define SNAP_PROCESS_FIELDS ((struct snap_fields){5, 0, 0})
#define SNAP_FILE_FIELDS ((struct snap_fields){6, 4, 3})
#define SNAP_FIELDS_MOST 68u /* bytes */

SNAP_FIELDS_INLINE size_t snap_fields_size(struct snap_fields fields) {
    return 4u * (fields.words + fields.more) + 8u * fields.longs;
}

SNAP_FIELDS_INLINE void swap_fields(void *at, struct snap_fields fields) {
    uint8_t *longs = (uint8_t *)at + 4u * fields.words;
    swap_numbers(at, fields.words, 4);
    swap_numbers(longs, fields.longs, 8);
    swap_numbers(longs + 8u * fields.longs, fields.more, 4);
}

SNAP_FIELDS_INLINE enum snap_error snap_write_fields(struct snap_writer *writer, const void *from,
                                                     struct snap_fields fields) {
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
    uint8_t bytes[SNAP_FIELDS_MOST];
    memcpy(bytes, from, snap_fields_size(fields));
    swap_fields(bytes, fields);
    from = bytes;
#endif
    return snap_write_bytes(writer, from, snap_fields_size(fields));
}

SNAP_FIELDS_INLINE enum snap_error snap_read_fields(struct snap_reader *reader, void *to,
                                                    struct snap_fields fields) {
    snap_read_bytes(reader, to, snap_fields_size(fields));
    swap_fields(to, fields);
    return reader->status;
}

_Static_assert(sizeof(struct snap_header) == SNAP_HEADER_SIZE, "the file's fields");
_Static_assert(offsetof(struct snap_runs, base) == 24, "nothing between them");

static inline void swap_header(struct snap_header *header) {
    swap_numbers(&header->major, 2, 2);
    swap_numbers(&header->form, 1, 4);
}

/* A checksum over any number of bytes: of SNAP_FORM_PLAIN XXH3-64, else chained. In the glue only
 * the latter. */
void snap_hash_reset(struct snap_hash *hash, enum snap_form form);
void snap_hash_update(struct snap_hash *hash, const void *bytes, size_t size);
uint64_t snap_hash_digest(struct snap_hash *hash);

/* Notes the checksum of a section with these flags. */
void snap_sums_add(struct snap_sums *sums, uint32_t flags, uint64_t checksum);
/* `hash` is used as room to work in. */
uint64_t snap_sums_fingerprint(const struct snap_sums *sums, const uint8_t *identity,
                               enum snap_form form, struct snap_hash *hash);

/* Whether the SNAP_PAGE_SIZE bytes, 8-byte aligned, are all zero. */
bool snap_page_is_zero(const uint8_t *page);

#endif
