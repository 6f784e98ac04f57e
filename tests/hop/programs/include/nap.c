/*
 * For tests/hop/requests: sleeps for an hour where it may leave, so that only a request ends it.
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
    printf("%d\n", nap(3600));
    return 5;
}
