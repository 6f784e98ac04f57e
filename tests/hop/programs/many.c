/*
 * Proves: 200 files stay open with their positions, numbers that were closed are given again, and
 * a renumbered descriptor is the one it was.
 */
#include "kafu.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wasi/api.h>

enum {
    DIRECTORY = 3, /* the first preopened one */
    FILES = 200,
};

static int files[FILES];

KAFU_DEST("edge1")
int step(int x) {
    return x;
}

static int open_one(int i) {
    char name[32];
    snprintf(name, sizeof name, "many-%d", i);
    int fd = openat(DIRECTORY, name, O_RDWR | O_CREAT | O_TRUNC, 0666);
    if (fd < 0) {
        printf("%s: %s\n", name, strerror(errno));
        exit(1);
    }
    return fd;
}

/* Each file gets its number as a text, one byte at a time: the position is what counts. */
static void write_all(int digit) {
    char text[16];
    for (int i = 0; i < FILES; i++) {
        snprintf(text, sizeof text, "%03d", i);
        if (write(files[i], text + digit, 1) != 1) {
            printf("write %d: %s\n", i, strerror(errno));
            exit(1);
        }
    }
}

static int count_right(void) {
    int right = 0;
    for (int i = 0; i < FILES; i++) {
        char text[16] = "", wanted[16];
        snprintf(wanted, sizeof wanted, "%03d", i);
        right += pread(files[i], text, sizeof text, 0) == 3 && strcmp(text, wanted) == 0;
    }
    return right;
}

int main(void) {
    for (int i = 0; i < FILES; i++) {
        files[i] = open_one(i);
    }
    for (int digit = 0; digit < 3; digit++) {
        write_all(step(digit));
    }
    printf("%d right\n", count_right());

    /* The last one takes the number of the first one, which is gone; its own is free again. */
    char text[16] = "";
    lseek(files[FILES - 1], 1, SEEK_SET);
    printf("renumber %d\n", __wasi_fd_renumber(files[FILES - 1], files[0]));
    step(1);
    printf("%zd %s\n", read(files[0], text, sizeof text), text);
    printf("gone %d\n", read(files[FILES - 1], text, 1) < 0 && errno == EBADF);
    close(files[5]);
    step(2);
    files[5] = open_one(5);
    printf("%zd bytes\n", write(files[5], "x", 1));
    return 0;
}
