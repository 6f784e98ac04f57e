/*
 * restore.c: puts a snapshot into place, or ends the process with status 78.
 *
 * Two halves, because the region moves between them and nothing may be on the C stack then
 * (begin.c): restore_open() reads and checks all that can be known without touching memory,
 * restore_load() reads the rest to where it belongs.
 */
#include "runtime-glue/glue.h"

/* What the first half leaves to the second. Between two sections the reader holds no address. */
static struct {
    struct snap_reader reader;
    uint32_t app_pages;     /* of the snapshot */
    uint32_t old_app_pages; /* of this process, before it grows */
    uint32_t frames_size;   /* bytes */
    uint32_t frame_count;
} incoming;

_Noreturn void restore_refuse(reason reason) {
    if (reason == SNAP_ERROR_READ && file_failure() != 0)
        reason = file_failure();
    refuse(setting("SNAPIFY_RESTORE"), reason, NULL);
}

void restore_check(enum snap_error error) {
    if (error != SNAP_OK)
        restore_refuse((reason)error);
}

static void open_snapshot(const char *name) {
    struct directory directory;
    scratch_reset();
    reason result = directory_find(&directory, setting("SNAPIFY_DIR"));
    if (result != 0)
        restore_refuse(result);
    const char *path = directory_path(&directory, name, "");
    if (path == NULL)
        restore_refuse(REASON_NO_MEMORY);
    result = file_open(directory.fd, path);
    if (result != 0)
        restore_refuse(result);
}

static void read_header(void) {
    struct snap_header header;
    restore_check(snap_read_header(&incoming.reader, file_io(), &header));
    if (memcmp(header.identity, snapify_config.identity, sizeof header.identity) != 0)
        restore_refuse(SNAP_ERROR_IDENTITY);
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
    restore_check(snap_read_section(&incoming.reader, SNAP_SECTION_META));
    /* The names of nodes will be kept where scratch begins: the storage lies behind that. */
    scratch_reset();
    uint64_t size = incoming.reader.left;
    bool room = scratch_take(size + 16) != NULL;
    uint8_t *storage = scratch_take(size);
    if (!room || storage == NULL)
        restore_refuse(REASON_NO_MEMORY);
    struct snap_meta meta;
    restore_check(snap_read_meta(&incoming.reader, storage, &meta));
    check_fit(&meta);
    restore_check(nodes_adopt(&meta));
    incoming.app_pages = meta.app_pages;
    incoming.frames_size = meta.frames_size;
    incoming.frame_count = meta.frame_count;
    glue.generation = meta.generation;
    glue.export = meta.export;
    glue.point = meta.point;
}

void restore_open(const char *name) {
    incoming.old_app_pages = real_pages() - extra_get();
    open_snapshot(name);
    read_header();
    read_meta();
}

void restore_engine_state(void) {
    snapify_process_restore(&incoming.reader);
    snapify_clock_restore(&incoming.reader);
    snapify_tables_restore(&incoming.reader);
    snapify_files_restore(&incoming.reader);
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

/* Pages that the application did not have before are zero. */
void restore_load(void) {
    const uint32_t ratio = SNAPIFY_PAGE_SIZE / SNAP_PAGE_SIZE;
    uint32_t frames = base_get() + frames_start();
    uint32_t globals = (frames + incoming.frames_size + 15) & ~15u;
    restore_check(snap_read_globals(&incoming.reader, at(globals), snapify_config.globals_size));
    restore_check(snap_read_memory(&incoming.reader, at(0), incoming.app_pages * ratio,
                                   incoming.old_app_pages * ratio));
    restore_check(snap_read_frames(&incoming.reader, at(frames), incoming.frames_size));
    restore_check(snap_read_end(&incoming.reader));
    glue.base = snap_read_fingerprint(&incoming.reader, snapify_config.identity);
    file_close();

    globals_load(globals);
    if (inside_get() > snapify_config.offload_count)
        restore_refuse((reason)SNAP_ERROR_UNFIT);
    frames_set(frames + incoming.frames_size);
    glue.frame_count = incoming.frame_count;
    glue.restored = true;
    turn_to_rewind();
}
