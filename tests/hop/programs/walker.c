/*
 * Proves: a directory stream keeps its position: every entry comes exactly once, whatever engine
 * lists the directory, also behind rewinddir; a file is opened below an open directory.
 */
#include "kafu.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    DIRECTORY = 3, /* the first preopened one */
    FILES = 150,   /* more than one buffer of entries */
};

KAFU_DEST("edge1")
int step(int x) {
    return x;
}

static void name_of(int i, char *name, size_t size) {
    snprintf(name, size, "file-with-a-long-name-%d", i);
}

static void make_files(int directory) {
    char name[64];
    for (int i = 0; i < FILES; i++) {
        name_of(i, name, sizeof name);
        int fd = openat(directory, name, O_WRONLY | O_CREAT, 0666);
        if (fd < 0 || write(fd, name, strlen(name)) < 0 || close(fd) != 0) {
            printf("cannot make %s: %s\n", name, strerror(errno));
            exit(1);
        }
    }
}

/* The file's number, -1 for "." and "..". */
static int number_of(const struct dirent *entry) {
    return entry->d_name[0] == '.' ? -1 : atoi(strrchr(entry->d_name, '-') + 1);
}

static unsigned char seen[FILES];

static int walk(DIR *stream, int *count) {
    struct dirent *entry;
    int twice = 0;
    while ((entry = readdir(stream))) {
        int number = number_of(entry);
        if (number >= 0) {
            twice += seen[number]++;
            step((*count)++ % 50 == 0 ? 1 : 0);
        }
    }
    return twice;
}

int main(void) {
    mkdirat(DIRECTORY, "sub", 0777);
    int directory = openat(DIRECTORY, "sub", O_RDONLY | O_DIRECTORY);
    make_files(directory);
    DIR *stream = fdopendir(directory);
    int count = 0;
    int twice = walk(stream, &count);
    printf("%d entries, %d twice\n", count, twice);

    rewinddir(stream);
    memset(seen, 0, sizeof seen);
    for (int i = 0; i < 100; i++) {
        readdir(stream);
    }
    step(1);
    rewinddir(stream);
    count = 0;
    twice = walk(stream, &count);
    printf("again %d entries, %d twice\n", count, twice);

    char name[64], text[64] = "";
    name_of(step(7), name, sizeof name);
    int fd = openat(directory, name, O_RDONLY);
    step(2);
    printf("%zd %s\n", read(fd, text, sizeof text - 1), text);
    return 0;
}
