/*
 * files.h: the bytes of the input come in, those of the output go out, or nothing does.
 */
#ifndef SNAPIFY_CLI_FILES_H
#define SNAPIFY_CLI_FILES_H

#include "support/buf.h"
#include "support/diag.h"

/* Appends the whole of `path` ("-": standard input) to `bytes`. Returns 0, or -1 with an error. */
int file_read(const char *path, struct buf *bytes, struct diag *diag);

/* Whether file_write() has a chance, so that a long rewriting is not done in vain. Changes
 * nothing. Returns 0, or -1 with an error. */
int file_check_output(const char *path, struct diag *diag);

/* Writes `path` ("-": standard output). A regular file, the input itself included, has its new
 * content all at once or not at all. Returns 0, or -1 with an error. */
int file_write(const char *path, const uint8_t *bytes, size_t size, struct diag *diag);

#endif
