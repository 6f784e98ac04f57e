/* tak: Takeuchi's function, recursion with three arguments. */
#include "workload.h"

OWN_FUNCTION("tak") int tak(int x, int y, int z);

int tak(int x, int y, int z) {
    return y < x ? tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y)) : z;
}

uint32_t kernel(void) {
    return (uint32_t)tak(14, 8, 2);
}
