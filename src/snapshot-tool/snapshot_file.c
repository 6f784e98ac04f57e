#include "snapshot-tool/snapshot_file.h"

#include <stdlib.h>
#include <string.h>

#include "snapshot-format/page_sum.h"

#define SECTIONS_MAX 4096
#define PLACE_OF_FILES 4

static void fail(struct snapshot *file, enum snap_error error) {
    if (file->reader.status == SNAP_OK)
        file->reader.status = error;
}

bool snapshot_failed(const struct snapshot *file) {
    return file->reader.status != SNAP_OK || file->input.fault != NULL;
}

/* ---- sections ---- */

/* 0: may stand anywhere. */
static int stage_of(uint32_t type) {
    switch (type) {
    case SNAP_SECTION_META:
        return 1;
    case SNAP_SECTION_GLOBALS:
        return 2;
    case SNAP_SECTION_MEMORY:
    case SNAP_SECTION_DELTA:
        return 3;
    case SNAP_SECTION_FRAMES:
        return 4;
    case SNAP_SECTION_END:
        return 5;
    default:
        return 0;
    }
}

/* The place of a section between META and GLOB, from 1; 0: it does not belong there. */
static int place_of(uint32_t type) {
    switch (type) {
    case SNAP_SECTION_PROCESS:
        return 1;
    case SNAP_SECTION_CLOCK:
        return 2;
    case SNAP_SECTION_TABLES:
        return 3;
    case SNAP_SECTION_FILES:
        return PLACE_OF_FILES;
    case SNAP_SECTION_CONTENTS:
        return PLACE_OF_FILES + 1;
    default:
        return 0;
    }
}

/* Each at most once and in this order; FILE and FDAT both or neither. */
static bool place_fits(struct snapshot *file, uint32_t type) {
    int place = place_of(type), before = file->place;
    bool files_began = before == PLACE_OF_FILES;
    if (place == 0)
        return type != SNAP_SECTION_GLOBALS || !files_began;
    file->place = place;
    return file->stage == 1 && place > before && files_began == (place == PLACE_OF_FILES + 1);
}

/* The lengths that META announces; those of the memory are checked with its runs. */
static bool length_fits(const struct snapshot *file, uint32_t type, uint64_t length) {
    switch (type) {
    case SNAP_SECTION_GLOBALS:
        return length == file->meta.globals_size;
    case SNAP_SECTION_FRAMES:
        return length == file->meta.frames_size;
    case SNAP_SECTION_END:
        return length == 0;
    default:
        return true;
    }
}

static void record(struct snapshot *file) {
    if (file->section_count == SECTIONS_MAX) {
        fail(file, SNAP_ERROR_LIMIT);
        return;
    }
    file->sections = mem_grow(file->sections, file->section_count + 1, sizeof *file->sections);
    file->sections[file->section_count++] = file->section;
}

static uint32_t begin_section(struct snapshot *file) {
    uint64_t offset = file->input.offset;
    uint32_t type = snap_next_section(&file->reader);
    file->section = (struct section){.type = file->reader.type, .offset = offset};
    file->open_section = file->reader.type != 0;
    if (type == 0)
        return 0;
    int stage = stage_of(type);
    file->section = (struct section){type, file->reader.flags, offset, file->reader.left, 0};
    record(file);
    if ((stage > 0 && stage != file->stage + 1) || !place_fits(file, type))
        fail(file, SNAP_ERROR_ORDER);
    else if (stage > 0)
        file->stage = stage;
    if (!length_fits(file, type, file->reader.left))
        fail(file, SNAP_ERROR_LENGTH);
    return file->reader.status == SNAP_OK ? type : 0;
}

static void end_section(struct snapshot *file) {
    uint8_t bytes[SNAP_PAGE_SIZE];
    if (!file->open_section)
        return;
    if (file->section.type == SNAP_SECTION_MEMORY || file->section.type == SNAP_SECTION_DELTA)
        while (snapshot_page(file))
            ;
    else
        while (snapshot_bytes(file, bytes, sizeof bytes) > 0)
            ;
    file->section.checksum = snap_hash_digest(&file->reader.hash);
    snap_read_section_end(&file->reader);
    file->open_section = false;
    if (file->section_count > 0)
        file->sections[file->section_count - 1] = file->section;
}

uint32_t snapshot_next(struct snapshot *file) {
    end_section(file);
    if (snapshot_failed(file) || file->ended)
        return 0;
    if (file->section.type == SNAP_SECTION_END) {
        file->ended = input_finish(&file->input) == 0;
        return 0;
    }
    uint32_t type = begin_section(file);
    if (type == SNAP_SECTION_MEMORY || type == SNAP_SECTION_DELTA)
        snap_read_runs(&file->reader, file->meta.app_pages * SNAP_PAGES_OF_WASM, &file->runs);
    return snapshot_failed(file) ? 0 : type;
}

size_t snapshot_bytes(struct snapshot *file, void *bytes, size_t size) {
    if (size > file->reader.left)
        size = (size_t)file->reader.left;
    if (size == 0 || snap_read_bytes(&file->reader, bytes, size) != SNAP_OK)
        return 0;
    return size;
}

void snapshot_content(struct snapshot *file, struct buf *out, size_t limit) {
    uint8_t bytes[SNAP_PAGE_SIZE];
    while (limit > 0) {
        size_t count = snapshot_bytes(file, bytes, limit < sizeof bytes ? limit : sizeof bytes);
        if (count == 0)
            return;
        buf_append(out, bytes, count);
        limit -= count;
    }
}

/* ---- pages ---- */

static bool next_run(struct snapshot *file) {
    bool found = snap_read_run(&file->reader, &file->runs);
    file->page_kind = file->runs.kind == SNAP_RUN_NAMED  ? PAGE_NAMED
                      : file->runs.kind == SNAP_RUN_SAME ? PAGE_SAME
                                                         : PAGE_STORED;
    file->in_run = found ? file->runs.count : 0;
    file->page_number = file->runs.first;
    return found;
}

static void sum_page(struct snapshot *file) {
    if (file->page_number == file->runs.first)
        page_sum_start(&file->run_sum);
    page_sum_add(&file->run_sum, file->page);
    if (file->in_run == 0)
        page_sum_end(&file->run_sum, &file->reader.hash);
}

/* Behind the last page of a run come the hashes of all. */
static void check_page(struct snapshot *file) {
    uint8_t wanted[SNAP_PAGE_HASH_SIZE];
    if (snapshot_failed(file))
        return;
    if (file->reader.form == SNAP_FORM_SUMMED)
        sum_page(file);
    if (file->reader.form != SNAP_FORM_HASHED)
        return;
    snap_page_hash(file->page, file->run_hashes[file->page_number - file->runs.first]);
    for (uint32_t i = 0; file->in_run == 0 && i < file->runs.count; i++)
        if (snap_read_bytes(&file->reader, wanted, sizeof wanted) == SNAP_OK &&
            memcmp(wanted, file->run_hashes[i], sizeof wanted) != 0)
            fail(file, SNAP_ERROR_CHECKSUM);
}

bool snapshot_page(struct snapshot *file) {
    if (file->in_run > 0)
        file->page_number++;
    else if (!next_run(file))
        return false;
    file->in_run--;
    if (file->page_kind == PAGE_NAMED) {
        snap_read_bytes(&file->reader, file->page_hash, sizeof file->page_hash);
    } else if (file->page_kind == PAGE_STORED) {
        snap_read_page_bytes(&file->reader, file->page, sizeof file->page);
        check_page(file);
    }
    return !snapshot_failed(file);
}

bool snapshot_is_delta(const struct snapshot *file) {
    for (size_t i = 0; i < file->section_count; i++)
        if (file->sections[i].type == SNAP_SECTION_DELTA)
            return true;
    return false;
}

uint64_t snapshot_fingerprint(const struct snapshot *file) {
    struct snap_hash hash;
    snap_hash_reset(&hash, file->header.form);
    snap_hash_update(&hash, file->header.identity, sizeof file->header.identity);
    for (size_t i = 0; i < file->section_count; i++) {
        uint8_t checksum[SNAP_CHECKSUM_SIZE];
        store_u64(checksum, file->sections[i].checksum);
        if ((file->sections[i].flags & SNAP_FLAG_MUST_KNOW) != 0)
            snap_hash_update(&hash, checksum, sizeof checksum);
    }
    return snap_hash_digest(&hash);
}

/* ---- open and close ---- */

static void read_meta(struct snapshot *file) {
    struct buf content = {0};
    uint64_t length = file->reader.left;
    if (length > SNAP_META_LENGTH_MAX) {
        fail(file, SNAP_ERROR_LIMIT);
        return;
    }
    snapshot_content(file, &content, (size_t)length);
    end_section(file);
    file->meta_bytes = content.data;
    if (snapshot_failed(file))
        return;
    enum snap_error error = snap_parse_meta(content.data, (uint32_t)length, &file->meta);
    if (error != SNAP_OK)
        fail(file, error);
}

int snapshot_open(struct snapshot *file, const char *path, const struct input_options *options) {
    memset(file, 0, sizeof *file);
    if (input_open(&file->input, path, options) < 0)
        return -1;
    struct snap_io io = {.read = input_read, .context = &file->input};
    snap_read_header(&file->reader, io, &file->header);
    uint32_t type = 0;
    while (!snapshot_failed(file) && type != SNAP_SECTION_META)
        type = snapshot_next(file);
    if (type == SNAP_SECTION_META)
        read_meta(file);
    return snapshot_failed(file) ? -1 : 0;
}

void snapshot_close(struct snapshot *file) {
    input_close(&file->input);
    free(file->meta_bytes);
    free(file->sections);
    file->meta_bytes = NULL;
    file->sections = NULL;
}

/* ---- names ---- */

struct type_name section_type_name(uint32_t type) {
    struct type_name name;
    for (int i = 0; i < 4; i++) {
        char letter = (char)(type >> 8 * i);
        name.text[i] = letter > ' ' && letter < 0x7f ? letter : '.';
    }
    name.text[4] = '\0';
    return name;
}

struct snapshot_fault snapshot_fault(const struct snapshot *file) {
    struct snapshot_fault fault = {.text = file->input.fault};
    if (!fault.text)
        fault.text = snap_error_text(file->reader.status);
    if (!file->input.stage || file->reader.status == SNAP_OK)
        return fault;
    bool early = file->reader.status == SNAP_ERROR_TRUNCATED;
    fault.has_offset = true;
    fault.offset = early ? file->input.offset : file->input.last_offset;
    if (file->section.type != 0)
        fault.section = section_type_name(file->section.type);
    return fault;
}

const char *snapshot_node(const struct snap_meta *meta, uint32_t number) {
    const char *name = meta->nodes.bytes;
    if (number == 0 || number > meta->node_count)
        return NULL;
    while (--number > 0)
        name += strlen(name) + 1;
    return name;
}
