/* filters: what the people counter does to a picture: blurs it, finds edges, a histogram and a
 * threshold, and counts the bright regions. */
#include <string.h>

#include "workload.h"

enum {
    WIDTH = 160,
    HEIGHT = 120,
    SPOTS = 12
};

static uint8_t picture[HEIGHT][WIDTH], blurred[HEIGHT][WIDTH], bright[HEIGHT][WIDTH];

static void paint(void) {
    uint32_t seed = 23;
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            picture[y][x] = (uint8_t)(40 + x / 8 + next_random(&seed) % 16);
    for (int i = 0; i < SPOTS; i++) {
        int left = (int)(next_random(&seed) % (WIDTH - 12)), top = i * (HEIGHT / SPOTS);
        for (int y = top; y < top + 7; y++)
            memset(&picture[y][left], 220, 9);
    }
}

static void blur(void) {
    for (int y = 1; y < HEIGHT - 1; y++)
        for (int x = 1; x < WIDTH - 1; x++) {
            int sum = 0;
            for (int dy = -1; dy <= 1; dy++)
                for (int dx = -1; dx <= 1; dx++)
                    sum += picture[y + dy][x + dx];
            blurred[y][x] = (uint8_t)(sum / 9);
        }
}

static uint32_t edges(void) {
    uint32_t sum = 0;
    for (int y = 1; y < HEIGHT - 1; y++)
        for (int x = 1; x < WIDTH - 1; x++) {
            int across = blurred[y][x + 1] - blurred[y][x - 1];
            int down = blurred[y + 1][x] - blurred[y - 1][x];
            sum += (uint32_t)(abs(across) + abs(down));
        }
    return sum;
}

/* The least value that only a twentieth of the picture lies above. */
static int threshold(void) {
    uint32_t histogram[256] = {0}, above = 0;
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            histogram[blurred[y][x]]++;
    int value = 255;
    while (value > 0 && above < WIDTH * HEIGHT / 20)
        above += histogram[value--];
    return value;
}

static void erase(int x, int y) {
    if (x < 0 || x >= WIDTH || y < 0 || y >= HEIGHT || !bright[y][x])
        return;
    bright[y][x] = 0;
    erase(x - 1, y);
    erase(x + 1, y);
    erase(x, y - 1);
    erase(x, y + 1);
}

uint32_t kernel(void) {
    uint32_t regions = 0;
    paint();
    blur();
    int limit = threshold();
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            bright[y][x] = blurred[y][x] > limit;
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            if (bright[y][x]) {
                regions++;
                erase(x, y);
            }
    return edges() * 64 + regions;
}
