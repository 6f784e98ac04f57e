/*
 * write_all.h: writing that is not cut short.
 */
#ifndef SNAPIFY_SUPPORT_WRITE_ALL_H
#define SNAPIFY_SUPPORT_WRITE_ALL_H

#include <stdbool.h>
#include <stddef.h>

/* Writes `size` bytes, however many write(2) takes at once, and goes on after signals. False: not
 * all could be written, see errno. */
bool write_all(int file, const void *bytes, size_t size);

#endif
