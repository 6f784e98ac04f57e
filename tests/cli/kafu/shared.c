/* The numbers of the marks in the header differ from those in shared_more.c. */
#include <kafu.h>

KAFU_DEST("edge3") int own(int a) {
    return a + 2;
}

#include "shared.h"

int more(int a);

int declared(int a) {
    return a * 5;
}

int main(void) {
    return own(1) + declared(2) + copied(3) + more(4);
}
