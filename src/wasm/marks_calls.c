/*
 * marks_calls.c: function bodies and segments in, one byte of facts per function out.
 *
 * A call of a function by itself does not count: what nobody else calls never starts.
 */
#include <stdlib.h>

#include "support/buf.h"
#include "wasm/code.h"
#include "wasm/elements.h"
#include "wasm/marks_parts.h"
#include "wasm/scan_parse.h"

#define PADDED_SIZE 5

static void note_reference(void *context, uint32_t function) {
    struct calls *calls = context;
    if (function < calls->total)
        calls->flags[function] |= CALL_REFERENCE;
}

static void note_call(struct calls *calls, uint32_t caller,
                      const struct wasm_instruction *instruction) {
    if (instruction->index_size == PADDED_SIZE)
        calls->padded_calls++;
    else
        calls->plain_calls++;
    if (instruction->index < calls->total && instruction->index != caller)
        calls->flags[instruction->index] |= CALL_FROM_OTHER;
}

static int refuse_code(const struct wasm_scan *scan, uint32_t function, size_t offset,
                       struct diag *diag) {
    const uint8_t *body = scan->functions[function - scan->imported_functions].body.data;
    char *name = wasm_scan_function_name(scan, function);
    struct diag_place place = {
        .function = name,
        .hint = "the garbage collection proposal and newer ones are not supported",
        .offset = (int64_t)((size_t)(body - scan->module.data) + offset) + 1,
    };
    diag_error(diag, place, "the code is malformed or holds an unknown instruction");
    free(name);
    return -1;
}

static int read_body(struct calls *calls, const struct wasm_scan *scan, uint32_t function,
                     struct diag *diag) {
    struct wasm_code code;
    struct wasm_instruction instruction = {0};
    int status;
    if (!wasm_code_init_body(&code, scan->functions[function - scan->imported_functions].body))
        return refuse_code(scan, function, code.reader.at, diag);
    while ((status = wasm_code_next(&code, &instruction)) > 0) {
        if (instruction.opcode == WASM_OP_CALL || instruction.opcode == WASM_OP_RETURN_CALL)
            note_call(calls, function, &instruction);
        else if (instruction.opcode == WASM_OP_REF_FUNC)
            note_reference(calls, instruction.index);
    }
    if (status < 0)
        return refuse_code(scan, function, instruction.offset, diag);
    if (reader_left(&code.reader) != 0)
        return refuse_code(scan, function, code.reader.at, diag);
    return 0;
}

int calls_read(struct calls *calls, const struct wasm_scan *scan, struct diag *diag) {
    *calls = (struct calls){.total = scan->imported_functions + (uint32_t)scan->function_count};
    calls->flags = mem_calloc(calls->total, 1);
    for (uint32_t i = scan->imported_functions; i < calls->total; i++)
        if (read_body(calls, scan, i, diag) < 0)
            return -1;
    for (size_t i = 0; i < scan->section_count; i++) {
        const struct wasm_section *section = &scan->sections[i];
        if (section->id == SECTION_ELEMENT)
            wasm_elements_visit(section->payload, note_reference, calls);
        if (section->id == SECTION_GLOBAL)
            wasm_globals_visit(section->payload, note_reference, calls);
    }
    if (scan->has_start)
        note_reference(calls, scan->start);
    return 0;
}

void calls_release(struct calls *calls) {
    free(calls->flags);
    *calls = (struct calls){0};
}
