/*
 * report_explain.c: explanations of functions as text.
 *
 *     step (function 2): instrumented: its calls lead to work, which has points (KAFU_DEST edge1)
 *       path    step
 *               -> work (calls)
 *       code    12 bytes become 68
 *       frames  16 bytes at most
 *       call of work   16 bytes  saves n: i32
 */
#include "cli/report_explain.h"

#include <stdlib.h>
#include <string.h>

#include "support/text.h"

enum {
    TITLE_WIDTH_MAX = 40
};

static void append_format(struct buf *out, char *text) {
    text_append_visible(out, text);
    free(text);
}

static void append_path(struct buf *out, const struct snapify_explanation *explanation) {
    for (size_t i = 0; i < explanation->path_count; i++) {
        const struct snapify_step *step = &explanation->path[i];
        append_format(out, i == 0 ? mem_printf("  path    %s", step->function)
                                  : mem_printf("          -> %s (%s)", step->function, step->how));
        buf_append_string(out, "\n");
    }
}

static void append_sizes(struct buf *out, const struct snapify_explanation *explanation) {
    uint32_t frame = 0;
    for (size_t i = 0; i < explanation->site_count; i++)
        if (explanation->sites[i].frame_bytes > frame)
            frame = explanation->sites[i].frame_bytes;
    append_format(out, mem_printf("  code    %llu bytes become %llu",
                                  (unsigned long long)explanation->code_before,
                                  (unsigned long long)explanation->code_after));
    buf_append_string(out, "\n");
    append_format(out, mem_printf("  frames  %u bytes at most", frame));
    buf_append_string(out, "\n");
}

static char *title_of(const struct snapify_site *site) {
    if (site->point >= 0)
        return mem_printf("%s point %lld", site->kind, (long long)site->point);
    return mem_printf("%s %s", site->kind, site->callee);
}

static void append_site(struct buf *out, const struct snapify_site *site, int width) {
    char *title = title_of(site);
    append_format(out, mem_printf("  %-*s  %3u bytes  saves ", width, title, site->frame_bytes));
    free(title);
    for (size_t i = 0; i < site->saved_count; i++)
        append_format(out, mem_printf("%s%s: %s", i > 0 ? ", " : "", site->saved[i].name,
                                      site->saved[i].type));
    if (site->saved_count == 0)
        buf_append_string(out, "nothing");
    if (*site->source)
        append_format(out, mem_printf("  (%s)", site->source));
    buf_append_string(out, "\n");
}

/* The titles stand in a column, unless one is very long. */
static int title_width(const struct snapify_explanation *explanation) {
    size_t width = 0;
    for (size_t i = 0; i < explanation->site_count; i++) {
        char *title = title_of(&explanation->sites[i]);
        size_t size = strlen(title);
        width = size > width ? size : width;
        free(title);
    }
    return width < TITLE_WIDTH_MAX ? (int)width : TITLE_WIDTH_MAX;
}

void report_explanation(struct buf *out, const struct snapify_explanation *explanation) {
    append_format(out, mem_printf("%s (function %u): %sinstrumented: %s", explanation->function,
                                  explanation->index, explanation->instrumented ? "" : "not ",
                                  explanation->why));
    buf_append_string(out, "\n");
    if (*explanation->source) {
        append_format(out, mem_printf("  source  %s", explanation->source));
        buf_append_string(out, "\n");
    }
    append_path(out, explanation);
    if (!explanation->instrumented)
        return;
    append_sizes(out, explanation);
    int width = title_width(explanation);
    for (size_t i = 0; i < explanation->site_count; i++)
        append_site(out, &explanation->sites[i], width);
}
