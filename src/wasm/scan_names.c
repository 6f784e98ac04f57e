/*
 * scan_names.c: function index to name and back, for messages and for the command line.
 */
#include <string.h>

#include "support/buf.h"
#include "wasm/marks.h"
#include "wasm/scan.h"

int wasm_bytes_compare(struct wasm_bytes a, struct wasm_bytes b) {
    size_t size = a.size < b.size ? a.size : b.size;
    int order = size == 0 ? 0 : memcmp(a.data, b.data, size);
    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

static bool is_string(struct wasm_bytes bytes, const char *string) {
    size_t size = strlen(string);
    return bytes.size == size && memcmp(bytes.data, string, size) == 0;
}

static char *copy(struct wasm_bytes bytes) {
    return mem_strndup((const char *)bytes.data, bytes.size);
}

char *wasm_scan_function_name(const struct wasm_scan *scan, uint32_t function) {
    if (scan->function_names && function < scan->imported_functions + scan->function_count &&
        scan->function_names[function].size > 0)
        return copy(scan->function_names[function]);
    for (size_t i = 0; i < scan->export_count; i++)
        if (scan->exports[i].kind == 0 && scan->exports[i].index == function &&
            !marks_is_export(scan->exports[i].name))
            return copy(scan->exports[i].name);
    return mem_printf("func[%u]", function);
}

uint32_t wasm_scan_find_function(const struct wasm_scan *scan, const char *name) {
    for (size_t i = 0; i < scan->export_count; i++)
        if (scan->exports[i].kind == 0 && is_string(scan->exports[i].name, name))
            return scan->exports[i].index;
    uint32_t found = UINT32_MAX;
    if (!scan->function_names || name[0] == '\0')
        return found;
    for (uint32_t i = 0; i < scan->imported_functions + scan->function_count; i++) {
        if (!is_string(scan->function_names[i], name))
            continue;
        if (found != UINT32_MAX)
            return UINT32_MAX - 1;
        found = i;
    }
    return found;
}
