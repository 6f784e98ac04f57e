/*
 * Native: calls a server.
 *
 *     caller              prints a port that nobody listens at
 *     caller PORT LINE    connects as soon as somebody listens there, says the line, prints the
 *                         answer to its end
 */
#include <arpa/inet.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in address_of(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static int print_free_port(void) {
    struct sockaddr_in address = address_of(0);
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, size) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0)
        return 1;
    printf("%d\n", ntohs(address.sin_port));
    return 0;
}

/* A socket that was refused cannot be used again. */
static int call(int port) {
    struct sockaddr_in address = address_of(port);
    for (;; sched_yield()) {
        int connection = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(connection, (struct sockaddr *)&address, sizeof address) == 0)
            return connection;
        close(connection);
    }
}

int main(int argc, char **argv) {
    char answer[64];
    ssize_t size;
    if (argc != 3)
        return print_free_port();
    int connection = call(atoi(argv[1]));
    if (dprintf(connection, "%s\n", argv[2]) < 0)
        return 1;
    while ((size = read(connection, answer, sizeof answer)) > 0)
        fwrite(answer, 1, (size_t)size, stdout);
    return 0;
}
