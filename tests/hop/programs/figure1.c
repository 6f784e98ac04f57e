/*
 * Proves: the program of the paper's first figure works as it stands: a marked main, a function
 * that returns a structure, two marks on one function.
 */
#include "kafu.h"
#include <stdio.h>
#include <unistd.h>

typedef struct {
    int w, h;
    unsigned char px[64];
} image_t;

KAFU_DEST("edge1")
image_t get_image_from_camera() {
    image_t image = {8, 8, {1, 2, 3}};
    return image;
}

static int inference(image_t i) {
    int s = 0;
    for (int k = 0; k < 64; k++)
        s += i.px[k];
    return s;
}

KAFU_DEST("edge1")
KAFU_MAY_OFFLOAD("cloud1")
int count_people() {
    image_t image = get_image_from_camera();
    return inference(image);
}

KAFU_DEST("cloud1")
int main() {
    for (int n = 0; n < 3; n++) {
        printf("count: %d\n", count_people());
        sleep(0);
    }
}
