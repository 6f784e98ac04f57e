/*
 * Proves: a program that appends to a log, reads it back at another position and truncates it, on
 * descriptors whose numbers it keeps: numbers, offsets, append and flags come back.
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
};

KAFU_DEST("edge1")
int step(int x) {
    return x;
}

static void fail(const char *what) {
    printf("%s: %s\n", what, strerror(errno));
    exit(1);
}

static void append(int log, int i) {
    char line[32];
    int size = snprintf(line, sizeof line, "line %d\n", i);
    if (write(log, line, (size_t)size) != size) {
        fail("write");
    }
}

int main(void) {
    char text[64] = "";
    unlinkat(DIRECTORY, "log", 0); /* wasmi takes no O_APPEND | O_TRUNC */
    int log = openat(DIRECTORY, "log", O_WRONLY | O_CREAT | O_APPEND, 0666);
    int reader = openat(DIRECTORY, "log", O_RDONLY);
    if (log < 0 || reader < 0) {
        fail("open");
    }
    for (int i = 0; i < 3; i++) {
        append(log, step(i));
        ssize_t got = read(reader, text, 4);
        printf("read %zd \"%.*s\" at %lld\n", got, (int)got, text,
               (long long)lseek(reader, 0, SEEK_CUR));
    }
    lseek(log, 0, SEEK_SET);
    append(log, step(3)); /* at the end, for all the seeking */
    printf("flags %d, size %lld\n", (fcntl(log, F_GETFL) & O_APPEND) != 0,
           (long long)lseek(reader, 0, SEEK_END));
    if (ftruncate(log, step(7)) != 0) {
        fail("ftruncate");
    }
    close(reader);
    step(0);
    int again = openat(DIRECTORY, "log", O_RDONLY);
    ssize_t got = read(again, text, sizeof text);
    printf("again: %zd bytes\n", got);
    errno = 0;
    close(log);
    printf("closed %zd %d\n", write(log, "x", 1), errno == EBADF);
    return 0;
}
