/*
 * scan_code.c: the code section in, the bytes of each body out.
 *
 * Bodies are measured here and read instruction by instruction later, by those who ask.
 */
#include "wasm/code.h"
#include "wasm/scan_parse.h"

/* Engines refuse 49,999 and more; Binaryen would allocate whatever a body of ten bytes declares. */
#define MAX_LOCALS 50000u

static int check_locals(struct scan_state *state, uint32_t function, struct reader body) {
    uint32_t groups, count;
    uint64_t total = 0;
    struct diag_place place = scan_place(body.at);
    if (!reader_uleb32(&body, &groups) || groups > reader_left(&body))
        return diag_error(state->diag, place, "the locals of function %u are malformed", function);
    while (groups-- > 0) {
        if (!reader_uleb32(&body, &count) || !wasm_code_skip_value_type(&body))
            return diag_error(state->diag, scan_place(body.at),
                              "the locals of function %u are malformed", function);
        total += count;
    }
    if (total > MAX_LOCALS)
        return diag_error(state->diag, place,
                          "function %u declares %llu locals, at most %u are allowed", function,
                          (unsigned long long)total, MAX_LOCALS);
    return 0;
}

static int scan_body(struct scan_state *state, uint32_t i) {
    struct wasm_scan *scan = state->scan;
    struct reader *reader = &state->reader;
    uint32_t function = scan->imported_functions + i;
    uint32_t size;
    size_t offset = reader->at;
    if (!reader_uleb32(reader, &size) || size > reader_left(reader))
        return diag_error(state->diag, scan_place(offset),
                          "the code section ends in the middle of function %u", function);
    struct reader body = *reader;
    body.end = body.at + size;
    scan->functions[i].body = (struct wasm_bytes){reader->data + reader->at, size};
    reader_skip(reader, size);
    return check_locals(state, function, body);
}

int scan_code(struct scan_state *state) {
    if (scan_read_count(state, &state->body_count) < 0)
        return -1;
    if (state->body_count != state->scan->function_count)
        return diag_error(state->diag, scan_place(state->reader.at),
                          "the code section has %u bodies for %zu declared functions",
                          state->body_count, state->scan->function_count);
    for (uint32_t i = 0; i < state->body_count; i++)
        if (scan_body(state, i) < 0)
            return -1;
    return 0;
}
