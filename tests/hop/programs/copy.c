/*
 * Proves: a copy loop over two files that is cut anywhere loses no byte and writes none twice, with
 * read, write, pread, pwrite and C streams, whose buffers are half full at the cut.
 */
#include "kafu.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    DIRECTORY = 3, /* the first preopened one */
    SIZE = 3000,
    PIECE = 701,
};

KAFU_DEST("edge1")
int step(int x) {
    return x;
}

static char byte_at(int i) {
    return (char)('a' + i * 7 % 26 + i / 1000);
}

static int open_file(const char *name, int flags) {
    int fd = openat(DIRECTORY, name, flags, 0666);
    if (fd < 0) {
        printf("%s: %s\n", name, strerror(errno));
        exit(1);
    }
    return fd;
}

static void make(int fd) {
    char bytes[SIZE];
    for (int i = 0; i < SIZE; i++) {
        bytes[i] = byte_at(i);
    }
    if (write(fd, bytes, SIZE) != SIZE) {
        exit(2);
    }
}

static int check(const char *name, int size) {
    char bytes[SIZE + 1];
    int fd = open_file(name, O_RDONLY);
    int right = 0;
    ssize_t got = read(fd, bytes, sizeof bytes);
    for (int i = 0; i < got; i++) {
        right += bytes[i] == byte_at(i);
    }
    close(fd);
    return got == size ? right : -1;
}

static void copy_by_descriptor(int from) {
    char piece[PIECE];
    int to = open_file("copy", O_WRONLY | O_CREAT | O_TRUNC);
    ssize_t got;
    while ((got = read(from, piece, sizeof piece)) > 0) {
        ssize_t half = write(to, piece, (size_t)got / 2);
        step(1);
        if (half < 0 || write(to, piece + half, (size_t)(got - half)) < 0) {
            exit(3);
        }
    }
    step(2);
    /* Backwards, at positions that are named. */
    for (int at = 0; at < 4; at++) {
        pread(from, piece, 10, at * 100);
        pwrite(to, piece, (size_t)step(10), at * 100);
    }
    close(to);
}

static void copy_by_stream(int from) {
    FILE *in = fdopen(from, "r");
    FILE *out = fdopen(open_file("stream", O_WRONLY | O_CREAT | O_TRUNC), "w");
    int c;
    rewind(in);
    for (int i = 0; (c = getc(in)) != EOF; i++) {
        putc(i % 1100 == 0 ? c + step(0) : c, out);
    }
    fclose(out);
    fclose(in);
}

int main(void) {
    int from = open_file("original", O_RDWR | O_CREAT | O_TRUNC);
    make(from);
    lseek(from, 0, SEEK_SET);
    copy_by_descriptor(from);
    printf("copy %d\n", check("copy", SIZE));
    copy_by_stream(from);
    printf("stream %d\n", check("stream", SIZE));
    return 0;
}
