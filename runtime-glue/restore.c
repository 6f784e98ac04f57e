/*
 * restore.c: puts a snapshot into place, or ends the process with status 78.
 *
 * Two halves, because the region moves between them and nothing may be on the C stack then
 * (begin.c): restore_open() reads and checks all that can be known without touching memory,
 * restore_load() reads the rest to where it belongs.
 */
#include "runtime-glue/zip.h"

/* What the first half leaves to the second. Between two sections the reader holds no address. */
static struct {
    uint32_t app_pages;     /* of the snapshot */
    uint32_t old_app_pages; /* of this process, before it grows */
    uint32_t frames_size;   /* bytes */
    uint32_t frame_count;
} incoming;

_Noreturn void restore_refuse(reason reason) {
    if (reason == SNAP_ERROR_READ && file_failure() != 0)
        reason = file_failure();
    refuse(restore_name(), reason, "");
}

/* Only 0 means that a tool has verified the file. */
bool restore_trusts(void) {
    return setting_is("SNAPIFY_VERIFY", "0");
}

void restore_check(reason reason) {
    if (reason != 0)
        restore_refuse(reason);
}

reason snapshot_open(const struct place *place, uint64_t rights, bool early) {
    struct snap_header header;
    reason result = file_open(place, rights);
    if (result != 0)
        return result;
    result = early ? zip_open_early() : zip_open();
    if (result == 0)
        result = (reason)snap_read_header(&reader, file_io(), &header);
    if (result == 0 &&
        memcmp(header.identity, snapify_config.identity, sizeof header.identity) != 0)
        result = (reason)SNAP_ERROR_IDENTITY;
    if (result != 0)
        file_close();
    return result;
}

static void open_snapshot(bool early) {
    struct place place;
    reason result = place_find_home(&place, restore_name(), "");
    if (result == 0)
        result = snapshot_open(&place, zip_rights(), early);
    restore_check(result);
    reader.trusting = restore_trusts();
}

static bool point_exists(const struct snap_meta *meta) {
    return meta->point < snapify_config.point_count && point_info(meta->point)->kind == meta->kind;
}

static void check_fit(const struct snap_meta *meta) {
    if (meta->abi_version != SNAPIFY_ABI_VERSION)
        restore_refuse(SNAP_ERROR_ABI);
    if (meta->globals_size != snapify_config.globals_size || meta->export == 0 ||
        meta->export > snapify_config.export_count || !point_exists(meta) ||
        meta->app_pages < incoming.old_app_pages || meta->app_pages > snapify_config.app_max_pages)
        restore_refuse(SNAP_ERROR_UNFIT);
}

static void read_meta(void) {
    restore_check(snap_read_section(&reader, SNAP_SECTION_META));
    /* The names of nodes will be kept where scratch begins: the storage lies behind that. */
    scratch_reset();
    uint64_t size = reader.left;
    bool room = scratch_take(size + 16) != NULL;
    uint8_t *storage = scratch_take(size);
    if (!room || storage == NULL)
        restore_refuse(REASON_NO_MEMORY);
    struct snap_meta meta;
    restore_check(snap_read_meta(&reader, storage, &meta));
    check_fit(&meta);
    restore_check(nodes_adopt(&meta));
    incoming.app_pages = meta.app_pages;
    incoming.frames_size = meta.frames_size;
    incoming.frame_count = meta.frame_count;
    glue.generation = meta.generation;
    glue.export = meta.export;
    glue.point = meta.point;
}

void restore_open(void) {
    incoming.old_app_pages = app_pages();
    scratch_reset();
    open_snapshot(true);
    read_meta();
}

void restore_engine_state(void) {
    snapify_process_restore();
    snapify_clock_restore();
    snapify_tables_restore();
    snapify_files_restore();
}

uint32_t restore_app_more(void) {
    return incoming.app_pages - incoming.old_app_pages;
}

/* Frames, behind them the globals for a moment, later the reserve. */
uint32_t restore_region_more(void) {
    uint64_t size = frames_start() + (uint64_t)incoming.frames_size + frames_reserve() + 16 +
                    snapify_config.globals_size;
    uint64_t pages = (size + SNAPIFY_PAGE_SIZE - 1) / SNAPIFY_PAGE_SIZE;
    return pages > extra_get() ? (uint32_t)(pages - extra_get()) : 0;
}

_Noreturn void restore_no_memory(void) {
    restore_refuse(REASON_NO_MEMORY);
}

/* The snapshot is read again from its beginning to where it was left. */
static void open_snapshot_again(const struct snap_sums *sums, struct snap_runs *runs) {
    open_snapshot(false);
    uint64_t base = runs->base;
    restore_check(snap_read_memory_start(&reader, runs->pages, runs));
    if (reader.sums.count != sums->count ||
        memcmp(sums->items, reader.sums.items, sums->count * sizeof *sums->items) != 0 ||
        !runs->delta || runs->base != base)
        restore_refuse(SNAP_ERROR_BASE); /* it has been replaced meanwhile */
}

/* Under the pages of a delta those of its base. */
static void load_base(uint32_t clean, struct snap_runs *runs) {
    struct directory directory;
    const char *name = restore_name();
    if (runs->number == 0 || runs->number > 2)
        restore_refuse(SNAP_ERROR_DELTA);
    struct snap_sums sums = reader.sums;
    file_close();
    delta_adopt(runs->number, runs->base);
    restore_check(home_find(&directory));
    delta_load(&directory, name, clean);
    open_snapshot_again(&sums, runs);
    if (!text_equal(name, save_name()))
        delta_adopt(0, 0);
}

/* Pages that the application did not have before are zero. */
static void load_memory(void) {
    uint32_t clean = incoming.old_app_pages * SNAP_PAGES_OF_WASM;
    struct snap_runs runs;
    restore_check(snap_read_memory_start(&reader, incoming.app_pages * SNAP_PAGES_OF_WASM, &runs));
    if (runs.delta) {
        load_base(clean, &runs);
        clean = runs.pages;
    }
    restore_check(snap_read_pages(&reader, at(0), clean, &runs));
}

void restore_load(void) {
    reason moved = zip_moved();
    if (moved != 0)
        restore_refuse(moved);
    uint32_t frames = base_get() + frames_start();
    uint32_t globals = (frames + incoming.frames_size + 15) & ~15u;
    restore_check(snap_read_globals(&reader, at(globals), snapify_config.globals_size));
    glue.scratch = globals - base_get() + ((snapify_config.globals_size + 15) & ~15u);
    load_memory();
    restore_check(snap_read_frames(&reader, at(frames), incoming.frames_size));
    restore_check(snap_read_end(&reader));
    restore_check(zip_end());
    glue.base = snap_read_fingerprint(&reader, snapify_config.identity);
    file_close();

    globals_load(globals);
    if (inside_get() > snapify_config.offload_count)
        restore_refuse((reason)SNAP_ERROR_UNFIT);
    frames_set(frames + incoming.frames_size);
    zip_close();
    glue.frame_count = incoming.frame_count;
    glue.restored = true;
    turn_to_rewind();
}
