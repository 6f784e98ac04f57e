/*
 * delta.c: with SNAPIFY_DELTA a snapshot is two files: a whole one, the base, that stays, and one
 * that holds only the pages that have changed since.
 *
 *     snapshot.snap.1    the base, or snapshot.snap.2: its next one is written beside it
 *     snapshot.snap      the newest snapshot; says which of them it needs, and its fingerprint
 *
 * Both are written under another name and renamed, and a base is replaced only when the newest
 * snapshot does not need it, so there is a whole pair at any moment. All deltas are made against
 * the base: two files are enough to restore, however many snapshots came between. When more pages
 * have changed than not, there is a new base.
 *
 * What has changed is found by comparing hashes with those in the base's file, read anew each time:
 * nothing is kept but a bit for each page while the snapshot is written.
 */
#include "runtime-glue/zip.h"

struct snap_reader reader;

static struct {
    struct snap_base base; /* number 0: none */
    uint32_t same_pages;   /* of the last comparison */
    uint32_t scratch;      /* what is free when the base's file is closed */
} delta;

bool delta_is_wanted(void) {
    const char *wanted = setting("SNAPIFY_DELTA");
    return wanted != NULL && !text_equal(wanted, "0");
}

const char *delta_suffix(uint32_t number) {
    return number > 1 ? ".2" : number > 0 ? ".1" : "";
}

void delta_adopt(uint32_t number, uint64_t fingerprint) {
    delta.base.number = number;
    delta.base.fingerprint = fingerprint;
}

static void tell(const char *name, reason reason, const char *text) {
    line_begin(name);
    line_add(delta_suffix(delta.base.number));
    line_end(reason, text);
}

/* ---- reading a base ---- */

static void leave_base(void) {
    file_close();
    glue.scratch = delta.scratch;
}

/* Up to its pages. Number 0 is the newest snapshot, which may be anything. */
static reason open_base(const struct directory *directory, const char *name, uint32_t number,
                        struct snap_runs *runs) {
    struct place place;
    delta.scratch = glue.scratch;
    reason result = place_find(&place, directory, name, delta_suffix(number));
    if (result == 0)
        result = snapshot_open(&place, FILE_SEEKS, false);
    if (result == 0) {
        result = (reason)snap_read_memory_start(&reader, SNAP_PAGES_ANY, runs);
        if (result == 0 && number != 0 && (runs->delta || reader.form != SNAP_FORM_HASHED))
            result = (reason)SNAP_ERROR_BASE;
        if (result != 0)
            file_close();
    }
    if (result != 0)
        glue.scratch = delta.scratch;
    return result;
}

static reason close_base(void) {
    uint32_t type;
    do {
        type = snap_next_section(&reader);
        snap_skip_section(&reader);
    } while (type != 0 && type != SNAP_SECTION_END);
    if (reader.status == SNAP_OK)
        reader.status = zip_end();
    leave_base();
    if (reader.status == SNAP_ERROR_READ && file_failure() != 0)
        return file_failure();
    if (reader.status == SNAP_OK &&
        snap_read_fingerprint(&reader, snapify_config.identity) != delta.base.fingerprint)
        return (reason)SNAP_ERROR_BASE;
    return (reason)reader.status;
}

void delta_load(const struct directory *directory, const char *name, uint32_t clean) {
    struct snap_runs runs;
    reason result = open_base(directory, name, delta.base.number, &runs);
    if (result == 0) {
        if (runs.pages < clean || runs.pages > app_pages() * SNAP_PAGES_OF_WASM)
            reader.status = SNAP_ERROR_BASE;
        reader.trusting = restore_trusts();
        snap_read_pages(&reader, at(0), clean, &runs);
        result = close_base();
    }
    if (result == 0)
        return;
    tell(name, result, "");
    wasi_proc_exit(SNAPIFY_EXIT_UNFIT);
}

/* ---- comparing ---- */

/* The pages of a run, at most SNAP_RUN_MAX, are passed over, their hashes are read. Where the base
 * is compressed that takes decompressing it: slower than to seek, and still no bytes to be written.
 */
static void compare_run(const struct snap_runs *runs, uint8_t *same, uint32_t pages) {
    size_t size = (size_t)runs->count * SNAP_PAGE_SIZE;
    if (size > reader.left || !snap_io_skip(size)) {
        reader.status = SNAP_ERROR_READ;
        return;
    }
    reader.left -= size;
    for (uint32_t page = runs->first; page < runs->first + runs->count; page++) {
        uint8_t old[SNAP_PAGE_HASH_SIZE], new[SNAP_PAGE_HASH_SIZE];
        if (snap_read_bytes(&reader, old, sizeof old) != SNAP_OK || page >= pages)
            continue;
        snap_page_hash(at(page * SNAP_PAGE_SIZE), new);
        if (memcmp(old, new, sizeof old) == 0) {
            same[page / 8] |= (uint8_t)(1u << page % 8);
            delta.same_pages++;
        }
    }
}

static reason compare(const struct directory *directory, uint8_t *same, uint32_t pages) {
    struct snap_runs runs;
    reason result = open_base(directory, save_name(), delta.base.number, &runs);
    if (result != 0)
        return result;
    while (snap_read_run(&reader, &runs))
        compare_run(&runs, same, pages);
    snap_read_section_end(&reader);
    return close_base();
}

reason delta_find(const struct directory *directory, struct snap_base **base) {
    uint32_t pages = app_pages() * SNAP_PAGES_OF_WASM;
    uint8_t *same = scratch_take(pages / 8);
    *base = NULL;
    if (same == NULL)
        return REASON_NO_MEMORY;
    memset(same, 0, pages / 8);
    delta.same_pages = 0;
    delta.base.same = same;
    if (delta.base.number == 0)
        return 0;
    reason result = compare(directory, same, pages);
    if (result != 0)
        tell(save_name(), result, "; saving everything");
    else if (delta.base.stored <= delta.same_pages)
        *base = &delta.base;
    return 0;
}

/* ---- a new base ---- */

/* What cannot be read is nothing that a program could be restored from. */
uint32_t delta_free_number(const struct directory *directory) {
    struct snap_runs runs;
    reason result = open_base(directory, save_name(), 0, &runs);
    if (result == REASON_NO_MEMORY)
        return 0;
    if (result != 0)
        return 1;
    leave_base();
    return runs.delta && runs.number == 1 ? 2 : 1;
}

struct snap_base *delta_begin(uint32_t number, uint64_t fingerprint) {
    uint32_t pages = app_pages() * SNAP_PAGES_OF_WASM;
    delta_adopt(number, fingerprint);
    delta.base.stored = 0;
    memset((uint8_t *)(uintptr_t)delta.base.same, 0xff, pages / 8);
    return &delta.base;
}
