/*
 * expect.c: reads a .expect file: lines "key value", then a line "stdout", then the exact output.
 *
 *     # why these numbers
 *     exit 3                   exit status, or "trap"
 *     points 14                points that a run passes
 *     sample 8                 so many of them are enough
 *     route home edge1 home    nodes of a tour
 *     needs simd               or exceptions; engines that can't run the plain module are left out
 *     needs tail-calls         only the rewritten module runs on every engine
 *     snapshots differ         those of two engines need not be equal
 *     files                    gets a directory to work on, as it was at the save for each restore
 *     depths wasmi=900 ...     frames that a program with DEPTH asks of each engine
 *     cflags ..., flags ...    for the build (tests/hop/build); skipped here
 *     with FILE.c              so is this: more source, in programs/include
 *     stdout
 */
#include "hop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void read_route(struct expect *expect, char *words) {
    for (char *word = strtok(words, " "); word; word = strtok(NULL, " ")) {
        expect->route = realloc(expect->route, (expect->route_length + 1) * sizeof(char *));
        expect->route[expect->route_length++] = word;
    }
}

static void read_depths(struct expect *expect, char *words) {
    for (char *word = strtok(words, " "); word && expect->depth_count < MAX_ENGINES;
         word = strtok(NULL, " ")) {
        struct depth *depth = &expect->depths[expect->depth_count];
        if (sscanf(word, "%23[^=]=%d", depth->engine, &depth->frames) == 2) {
            expect->depth_count++;
        }
    }
}

static bool read_need(struct expect *expect, const char *need) {
    static const struct {
        const char *word, *text;
        bool lowered;
    } needs[] = {
        {"simd", "SIMD", false},
        {"exceptions", "exceptions", false},
        {"tail-calls", "tail calls", true},
    };
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
        if (strcmp(need, needs[i].word) == 0) {
            expect->needs = needs[i].text;
            expect->lowered = needs[i].lowered;
        }
    }
    return expect->needs != NULL;
}

/* Returns false for a key that nobody knows. */
static bool read_line(struct expect *expect, const char *key, char *value) {
    if (strcmp(key, "exit") == 0) {
        expect->traps = strcmp(value, "trap") == 0;
        expect->status = atoi(value);
    } else if (strcmp(key, "points") == 0) {
        expect->points = atoi(value);
    } else if (strcmp(key, "sample") == 0) {
        expect->sample = atoi(value);
    } else if (strcmp(key, "route") == 0) {
        read_route(expect, value);
    } else if (strcmp(key, "needs") == 0) {
        return read_need(expect, value);
    } else if (strcmp(key, "snapshots") == 0 && strcmp(value, "differ") == 0) {
        expect->differ = true;
    } else if (strcmp(key, "files") == 0) {
        expect->files = true;
    } else if (strcmp(key, "depths") == 0) {
        read_depths(expect, value);
    } else {
        return *key == '#' || strcmp(key, "cflags") == 0 || strcmp(key, "flags") == 0 ||
               strcmp(key, "with") == 0;
    }
    return true;
}

int expect_read(struct expect *expect, const char *path) {
    size_t size = 0;
    *expect = (struct expect){.points = -1};
    expect->text = file_read(path, &size);
    if (!expect->text) {
        fprintf(stderr, "hop: can't read %s\n", path);
        return -1;
    }
    char *line = expect->text;
    while (*line) {
        char *end = strchr(line, '\n');
        if (!end) {
            break;
        }
        *end = '\0';
        if (strcmp(line, "stdout") == 0) {
            expect->output = end + 1;
            expect->output_size = size - (size_t)(expect->output - expect->text);
            return 0;
        }
        char *value = line + strcspn(line, " ");
        value += *value ? (*value = '\0', 1) : 0;
        if (!read_line(expect, line, value)) {
            fprintf(stderr, "hop: %s: unknown line '%s %s'\n", path, line, value);
            return -1;
        }
        line = end + 1;
    }
    fprintf(stderr, "hop: %s: no line 'stdout'\n", path);
    return -1;
}

void expect_release(struct expect *expect) {
    free(expect->route);
    free(expect->text);
    *expect = (struct expect){0};
}

int expect_depth(const struct expect *expect, const char *engine) {
    for (size_t i = 0; i < expect->depth_count; i++) {
        if (strcmp(expect->depths[i].engine, engine) == 0) {
            return expect->depths[i].frames;
        }
    }
    return 0;
}
