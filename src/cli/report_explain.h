/*
 * report_explain.h: the text of --explain.
 */
#ifndef SNAPIFY_CLI_REPORT_EXPLAIN_H
#define SNAPIFY_CLI_REPORT_EXPLAIN_H

#include "snapify.h"
#include "support/buf.h"

/* Appends one function's explanation, several lines. */
void report_explanation(struct buf *out, const struct snapify_explanation *explanation);

#endif
