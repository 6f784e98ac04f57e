/*
 * Linked into the hop programs in front of the C library, so that a program's memory is the same on
 * every engine and their snapshots can be compared byte for byte. Two of the library's functions
 * leave in the unused part of the stack what the engine told them: isatty() asks for the kind and
 * rights of stdout; writev() is done in one call by some engines and in one call per piece by
 * others. Programs with "snapshots differ" do without this file.
 */
#include <errno.h>
#include <sys/uio.h>
#include <unistd.h>

int __isatty(int fd) {
    (void)fd;
    errno = ENOTTY;
    return 0;
}

ssize_t writev(int fd, const struct iovec *pieces, int count) {
    ssize_t total = 0;
    for (int i = 0; i < count; i++) {
        const char *bytes = pieces[i].iov_base;
        for (size_t left = pieces[i].iov_len; left > 0;) {
            ssize_t done = write(fd, bytes, left);
            if (done < 0) {
                return total > 0 ? total : -1;
            }
            bytes += done;
            left -= (size_t)done;
            total += done;
        }
    }
    return total;
}
