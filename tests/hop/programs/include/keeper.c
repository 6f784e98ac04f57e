/*
 * For tests/hop/files: keeps a file open while it moves, and says what became of it.
 *
 *     keeper [unlinked|below|many]    it has no name any more; it is in a directory of its own; it
 * is open 200 times more
 *
 * Ends with 3, with 4 if SECRET has a value.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kafu.h"

KAFU_DEST("edge1")
int step(int x) {
    return x;
}

enum {
    MANY = 200
};

static int keep(const char *name) {
    int fd = openat(3, name, O_RDWR | O_CREAT, 0666);
    if (fd < 0)
        exit(1);
    return fd;
}

int main(int argc, char **argv) {
    const char *how = argc > 1 ? argv[1] : "";
    const char *name = strcmp(how, "below") == 0 ? "below/kept" : "kept";
    if (strcmp(how, "below") == 0)
        mkdirat(3, "below", 0777);
    int fd = keep(name);
    if (write(fd, "12345", 5) != 5)
        return 1;
    if (strcmp(how, "unlinked") == 0 && unlinkat(3, name, 0) != 0)
        return 2;
    for (int i = 0; strcmp(how, "many") == 0 && i < MANY; i++)
        keep(name);
    step(1);
    errno = 0;
    printf("%zd %d\n", write(fd, "6", 1), errno == EBADF);
    const char *secret = getenv("SECRET");
    return secret && *secret ? 4 : 3;
}
