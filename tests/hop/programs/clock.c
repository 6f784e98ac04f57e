/*
 * Proves: monotonic time goes on where it stopped, whatever the next engine counts from, and sleeps
 * around hops last as long as they should.
 */
#include "kafu.h"
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

KAFU_DEST("edge1")
int step(int x) {
    return x;
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

int main(void) {
    const int64_t start = now();
    int64_t last = start;
    int backwards = 0;
    for (int i = 0; i < 5; i++) {
        struct timespec nap = {0, 2000000};
        step(i);
        int64_t before = now();
        backwards += before < last;
        nanosleep(&nap, NULL);
        last = now();
        backwards += last - before < 1000000; /* Node's timers may fire a millisecond early */
    }
    printf("backwards %d\n", backwards);
    printf("slept %d, not for ever %d\n", now() - start >= 5000000,
           now() - start < INT64_C(20000000000));
    return 0;
}
