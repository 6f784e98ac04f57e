/*
 * forge.c: a good snapshot in, one that lies out. Checksums are right, so what is refused is
 * refused for what it says. docs/snapshot-format.md has the offsets.
 */
#include "faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/seal.h"

enum {
    SECTIONS = 5,
    CONTENT = SNAP_SECTION_HEADER_SIZE
};

static const char *const section_names[SECTIONS] = {"META", "GLOB", "MEMP", "FRAM", "END."};

/* One section of the good snapshot, header and checksum included. */
struct section {
    size_t start, size;
};

struct forger {
    struct bytes good;
    struct section sections[SECTIONS];
    size_t left; /* lies to pass over before the wanted one */
    struct bytes *forged;
    char *what;
};

/* True if the lie that is about to be told is the wanted one; describes it. */
static bool is_wanted(struct forger *forger, const char *what, const char *where, size_t offset,
                      uint64_t value) {
    if (forger->left-- > 0)
        return false;
    snprintf(forger->what, FORGE_WHAT, "%s %s + %zu: %#llx", what, where, offset,
             (unsigned long long)value);
    *forger->forged = bytes_copy(forger->good);
    return true;
}

/* Of section `index`, as long as it was. */
static void reseal(struct forger *forger, int index) {
    const struct section *section = &forger->sections[index];
    seal_section(forger->forged->data + section->start, section->size - SNAP_CHECKSUM_SIZE,
                 flags_of(forger->good.data));
}

/* ---- numbers ---- */

/* Says `value` in the u32 at `offset` of a section, 0 being its type. */
static bool say(struct forger *forger, int index, size_t offset, uint32_t value) {
    size_t at = forger->sections[index].start + offset;
    if (load_u32(forger->good.data + at) == value ||
        !is_wanted(forger, "says in", section_names[index], offset, value))
        return false;
    store_u32(forger->forged->data + at, value);
    reseal(forger, index);
    return true;
}

static bool say_many(struct forger *forger, int index, size_t offset) {
    uint32_t is = load_u32(forger->good.data + forger->sections[index].start + offset);
    const uint32_t values[] = {0,          1,          is - 16,    is - 8,    is - 1, is + 1,
                               is + 8,     is + 16,    is * 2,     0xffff,    65536,  65537,
                               0x7fffffff, 0x80000000, 0xfffffff8, 0xffffffff};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (say(forger, index, offset, values[i]))
            return true;
    return false;
}

/* The fields of META but the names, with the export's behind them. */
static bool lie_in_meta(struct forger *forger) {
    const uint8_t *content = forger->good.data + forger->sections[0].start + CONTENT;
    size_t export = SNAP_META_FIXED_SIZE + load_u32(content + 40) + load_u32(content + 44);
    for (size_t offset = 0; offset < SNAP_META_FIXED_SIZE; offset += 4)
        if (say_many(forger, 0, CONTENT + offset))
            return true;
    return say_many(forger, 0, CONTENT + export) || say_many(forger, 0, CONTENT + export + 4);
}

static bool lie_in_headers(struct forger *forger) {
    const uint32_t flags[] = {0, 2, 0x101, 0x10001, 0x80000001};
    for (int index = 0; index < SECTIONS; index++) {
        for (int other = 0; other < SECTIONS; other++)
            if (say(forger, index, 0, load_u32((const uint8_t *)section_names[other])))
                return true;
        for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
            if (say(forger, index, 4, flags[i]))
                return true;
        if (say(forger, index, 0, 0) || say_many(forger, index, 8) || say(forger, index, 12, 1) ||
            say(forger, index, 12, 0x80000000))
            return true;
    }
    return false;
}

/* Where a page goes cannot be checked, only that it is a page. */
static bool lie_in_memory(struct forger *forger) {
    for (size_t offset = 0; offset < SNAP_MEMORY_FIXED_SIZE; offset += 4)
        if (say_many(forger, 2, CONTENT + offset))
            return true;
    return say(forger, 2, CONTENT + 16, 16) || say(forger, 2, CONTENT + 16, 0xffffffff) ||
           say_many(forger, 2, CONTENT + 20);
}

/* The outermost frame's site stands at the end. */
static bool lie_in_frames(struct forger *forger) {
    size_t site = forger->sections[3].size - SNAP_CHECKSUM_SIZE - 4;
    for (uint32_t value = 0; value < 40; value++)
        if (say(forger, 3, site, value))
            return true;
    return say_many(forger, 3, site);
}

/* ---- header ---- */

static bool lie_in_header(struct forger *forger) {
    const struct {
        size_t offset;
        uint8_t value;
    } rows[] = {{8, 0},  {8, 2},  {9, 1},  {10, 9}, {12, 0},    {12, 1}, {12, 2},
                {12, 3}, {12, 4}, {12, 6}, {12, 7}, {13, 0x80}, {14, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows + SNAP_IDENTITY_SIZE; i++) {
        size_t offset = i < SNAP_IDENTITY_SIZE ? 16 + i : rows[i - SNAP_IDENTITY_SIZE].offset;
        uint8_t value = i < SNAP_IDENTITY_SIZE ? forger->good.data[offset] ^ 1
                                               : rows[i - SNAP_IDENTITY_SIZE].value;
        if (!is_wanted(forger, "says in", "the header", offset, value))
            continue;
        forger->forged->data[offset] = value;
        seal_header(forger->forged->data);
        return true;
    }
    return false;
}

/* ---- pieces ---- */

/* Puts `size` zeros in at `offset`, or takes so many bytes out if it is negative. */
static void resize_at(struct bytes *bytes, size_t offset, long size) {
    uint8_t *data = calloc(1, bytes->size + (size > 0 ? (size_t)size : 0));
    size_t skip = size < 0 ? (size_t)-size : 0, gap = size > 0 ? (size_t)size : 0;
    memcpy(data, bytes->data, offset);
    memcpy(data + offset + gap, bytes->data + offset + skip, bytes->size - offset - skip);
    free(bytes->data);
    *bytes = (struct bytes){data, bytes->size + gap - skip};
}

/* The frame area longer or shorter by `change` at its beginning or end, with lengths to match and
 * the frame count changed by `frames`. */
static bool resize_frames(struct forger *forger, bool at_end, long change, int frames) {
    const struct section *section = &forger->sections[3];
    size_t length = section->size - CONTENT - SNAP_CHECKSUM_SIZE;
    if ((size_t)labs(change) > length ||
        !is_wanted(forger, at_end ? "adds at the end of" : "adds in front of", "FRAM",
                   (size_t)(frames + 1), (uint64_t)change))
        return false;
    size_t offset = at_end ? length - (change < 0 ? (size_t)-change : 0) : 0;
    resize_at(forger->forged, section->start + CONTENT + offset, change);
    uint8_t *start = forger->forged->data + section->start;
    uint8_t *meta = forger->forged->data + forger->sections[0].start + CONTENT;
    length += (size_t)change;
    store_u64(start + 8, length);
    seal_section(start, CONTENT + length, flags_of(forger->good.data));
    store_u32(meta + 12, (uint32_t)length);
    store_u32(meta + 16, load_u32(meta + 16) + (uint32_t)frames);
    reseal(forger, 0);
    return true;
}

static bool lie_about_frames(struct forger *forger) {
    for (int at_end = 0; at_end < 2; at_end++)
        for (long change = -48; change <= 48; change += 8)
            for (int frames = -1; frames <= 1; frames++)
                if (change != 0 && resize_frames(forger, at_end, change, frames))
                    return true;
    return false;
}

/* Sections left out, and doubled. */
static bool lie_about_sections(struct forger *forger) {
    for (int index = 0; index < SECTIONS; index++) {
        const struct section *section = &forger->sections[index];
        if (is_wanted(forger, "leaves out", section_names[index], 0, 0)) {
            resize_at(forger->forged, section->start, -(long)section->size);
            return true;
        }
        if (is_wanted(forger, "says twice", section_names[index], 0, 0)) {
            resize_at(forger->forged, section->start, (long)section->size);
            memcpy(forger->forged->data + section->start, forger->good.data + section->start,
                   section->size);
            return true;
        }
    }
    return false;
}

bool forge(struct bytes good, size_t number, struct bytes *forged, char what[FORGE_WHAT]) {
    struct forger forger = {.good = good, .left = number, .forged = forged, .what = what};
    size_t at = SNAP_HEADER_SIZE;
    for (int index = 0; index < SECTIONS; index++) {
        if (memcmp(good.data + at, section_names[index], 4) != 0)
            abort(); /* the format has changed */
        size_t size = CONTENT + (size_t)load_u64(good.data + at + 8) + SNAP_CHECKSUM_SIZE;
        forger.sections[index] = (struct section){at, size};
        at += size;
    }
    return lie_in_header(&forger) || lie_in_meta(&forger) || lie_in_headers(&forger) ||
           lie_in_memory(&forger) || lie_in_frames(&forger) || lie_about_frames(&forger) ||
           lie_about_sections(&forger);
}
