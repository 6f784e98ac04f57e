/*
 * memory: 64 MiB to save and to restore, by snapify or by hand.
 *
 *     memory idle        does nothing
 *     memory fill        fills the memory and calls leave(): rewritten and on another node it saves
 *     memory write FILE  fills it and writes it to FILE as a snapshot is written: under another
 *                        name, synced and renamed
 *     memory read FILE   reads it from FILE
 *
 * Each but idle ends in a sum of one word per page, so that what was moved is touched and checked.
 * FILE is below the preopened directory.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    SIZE = 64 << 20,
    CHUNK = 4 << 20, /* the glue's */
    PAGE = 4096
};

__attribute__((noinline, weak, export_name("leave"))) void leave(void);

void leave(void) {
    fflush(stdout);
}

static void fill(uint8_t *bytes) {
    uint64_t x = 88172645463325252u;
    for (size_t i = 0; i < SIZE; i += 8) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        memcpy(bytes + i, &x, 8);
    }
}

static size_t next_chunk(size_t done) {
    return SIZE - done < CHUNK ? SIZE - done : CHUNK;
}

static int write_all(const uint8_t *bytes, const char *name) {
    int file = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    for (size_t done = 0; done < SIZE;) {
        ssize_t count = write(file, bytes + done, next_chunk(done));
        if (count <= 0)
            return 1;
        done += (size_t)count;
    }
    return fsync(file) + close(file);
}

static int replace(const uint8_t *bytes, const char *name) {
    char temporary[512];
    if (snprintf(temporary, sizeof temporary, "%s.tmp", name) >= (int)sizeof temporary)
        return 1;
    return write_all(bytes, temporary) || rename(temporary, name);
}

static int read_all(uint8_t *bytes, const char *name) {
    int file = open(name, O_RDONLY);
    for (size_t done = 0; done < SIZE;) {
        ssize_t count = read(file, bytes + done, next_chunk(done));
        if (count <= 0)
            return 1;
        done += (size_t)count;
    }
    return close(file);
}

static int print_sum(const uint8_t *bytes) {
    uint32_t sum = 0;
    for (size_t i = 0; i < SIZE; i += PAGE)
        sum = sum * 31 + bytes[i];
    return printf("sum %08x\n", (unsigned)sum) < 0;
}

int main(int argc, char **argv) {
    const char *what = argc > 1 ? argv[1] : "idle";
    if (strcmp(what, "idle") == 0)
        return 0;
    uint8_t *bytes = malloc(SIZE);
    if (!bytes)
        return 1;
    if (strcmp(what, "read") == 0)
        return read_all(bytes, argv[2]) || print_sum(bytes);
    fill(bytes);
    if (strcmp(what, "write") == 0)
        return replace(bytes, argv[2]) || print_sum(bytes);
    leave();
    return print_sum(bytes);
}
