/*
 * write_markdown.c: the results as tables for a reader.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/bench.h"

static void print_ratio(FILE *out, double ratio) {
    if (isfinite(ratio) && ratio > 0)
        fprintf(out, " %.2f |", ratio);
    else
        fprintf(out, " - |");
}

static void print_number(FILE *out, double number, int digits) {
    if (isfinite(number))
        fprintf(out, " %.*f |", digits, number);
    else
        fprintf(out, " - |");
}

static void print_facts(const struct bench *bench, FILE *out) {
    for (int i = 0; i < bench->fact_count; i++)
        fprintf(out, "- %s: %s\n", bench->facts[i].name, bench->facts[i].text);
}

static void print_means(const struct bench *bench, FILE *out) {
    fprintf(out,
            "\n## Run time, geometric mean over %d kernels, ratio to plain\n\n"
            "| engine | annotated | always | worst | every | worst | asyncify | worst |\n"
            "|---|---|---|---|---|---|---|---|\n",
            bench->workload_count);
    for (int e = 0; e < bench->engine_count; e++) {
        fprintf(out, "| %s |", bench->engines[e]);
        print_ratio(out, mean_time_ratio(bench, e, ANNOTATED));
        for (int v = ALWAYS; v < VARIANTS; v++) {
            print_ratio(out, mean_time_ratio(bench, e, (enum variant)v));
            print_ratio(out, most_time_ratio(bench, e, (enum variant)v));
        }
        fprintf(out, "\n");
    }
}

static void print_engine(const struct bench *bench, int engine, FILE *out) {
    fprintf(out,
            "\n### %s\n\n| kernel | repetitions | plain, s | annotated | always | every | "
            "asyncify |\n"
            "|---|---|---|---|---|---|---|\n",
            bench->engines[engine]);
    for (int w = 0; w < bench->workload_count; w++) {
        const struct cell *cell = &bench->results.cells[engine][w];
        fprintf(out, "| %s | %d |", bench->workloads[w].name, cell->count);
        print_number(out, cell->least[PLAIN], 3);
        for (int v = ANNOTATED; v < VARIANTS; v++)
            print_ratio(out, time_ratio(bench, engine, w, (enum variant)v));
        fprintf(out, "\n");
    }
}

static void print_counts(const struct bench *bench, int engine, FILE *out) {
    fprintf(out,
            "\n### Instructions on %s\n\n| kernel | plain, of one repetition | annotated | always "
            "| every | asyncify |\n|---|---|---|---|---|---|\n",
            bench->engines[engine]);
    for (int w = 0; w < bench->workload_count; w++) {
        fprintf(out, "| %s |", bench->workloads[w].name);
        print_number(out, bench->results.cells[engine][w].instructions[PLAIN], 0);
        for (int v = ANNOTATED; v < VARIANTS; v++)
            print_ratio(out, instruction_ratio(bench, engine, w, (enum variant)v));
        fprintf(out, "\n");
    }
    fprintf(out, "| geometric mean | |");
    for (int v = ANNOTATED; v < VARIANTS; v++)
        print_ratio(out, mean_instruction_ratio(bench, engine, (enum variant)v));
    fprintf(out, "\n");
}

static void print_sizes(const struct bench *bench, FILE *out) {
    fprintf(out,
            "\n## Code section, ratio to plain\n\n"
            "Without the glue's code (%.0f bytes, constant); Asyncify has none.\n\n"
            "| kernel | plain, bytes | annotated | always | every | asyncify |\n"
            "|---|---|---|---|---|---|\n",
            bench->results.glue);
    for (int w = 0; w < bench->workload_count; w++) {
        fprintf(out, "| %s |", bench->workloads[w].name);
        print_number(out, bench->results.code[w][PLAIN], 0);
        for (int v = ANNOTATED; v < VARIANTS; v++)
            print_ratio(out, code_ratio(bench, w, (enum variant)v));
        fprintf(out, "\n");
    }
    fprintf(out, "| geometric mean | |");
    for (int v = ANNOTATED; v < VARIANTS; v++)
        print_ratio(out, mean_code_ratio(bench, (enum variant)v));
    fprintf(out, "\n");
}

static void print_starts(const struct bench *bench, FILE *out) {
    fprintf(out, "\n## Start of hello, milliseconds\n\n"
                 "| engine | plain, CPU | plain, wall | annotated, more CPU | more wall "
                 "| always, more CPU | more wall |\n|---|---|---|---|---|---|---|\n");
    for (int i = 0; i < bench->results.start_count; i++) {
        const struct start *start = &bench->results.starts[i];
        const struct cost *plain = &start->least[PLAIN];
        fprintf(out, "| %s |", start->what);
        print_number(out, plain->busy * 1e3, 2);
        print_number(out, plain->wall * 1e3, 2);
        for (int v = ANNOTATED; v < STARTED; v++) {
            print_number(out, (start->least[v].busy - plain->busy) * 1e3, 2);
            print_number(out, (start->least[v].wall - plain->wall) * 1e3, 2);
        }
        fprintf(out, "\n");
    }
}

static void print_rates(FILE *out, double by_hand, double ours, double bare) {
    print_number(out, by_hand, 0);
    print_number(out, ours, 0);
    print_ratio(out, ours / by_hand);
    print_number(out, bare, 0);
    print_ratio(out, bare / by_hand);
}

static void print_moves(const struct bench *bench, FILE *out) {
    fprintf(out,
            "\n## Saving and restoring %d MiB, MiB per second of CPU time\n\n"
            "| engine | plain write | save | save : write | save, no sum | : write "
            "| plain read | restore | restore : read | restore, no sum | : read |\n"
            "|---|---|---|---|---|---|---|---|---|---|---|\n",
            MOVED_MIB);
    for (int e = 0; e < bench->engine_count; e++) {
        fprintf(out, "| %s |", bench->engines[e]);
        print_rates(out, move_rate(bench, e, MOVE_WRITE, MOVE_FILL),
                    move_rate(bench, e, MOVE_SAVE, MOVE_FILL),
                    move_rate(bench, e, MOVE_SAVE_BARE, MOVE_FILL));
        print_rates(out, move_rate(bench, e, MOVE_READ, MOVE_IDLE),
                    move_rate(bench, e, MOVE_RESTORE, MOVE_IDLE),
                    move_rate(bench, e, MOVE_RESTORE_BARE, MOVE_IDLE));
        fprintf(out, "\n");
    }
}

int write_markdown(const struct bench *bench, const char *path) {
    FILE *out = fopen(path, "w");
    if (!out) {
        perror(path);
        return -1;
    }
    print_facts(bench, out);
    print_means(bench, out);
    print_sizes(bench, out);
    print_starts(bench, out);
    print_moves(bench, out);
    for (int e = 0; e < bench->engine_count; e++)
        print_engine(bench, e, out);
    for (int e = 0; e < bench->engine_count; e++)
        if (mean_instruction_ratio(bench, e, PLAIN) > 0)
            print_counts(bench, e, out);
    return fclose(out) == 0 ? 0 : -1;
}
