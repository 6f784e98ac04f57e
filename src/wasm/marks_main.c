/*
 * marks_main.c: finds a marked main() that lost its export to the C library.
 *
 * clang calls `int main(void)` __original_main. Older versions of wasi-libc have a function of that
 * name, too, a weak one that only calls __main_void, which is another name of ours. With link-time
 * optimization the linker has taken theirs before ours is compiled, and as kafu.h makes ours weak,
 * ours does not replace it: both stay, theirs calls ours, and what is said about the name, our
 * export, is dropped. Two functions of that name are the trace this leaves. They never stand there
 * when main is not marked.
 */
#include <string.h>

#include "wasm/code.h"
#include "wasm/marks_parts.h"

static const char main_name[] = "__original_main";

static bool is_main(const struct wasm_scan *scan, uint32_t function) {
    struct wasm_bytes name = scan->function_names[function];
    return name.size == strlen(main_name) && memcmp(name.data, main_name, name.size) == 0;
}

/* The function that a body calls, if it does nothing else. */
static uint32_t only_call(const struct wasm_scan *scan, uint32_t function) {
    struct wasm_code code;
    struct wasm_instruction call, end;
    struct wasm_bytes body = scan->functions[function - scan->imported_functions].body;
    if (!wasm_code_init_body(&code, body) || wasm_code_next(&code, &call) != 1 ||
        call.opcode != WASM_OP_CALL || wasm_code_next(&code, &end) != 1 || !code.ended)
        return MARKS_NO_FUNCTION;
    return call.index;
}

uint32_t find_hidden_main(const struct wasm_scan *scan) {
    uint32_t total = scan->imported_functions + (uint32_t)scan->function_count;
    for (uint32_t i = scan->imported_functions; scan->function_names && i < total; i++) {
        if (!is_main(scan, i))
            continue;
        uint32_t called = only_call(scan, i);
        if (called != i && called >= scan->imported_functions && called < total &&
            is_main(scan, called))
            return called;
    }
    return MARKS_NO_FUNCTION;
}
