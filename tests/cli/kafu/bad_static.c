#include <kafu.h>

KAFU_DEST("edge1") static int f(int a) {
    return a;
}

int main(int argc, char **argv) {
    (void)argv;
    return f(argc);
}
