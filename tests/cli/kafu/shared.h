/* Marks in a header: on a declaration, and on a function that every unit has a copy of. */
#include <kafu.h>

KAFU_DEST("edge1")
KAFU_MAY_OFFLOAD("cloud1")
int declared(int a);

#ifdef __cplusplus
KAFU_DEST("edge2")
KAFU_MAY_OFFLOAD("cloud2")
inline int copied(int a) {
    return a + 1;
}
#else
#define copied declared
#endif
