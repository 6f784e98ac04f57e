/*
 * report.h: what the user sees: messages, points, sizes, times; as text or as JSON.
 */
#ifndef SNAPIFY_CLI_REPORT_H
#define SNAPIFY_CLI_REPORT_H

#include "cli/options.h"
#include "support/diag.h"

/* Words for enum snapify_severity, snapify_point_kind, snapify_phase. */
extern const char *const report_severities[];
extern const char *const report_point_kinds[];
extern const char *const report_phases[];

struct report {
    const struct cli_options *options;   /* borrowed */
    const struct snapify_result *result; /* borrowed */
    struct diag about_input;             /* owned; what the library says included */
    struct diag about_output;            /* owned */
    enum snapify_status status;
    size_t input_size; /* bytes */
};

/* Prints everything. Returns the exit status: that of the report, unless the list that was asked
 * for cannot be written. */
int report_print(const struct report *report);
void report_release(struct report *report);

/* An error before there is anything to report on. `hint` may be NULL. */
void report_plain_error(const char *text, const char *hint);

/* Writes to standard output; returns false, after an error message, if that fails. */
bool report_write(const struct buf *out);

#endif
