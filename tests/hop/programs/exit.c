/*
 * Proves: exit() inside a marked function, three calls deep, with unflushed output: the handlers of
 * atexit run, one of them calls a marked function, and there is no return point.
 */
#include "kafu.h"
#include <stdio.h>
#include <stdlib.h>

KAFU_DEST("cloud1")
int last_words(int x) {
    return x + 1;
}

static void at_end(void) {
    printf("handler %d\n", last_words(41));
}

KAFU_DEST("edge1")
void give_up(int x) {
    if (x == 0) {
        exit(7);
    }
    printf("give up %d\n", x);
    give_up(x - 1);
    printf("never\n");
}

int main(void) {
    atexit(at_end);
    printf("start, ");
    give_up(2);
    return 1;
}
