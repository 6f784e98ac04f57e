/*
 * line.c: a line of items with labels, and the nest of blocks it stands for.
 *
 *     a; b; $x: c; $y:      =>      (block $y (block $x a b) c)
 */
#include <stdio.h>
#include <stdlib.h>

#include "ir/make.h"
#include "passes/emit.h"

static void push_item(struct line *line, struct item item) {
    if (line->count == line->capacity) {
        line->capacity = line->capacity ? line->capacity * 2 : 32;
        line->items = mem_grow(line->items, line->capacity, sizeof *line->items);
    }
    line->items[line->count++] = item;
}

void line_push(struct line *line, BinaryenExpressionRef expr) {
    push_item(line, (struct item){.expr = expr});
}

void line_end(struct line *line, const char *label) {
    push_item(line, (struct item){.label = mem_strdup(label)});
}

/* Whatever stands before a label's end becomes its block. */
BinaryenExpressionRef line_fold(struct line *line, BinaryenModuleRef module,
                                const char *outermost) {
    BinaryenExpressionRef *open = mem_calloc(line->count + 1, sizeof(BinaryenExpressionRef));
    size_t count = 0;
    for (size_t i = 0; i < line->count; i++) {
        if (line->items[i].expr) {
            open[count++] = line->items[i].expr;
            continue;
        }
        open[0] = make_labelled(module, line->items[i].label, open, count);
        count = 1;
        free(line->items[i].label);
    }
    BinaryenExpressionRef all = make_labelled(module, outermost, open, count);
    free(open);
    free(line->items);
    *line = (struct line){0};
    return all;
}

struct label emit_label(const char *kind, uint32_t number) {
    struct label label;
    snprintf(label.text, sizeof label.text, "%s%u", kind, number);
    return label;
}

struct label emit_site_label(const struct emit *emit, const char *kind, const struct site *site) {
    return emit_label(kind, site->number - emit->body->sites[0]->number);
}

BinaryenExpressionRef emit_branch(struct emit *emit, const char *label) {
    return BinaryenBreak(emit->module, label, NULL, NULL);
}

BinaryenExpressionRef emit_branch_if(struct emit *emit, const char *label,
                                     BinaryenExpressionRef condition) {
    return BinaryenBreak(emit->module, label, condition, NULL);
}
