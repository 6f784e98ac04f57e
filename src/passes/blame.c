#include "passes/blame.h"

#include <stdlib.h>

#include "dwarf/source_lines.h"
#include "support/buf.h"

static bool find_function(const struct source_lines *lines, const struct wasm_scan *scan,
                          const char *name, struct source_place *place) {
    uint32_t function = wasm_scan_find_function(scan, name);
    return function >= scan->imported_functions &&
           function - scan->imported_functions < scan->function_count &&
           source_lines_begin(lines, scan, function - scan->imported_functions, place);
}

static void blame(struct snapify_diagnostic *message, const struct source_lines *lines,
                  const struct wasm_scan *scan) {
    struct source_place place;
    bool known =
        message->offset >= 0 && (uint64_t)message->offset < scan->module.size &&
        source_lines_find(lines, source_address(scan, scan->module.data + message->offset), &place);
    if (!known && message->function)
        known = find_function(lines, scan, message->function, &place);
    if (!known)
        return;
    char *text = mem_printf("%s (%s:%u)", message->text, place.file, place.line);
    free((char *)message->text);
    message->text = text;
}

void blame_source(struct diag *diag, const struct wasm_scan *scan) {
    struct source_lines lines;
    if (!source_lines_exist(scan))
        return;
    if (source_lines_read(&lines, scan) == NULL)
        for (size_t i = 0; i < diag->count; i++)
            if (diag->items[i].severity == SNAPIFY_ERROR)
                blame(&diag->items[i], &lines, scan);
    source_lines_release(&lines);
}
