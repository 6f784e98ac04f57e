/*
 * snapshot_content.h: a program's state made up for tests of the snapshot format, written to and
 * read from memory.
 */
#ifndef SNAPIFY_TESTS_SNAPSHOT_CONTENT_H
#define SNAPIFY_TESTS_SNAPSHOT_CONTENT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "snapshot-format/snapshot.h"
#include "snapshot-format/snapshot_layout.h"
#include "support/buf.h"

#define PAGES 32u
#define GLOBALS_SIZE 24u
#define FRAMES_SIZE 320u

/* ---- a file in memory ---- */

struct source {
    const uint8_t *bytes;
    size_t size;
    size_t position;
    bool fails; /* instead of ending */
};

static enum snap_io_result read_source(void *context, void *bytes, size_t size) {
    struct source *source = context;
    if (size > source->size - source->position)
        return source->fails ? SNAP_IO_FAILED : SNAP_IO_END;
    memcpy(bytes, source->bytes + source->position, size);
    source->position += size;
    return SNAP_IO_OK;
}

struct sink {
    struct buf bytes;
    size_t room; /* then it fails */
};

static enum snap_io_result write_sink(void *context, const void *bytes, size_t size) {
    struct sink *sink = context;
    if (size > sink->room - sink->bytes.size)
        return SNAP_IO_FAILED;
    buf_append(&sink->bytes, bytes, size);
    return SNAP_IO_OK;
}

static struct snap_io sink_io(struct sink *sink) {
    return (struct snap_io){.write = write_sink, .context = sink};
}

static struct snap_io source_io(struct source *source) {
    return (struct snap_io){.read = read_source, .context = source};
}

/* ---- a program's state ---- */

struct content {
    struct snap_header header;
    struct snap_meta meta;
    char storage[400];
    uint8_t globals[GLOBALS_SIZE];
    _Alignas(8) uint8_t memory[PAGES * SNAP_PAGE_SIZE];
    uint8_t frames[FRAMES_SIZE];
};

static const char more_nodes[] = "n\xc3\xb8"
                                 "de\0"; /* two names, the second empty */

/* `full`: bit i set: page i is not zero. */
static inline struct content *make_content(uint32_t full) {
    struct content *content = calloc(1, sizeof *content);
    content->header.form = SNAP_FORM_HASHED;
    memcpy(content->header.identity, "0123456789abcdef", 16);
    content->meta = (struct snap_meta){
        .abi_version = 1,
        .app_pages = 2,
        .globals_size = GLOBALS_SIZE,
        .frames_size = FRAMES_SIZE,
        .frame_count = 7,
        .point = 3,
        .kind = 1,
        .node_to = 2,
        .node_from = 3,
        .node_count = 4,
        .nodes = {"edge1\0cloud1", 13},
        .more_nodes = {more_nodes, sizeof more_nodes},
        .function = {"count_people", 12},
        .export = 3,
        .export_name = {"run_once", 8},
    };
    memset(content->globals, 0x11, sizeof content->globals);
    memset(content->frames, 0x22, sizeof content->frames);
    for (uint32_t page = 0; page < PAGES; page++)
        if ((full >> page & 1) == 1)
            content->memory[page * SNAP_PAGE_SIZE + page * 170] = (uint8_t)(page + 1);
    return content;
}

static enum snap_error write_content(struct sink *sink, const struct content *content) {
    struct snap_writer writer;
    snap_write_header(&writer, sink_io(sink), &content->header);
    snap_write_meta(&writer, &content->meta);
    snap_write_globals(&writer, content->globals, GLOBALS_SIZE);
    snap_write_memory(&writer, content->memory, PAGES, NULL);
    snap_write_frames(&writer, content->frames, FRAMES_SIZE);
    return snap_write_end(&writer);
}

/* The memory is dirty before: what the snapshot has not must become zero. */
static enum snap_error read_content(struct source *source, struct content *content) {
    struct snap_reader reader;
    memset(content->memory, 0xdd, sizeof content->memory);
    snap_read_header(&reader, source_io(source), &content->header);
    snap_read_section(&reader, SNAP_SECTION_META);
    if (reader.status == SNAP_OK && reader.left > sizeof content->storage)
        return SNAP_ERROR_LIMIT;
    snap_read_meta(&reader, content->storage, &content->meta);
    snap_read_globals(&reader, content->globals, GLOBALS_SIZE);
    snap_read_memory(&reader, content->memory, PAGES, PAGES);
    snap_read_frames(&reader, content->frames, FRAMES_SIZE);
    return snap_read_end(&reader);
}

static inline enum snap_error read_bytes(const uint8_t *bytes, size_t size,
                                         struct content *content) {
    /* A copy of exactly that size lets the address sanitizer see every step beyond. */
    uint8_t *copy = malloc(size + 1);
    memcpy(copy, bytes, size);
    struct source source = {.bytes = copy, .size = size};
    enum snap_error error = read_content(&source, content);
    free(copy);
    return error;
}

static inline struct sink written(const struct content *content) {
    struct sink sink = {.room = SIZE_MAX};
    assert_int_equal(write_content(&sink, content), SNAP_OK);
    return sink;
}

static inline void assert_same(const struct content *a, const struct content *b) {
    assert_memory_equal(a->header.identity, b->header.identity, 16);
    assert_int_equal(b->meta.abi_version, 1);
    assert_int_equal(b->meta.app_pages, 2);
    assert_int_equal(b->meta.globals_size, GLOBALS_SIZE);
    assert_int_equal(b->meta.frames_size, FRAMES_SIZE);
    assert_int_equal(b->meta.frame_count, 7);
    assert_int_equal(b->meta.point, 3);
    assert_int_equal(b->meta.kind, 1);
    assert_int_equal(b->meta.node_to, 2);
    assert_int_equal(b->meta.node_from, 3);
    assert_int_equal(b->meta.node_count, 4);
    assert_int_equal(b->meta.nodes.size, 13 + sizeof more_nodes);
    assert_memory_equal(b->meta.nodes.bytes, "edge1\0cloud1", 13);
    assert_memory_equal(b->meta.nodes.bytes + 13, more_nodes, sizeof more_nodes);
    assert_int_equal(b->meta.function.size, 12);
    assert_memory_equal(b->meta.function.bytes, "count_people", 12);
    assert_int_equal(b->meta.export, 3);
    assert_int_equal(b->meta.export_name.size, 8);
    assert_memory_equal(b->meta.export_name.bytes, "run_once", 8);
    assert_memory_equal(a->globals, b->globals, GLOBALS_SIZE);
    assert_memory_equal(a->memory, b->memory, sizeof a->memory);
    assert_memory_equal(a->frames, b->frames, FRAMES_SIZE);
}

#endif
