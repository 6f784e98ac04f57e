#include "wasm/names.h"

#include <string.h>

#include "wasm/leb128.h"

static const char name[] = "name";

enum {
    SUBSECTION_FUNCTIONS = 1,
    SUBSECTION_LOCALS = 2,
    SUBSECTION_LABELS = 3,
    SUBSECTION_DATA = 9 /* up to here everybody agrees: modules, functions, locals, ... data */
};

bool wasm_is_name_section(const struct wasm_section *section) {
    return section->id == 0 && section->name.size == strlen(name) &&
           memcmp(section->name.data, name, strlen(name)) == 0;
}

static void begin(struct buf *section) {
    buf_append_uleb(section, strlen(name));
    buf_append_string(section, name);
}

static void finish(struct buf *section, struct buf *out) {
    buf_append_u8(out, 0);
    buf_append_uleb(out, section->size);
    buf_append(out, section->data, section->size);
    buf_release(section);
}

struct subsection {
    uint8_t id;
    struct wasm_bytes payload;
    struct wasm_bytes whole; /* id and size included */
};

/* Returns false at the end or where the section is malformed. */
static bool next_subsection(struct reader *reader, struct subsection *subsection) {
    size_t start = reader->at;
    uint32_t size;
    if (!reader_u8(reader, &subsection->id) || !reader_uleb32(reader, &size) ||
        !reader_skip(reader, size))
        return false;
    subsection->payload = (struct wasm_bytes){reader->data + reader->at - size, size};
    subsection->whole = (struct wasm_bytes){reader->data + start, reader->at - start};
    return true;
}

void wasm_copy_names(const struct wasm_section *section, struct buf *out) {
    struct reader reader = reader_over(section->payload.data, section->payload.size);
    struct buf kept = {0};
    struct subsection subsection;
    begin(&kept);
    while (next_subsection(&reader, &subsection))
        if (subsection.id <= SUBSECTION_DATA)
            buf_append(&kept, subsection.whole.data, subsection.whole.size);
    finish(&kept, out);
}

/* --- names of locals --- */

static bool skip_name_map(struct reader *reader) {
    uint32_t count, index, size;
    if (!reader_uleb32(reader, &count))
        return false;
    while (count-- > 0)
        if (!reader_uleb32(reader, &index) || !reader_uleb32(reader, &size) ||
            !reader_skip(reader, size))
            return false;
    return true;
}

static void read_locals(struct wasm_bytes payload, struct wasm_bytes *names, size_t count) {
    struct reader reader = reader_over(payload.data, payload.size);
    uint32_t functions = 0, function;
    if (!reader_uleb32(&reader, &functions))
        return;
    while (functions-- > 0 && reader_uleb32(&reader, &function)) {
        size_t start = reader.at;
        if (!skip_name_map(&reader))
            return;
        if (function < count)
            names[function] = (struct wasm_bytes){reader.data + start, reader.at - start};
    }
}

void wasm_read_local_names(const struct wasm_scan *scan, struct wasm_bytes *names, size_t count) {
    for (size_t i = 0; i < scan->section_count; i++) {
        const struct wasm_section *section = &scan->sections[i];
        struct reader reader = reader_over(section->payload.data, section->payload.size);
        struct subsection subsection;
        if (!wasm_is_name_section(section))
            continue;
        while (next_subsection(&reader, &subsection))
            if (subsection.id == SUBSECTION_LOCALS)
                read_locals(subsection.payload, names, count);
    }
}

/* --- the section with other names --- */

static void append_subsection(struct buf *section, uint8_t id, struct buf *payload) {
    buf_append_u8(section, id);
    buf_append_uleb(section, payload->size);
    buf_append(section, payload->data, payload->size);
    buf_release(payload);
}

/* A vector of (index, what belongs to it), `bytes` being the latter. */
static void append_map(struct buf *section, uint8_t id, const struct wasm_bytes *bytes,
                       size_t count, bool with_size) {
    struct buf payload = {0};
    size_t named = 0;
    for (size_t i = 0; i < count; i++)
        named += bytes[i].size > 0;
    if (named == 0)
        return;
    buf_append_uleb(&payload, named);
    for (size_t i = 0; i < count; i++) {
        if (bytes[i].size == 0)
            continue;
        buf_append_uleb(&payload, i);
        if (with_size)
            buf_append_uleb(&payload, bytes[i].size);
        buf_append(&payload, bytes[i].data, bytes[i].size);
    }
    append_subsection(section, id, &payload);
}

static void append_names(const struct wasm_function_names *names, struct buf *section) {
    if (names->functions)
        append_map(section, SUBSECTION_FUNCTIONS, names->functions, names->count, true);
    append_map(section, SUBSECTION_LOCALS, names->locals, names->count, false);
}

/* Subsections come in the order of their numbers. */
void wasm_replace_names(const struct wasm_section *section, const struct wasm_function_names *names,
                        struct buf *out) {
    struct reader reader = reader_over(section->payload.data, section->payload.size);
    struct buf kept = {0};
    struct subsection subsection;
    bool there = false;
    begin(&kept);
    while (next_subsection(&reader, &subsection)) {
        if (subsection.id >= SUBSECTION_FUNCTIONS && !there) {
            append_names(names, &kept);
            there = true;
        }
        if (subsection.id < SUBSECTION_FUNCTIONS || subsection.id > SUBSECTION_LABELS)
            buf_append(&kept, subsection.whole.data, subsection.whole.size);
    }
    if (!there)
        append_names(names, &kept);
    finish(&kept, out);
}
