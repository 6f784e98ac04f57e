/*
 * files.c: a regular output is written under another name in its directory and then renamed, so
 * that nobody ever sees half a module. Signals wait meanwhile: that takes a moment only, and
 * neither a handler nor a global variable is needed to clean up. What is no regular file (a pipe,
 * a device) is written to as it is.
 */
#include "cli/files.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/write_all.h"

#define READ_BYTES ((size_t)64 << 10)
#define TEMPORARY_NAMES 100

struct target {
    bool direct;     /* no regular file: write as it is */
    char *path;      /* owned; links to regular files followed */
    char *directory; /* owned; where the temporary file goes */
};

static int fail(struct diag *diag, const char *what) {
    return diag_error(diag, (struct diag_place){0}, "%s: %s", what, strerror(errno));
}

static int read_all(int file, struct buf *bytes) {
    for (;;) {
        buf_reserve(bytes, READ_BYTES);
        ssize_t size = read(file, bytes->data + bytes->size, READ_BYTES);
        if (size == 0)
            return 0;
        if (size < 0 && errno != EINTR)
            return -1;
        bytes->size += size > 0 ? (size_t)size : 0;
    }
}

int file_read(const char *path, struct buf *bytes, struct diag *diag) {
    int outcome = -1;
    bool standard = strcmp(path, "-") == 0;
    int file = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (standard && isatty(file))
        diag_error(diag, (struct diag_place){0}, "a module cannot be typed in at a terminal");
    else if (file < 0 || read_all(file, bytes) < 0)
        fail(diag, "cannot read");
    else
        outcome = 0;
    if (file >= 0 && !standard)
        close(file);
    return outcome;
}

static char *directory_of(const char *path) {
    const char *slash = strrchr(path, '/');
    if (!slash)
        return mem_strdup(".");
    return slash == path ? mem_strdup("/") : mem_strndup(path, (size_t)(slash - path));
}

static void target_release(struct target *target) {
    free(target->path);
    free(target->directory);
}

/* Sets errno on failure; release the target in any case. */
static int target_find(struct target *target, const char *path) {
    struct stat status;
    *target = (struct target){0};
    bool exists = stat(path, &status) == 0;
    if (!exists && errno != ENOENT)
        return -1;
    if (exists && S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        return -1;
    }
    target->direct = exists && !S_ISREG(status.st_mode);
    /* realpath() gives names for pipes (/dev/stdout) that cannot be opened. */
    target->path = exists && !target->direct ? realpath(path, NULL) : mem_strdup(path);
    if (!target->path)
        return -1;
    target->directory = directory_of(target->path);
    /* Renaming would also replace a file that its owner protects from writing. */
    if (exists && access(target->path, W_OK) < 0)
        return -1;
    return target->direct ? 0 : access(target->directory, W_OK | X_OK);
}

int file_check_output(const char *path, struct diag *diag) {
    struct target target;
    if (strcmp(path, "-") == 0)
        return 0;
    int outcome = target_find(&target, path);
    if (outcome < 0)
        fail(diag, "cannot write");
    target_release(&target);
    return outcome;
}

static int write_direct(const char *path, const uint8_t *bytes, size_t size) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0)
        return -1;
    int outcome = write_all(file, bytes, size) ? 0 : -1;
    int error = errno;
    if (close(file) < 0 && outcome == 0)
        return -1;
    errno = error;
    return outcome;
}

/* The open file, its name in *path (owned by the caller), or -1. The umask decides the mode. */
static int create_temporary(const char *directory, char **path) {
    int file = -1;
    *path = NULL;
    for (int i = 0; i < TEMPORARY_NAMES && file < 0; i++) {
        free(*path);
        *path = mem_printf("%s/.snapify-%ld-%d.tmp", directory, (long)getpid(), i);
        file = open(*path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (file < 0 && errno != EEXIST)
            break;
    }
    return file;
}

static int write_and_rename(const struct target *target, const uint8_t *bytes, size_t size) {
    char *temporary;
    int outcome = -1, error = 0;
    int file = create_temporary(target->directory, &temporary);
    if (file < 0) {
        error = errno;
        goto done;
    }
    outcome = write_all(file, bytes, size) ? 0 : -1;
    error = errno;
    if (close(file) < 0 && outcome == 0) {
        outcome = -1;
        error = errno;
    }
    if (outcome == 0) {
        outcome = rename(temporary, target->path);
        error = errno;
    }
    if (outcome < 0)
        unlink(temporary);
done:
    free(temporary);
    errno = error;
    return outcome;
}

static int write_regular(const struct target *target, const uint8_t *bytes, size_t size) {
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    int outcome = write_and_rename(target, bytes, size);
    int error = errno;
    sigprocmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return outcome;
}

int file_write(const char *path, const uint8_t *bytes, size_t size, struct diag *diag) {
    struct target target = {0};
    int outcome;
    if (strcmp(path, "-") == 0)
        outcome = write_all(STDOUT_FILENO, bytes, size) ? 0 : -1;
    else if (target_find(&target, path) < 0)
        outcome = -1;
    else if (target.direct)
        outcome = write_direct(target.path, bytes, size);
    else
        outcome = write_regular(&target, bytes, size);
    if (outcome < 0)
        fail(diag, "cannot write");
    target_release(&target);
    return outcome;
}
