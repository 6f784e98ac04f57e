/*
 * marks.c: a scanned module and the options in, marks on functions out.
 *
 * The marks have to be read before any other tool rewrites the module: wasm-opt inlines marked
 * functions into their callers, whatever they say, and the marks then stand on copies that nobody
 * calls. That is looked for here and refused, because such a program would run and never move.
 */
#include "wasm/marks.h"

#include <stdlib.h>
#include <string.h>

#include "wasm/marks_parts.h"

static const char export_prefix[] = "kafu:";

static const char uncalled_hint[] =
    "an optimizer has probably inlined it: with -O clang's driver runs wasm-opt on what it "
    "linked; compile with clang -B\"$(snapify --clang-dir)\", or link without -O, or run wasm-opt "
    "after snapify; --allow-uncalled goes on";

static const char rewritten_hint[] =
    "with -O clang's driver runs wasm-opt on what it linked; compile with clang -B\"$(snapify "
    "--clang-dir)\", or link without -O, or run wasm-opt after snapify";

bool marks_is_export(struct wasm_bytes name) {
    return name.size >= strlen(export_prefix) &&
           memcmp(name.data, export_prefix, strlen(export_prefix)) == 0;
}

void marks_strip_sections(const struct wasm_scan *scan, struct buf *out) {
    size_t from = 0;
    for (size_t i = 0; i < scan->section_count; i++) {
        if (!records_is_section(&scan->sections[i]))
            continue;
        buf_append(out, scan->module.data + from, scan->sections[i].start - from);
        from = scan->sections[i].end;
    }
    buf_append(out, scan->module.data + from, scan->module.size - from);
}

static bool has_mark_exports(const struct wasm_scan *scan) {
    for (size_t i = 0; i < scan->export_count; i++)
        if (marks_is_export(scan->exports[i].name))
            return true;
    return false;
}

/* By function index: whether an export that is no mark's leads to it, through a wrapper or not. */
static bool *find_exported(const struct wasm_scan *scan, const struct calls *calls,
                           const uint32_t *inner) {
    bool *exported = mem_calloc(calls->total, sizeof *exported);
    for (size_t i = 0; i < scan->export_count; i++) {
        const struct wasm_export *item = &scan->exports[i];
        if (item->kind == 0 && !marks_is_export(item->name)) {
            exported[item->index] = true;
            exported[inner[item->index]] = true;
        }
    }
    return exported;
}

static int complain(const struct wasm_scan *scan, const struct record *record, const char *hint,
                    const char *what, bool is_error, struct diag *diag) {
    char *text = record_describe(record);
    char *name = wasm_scan_function_name(scan, record->tied);
    struct diag_place place = {.function = name, .hint = hint};
    if (is_error)
        diag_error(diag, place, "%s: %s", text, what);
    else
        diag_warning(diag, place, "%s: %s", text, what);
    free(name);
    free(text);
    return is_error ? -1 : 0;
}

static int check_called(const struct wasm_scan *scan, const struct record_list *records,
                        const uint8_t *flags, const bool *exported, bool allow, struct diag *diag) {
    for (size_t i = 0; i < records->count; i++) {
        const struct record *record = &records->items[i];
        if (record->form == RECORD_EXPORT || flags[record->tied] != 0 || exported[record->tied])
            continue;
        if (complain(scan, record, uncalled_hint, "nothing calls the marked function", !allow,
                     diag) < 0)
            return -1;
    }
    return 0;
}

/* A linker pads the indices it fills in to five bytes, every other tool writes them short. Marks
 * that hold a function index are wrong then; others may have been inlined in some places. */
static int check_linked(const struct wasm_scan *scan, const struct record_list *records,
                        const struct calls *calls, bool allow, struct diag *diag) {
    bool warned = false;
    if (calls->padded_calls > 0 || calls->plain_calls == 0)
        return 0;
    for (size_t i = 0; i < records->count; i++) {
        const struct record *record = &records->items[i];
        bool is_index = record->form == RECORD_INDEX;
        if ((!is_index && record->form != RECORD_EXPORTED) || (warned && !is_index))
            continue;
        warned = true;
        if (complain(scan, record, rewritten_hint,
                     "another tool has rewritten the module since it was linked",
                     is_index && !allow, diag) < 0)
            return -1;
    }
    return 0;
}

static void add_mark(struct mark_list *marks, const struct record *record) {
    const char *node = (const char *)record->node.data;
    for (size_t i = marks->count; i-- > 0 && marks->items[i].function == record->tied;)
        if (marks->items[i].kind == record->kind &&
            strlen(marks->items[i].node) == record->node.size &&
            memcmp(marks->items[i].node, node, record->node.size) == 0)
            return;
    marks->items[marks->count++] = (struct mark){
        .kind = record->kind,
        .function = record->tied,
        .node = mem_strndup(node, record->node.size),
    };
}

/* Records lie in one array, so their addresses are the order of the source. */
static int compare_records(const void *a, const void *b) {
    const struct record *left = *(struct record *const *)a, *right = *(struct record *const *)b;
    if (left->tied != right->tied)
        return left->tied < right->tied ? -1 : 1;
    return (left > right) - (left < right);
}

static void list_marks(struct mark_list *marks, struct record_list *records) {
    struct record **sorted = mem_calloc(records->count, sizeof *sorted);
    size_t count = 0;
    for (size_t i = 0; i < records->count; i++)
        if (records->items[i].form != RECORD_EXPORT)
            sorted[count++] = &records->items[i];
    qsort(sorted, count, sizeof *sorted, compare_records);
    marks->items = mem_calloc(count, sizeof *marks->items);
    for (size_t i = 0; i < count; i++)
        add_mark(marks, sorted[i]);
    free(sorted);
}

static void list_wrappers(struct mark_list *marks, const uint32_t *inner, const bool *exported,
                          uint32_t total) {
    marks->wrappers = mem_calloc(total, sizeof *marks->wrappers);
    for (uint32_t i = 0; i < total; i++)
        if (inner[i] != i && !exported[i])
            marks->wrappers[marks->wrapper_count++] = i;
}

static int read_tied(struct mark_list *marks, struct record_list *records,
                     const struct wasm_scan *scan, const struct calls *calls, bool allow,
                     struct diag *diag) {
    uint32_t *inner = mem_calloc(calls->total, sizeof *inner);
    bool *exported = NULL;
    wrappers_find(inner, scan, calls);
    int status = records_tie(records, scan, inner, diag);
    if (status < 0)
        goto done;
    exported = find_exported(scan, calls, inner);
    status = check_called(scan, records, calls->flags, exported, allow, diag);
    if (status == 0)
        status = check_linked(scan, records, calls, allow, diag);
    if (status < 0)
        goto done;
    list_marks(marks, records);
    list_wrappers(marks, inner, exported, calls->total);
done:
    free(exported);
    free(inner);
    return status;
}

/* Lists of nodes are separated by line breaks, in snapshots too. */
static int check_nodes(const struct mark_list *marks, const struct wasm_scan *scan,
                       struct diag *diag) {
    for (size_t i = 0; i < marks->count; i++) {
        if (!strchr(marks->items[i].node, '\n'))
            continue;
        char *function = wasm_scan_function_name(scan, marks->items[i].function);
        diag_error(diag, (struct diag_place){.function = function, .hint = "rename the node"},
                   "the node of a mark holds a line break");
        free(function);
        return -1;
    }
    return 0;
}

int marks_read(struct mark_list *marks, const struct wasm_scan *scan,
               const struct snapify_options *options, struct diag *diag) {
    struct record_list records = {0};
    struct calls calls = {0};
    *marks = (struct mark_list){0};
    int status = records_read_sections(&records, scan, diag);
    if (status == 0)
        status = records_read_options(&records, options, diag);
    if (status == 0 && (records.count > 0 || has_mark_exports(scan)))
        status = calls_read(&calls, scan, diag);
    if (status == 0 && calls.flags)
        status = read_tied(marks, &records, scan, &calls, options->allow_uncalled, diag);
    if (status == 0)
        status = check_nodes(marks, scan, diag);
    calls_release(&calls);
    free(records.items);
    return status;
}

void marks_release(struct mark_list *marks) {
    for (size_t i = 0; i < marks->count; i++)
        free(marks->items[i].node);
    free(marks->items);
    free(marks->wrappers);
    *marks = (struct mark_list){0};
}
