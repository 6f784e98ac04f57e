// Marks where only C++ has functions.
#include <kafu.h>

struct counter {
    int step(int a);
    int value;
};

namespace outer {
KAFU_DEST("edge1")
KAFU_DEST("edge2")
int overloaded(int a) {
    return a + 1;
}

KAFU_DEST("edge3") int overloaded(long a) {
    return static_cast<int>(a) + 2;
}

namespace inner {
KAFU_DEST("edge4") KAFU_MAY_OFFLOAD("cloud1") int nested(int a) {
    return a + 3;
}
} // namespace inner
} // namespace outer

KAFU_DEST("edge5") int counter::step(int a) {
    return value += a;
}

KAFU_DEST("edge6") extern inline int shared(int a) {
    return a + 4;
}

int main() {
    counter steps = {1};
    return outer::overloaded(1) + outer::overloaded(2L) + outer::inner::nested(3) + steps.step(4) +
           shared(5);
}
