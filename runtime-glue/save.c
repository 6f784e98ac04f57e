/*
 * save.c: all frames are saved; writes the snapshot and ends the process.
 *
 * It is written under another name, synced and renamed, so that whoever finds SNAPIFY_SAVE finds a
 * whole snapshot. If anything fails the program goes on as if nothing had happened.
 */
#include "runtime-glue/zip.h"

struct snap_writer writer;

void save_failed(reason reason) {
    turn_to_rewind();
    if (glue.complained)
        return;
    glue.complained = true;
    line_begin("cannot save ");
    line_add(save_name());
    if (setting("SNAPIFY_DIR") != NULL) {
        line_add(" in ");
        line_add(setting("SNAPIFY_DIR"));
    }
    snapify_files_blame();
    line_end(reason, "; going on");
}

static uint32_t frames_size(void) {
    return frames_get() - base_get() - frames_start();
}

/* Only when asked for: otherwise the same state gives the same bytes. */
static uint64_t time_of_day(void) {
    uint64_t time = 0;
    if (setting("SNAPIFY_TIME") != NULL)
        wasi_clock_time_get(WASI_CLOCK_REALTIME, 1, &time);
    return time;
}

static void describe(struct snap_meta *meta) {
    const struct snapify_point_info *info = point_info(glue.point);
    const char *function = (const char *)at(base_get() + info->name_offset);
    meta->abi_version = SNAPIFY_ABI_VERSION;
    meta->app_pages = app_pages();
    meta->globals_size = snapify_config.globals_size;
    meta->frames_size = frames_size();
    meta->frame_count = glue.frame_count;
    meta->point = glue.point;
    meta->kind = info->kind;
    meta->node_to = glue.goal;
    meta->node_from = glue.here;
    meta->node_count = snapify_config.node_count + glue.more_nodes;
    meta->nodes = nodes_built_in();
    meta->more_nodes = nodes_kept();
    meta->function = (struct snap_bytes){function, text_size(function)};
    meta->export = glue.export;
    meta->export_name = (struct snap_bytes){export_name(), text_size(export_name())};
    meta->base = glue.base;
    meta->time = time_of_day();
    meta->generation = glue.generation + 1;
}

/* Into the file just created. */
static reason write_snapshot(const uint8_t *globals, struct snap_base *base) {
    struct snap_header header;
    /* A delta has to know what a base's pages are. */
    header.form = delta_is_wanted()                 ? SNAP_FORM_HASHED
                  : setting_is("SNAPIFY_HASH", "0") ? SNAP_FORM_BARE
                                                    : SNAP_FORM_SUMMED;
    memcpy(header.identity, snapify_config.identity, sizeof header.identity);
    struct snap_meta meta;
    describe(&meta);
    snap_write_header(&writer, file_io(), &header);
    snap_write_meta(&writer, &meta);
    snapify_process_write();
    snapify_clock_write();
    snapify_tables_write();
    reason result = snapify_files_write();
    if (result != 0)
        return result;
    snap_write_globals(&writer, globals, meta.globals_size);
    snap_write_memory(&writer, at(0), meta.app_pages * SNAP_PAGES_OF_WASM, base);
    snap_write_frames(&writer, at(base_get() + frames_start()), meta.frames_size);
    enum snap_error error = snap_write_end(&writer);
    if (error == SNAP_ERROR_WRITE)
        return file_failure();
    return (reason)error;
}

static reason write_file(const struct place *place, const uint8_t *globals,
                         struct snap_base *base) {
    reason result = file_create(place);
    if (result != 0)
        return result;
    zip_create();
    result = write_snapshot(globals, base);
    if (result == 0 && !zip_finish())
        result = file_failure();
    if (result != 0)
        file_close();
    else
        result = file_finish();
    if (result != 0)
        place_remove(place);
    return result;
}

/* Some engines cannot rename. */
static reason write_and_rename(const struct directory *home, const char *suffix,
                               const uint8_t *globals, struct snap_base *base) {
    struct place place, temporary;
    if (place_find(&place, home, save_name(), suffix) != 0 ||
        place_find(&temporary, home, save_name(), ".tmp") != 0)
        return REASON_NO_MEMORY;
    reason result = write_file(&temporary, globals, base);
    if (result != 0)
        return result;
    result = place_rename(&temporary, place.path, text_size(place.path));
    if (result == 0)
        return 0;
    place_remove(&temporary);
    if (result == WASI_ENOTSUP || result == WASI_ENOSYS)
        return write_file(&place, globals, base);
    return result;
}

/* The older base is no longer needed when the newest snapshot is a delta of the new one. */
static reason write_with_base(const struct directory *home, const uint8_t *globals) {
    struct snap_base *base;
    struct place older;
    uint32_t number = 0;
    reason result = delta_find(home, &base);
    if (result == 0 && base == NULL) {
        number = delta_free_number(home);
        if (number == 0)
            return REASON_NO_MEMORY;
        glue.saving_base = true;
        result = write_and_rename(home, delta_suffix(number), globals, NULL);
        glue.saving_base = false;
        if (result == 0)
            base = delta_begin(number, snap_write_fingerprint(&writer, snapify_config.identity));
    }
    if (result == 0)
        result = write_and_rename(home, "", globals, base);
    if (result == 0 && number > 0 &&
        place_find(&older, home, save_name(), delta_suffix(3 - number)) == 0)
        place_remove(&older);
    return result;
}

static reason save(void) {
    /* First: it can move the frames, and scratch lies behind them. */
    reason result = snapify_poll_name_goal();
    if (result == 0)
        result = snapify_files_check();
    if (result != 0)
        return result;
    scratch_reset();
    uint8_t *globals = scratch_take(snapify_config.globals_size);
    if (globals == NULL)
        return REASON_NO_MEMORY;
    memset(globals, 0, snapify_config.globals_size); /* their padding is written, too */
    globals_save((frames_get() + 15) & ~15u);
    struct directory directory;
    result = home_find(&directory);
    if (result != 0)
        return result;
    return delta_is_wanted() ? write_with_base(&directory, globals)
                             : write_and_rename(&directory, "", globals, NULL);
}

SNAPIFY_EXPORT("snapify_leave") void snapify_leave(void) {
    reason result = save();
    snapify_poll_go_on();
    if (result != 0) {
        save_failed(result);
        return;
    }
    if (glue.saving) {
        glue.generation++;
        glue.base = snap_write_fingerprint(&writer, snapify_config.identity);
        turn_to_rewind();
        return;
    }
    snapify_poll_request_is_done();
    wasi_proc_exit(SNAPIFY_EXIT_SAVED);
}
