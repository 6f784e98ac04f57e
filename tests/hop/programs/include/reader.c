/*
 * For tests/hop/requests: reads standard input to its end where it may leave, argv[1] bytes at a
 * time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kafu.h"

KAFU_MAY_OFFLOAD("cloud1")
int add_up(size_t room, int *count) {
    unsigned char bytes[100];
    int sum = 0;
    ssize_t size;
    while ((size = read(STDIN_FILENO, bytes, room)) > 0) {
        *count += (int)size;
        for (ssize_t i = 0; i < size; i++)
            sum += bytes[i];
    }
    return size < 0 ? -1 : sum;
}

int main(int argc, char **argv) {
    int count = 0;
    int sum = add_up(argc > 1 ? (size_t)atoi(argv[1]) : 100, &count);
    printf("%d bytes, %d\n", count, sum);
    return 3;
}
