#include "snapshot-tool/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define WAIT_NS UINT64_C(1000000000)
#define EVERY_NS UINT64_C(100000000)
#define WIDTH 30

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

void progress_begin(struct progress *progress, const char *what, uint64_t total, bool wanted) {
    *progress = (struct progress){.what = what, .total = total};
    progress->wanted = wanted && total > 0 && isatty(STDERR_FILENO);
    if (progress->wanted)
        progress->start = now();
}

void progress_update(struct progress *progress, uint64_t done) {
    if (!progress->wanted)
        return;
    uint64_t time = now();
    if (time - progress->start < WAIT_NS || time - progress->shown < EVERY_NS)
        return;
    progress->shown = time;
    double part = done < progress->total ? (double)done / (double)progress->total : 1;
    char bar[WIDTH + 1];
    for (int i = 0; i < WIDTH; i++)
        bar[i] = i < (int)(part * WIDTH) ? '#' : '.';
    bar[WIDTH] = '\0';
    fprintf(stderr, "\r%.40s [%s] %3d %%", progress->what, bar, (int)(part * 100));
}

void progress_end(struct progress *progress) {
    if (progress->shown > 0)
        fputs("\r\x1b[K", stderr);
    progress->shown = 0;
    progress->wanted = false;
}
