/*
 * pipeline_result.c: the life cycle of what a run of the pipeline hands over.
 *
 * Apart from pipeline.c so that the isolation and its tests need no Binaryen.
 */
#include <stdlib.h>

#include "pipeline.h"

void pipeline_enter(struct pipeline_result *result, enum pipeline_phase phase) {
    result->phase_reached = phase;
    if (result->progress)
        result->progress(result->progress_context, phase);
}

void pipeline_add_point(struct pipeline_result *result, const struct snapify_point *point) {
    size_t count = result->point_count;
    /* The capacity is the next power of two, so no third counter is needed. */
    if ((count & (count - 1)) == 0)
        result->points = mem_grow(result->points, count ? count * 2 : 1, sizeof *result->points);
    result->points[count] = (struct snapify_point){
        .function = mem_strdup(point->function),
        .kind = point->kind,
        .node = mem_strdup(point->node),
    };
    result->point_count = count + 1;
}

void pipeline_result_release(struct pipeline_result *result) {
    buf_release(&result->module);
    for (size_t i = 0; i < result->point_count; i++) {
        free((char *)result->points[i].function);
        free((char *)result->points[i].node);
    }
    free(result->points);
    result->points = NULL;
    result->point_count = 0;
    explanation_list_release(&result->explanations);
    diag_release(&result->diag);
}
