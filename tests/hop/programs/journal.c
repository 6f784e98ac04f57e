/*
 * Proves: the pattern of a database: an old page is written to a journal and synced, the file is
 * changed in place, the journal is removed. Cut anywhere, then rolled back or not, the file is
 * consistent. The journal is also open when it has no name any more, and the file is replaced by a
 * rename.
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
    PAGE = 512,
    PAGES = 4,
};

KAFU_DEST("edge1")
int step(int x) {
    return x;
}

static void need(int good, const char *what) {
    if (!good) {
        printf("%s: %s\n", what, strerror(errno));
        exit(1);
    }
}

static void write_page(int fd, int page, int value) {
    char bytes[PAGE];
    memset(bytes, value, sizeof bytes);
    need(pwrite(fd, bytes, sizeof bytes, (off_t)page * PAGE) == PAGE, "pwrite");
}

static int read_page(int fd, int page) {
    char bytes[PAGE];
    need(pread(fd, bytes, sizeof bytes, (off_t)page * PAGE) == PAGE, "pread");
    for (int i = 1; i < PAGE; i++) {
        need(bytes[i] == bytes[0], "torn page");
    }
    return bytes[0];
}

static void change(int database, int page, int value) {
    int journal = openat(DIRECTORY, "journal", O_RDWR | O_CREAT | O_TRUNC, 0666);
    need(journal >= 0, "journal");
    write_page(journal, 0, read_page(database, page));
    need(fsync(journal) == 0, "fsync");
    step(1);
    write_page(database, page, value);
    need(unlinkat(DIRECTORY, "journal", 0) == 0, "unlink");
    step(2);
    /* Every other change is rolled back from the journal that has no name. */
    if (value % 2 == 1) {
        write_page(database, page, read_page(journal, 0));
    }
    close(journal);
}

static void replace(int *database) {
    int fresh = openat(DIRECTORY, "fresh", O_RDWR | O_CREAT | O_TRUNC, 0666);
    need(fresh >= 0, "fresh");
    for (int page = 0; page < PAGES; page++) {
        write_page(fresh, page, read_page(*database, page) + 10);
    }
    step(3);
    need(renameat(DIRECTORY, "fresh", DIRECTORY, "database") == 0, "rename");
    step(4); /* the old one has no name, the new one another */
    printf("old %d, new %d\n", read_page(*database, 0), read_page(fresh, 0));
    close(*database);
    *database = fresh;
}

int main(void) {
    int database = openat(DIRECTORY, "database", O_RDWR | O_CREAT | O_TRUNC, 0666);
    need(database >= 0, "database");
    for (int page = 0; page < PAGES; page++) {
        write_page(database, page, 0);
    }
    for (int page = 0; page < PAGES; page++) {
        change(database, page, page + 3);
    }
    replace(&database);
    change(database, 0, 100);
    struct stat info;
    need(fstatat(DIRECTORY, "database", &info, 0) == 0 && info.st_size == PAGES * PAGE, "size");
    for (int page = 0; page < PAGES; page++) {
        printf("%d\n", read_page(database, page));
    }
    return 0;
}
