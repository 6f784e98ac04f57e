/*
 * A server that leaves between two reads of a connection: a move ends that, and the next one comes
 * to the socket that listens. Engines wait in accept() and recv(), or say that there is nothing
 * yet.
 */
#include "kafu.h"
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <wasi/api.h>

KAFU_DEST("edge1")
int step(int x) {
    return x;
}

static int find_listener(void) {
    __wasi_fdstat_t stat;
    for (int fd = 3; __wasi_fd_fdstat_get(fd, &stat) == 0; fd++)
        if (stat.fs_filetype == __WASI_FILETYPE_SOCKET_STREAM)
            return fd;
    return -1;
}

static int may_come(int fd) {
    struct pollfd wait = {fd, POLLIN, 0};
    return errno == EAGAIN && poll(&wait, 1, -1) >= 0;
}

static int next_connection(int listener) {
    int connection;
    do
        connection = accept(listener, NULL, NULL);
    while (connection < 0 && may_come(listener));
    if (connection < 0)
        printf("accept: %s\n", strerror(errno));
    return connection;
}

static void take_line(int connection) {
    char text[32];
    ssize_t size;
    do
        size = recv(connection, text, sizeof text, 0);
    while (size < 0 && may_come(connection));
    if (size < 0)
        printf("recv: %s\n", strerror(errno));
    else
        printf("got %.*s", (int)size, text);
}

int main(void) {
    int listener = find_listener();
    int connection = next_connection(listener);
    take_line(connection);
    step(1);
    take_line(connection);
    if (send(connection, "x", 1, 0) < 0)
        printf("send: %s\n", strerror(errno));
    printf("close %d\n", close(connection));
    connection = next_connection(listener);
    take_line(connection);
    send(connection, "bye\n", 4, 0);
    return 3;
}
