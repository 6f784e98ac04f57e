/*
 * For tests/hop/requests: sleeps where it may leave. Slices of the sleep are
 * much shorter, so a request is obeyed before it ends.
 */
#include <stdio.h>
#include <time.h>

#include "kafu.h"

KAFU_MAY_OFFLOAD("cloud1")
int nap(long seconds) {
    struct timespec time = {seconds, 0};
    return nanosleep(&time, NULL);
}

int main(void) {
    printf("%d\n", nap(4));
    return 5;
}
