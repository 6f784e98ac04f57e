/* Marks of every form, in C and C++. */
#include <kafu.h>

#define CLOUD                                                                                      \
    "cloud"                                                                                        \
    "1"

typedef struct {
    int width, height;
    unsigned char pixels[64];
} image_t;

KAFU_DEST("edge1")
image_t get_image(int seed) {
    image_t image = {8, 8, {1, 2, (unsigned char)seed}};
    return image;
}

KAFU_DEST("edge1")
KAFU_DEST("edge2")
KAFU_MAY_OFFLOAD(CLOUD)
int count(int seed) {
    image_t image = get_image(seed);
    return image.pixels[2] + image.width;
}

KAFU_DEST(named, "edge3")
KAFU_EXPORT(named)
int named(int a);

int named(int a) {
    return a * 3;
}

KAFU_MAY_OFFLOAD("cloud2")
KAFU_EXPORT(exported)
int exported(int a) {
    return a + 4;
}

#ifdef __cplusplus
extern "C" {
#endif
KAFU_DEST("edge4") KAFU_MAY_OFFLOAD("cloud3") int in_c(int (*f)(int), int a) {
    return f(a) + f(a + 1);
}
KAFU_DEST("edge7") KAFU_EXPORT(exported_in_c) int exported_in_c(void) {
    return 6;
}
#ifdef __cplusplus
}
#endif

KAFU_DEST("edge8")
KAFU_DEST(mixed, "edge9")
KAFU_EXPORT(mixed)
int mixed(int a) {
    return a + 7;
}

KAFU_DEST("edge5") KAFU_DEST("edge6") int one_line(void) {
    return 5;
}

KAFU_DEST(CLOUD)
int main(void) {
    return count(1) + named(2) + exported(3) + in_c(named, 4) + in_c(exported, 5) + one_line() +
           exported_in_c() + mixed(6);
}
