/*
 * marks_wrappers.c: finds the functions that wasm-ld puts around exports.
 *
 * If a program does not call its constructors and destructors itself, wasm-ld makes for every
 * exported function f a function like this one, and exports that:
 *
 *     (func (param i32 i32) (result i32)      ;; the type of f
 *       call $__wasm_call_ctors               ;; if there are constructors
 *       local.get 0
 *       local.get 1
 *       call $f
 *       call $__wasm_call_dtors)              ;; if the C library has destructors
 *
 * while everything inside the module goes on calling f. A function that a user wrote can have the
 * same shape. What tells them apart: the linker wraps all exported functions or none, with the
 * same constructors and destructors, and nothing inside the module calls or names a wrapper. Names
 * and indices are not looked at. With fewer than two exported functions nothing is a wrapper: the
 * one shape could be read in two ways.
 */
#include <string.h>

#include "support/buf.h"
#include "wasm/code.h"
#include "wasm/marks_parts.h"

#define MAX_CALLS 3

/* Calls of a body that does nothing but hand on its parameters to one of them. */
struct shape {
    uint32_t calls[MAX_CALLS];
    unsigned call_count;
    unsigned gets;   /* parameters handed on */
    unsigned get_at; /* number of calls before the first of them */
};

/* What stands around all wrapped functions; MARKS_NO_FUNCTION if missing. */
struct around {
    uint32_t before;
    uint32_t after;
};

static const struct wasm_function *defined(const struct wasm_scan *scan, uint32_t function) {
    return function < scan->imported_functions ||
                   function - scan->imported_functions >= scan->function_count
               ? NULL
               : &scan->functions[function - scan->imported_functions];
}

static bool add_to_shape(struct shape *shape, const struct wasm_instruction *instruction) {
    if (instruction->opcode == WASM_OP_CALL && shape->call_count < MAX_CALLS) {
        shape->calls[shape->call_count++] = instruction->index;
        return true;
    }
    if (instruction->opcode != WASM_OP_LOCAL_GET || instruction->index != shape->gets)
        return false;
    if (shape->gets++ == 0)
        shape->get_at = shape->call_count;
    return shape->get_at == shape->call_count;
}

static bool read_shape(struct shape *shape, struct wasm_bytes body) {
    struct wasm_code code;
    struct wasm_instruction instruction;
    int status;
    *shape = (struct shape){0};
    if (body.size == 0 || body.data[0] != 0 || !wasm_code_init_body(&code, body))
        return false;
    while ((status = wasm_code_next(&code, &instruction)) > 0 && !code.ended)
        if (!add_to_shape(shape, &instruction))
            return false;
    return status > 0 && shape->call_count >= 2;
}

static bool is_same_type(const struct wasm_scan *scan, uint32_t a, uint32_t b) {
    const struct wasm_function *left = defined(scan, a), *right = defined(scan, b);
    return left && right &&
           wasm_bytes_compare(scan->types[left->type], scan->types[right->type]) == 0;
}

/* A defined function without parameters and results. */
static bool is_plain(const struct wasm_scan *scan, uint32_t function) {
    static const uint8_t nothing[] = {0, 0};
    const struct wasm_function *f = defined(scan, function);
    return f && wasm_bytes_compare(scan->types[f->type], (struct wasm_bytes){nothing, 2}) == 0;
}

/* If `function` can be a wrapper around its call number `middle`: what stands around it. */
static bool read_around(struct around *around, const struct wasm_scan *scan, uint32_t function,
                        const struct shape *shape, unsigned middle) {
    uint32_t parameters;
    struct wasm_bytes type = scan->types[defined(scan, function)->type];
    struct reader reader = reader_over(type.data, type.size);
    if (middle > 1 || shape->call_count > middle + 2 || shape->calls[middle] == function ||
        !is_same_type(scan, shape->calls[middle], function) ||
        !reader_uleb32(&reader, &parameters) || parameters != shape->gets ||
        (shape->gets > 0 && shape->get_at != middle))
        return false;
    around->before = middle == 1 ? shape->calls[0] : MARKS_NO_FUNCTION;
    around->after = middle + 1 < shape->call_count ? shape->calls[middle + 1] : MARKS_NO_FUNCTION;
    return (middle == 0 || is_plain(scan, around->before)) &&
           (middle + 1 == shape->call_count || is_plain(scan, around->after));
}

/* The function that `function` wraps within `around`, or MARKS_NO_FUNCTION. */
static uint32_t wrapped_within(const struct wasm_scan *scan, const struct around *around,
                               uint32_t function) {
    struct shape shape;
    const struct wasm_function *f = defined(scan, function);
    if (!f || !read_shape(&shape, f->body))
        return MARKS_NO_FUNCTION;
    for (unsigned middle = 0; middle < shape.call_count; middle++) {
        struct around found;
        if (read_around(&found, scan, function, &shape, middle) && found.before == around->before &&
            found.after == around->after)
            return shape.calls[middle];
    }
    return MARKS_NO_FUNCTION;
}

static bool is_candidate(const struct wasm_scan *scan, const struct wasm_export *item) {
    return item->kind == 0 && item->index >= scan->imported_functions;
}

/* Whether all exported functions are wrappers within `around`; fills `inner` if so. */
static bool try_around(uint32_t *inner, const struct wasm_scan *scan, const struct around *around) {
    for (size_t i = 0; i < scan->export_count; i++)
        if (is_candidate(scan, &scan->exports[i]) &&
            wrapped_within(scan, around, scan->exports[i].index) == MARKS_NO_FUNCTION)
            return false;
    for (size_t i = 0; inner && i < scan->export_count; i++)
        if (is_candidate(scan, &scan->exports[i]))
            inner[scan->exports[i].index] = wrapped_within(scan, around, scan->exports[i].index);
    return true;
}

/* An exported function whose reading all others must share, or MARKS_NO_FUNCTION if there are
 * fewer than two, or if one is called from inside. */
static uint32_t first_candidate(const struct wasm_scan *scan, const struct calls *calls) {
    uint32_t first = MARKS_NO_FUNCTION;
    bool several = false;
    for (size_t i = 0; i < scan->export_count; i++) {
        if (!is_candidate(scan, &scan->exports[i]))
            continue;
        uint32_t function = scan->exports[i].index;
        if (calls->flags[function] != 0)
            return MARKS_NO_FUNCTION;
        several = several || (first != MARKS_NO_FUNCTION && first != function);
        first = first == MARKS_NO_FUNCTION ? function : first;
    }
    return several ? first : MARKS_NO_FUNCTION;
}

void wrappers_find(uint32_t *inner, const struct wasm_scan *scan, const struct calls *calls) {
    struct shape shape;
    struct around around, fitting = {0};
    unsigned fits = 0;
    for (uint32_t i = 0; i < calls->total; i++)
        inner[i] = i;
    uint32_t first = first_candidate(scan, calls);
    if (first == MARKS_NO_FUNCTION || !read_shape(&shape, defined(scan, first)->body))
        return;
    for (unsigned middle = 0; middle < shape.call_count; middle++) {
        if (read_around(&around, scan, first, &shape, middle) && try_around(NULL, scan, &around)) {
            fitting = around;
            fits++;
        }
    }
    if (fits == 1) /* two readings would both be guesses */
        try_around(inner, scan, &fitting);
}
