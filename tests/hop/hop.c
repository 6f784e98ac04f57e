/*
 * hop.c: the hop tests: is a program that is saved anywhere and restored anywhere the same program?
 *
 *     hop --engine-run SCRIPT --work DIR --engines a,b,... [--pairs all|ring|turns]
 *         [--quick] [--jobs N] [--limit SECONDS] LIST
 *
 * LIST names the variants, one a line: NAME PLAIN REWRITTEN INPUT EXPECT (tests/hop/run writes it).
 * Each variant is tested in a child process of its own, several side by side; a child writes its
 * failures itself and hands its counts back through a pipe. Prints one line per failure, each with
 * a command that repeats it, and a summary; exit status 1 if anything failed.
 */
#include "hop.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    MAX_VARIANTS = 400,
    DEFAULT_JOBS = 2,
    DEFAULT_LIMIT = 30,
};

struct list {
    struct variant variants[MAX_VARIANTS];
    size_t count;
};

/* ---- options ---- */

static void split_engines(struct settings *settings, char *names) {
    for (char *name = strtok(names, ","); name; name = strtok(NULL, ",")) {
        if (settings->engine_count < MAX_ENGINES) {
            settings->engines[settings->engine_count++] = name;
        }
    }
}

static bool read_pairs(struct settings *settings, const char *word) {
    static const char *const words[] = {
        [PAIRS_ALL] = "all", [PAIRS_RING] = "ring", [PAIRS_TURNS] = "turns"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(word, words[i]) == 0) {
            settings->pairs = (enum pairs)i;
            return true;
        }
    }
    return false;
}

/* Returns the path of the list, or NULL. */
static const char *read_options(struct settings *settings, int *jobs, int argc, char **argv) {
    static const struct option options[] = {
        {"engine-run", required_argument, NULL, 'r'},
        {"work", required_argument, NULL, 'w'},
        {"engines", required_argument, NULL, 'e'},
        {"pairs", required_argument, NULL, 'p'},
        {"quick", no_argument, NULL, 'q'},
        {"jobs", required_argument, NULL, 'j'},
        {"limit", required_argument, NULL, 'l'},
        {NULL, 0, NULL, 0},
    };
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 'r':
            settings->engine_run = optarg;
            break;
        case 'w':
            settings->work = optarg;
            break;
        case 'e':
            split_engines(settings, optarg);
            break;
        case 'p':
            if (!read_pairs(settings, optarg)) {
                return NULL;
            }
            break;
        case 'q':
            settings->quick = true;
            break;
        case 'j':
            *jobs = atoi(optarg);
            break;
        case 'l':
            settings->limit = atoi(optarg);
            break;
        default:
            return NULL;
        }
    }
    const bool complete = settings->engine_run && settings->work && settings->engine_count > 0 &&
                          *jobs > 0 && settings->limit > 0;
    return complete && optind + 1 == argc ? argv[optind] : NULL;
}

/* ---- the list ---- */

static int read_variant(struct variant *variant, const char *line, size_t index) {
    char name[256], plain[4096], rewritten[4096], input[4096], expect[4096];
    if (sscanf(line, "%255s %4095s %4095s %4095s %4095s", name, plain, rewritten, input, expect) !=
        5) {
        fprintf(stderr, "hop: malformed line: %s", line);
        return -1;
    }
    *variant =
        (struct variant){strdup(name), strdup(plain), strdup(rewritten), strdup(input), {0}, index};
    return expect_read(&variant->expect, expect);
}

static int read_list(struct list *list, const char *path) {
    FILE *file = fopen(path, "re");
    char *line = NULL;
    size_t size = 0;
    int result = file ? 0 : -1;

    while (result == 0 && getline(&line, &size, file) > 0 && list->count < MAX_VARIANTS) {
        result = read_variant(&list->variants[list->count], line, list->count);
        list->count++;
    }
    free(line);
    if (file) {
        fclose(file);
    } else {
        perror(path);
    }
    return result;
}

static void list_release(struct list *list) {
    for (size_t i = 0; i < list->count; i++) {
        struct variant *variant = &list->variants[i];
        free(variant->name);
        free(variant->plain);
        free(variant->rewritten);
        free(variant->input);
        expect_release(&variant->expect);
    }
}

/* ---- workers ---- */

/* The depth that every engine of the trial can do. */
static int common_depth(const struct trial *trial) {
    int depth = 0;
    for (size_t i = 0; i < trial->settings->engine_count; i++) {
        int here = expect_depth(&trial->variant->expect, trial->settings->engines[i]);
        depth = depth == 0 || (here > 0 && here < depth) ? here : depth;
    }
    return depth;
}

static struct counts test_variant(const struct settings *settings, const struct variant *variant) {
    struct trial trial = {.settings = settings, .variant = variant};
    if (strcmp(variant->rewritten, "-") == 0) {
        printf("FAIL %s: not built; build: lines above say why\n", variant->name);
        fflush(stdout);
        return (struct counts){.failed = 1};
    }
    trial.depth = common_depth(&trial);
    if (reference_test(&trial)) {
        matrix_test(&trial);
        if (variant->expect.sample == 0) {
            relay_test(&trial);
        }
        tour_test(&trial);
        if (trial.depth) {
            depth_test(&trial);
        }
    }
    return trial.counts;
}

struct worker {
    pid_t pid;  /* 0: idle */
    int result; /* pipe */
    const struct variant *variant;
};

static void worker_start(struct worker *worker, const struct settings *settings,
                         const struct variant *variant) {
    int ends[2];
    fflush(stdout);
    if (pipe2(ends, O_CLOEXEC) != 0) {
        perror("pipe");
        exit(1);
    }
    worker->variant = variant;
    worker->result = ends[0];
    worker->pid = fork();
    if (worker->pid == 0) {
        struct counts counts = test_variant(settings, variant);
        bool sent = write(ends[1], &counts, sizeof counts) == sizeof counts;
        _exit(sent ? 0 : 1);
    }
    close(ends[1]);
}

static void worker_collect(struct worker *worker, int status, struct counts *total) {
    struct counts counts = {0};
    if (read(worker->result, &counts, sizeof counts) != sizeof counts) {
        printf("FAIL %s: the test itself ended with wait status %d\n", worker->variant->name,
               status);
        counts = (struct counts){.failed = 1};
    }
    close(worker->result);
    worker->pid = 0;
    total->passed += counts.passed;
    total->failed += counts.failed;
    total->skipped += counts.skipped;
    total->runs += counts.runs;
    fprintf(stderr, "%s %-20s %4ld checks, %4ld runs\n", counts.failed ? "FAIL" : "ok  ",
            worker->variant->name, counts.passed + counts.failed, counts.runs);
}

static void wait_for_one(struct worker *workers, size_t count, struct counts *total) {
    int status = 0;
    pid_t pid = wait(&status);
    for (size_t i = 0; i < count; i++) {
        if (pid > 0 && workers[i].pid == pid) {
            worker_collect(&workers[i], status, total);
        }
    }
}

static bool any_busy(const struct worker *workers, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (workers[i].pid) {
            return true;
        }
    }
    return false;
}

static struct counts run_all(const struct settings *settings, const struct list *list, int jobs) {
    struct counts total = {0};
    struct worker *workers = calloc((size_t)jobs, sizeof *workers);
    size_t next = 0;

    while (next < list->count || any_busy(workers, (size_t)jobs)) {
        bool started = false;
        for (int i = 0; i < jobs && next < list->count; i++) {
            if (!workers[i].pid) {
                worker_start(&workers[i], settings, &list->variants[next++]);
                started = true;
            }
        }
        if (!started) {
            wait_for_one(workers, (size_t)jobs, &total);
        }
    }
    free(workers);
    return total;
}

int main(int argc, char **argv) {
    struct settings settings = {.limit = DEFAULT_LIMIT};
    struct list list = {0};
    int jobs = DEFAULT_JOBS;
    const char *path = read_options(&settings, &jobs, argc, argv);

    if (!path) {
        fputs(
            "usage: hop --engine-run SCRIPT --work DIR --engines a,b,... [--pairs all|ring|turns] "
            "[--quick] [--jobs N] [--limit SECONDS] LIST\n",
            stderr);
        return 2;
    }
    if (read_list(&list, path) != 0 || list.count == 0) {
        fputs("hop: nothing to test\n", stderr);
        return 2;
    }
    struct counts total = run_all(&settings, &list, jobs);
    list_release(&list);
    printf("programs: %ld runs of an engine, %ld skipped\n", total.runs, total.skipped);
    printf("programs: %ld passed, %ld failed\n", total.passed, total.failed);
    return total.failed > 0 || total.passed == 0;
}
