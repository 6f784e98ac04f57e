/*
 * Proves: files without a name travel with their contents: one with a hole, one that grows while it
 * has no name, an empty one, one that is only written to the end.
 */
#include "kafu.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    DIRECTORY = 3, /* the first preopened one */
};

KAFU_DEST("edge1")
int step(int x) {
    return x;
}

static int open_nameless(const char *name, int flags) {
    int fd = openat(DIRECTORY, name, O_RDWR | O_CREAT | flags, 0666);
    if (fd < 0 || unlinkat(DIRECTORY, name, 0) != 0) {
        printf("%s: %s\n", name, strerror(errno));
        exit(1);
    }
    return fd;
}

int main(void) {
    char text[8] = "";
    struct stat info;
    int hole = open_nameless("hole", 0);
    int growing = open_nameless("growing", 0);
    int empty = open_nameless("empty", 0);
    int appended = open_nameless("appended", O_APPEND);
    lseek(hole, 100000, SEEK_SET);
    write(hole, "end", 3);
    step(1);
    for (int i = 0; i < 3; i++) {
        write(growing, "xyz" + i, 1);
        lseek(appended, 0, SEEK_SET);
        write(appended, "abc" + i, 1);
        step(2);
    }
    fstat(hole, &info);
    pread(hole, text, 4, 99999);
    printf("hole %lld bytes, %d %s\n", (long long)info.st_size, text[0], text + 1);
    memset(text, 0, sizeof text);
    lseek(growing, step(0), SEEK_SET);
    read(growing, text, 3);
    printf("growing %s\n", text);
    pread(appended, text, 3, 0);
    printf("appended %s\n", text);
    printf("empty %zd\n", read(empty, text, 1));
    return 0;
}
