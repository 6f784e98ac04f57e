/* Static functions can be named from clang 17 on. */
#include <kafu.h>

KAFU_DEST(hidden, "edge1")
static int hidden(int (*f)(int), int a) {
    return f(a) + f(a + 1);
}

static int twice(int a) {
    return a * 2;
}

static int thrice(int a) {
    return a * 3;
}

int main(int argc, char **argv) {
    (void)argv;
    return hidden(twice, argc) + hidden(thrice, argc);
}
