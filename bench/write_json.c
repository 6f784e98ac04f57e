/*
 * write_json.c: the results for a program: seconds, bytes and milliseconds as they were measured;
 * the ratios are the reader's. What is missing is null.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/bench.h"
#include "support/json.h"

static void write_instructions(const struct cell *cell, struct json *json) {
    json_open(json, "instructions", '{');
    for (int v = 0; v < VARIANTS; v++)
        json_real(json, variant_name((enum variant)v), cell->instructions[v], 0);
    json_close(json, '}');
}

static void write_kernels(const struct bench *bench, int engine, struct json *json) {
    json_open(json, "kernels", '[');
    for (int w = 0; w < bench->workload_count; w++) {
        const struct cell *cell = &bench->results.cells[engine][w];
        json_open(json, NULL, '{');
        json_string(json, "kernel", bench->workloads[w].name);
        json_number(json, "repetitions", cell->count);
        for (int v = 0; v < VARIANTS; v++)
            json_real(json, variant_name((enum variant)v), cell->least[v], 6);
        if (isfinite(cell->instructions[PLAIN]))
            write_instructions(cell, json);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void write_rates(const struct bench *bench, int engine, struct json *json) {
    json_open(json, "mib_per_second", '{');
    json_real(json, "write", move_rate(bench, engine, MOVE_WRITE, MOVE_FILL), 1);
    json_real(json, "save", move_rate(bench, engine, MOVE_SAVE, MOVE_FILL), 1);
    json_real(json, "read", move_rate(bench, engine, MOVE_READ, MOVE_IDLE), 1);
    json_real(json, "restore", move_rate(bench, engine, MOVE_RESTORE, MOVE_IDLE), 1);
    json_real(json, "save_bare", move_rate(bench, engine, MOVE_SAVE_BARE, MOVE_FILL), 1);
    json_real(json, "restore_bare", move_rate(bench, engine, MOVE_RESTORE_BARE, MOVE_IDLE), 1);
    json_close(json, '}');
}

static void write_engines(const struct bench *bench, struct json *json) {
    json_open(json, "engines", '[');
    for (int e = 0; e < bench->engine_count; e++) {
        json_open(json, NULL, '{');
        json_string(json, "engine", bench->engines[e]);
        write_kernels(bench, e, json);
        write_rates(bench, e, json);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void write_sizes(const struct bench *bench, struct json *json) {
    json_number(json, "glue_bytes", (int64_t)bench->results.glue);
    json_open(json, "code_bytes", '[');
    for (int w = 0; w < bench->workload_count; w++) {
        json_open(json, NULL, '{');
        json_string(json, "kernel", bench->workloads[w].name);
        for (int v = 0; v < VARIANTS; v++)
            json_number(json, variant_name((enum variant)v), (int64_t)bench->results.code[w][v]);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void write_starts(const struct bench *bench, struct json *json) {
    json_open(json, "start_milliseconds", '[');
    for (int i = 0; i < bench->results.start_count; i++) {
        const struct start *start = &bench->results.starts[i];
        json_open(json, NULL, '{');
        json_string(json, "engine", start->what);
        for (int v = 0; v < STARTED; v++)
            json_real(json, variant_name((enum variant)v), start->least[v].wall * 1e3, 3);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void write_facts(const struct bench *bench, struct json *json) {
    json_open(json, "facts", '{');
    for (int i = 0; i < bench->fact_count; i++)
        json_string(json, bench->facts[i].name, bench->facts[i].text);
    json_close(json, '}');
}

int write_json(const struct bench *bench, const char *path) {
    FILE *out = fopen(path, "w");
    struct buf text = {0};
    struct json json = {.out = &text};
    if (!out) {
        perror(path);
        return -1;
    }
    json_open(&json, NULL, '{');
    json_number(&json, "version", 1);
    write_facts(bench, &json);
    write_engines(bench, &json);
    write_sizes(bench, &json);
    write_starts(bench, &json);
    json_close(&json, '}');
    fwrite(text.data, 1, text.size, out);
    buf_release(&text);
    return fclose(out) == 0 ? 0 : -1;
}
