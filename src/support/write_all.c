#include "support/write_all.h"

#include <errno.h>
#include <unistd.h>

bool write_all(int file, const void *bytes, size_t size) {
    for (const char *next = bytes; size > 0;) {
        ssize_t count = write(file, next, size);
        if (count == 0)
            errno = EIO; /* or it would be tried for ever */
        if (count == 0 || (count < 0 && errno != EINTR))
            return false;
        next += count > 0 ? count : 0;
        size -= count > 0 ? (size_t)count : 0;
    }
    return true;
}
