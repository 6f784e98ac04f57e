/*
 * clang_dir.h: where the shims for clang's -B stand.
 */
#ifndef SNAPIFY_CLI_CLANG_DIR_H
#define SNAPIFY_CLI_CLANG_DIR_H

/* The absolute path of the directory, owned by the caller; NULL if there is none, or if the
 * program cannot find itself. */
char *clang_dir_find(void);

#endif
