/*
 * bench.c: the driver of bench/run. Runs modules that stand ready and writes what came out as JSON,
 * Markdown and SVG; what it is doing goes to standard error.
 *
 *     bench ENGINE_RUN MODULES SNAPSHOTS LIST ENGINES WORKLOADS RUNS TARGET COUNT FACTS OUTPUT
 *
 * LIST names the workloads with their results; ENGINES and WORKLOADS are lists with commas, RUNS a
 * number and TARGET the seconds that a plain kernel is made to run; with COUNT 1 instructions are
 * counted, too. FACTS is a file of lines "name: text" for the head of the report, OUTPUT.json, .md
 * and .svg are written. Status 1: an output was wrong.
 */
#include "bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *variant_name(enum variant variant) {
    static const char *const names[] = {"plain", "annotated", "always", "every", "asyncify"};
    return names[variant];
}

bool module_path(const struct bench *bench, const char *name, const char *variant, char *path) {
    snprintf(path, PATH_SIZE, "%s/%s.%s.wasm", bench->modules, name, variant);
    return access(path, R_OK) == 0;
}

int bench_run(const struct bench *bench, const char *engine, const char *const *words,
              struct run_result *result) {
    char *argv[RUN_WORDS_MAX] = {(char *)bench->engine_run, (char *)engine};
    for (int i = 0; words[i] && i < RUN_WORDS_MAX - 3; i++)
        argv[2 + i] = (char *)words[i];
    return run_measured(argv, result);
}

/* Is `word` one of the list with commas? */
static bool is_listed(const char *list, const char *word) {
    size_t size = strlen(word);
    for (const char *at = strstr(list, word); at; at = strstr(at + 1, word))
        if ((at == list || at[-1] == ',') && (at[size] == ',' || at[size] == 0))
            return true;
    return false;
}

static int read_workloads(struct bench *bench, const char *path, const char *wanted) {
    FILE *file = fopen(path, "r");
    if (!file)
        return -1;
    struct workload workload;
    while (bench->workload_count < WORKLOADS_MAX &&
           fscanf(file, "%31s %15s", workload.name, workload.expected) == 2)
        if (is_listed(wanted, workload.name))
            bench->workloads[bench->workload_count++] = workload;
    fclose(file);
    return bench->workload_count > 0 ? 0 : -1;
}

static int read_facts(struct bench *bench, const char *path) {
    FILE *file = fopen(path, "r");
    if (!file)
        return -1;
    struct fact fact;
    while (bench->fact_count < FACTS_MAX &&
           fscanf(file, " %31[^:]: %399[^\n]", fact.name, fact.text) == 2)
        bench->facts[bench->fact_count++] = fact;
    fclose(file);
    return 0;
}

static void split_engines(struct bench *bench, char *list) {
    for (char *name = strtok(list, ","); name && bench->engine_count < ENGINES_MAX;
         name = strtok(NULL, ","))
        bench->engines[bench->engine_count++] = name;
}

static int write_all(const struct bench *bench, const char *output) {
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s.json", output);
    int status = write_json(bench, path);
    snprintf(path, sizeof path, "%s.md", output);
    status |= write_markdown(bench, path);
    snprintf(path, sizeof path, "%s.svg", output);
    return status | write_svg(bench, path);
}

int main(int argc, char **argv) {
    static struct bench bench;
    if (argc != 12) {
        fputs("usage: bench ENGINE_RUN MODULES SNAPSHOTS LIST ENGINES WORKLOADS RUNS TARGET COUNT "
              "FACTS OUTPUT\n",
              stderr);
        return 2;
    }
    bench = (struct bench){.engine_run = argv[1],
                           .modules = argv[2],
                           .snapshots = argv[3],
                           .runs = atoi(argv[7]),
                           .target = atof(argv[8]),
                           .counting = atoi(argv[9]) != 0};
    split_engines(&bench, argv[5]);
    if (read_workloads(&bench, argv[4], argv[6]) < 0 || read_facts(&bench, argv[10]) < 0 ||
        bench.runs < 1) {
        fputs("bench: no list of workloads, no facts, or no runs\n", stderr);
        return 2;
    }
    bench_kernels(&bench);
    bench_instructions(&bench);
    bench_sizes(&bench);
    bench_starts(&bench);
    bench_moves(&bench);
    return write_all(&bench, argv[11]) < 0 || bench.failed ? 1 : 0;
}
