/*
 * marks_tie.c: finds the function each record means.
 *
 * A record with an export of its own means that export's function. One without
 *   - is a copy of a mark in a header, whose function the linker took from another unit: it means
 *     what the record with the same place, kind and node means there; or
 *   - stands on a stack of marks: clang keeps the last export name only, so it means what the next
 *     record of its unit means, whose number is one higher.
 *   - stands on main(), which can lose its export in another way (marks_main.c).
 * Everything else is an error: a mark that silently did nothing would be worse than no program.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/buf.h"
#include "wasm/marks_parts.h"

struct name {
    struct wasm_bytes text;
    uint32_t function;
    size_t position; /* in the list of exports */
};

struct name_list {
    struct name *items; /* sorted by text */
    size_t count;
};

struct tie {
    const struct wasm_scan *scan;
    const uint32_t *inner;
    struct diag *diag;
    struct name_list exports; /* of functions */
    struct name_list names;   /* of the name section */
    bool *used;               /* by export: a record names it */
    struct record **tied;     /* records with an export of their own, sorted by place */
    size_t tied_count;
};

static int compare_texts(const void *a, const void *b) {
    return wasm_bytes_compare(((const struct name *)a)->text, ((const struct name *)b)->text);
}

static int compare_names(const void *a, const void *b) {
    const struct name *left = a, *right = b;
    int order = compare_texts(a, b);
    return order != 0 ? order
                      : (left->function > right->function) - (left->function < right->function);
}

static void read_exports(struct name_list *list, const struct wasm_scan *scan) {
    list->items = mem_calloc(scan->export_count, sizeof *list->items);
    for (size_t i = 0; i < scan->export_count; i++)
        if (scan->exports[i].kind == 0)
            list->items[list->count++] =
                (struct name){scan->exports[i].name, scan->exports[i].index, i};
    qsort(list->items, list->count, sizeof *list->items, compare_names);
}

static void read_names(struct name_list *list, const struct wasm_scan *scan) {
    size_t total = scan->function_names ? scan->imported_functions + scan->function_count : 0;
    list->items = mem_calloc(total, sizeof *list->items);
    for (size_t i = 0; i < total; i++)
        if (scan->function_names[i].size > 0)
            list->items[list->count++] = (struct name){scan->function_names[i], (uint32_t)i, 0};
    qsort(list->items, list->count, sizeof *list->items, compare_names);
}

static const struct name *find(const struct name_list *list, struct wasm_bytes text) {
    struct name key = {.text = text};
    return list->count == 0 ? NULL
                            : bsearch(&key, list->items, list->count, sizeof key, compare_texts);
}

static bool is_unique(const struct name_list *list, const struct name *name) {
    return (name == list->items || compare_texts(name - 1, name) != 0) &&
           (name + 1 == list->items + list->count || compare_texts(name + 1, name) != 0);
}

static int refuse(const struct tie *tie, const struct record *record, const char *hint,
                  const char *what) {
    char *text = record_describe(record);
    struct diag_place place = {.hint = hint};
    if (record->form != RECORD_OPTION)
        place.offset = (int64_t)record->offset + 1;
    diag_error(tie->diag, place, "%s: %s", text, what);
    free(text);
    return -1;
}

static char *export_name(const struct record *record) {
    return mem_printf("kafu:%.*s:%.*s:%.*s", (int)record->unit.size,
                      (const char *)record->unit.data, (int)record->line.size,
                      (const char *)record->line.data, (int)record->number.size,
                      (const char *)record->number.data);
}

static void tie_own_export(struct tie *tie, struct record *record) {
    char *text = export_name(record);
    const struct name *name =
        find(&tie->exports, (struct wasm_bytes){(const uint8_t *)text, strlen(text)});
    free(text);
    if (!name)
        return;
    tie->used[name->position] = true;
    record->tied = tie->inner[name->function];
    tie->tied[tie->tied_count++] = record;
}

static int tie_name(struct tie *tie, struct record *record) {
    static const char hint_option[] = "FUNCTION is an export or a name of the name section";
    static const char hint_mark[] =
        "put KAFU_EXPORT in front of the function, or do not strip names before snapify runs";
    const struct name *name = find(&tie->exports, record->function);
    if (name) {
        record->tied = tie->inner[name->function];
        return 0;
    }
    name = find(&tie->names, record->function);
    if (record->form == RECORD_EXPORT)
        return 0;
    const char *hint = record->form == RECORD_OPTION ? hint_option : hint_mark;
    if (!name)
        return refuse(tie, record, hint, "the module has no function of that name");
    if (!is_unique(&tie->names, name))
        return refuse(tie, record, hint_mark, "several functions have that name");
    record->tied = name->function;
    return 0;
}

static bool contains(struct wasm_bytes text, struct wasm_bytes part) {
    return memmem(text.data, text.size, part.data, part.size) != NULL;
}

static int tie_index(struct tie *tie, struct record *record) {
    static const char hint[] = "run snapify on what the linker wrote, before any other tool";
    const struct wasm_scan *scan = tie->scan;
    if (record->index < scan->imported_functions ||
        record->index - scan->imported_functions >= scan->function_count)
        return refuse(tie, record, hint, "its function is not in the module");
    if (scan->function_names && scan->function_names[record->index].size > 0 &&
        !contains(scan->function_names[record->index], record->function))
        return refuse(tie, record, hint, "another tool has numbered the functions anew");
    record->tied = record->index;
    return 0;
}

static int compare_places(const void *a, const void *b) {
    const struct record *left = *(struct record *const *)a, *right = *(struct record *const *)b;
    int order = wasm_bytes_compare(left->file, right->file);
    if (order == 0)
        order = wasm_bytes_compare(left->line, right->line);
    if (order == 0)
        order = wasm_bytes_compare(left->node, right->node);
    return order != 0 ? order : (int)left->kind - (int)right->kind;
}

/* The same mark in another unit. */
static void tie_same_place(struct tie *tie, struct record *record) {
    if (tie->tied_count == 0)
        return;
    struct record **found =
        bsearch(&record, tie->tied, tie->tied_count, sizeof *tie->tied, compare_places);
    if (found)
        record->tied = (*found)->tied;
}

static bool is_next(const struct record *record, const struct record *next) {
    struct wasm_bytes a = record->number, b = next->number;
    char left[16], right[16];
    if (wasm_bytes_compare(record->unit, next->unit) != 0 ||
        wasm_bytes_compare(record->file, next->file) != 0 || a.size >= sizeof left ||
        b.size >= sizeof right)
        return false;
    snprintf(left, sizeof left, "%.*s", (int)a.size, (const char *)a.data);
    snprintf(right, sizeof right, "%.*s", (int)b.size, (const char *)b.data);
    return strtoll(left, NULL, 10) + 1 == strtoll(right, NULL, 10);
}

static int tie_rest(struct tie *tie, struct record_list *records) {
    static const char hint[] =
        "the marks were stripped, or another tool rewrote the module: run snapify on what the "
        "linker wrote; or two functions have the same name, and the linker kept the other one";
    uint32_t hidden_main = find_hidden_main(tie->scan);
    for (size_t i = records->count; i-- > 0;) {
        struct record *record = &records->items[i];
        if (record->form != RECORD_EXPORTED || record->tied != MARKS_NO_FUNCTION)
            continue;
        tie_same_place(tie, record);
        if (record->tied == MARKS_NO_FUNCTION && i + 1 < records->count &&
            is_next(record, record + 1))
            record->tied = record[1].tied;
        if (record->tied == MARKS_NO_FUNCTION) {
            record->tied = hidden_main; /* one such stack can be; a second one is an error */
            hidden_main = MARKS_NO_FUNCTION;
        }
        if (record->tied == MARKS_NO_FUNCTION)
            return refuse(tie, record, hint, "its function is not in the module");
    }
    return 0;
}

static int compare_indices(const void *a, const void *b) {
    const struct record *left = *(struct record *const *)a, *right = *(struct record *const *)b;
    if (left->index != right->index)
        return left->index < right->index ? -1 : 1;
    return wasm_bytes_compare(left->file, right->file);
}

/* Link-time optimization joins units and renames static functions, but not what records say. */
static int refuse_merged_statics(const struct tie *tie, struct record_list *records) {
    static const char hint[] =
        "link-time optimization cannot tell static functions of one name apart: rename one of "
        "them, or mark the function in one file only";
    struct record **sorted = mem_calloc(records->count, sizeof *sorted);
    size_t count = 0;
    int status = 0;
    for (size_t i = 0; i < records->count; i++)
        if (records->items[i].form == RECORD_INDEX)
            sorted[count++] = &records->items[i];
    qsort(sorted, count, sizeof *sorted, compare_indices);
    for (size_t i = 1; i < count && status == 0; i++)
        if (sorted[i - 1]->index == sorted[i]->index &&
            wasm_bytes_compare(sorted[i - 1]->file, sorted[i]->file) != 0)
            status = refuse(tie, sorted[i], hint, "a mark in another file names the same function");
    free(sorted);
    return status;
}

static int tie_one(struct tie *tie, struct record *record) {
    switch (record->form) {
    case RECORD_EXPORTED:
        tie_own_export(tie, record);
        return 0;
    case RECORD_INDEX:
        return tie_index(tie, record);
    default:
        return tie_name(tie, record);
    }
}

static int check_bodies(const struct tie *tie, const struct record_list *records) {
    for (size_t i = 0; i < records->count; i++) {
        const struct record *record = &records->items[i];
        if (record->form != RECORD_EXPORT && record->tied < tie->scan->imported_functions)
            return refuse(tie, record, "mark the function that calls it",
                          "the function is imported");
    }
    return 0;
}

static int check_exports(const struct tie *tie) {
    for (size_t i = 0; i < tie->scan->export_count; i++) {
        struct wasm_bytes name = tie->scan->exports[i].name;
        if (marks_is_export(name) && !tie->used[i])
            return diag_error(tie->diag,
                              (struct diag_place){.hint = "do not strip custom sections before "
                                                          "snapify runs"},
                              "the marks were stripped: the export \"%.*s\" has no record in a "
                              "section \"kafu\"",
                              name.size > 200 ? 200 : (int)name.size, (const char *)name.data);
    }
    return 0;
}

static int tie_all(struct tie *tie, struct record_list *records) {
    for (size_t i = 0; i < records->count; i++)
        if (tie_one(tie, &records->items[i]) < 0)
            return -1;
    if (tie->tied_count > 0)
        qsort(tie->tied, tie->tied_count, sizeof *tie->tied, compare_places);
    if (tie_rest(tie, records) < 0 || refuse_merged_statics(tie, records) < 0 ||
        check_bodies(tie, records) < 0)
        return -1;
    return check_exports(tie);
}

int records_tie(struct record_list *records, const struct wasm_scan *scan, const uint32_t *inner,
                struct diag *diag) {
    struct tie tie = {.scan = scan, .inner = inner, .diag = diag};
    read_exports(&tie.exports, scan);
    read_names(&tie.names, scan);
    tie.used = mem_calloc(scan->export_count, sizeof *tie.used);
    tie.tied = mem_calloc(records->count, sizeof *tie.tied);
    int status = tie_all(&tie, records);
    free(tie.exports.items);
    free(tie.names.items);
    free(tie.used);
    free(tie.tied);
    return status;
}
