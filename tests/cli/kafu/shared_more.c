#include "shared.h"

int more(int a);

KAFU_DEST("edge4") int last(int a) {
    return a + 3;
}

int more(int a) {
    return copied(a) + declared(a) + last(a);
}
