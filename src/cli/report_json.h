/*
 * report_json.h: the report as one JSON object. The man page describes its members; a change that
 * a reader can notice, other than a new member, raises the number.
 */
#ifndef SNAPIFY_CLI_REPORT_JSON_H
#define SNAPIFY_CLI_REPORT_JSON_H

#include "cli/report.h"

#define REPORT_JSON_SCHEMA 1

void report_json(const struct report *report, struct buf *out);

/* `path`, or `standard` for "-". */
const char *report_file_name(const char *path, const char *standard);

#endif
