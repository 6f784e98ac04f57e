/*
 * count.c: the program whose snapshots are kept: recursion, globals, pages that change and pages
 * that do not, an environment. Prints one line at its end.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kafu.h"

#define PAGE 4096

static unsigned char table[12 * PAGE];
static double weight = 0.5;

KAFU_DEST("edge1")
int touch(double factor) {
    table[PAGE] += 3;
    weight += factor;
    return 1;
}

__attribute__((noinline)) static int count(int depth, double factor) {
    table[depth % 4 * PAGE] += 1;
    int rest = depth == 0 ? touch(factor) : count(depth - 1, factor / 2);
    weight += factor;
    return rest + depth;
}

int main(void) {
    bool home = getenv("HOME") != NULL;
    memset(table + 6 * PAGE, 7, 3 * PAGE);
    int sum = count(9, 1.25);
    char text[] = "sum 00 weight 0 home ?\n";
    text[4] += (char)(sum / 10);
    text[5] += (char)(sum % 10);
    text[14] += (char)weight;
    text[21] = 'y' - 11 * !home;
    write(1, text, sizeof text - 1);
    return table[0] + table[3 * PAGE] == 5 && table[8 * PAGE] == 7 ? 0 : 1;
}
