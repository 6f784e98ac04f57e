/*
 * For tests/hop/files: keeps a file open while it moves, and says what became of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kafu.h"

KAFU_DEST("edge1")
int step(int x) {
    return x;
}

int main(int argc, char **argv) {
    int fd = openat(3, "kept", O_RDWR | O_CREAT, 0666);
    if (fd < 0 || write(fd, "12345", 5) != 5) {
        return 1;
    }
    if (argc > 1 && unlinkat(3, argv[1], 0) != 0) {
        return 2;
    }
    step(1);
    errno = 0;
    printf("%zd %d\n", write(fd, "6", 1), errno == EBADF);
    return 3;
}
