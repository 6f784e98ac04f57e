/*
 * Proves: a program that reads its standard input around hops: what the C library has read ahead
 * travels in memory, the end of the input is found behind it.
 */
#include "kafu.h"
#include <stdio.h>
#include <string.h>

static char line[64];

KAFU_DEST("edge1")
int read_there(void) {
    if (!fgets(line, sizeof line, stdin)) {
        return -1;
    }
    line[strcspn(line, "\n")] = 0;
    return (int)strlen(line);
}

int main(void) {
    int number = 0;
    if (scanf("%d", &number) != 1) {
        return 1;
    }
    printf("number %d, rest %d\n", number, read_there());
    int length = 0;
    while ((length = read_there()) >= 0) {
        printf("%d %s\n", length, line);
    }
    printf("end %d\n", feof(stdin) != 0);
    return 0;
}
