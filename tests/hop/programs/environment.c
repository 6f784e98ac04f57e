/*
 * Proves: the program's own changes to its environment travel; the engine's environment of the next
 * leg does not replace them.
 */
#include "kafu.h"
#include <stdio.h>
#include <stdlib.h>

static const char *look(const char *name) {
    const char *value = getenv(name);
    return value ? value : "(unset)";
}

KAFU_DEST("edge1")
void move(const char *value) {
    setenv("HOP_PLACE", value, 1);
}

int main(void) {
    printf("%s\n", look("HOP_PLACE"));
    setenv("HOP_PLACE", "start", 1);
    setenv("HOP_OTHER", "kept", 1);
    const char *other = getenv("HOP_OTHER");
    move("edge");
    printf("%s %s\n", look("HOP_PLACE"), other);
    unsetenv("HOP_OTHER");
    move("edge again");
    printf("%s %s\n", look("HOP_PLACE"), look("HOP_OTHER"));
    return 0;
}
