/*
 * write_svg.c: a picture of the run times: a panel for each engine, a row for each kernel, a dot
 * for each variant at its ratio to plain, on a logarithmic scale.
 */
#include <math.h>
#include <stdio.h>

#include "bench/bench.h"

enum {
    ROW = 18,      /* pixels, as all below */
    HEAD = 64,     /* above the first row */
    NAMES = 96,    /* left of the first panel */
    PANEL = 170,   /* from panel to panel */
    PANEL_GAP = 20 /* of it */
};

static const double LEAST = 0.8, MOST = 5;
static const double ticks[] = {1, 1.25, 2, 4};
static const char *const colors[VARIANTS] = {"", "#2a9d3a", "#1f6fc4", "#7b4fb0", "#d9772b"};

static double x_of(int engine, double ratio) {
    double inside = fmin(fmax(ratio, LEAST), MOST);
    return NAMES + engine * PANEL + (PANEL - PANEL_GAP) * log(inside / LEAST) / log(MOST / LEAST);
}

static void draw_panel(const struct bench *bench, int engine, int bottom, FILE *out) {
    fprintf(out, "<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>\n", NAMES + engine * PANEL,
            HEAD - 26, bench->engines[engine]);
    for (size_t i = 0; i < sizeof ticks / sizeof *ticks; i++) {
        double x = x_of(engine, ticks[i]);
        fprintf(out,
                "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\"/>"
                "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" font-size=\"9\">%g</text>\n",
                x, HEAD - 6, x, bottom, ticks[i] == 1 ? "#888" : "#ddd", x, HEAD - 10, ticks[i]);
    }
}

static void draw_dot(int engine, int row, double ratio, enum variant variant, FILE *out) {
    if (!isfinite(ratio) || ratio <= 0)
        return;
    fprintf(out,
            "<circle cx=\"%.1f\" cy=\"%d\" r=\"3.5\" fill=\"%s\"><title>%s %.2f</title></circle>\n",
            x_of(engine, ratio), HEAD + row * ROW + ROW / 2, colors[variant], variant_name(variant),
            ratio);
}

static void draw_row_name(int row, const char *name, FILE *out) {
    fprintf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n", NAMES - 12,
            HEAD + row * ROW + ROW / 2 + 4, name);
}

static void draw_key(FILE *out) {
    for (int v = ANNOTATED; v < VARIANTS; v++)
        fprintf(out,
                "<circle cx=\"%d\" cy=\"14\" r=\"3.5\" fill=\"%s\"/>"
                "<text x=\"%d\" y=\"18\">%s</text>\n",
                NAMES + (v - 1) * 90, colors[v], NAMES + (v - 1) * 90 + 8,
                variant_name((enum variant)v));
}

int write_svg(const struct bench *bench, const char *path) {
    int rows = bench->workload_count + 1;
    int bottom = HEAD + rows * ROW, width = NAMES + bench->engine_count * PANEL;
    FILE *out = fopen(path, "w");
    if (!out) {
        perror(path);
        return -1;
    }
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
            "font-family=\"sans-serif\" font-size=\"11\">\n"
            "<title>Run time of the kernels, ratio to plain</title>\n"
            "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
            width, bottom + 8);
    draw_key(out);
    for (int e = 0; e < bench->engine_count; e++)
        draw_panel(bench, e, bottom, out);
    for (int w = 0; w < bench->workload_count; w++) {
        draw_row_name(w, bench->workloads[w].name, out);
        for (int e = 0; e < bench->engine_count; e++)
            for (int v = VARIANTS - 1; v >= ANNOTATED; v--)
                draw_dot(e, w, time_ratio(bench, e, w, (enum variant)v), (enum variant)v, out);
    }
    draw_row_name(rows - 1, "geometric mean", out);
    for (int e = 0; e < bench->engine_count; e++)
        for (int v = VARIANTS - 1; v >= ANNOTATED; v--)
            draw_dot(e, rows - 1, mean_time_ratio(bench, e, (enum variant)v), (enum variant)v, out);
    fprintf(out, "</svg>\n");
    return fclose(out) == 0 ? 0 : -1;
}
