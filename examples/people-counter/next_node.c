/*
 * next_node.c: says where a program that has left wants to go on.
 *
 *     next_node SNAPSHOT
 *
 * Prints "NODE KIND FUNCTION", for example "edge1 entry count_people", from the snapshot's head. In
 * a cluster the node's own daemon does this; here the demo does it with the library's reader.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "snapshot-format/snapshot.h"

static enum snap_io_result read_file(void *context, void *bytes, size_t size) {
    return fread(bytes, 1, size, context) == size ? SNAP_IO_OK : SNAP_IO_END;
}

/* Borrowed from the snapshot's names, or NULL. */
static const char *node_name(const struct snap_meta *meta) {
    const char *name = meta->nodes.bytes;
    const char *end = name + meta->nodes.size;
    for (uint32_t node = 1; node < meta->node_to && name < end; node++) {
        name += strnlen(name, (size_t)(end - name)) + 1;
    }
    return meta->node_to > 0 && name < end ? name : NULL;
}

static int print_destination(const struct snap_meta *meta) {
    static const char *const kinds[] = {"entry", "return", "loop"};
    const char *node = node_name(meta);
    if (!node || meta->kind >= sizeof kinds / sizeof *kinds) {
        fputs("next_node: the snapshot names no node\n", stderr);
        return 1;
    }
    printf("%s %s %.*s\n", node, kinds[meta->kind], (int)meta->function.size, meta->function.bytes);
    return 0;
}

static int read_snapshot(FILE *file) {
    struct snap_io io = {NULL, read_file, file};
    struct snap_reader reader;
    struct snap_header header;
    struct snap_meta meta;
    char *storage = NULL;
    int status = 1;

    snap_read_header(&reader, io, &header);
    if (snap_read_section(&reader, SNAP_SECTION_META) == SNAP_OK) {
        storage = malloc(reader.left + 1);
        if (storage) {
            snap_read_meta(&reader, storage, &meta);
        }
    }
    if (reader.status != SNAP_OK) {
        fprintf(stderr, "next_node: %s\n", snap_error_text(reader.status));
    } else if (storage) {
        status = print_destination(&meta);
    }
    free(storage);
    return status;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fputs("usage: next_node SNAPSHOT\n", stderr);
        return 2;
    }
    FILE *file = fopen(argv[1], "rb");
    if (!file) {
        perror(argv[1]);
        return 2;
    }
    int status = read_snapshot(file);
    fclose(file);
    return status;
}
