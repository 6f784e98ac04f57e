/*
 * clang_dir.c: relative to the program itself, so that a build tree and an installation can both
 * be moved: build/bin/snapify has build/clang-dir, PREFIX/bin/snapify has
 * PREFIX/libexec/snapify/clang.
 */
#include "cli/clang_dir.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "support/buf.h"

static const char *const places[] = {"libexec/snapify/clang", "clang-dir"};

/* The directory two levels up: build/ or PREFIX. Owned by the caller, or NULL. */
static char *find_prefix(void) {
    char *program = realpath("/proc/self/exe", NULL);
    for (int level = 0; program && level < 2; level++) {
        char *slash = strrchr(program, '/');
        if (!slash) {
            free(program);
            return NULL;
        }
        *slash = '\0';
    }
    return program;
}

char *clang_dir_find(void) {
    char *found = NULL;
    char *prefix = find_prefix();
    for (size_t i = 0; prefix && !found && i < sizeof places / sizeof *places; i++) {
        struct stat status;
        char *path = mem_printf("%s/%s", prefix, places[i]);
        if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
            found = path;
        else
            free(path);
    }
    free(prefix);
    return found;
}
