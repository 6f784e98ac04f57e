/*
 * make_frames.c: makes the pictures that people_counter.c counts in, and says what is in them.
 *
 *     make_frames FOLDER [FRAMES]
 *
 * Writes FOLDER/000.pgm and so on (320 x 240, 8 bit) and, on standard output, the report that the
 * program should come to. The same pictures on every machine: the noise comes from a small
 * generator of its own.
 *
 * A scene is a dark room, brighter to one side, with sensor noise. People stand in different cells
 * of a grid, so that they never touch, at different heights; each is a head, a body and two legs,
 * which only the body connects. Specks of light, as bright as a person but small, must not be
 * counted.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    WIDTH = 320,
    HEIGHT = 240,
    CELL_WIDTH = 40,
    CELL_HEIGHT = 80,
    COLUMNS = WIDTH / CELL_WIDTH,
    CELLS = COLUMNS * (HEIGHT / CELL_HEIGHT),
    MOST_PEOPLE = 12,
};

struct scene {
    uint32_t random;
    unsigned char pixels[HEIGHT][WIDTH];
};

static unsigned next_random(struct scene *scene, unsigned below) {
    scene->random = scene->random * 1664525u + 1013904223u;
    return (scene->random >> 16) % below;
}

static void paint_room(struct scene *scene) {
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            scene->pixels[y][x] = (unsigned char)(30 + x / 8 + y / 24 + next_random(scene, 12));
        }
    }
}

static void paint_box(struct scene *scene, int x, int y, int width, int height) {
    for (int row = y; row < y + height; row++) {
        for (int column = x; column < x + width; column++) {
            scene->pixels[row][column] = (unsigned char)(190 + next_random(scene, 40));
        }
    }
}

static void paint_disc(struct scene *scene, int x, int y, int radius) {
    for (int row = -radius; row <= radius; row++) {
        for (int column = -radius; column <= radius; column++) {
            if (row * row + column * column <= radius * radius) {
                paint_box(scene, x + column, y + row, 1, 1);
            }
        }
    }
}

/* In the cell whose upper left corner is (x, y): 12 to 15 pixels wide, 45 to 60 high. */
static void paint_person(struct scene *scene, int x, int y) {
    const int height = 45 + (int)next_random(scene, 16);
    const int wide = 12 + (int)next_random(scene, 4);
    const int left = x + 4 + (int)next_random(scene, 18);
    const int top = y + 4 + (int)next_random(scene, 12);
    const int body = (height - 10) / 2;
    paint_disc(scene, left + wide / 2, top + 5, 5);
    paint_box(scene, left, top + 10, wide, body);
    paint_box(scene, left, top + 10 + body, 4, height - 10 - body);
    paint_box(scene, left + wide - 4, top + 10 + body, 4, height - 10 - body);
}

/* Up to 6 by 6 pixels. */
static void paint_speck(struct scene *scene, int x, int y) {
    paint_box(scene, x + 8 + (int)next_random(scene, 20), y + 20 + (int)next_random(scene, 40),
              2 + (int)next_random(scene, 5), 2 + (int)next_random(scene, 5));
}

/* Each cell holds one person, one speck or nothing. Returns the number of people. */
static int paint_scene(struct scene *scene, int number) {
    const int wanted = (number * 5 + 3) % (MOST_PEOPLE + 1);
    int people = 0;
    scene->random = 12345u + 777u * (uint32_t)number;
    paint_room(scene);
    for (int i = 0; i < CELLS; i++) {
        const int cell = (i * 7 + number) % CELLS; /* 7 and 24 share no factor: each cell once */
        const int x = cell % COLUMNS * CELL_WIDTH;
        const int y = cell / COLUMNS * CELL_HEIGHT;
        if (people < wanted) {
            paint_person(scene, x, y);
            people++;
        } else if (i % 3 == 0) {
            paint_speck(scene, x, y);
        }
    }
    return people;
}

static int write_pgm(const struct scene *scene, const char *folder, int number) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%03d.pgm", folder, number);
    FILE *file = fopen(path, "wb");
    if (!file) {
        perror(path);
        return -1;
    }
    fprintf(file, "P5\n%d %d\n255\n", WIDTH, HEIGHT);
    fwrite(scene->pixels, 1, sizeof scene->pixels, file);
    if (fclose(file) != 0) {
        perror(path);
        return -1;
    }
    return 0;
}

int main(int argc, char **argv) {
    const int frames = argc > 2 ? atoi(argv[2]) : 20;
    struct scene scene;
    int total = 0;
    if (argc < 2) {
        fputs("usage: make_frames FOLDER [FRAMES]\n", stderr);
        return 2;
    }
    for (int number = 0; number < frames; number++) {
        int people = paint_scene(&scene, number);
        if (write_pgm(&scene, argv[1], number) != 0) {
            return 1;
        }
        printf("frame %03d: %d\n", number, people);
        total += people;
    }
    printf("total: %d\n", total);
    return 0;
}
