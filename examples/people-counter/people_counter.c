/*
 * people_counter.c: counts the people that a camera sees; the camera is at one node, the report is
 * written at another.
 *
 *     people_counter [FOLDER] [FRAMES]      FOLDER/000.pgm and so on, default /snap/frames, 20
 *
 * get_image_from_camera() and count_people() run on edge1, where the pictures are, main() runs on
 * cloud1, where the results are wanted. The program does not say how it gets there: the marks in
 * front of the functions do. Compiled natively they vanish, and it is an ordinary program.
 *
 * Open files do not travel yet: get_image_from_camera() opens, reads and closes its picture without
 * leaving edge1 in between. The pixels it returns are in memory, and memory travels.
 */
#include "kafu.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    CONTRAST = 60,         /* a person is that much brighter than the average of the picture */
    SMALLEST_PERSON = 100, /* pixels; anything smaller is noise */
    LARGEST_SIDE = 4096,
};

struct image {
    int width, height;
    unsigned char *pixels; /* owned; NULL if there is no picture */
};

/* ---- at the camera ---- */

/* Binary PGM, as make_frames.c writes it: one comment-free header, one byte per pixel. */
static struct image read_pgm(FILE *file) {
    struct image image = {0};
    if (fscanf(file, "P5 %d %d 255", &image.width, &image.height) != 2 || fgetc(file) == EOF ||
        image.width < 1 || image.width > LARGEST_SIDE || image.height < 1 ||
        image.height > LARGEST_SIDE) {
        return (struct image){0};
    }
    const size_t size = (size_t)image.width * (size_t)image.height;
    image.pixels = malloc(size);
    if (image.pixels && fread(image.pixels, 1, size, file) != size) {
        free(image.pixels);
        image.pixels = NULL;
    }
    return image;
}

KAFU_DEST("edge1")
struct image get_image_from_camera(const char *folder, int number) {
    struct image image = {0};
    char path[256];
    snprintf(path, sizeof path, "%s/%03d.pgm", folder, number);
    FILE *file = fopen(path, "rb");
    if (file) {
        image = read_pgm(file);
        fclose(file);
    }
    return image;
}

/* ---- counting: connected components by union-find ---- */

/* The label that stands for the component of `label`; shortens the way there. */
static int find(int *parents, int label) {
    while (parents[label] != label) {
        parents[label] = parents[parents[label]];
        label = parents[label];
    }
    return label;
}

static void join(int *parents, int left, int right) {
    left = find(parents, left);
    right = find(parents, right);
    parents[left > right ? left : right] = left > right ? right : left;
}

static int threshold_of(const struct image *image, int size) {
    long sum = 0;
    for (int i = 0; i < size; i++) {
        sum += image->pixels[i];
    }
    return (int)(sum / size) + CONTRAST;
}

/* Every bright pixel is a label of its own and joined with its left and upper neighbours; dark ones
 * get the label -1. */
static void label_pixels(const struct image *image, int *parents) {
    const int width = image->width;
    const int size = width * image->height;
    const int threshold = threshold_of(image, size);
    for (int i = 0; i < size; i++) {
        parents[i] = image->pixels[i] > threshold ? i : -1;
        if (parents[i] < 0) {
            continue;
        }
        if (i % width > 0 && parents[i - 1] >= 0) {
            join(parents, i - 1, i);
        }
        if (i >= width && parents[i - width] >= 0) {
            join(parents, i - width, i);
        }
    }
}

static int count_components(const struct image *image) {
    const int size = image->width * image->height;
    int *parents = malloc((size_t)size * sizeof *parents);
    int *areas = calloc((size_t)size, sizeof *areas);
    int people = -1;
    if (parents && areas) {
        label_pixels(image, parents);
        people = 0;
        for (int i = 0; i < size; i++) {
            if (parents[i] >= 0 && ++areas[find(parents, i)] == SMALLEST_PERSON) {
                people++;
            }
        }
    }
    free(areas);
    free(parents);
    return people;
}

/* Returns the number of people, or -1 if there is no picture. */
KAFU_DEST("edge1")
KAFU_MAY_OFFLOAD("cloud1")
int count_people(const char *folder, int number) {
    struct image image = get_image_from_camera(folder, number);
    int people = image.pixels ? count_components(&image) : -1;
    free(image.pixels);
    return people;
}

/* ---- the report ---- */

KAFU_DEST("cloud1")
int main(int argc, char **argv) {
    const char *folder = argc > 1 ? argv[1] : "/snap/frames";
    const int frames = argc > 2 ? atoi(argv[2]) : 20;
    int total = 0;
    for (int number = 0; number < frames; number++) {
        int people = count_people(folder, number);
        if (people < 0) {
            fprintf(stderr, "no picture %03d in %s\n", number, folder);
            return 1;
        }
        printf("frame %03d: %d\n", number, people);
        fflush(stdout); /* read while it grows */
        total += people;
    }
    printf("total: %d\n", total);
    return 0;
}
