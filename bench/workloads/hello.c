/* hello: what a start costs. */
#include <stdio.h>

__attribute__((noinline, weak, export_name("greet"))) int greet(void);

int greet(void) {
    return puts("hello");
}

int main(void) {
    return greet() < 0;
}
