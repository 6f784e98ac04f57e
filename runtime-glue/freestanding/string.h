/*
 * string.h for the glue: the four functions of mem.c. As builtins, so that copies of a few bytes
 * become loads and stores although the glue is compiled without a libc.
 */
#ifndef SNAPIFY_GLUE_STRING_H
#define SNAPIFY_GLUE_STRING_H

#include <stddef.h>

#define memcpy __builtin_memcpy
#define memmove __builtin_memmove
#define memset __builtin_memset
#define memcmp __builtin_memcmp

#endif
