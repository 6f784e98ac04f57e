#include "snapshot-tool/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/write_all.h"

#define TEMPORARY_NAMES 100

/* A regular file, or none yet, is written beside its place; the umask decides the mode. */
static int create_beside(struct output *output) {
    for (int i = 0; i < TEMPORARY_NAMES; i++) {
        free(output->temporary);
        output->temporary = mem_printf("%s.%ld-%d.tmp", output->path, (long)getpid(), i);
        int file = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (file >= 0 || errno != EEXIST)
            return file;
    }
    return -1;
}

static int open_file(struct output *output) {
    struct stat status;
    if (strcmp(output->path, "-") == 0)
        return STDOUT_FILENO;
    if (stat(output->path, &status) == 0 && !S_ISREG(status.st_mode))
        return open(output->path, O_WRONLY | O_CLOEXEC);
    int file = create_beside(output);
    if (file < 0) {
        free(output->temporary);
        output->temporary = NULL;
    }
    return file;
}

int output_open(struct output *output, const struct tool *tool, const char *path) {
    const struct tool_options *options = &tool->options;
    *output = (struct output){.path = path, .file = -1};
    if (strcmp(path, "-") == 0 && isatty(STDOUT_FILENO))
        return tool_refuse(NULL, NULL, "a snapshot is nothing for a terminal");
    output->file = open_file(output);
    if (output->file < 0)
        return tool_refuse(path, NULL, "cannot be written: %s", strerror(errno));
    if (options->encrypt)
        output->seal = seal_open(tool->output_key);
    if (options->zstd > 0)
        output->zip = zip_open(options->zstd, options->window_long);
    return TOOL_OK;
}

bool output_to_file(struct output *output, const void *bytes, size_t size) {
    if (output->error == 0 && !write_all(output->file, bytes, size))
        output->error = errno;
    return output->error == 0;
}

bool output_to_seal(struct output *output, const void *bytes, size_t size) {
    return output->seal ? seal_write(output->seal, output, bytes, size)
                        : output_to_file(output, bytes, size);
}

enum snap_io_result output_write(void *context, const void *bytes, size_t size) {
    struct output *output = context;
    bool done = output->zip ? zip_write(output->zip, output, bytes, size)
                            : output_to_seal(output, bytes, size);
    return done ? SNAP_IO_OK : SNAP_IO_FAILED;
}

static void finish_file(struct output *output, bool keep) {
    if (output->file >= 0 && output->file != STDOUT_FILENO) {
        if (keep && output->temporary && fsync(output->file) < 0 && output->error == 0)
            output->error = errno;
        if (close(output->file) < 0 && output->error == 0)
            output->error = errno;
    }
    if (keep && output->temporary && output->error == 0 &&
        rename(output->temporary, output->path) < 0)
        output->error = errno;
    if (output->temporary && (!keep || output->error != 0))
        unlink(output->temporary);
}

int output_finish(struct output *output, int status) {
    if (status == TOOL_OK && output->zip)
        zip_finish(output->zip, output);
    if (status == TOOL_OK && output->seal)
        seal_finish(output->seal, output);
    finish_file(output, status == TOOL_OK);
    zip_free(output->zip);
    seal_free(output->seal);
    free(output->temporary);
    output->temporary = NULL;
    if (status == TOOL_OK && output->error != 0)
        status = tool_refuse(output->path, NULL, "cannot be written: %s", strerror(output->error));
    return status;
}
