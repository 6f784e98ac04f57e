#include "wasm/names.h"

#include <string.h>

#include "wasm/leb128.h"

static const char name[] = "name";

enum {
    SUBSECTION_DATA = 9 /* up to here everybody agrees: modules, functions, locals, ... data */
};

bool wasm_is_name_section(const struct wasm_section *section) {
    return section->id == 0 && section->name.size == strlen(name) &&
           memcmp(section->name.data, name, strlen(name)) == 0;
}

void wasm_copy_names(const struct wasm_section *section, struct buf *out) {
    struct reader reader = reader_over(section->payload.data, section->payload.size);
    struct buf kept = {0};
    uint8_t id;
    uint32_t size;
    buf_append_uleb(&kept, strlen(name));
    buf_append_string(&kept, name);
    for (size_t start = 0;
         reader_u8(&reader, &id) && reader_uleb32(&reader, &size) && reader_skip(&reader, size);
         start = reader.at)
        if (id <= SUBSECTION_DATA)
            buf_append(&kept, section->payload.data + start, reader.at - start);
    buf_append_u8(out, 0);
    buf_append_uleb(out, kept.size);
    buf_append(out, kept.data, kept.size);
    buf_release(&kept);
}
