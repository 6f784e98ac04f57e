/*
 * snapshot_node.c: the node that a snapshot names, read with the project's own reader.
 */
#include "hop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "snapshot-format/snapshot.h"
#include "snapshot-format/zip_layout.h"

static enum snap_io_result read_file(void *context, void *bytes, size_t size) {
    return fread(bytes, 1, size, context) == size ? SNAP_IO_OK : SNAP_IO_END;
}

/* Node 0 is called "(any)"; a number without a name gives NULL. */
static char *node_name(const struct snap_meta *meta) {
    const char *name = meta->nodes.bytes;
    const char *end = name + meta->nodes.size;
    if (meta->node_to == 0) {
        return strdup("(any)");
    }
    for (uint32_t node = 1; name && name < end; node++) {
        size_t length = strnlen(name, (size_t)(end - name));
        if (node == meta->node_to) {
            return strndup(name, length);
        }
        name += length + 1;
    }
    return NULL;
}

/* In place of a compressed file, one with what is in it. */
static FILE *decompressed(FILE *file) {
    FILE *plain = tmpfile();
    ZSTD_DCtx *context = ZSTD_createDCtx();
    static uint8_t from[1 << 16], to[1 << 16];
    for (size_t left = 1, size; left > 0 && (size = fread(from, 1, sizeof from, file)) > 0;) {
        ZSTD_inBuffer in = {from, size, 0};
        while (in.pos < in.size && left > 0) {
            ZSTD_outBuffer out = {to, sizeof to, 0};
            left = ZSTD_decompressStream(context, &out, &in);
            fwrite(to, 1, ZSTD_isError(left) ? 0 : out.pos, plain);
            left = ZSTD_isError(left) ? 0 : left;
        }
    }
    ZSTD_freeDCtx(context);
    fclose(file);
    rewind(plain);
    return plain;
}

static FILE *open_snapshot(const char *path) {
    FILE *file = fopen(path, "rbe");
    uint32_t magic = 0;
    if (file && fread(&magic, 1, sizeof magic, file) == sizeof magic && magic == ZIP_MAGIC) {
        rewind(file);
        return decompressed(file);
    }
    if (file) {
        rewind(file);
    }
    return file;
}

char *snapshot_node(const char *path) {
    FILE *file = open_snapshot(path);
    struct snap_io io = {NULL, read_file, file};
    struct snap_reader reader;
    struct snap_header header;
    struct snap_meta meta;
    char *storage = NULL;
    char *name = NULL;

    if (!file) {
        return NULL;
    }
    snap_read_header(&reader, io, &header);
    if (snap_read_section(&reader, SNAP_SECTION_META) == SNAP_OK) {
        storage = malloc(reader.left + 1);
        if (storage && snap_read_meta(&reader, storage, &meta) == SNAP_OK) {
            name = node_name(&meta);
        }
    }
    free(storage);
    fclose(file);
    return name;
}
