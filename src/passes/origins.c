/*
 * origins.c: pairs the calls and loops in the raw code with the expressions made of them.
 *
 * Binaryen tells no offsets. But it makes exactly one expression of each call and each loop, and in
 * the order of evaluation, children first, they come as in the code: a call where its opcode is, a
 * loop where its `end` is. So the two sequences are laid side by side right after the reading, and
 * hold only if they are equal in length and kinds and in the functions that are called:
 *
 *     i32.const 1; call $f; loop; call $g; end     f, g, loop
 *     (drop (call $f (i32.const 1))) (loop (call $g))     f, g, loop
 *
 * What cannot be reached Binaryen leaves out, or keeps, by its version. A function where neither
 * fits has no lines. Expressions are not freed as long as their excerpt is there, so a pointer
 * stays true whatever the passes do meanwhile; one that they make anew has no line. When optimized
 * code is written, the sequence of what was left of it takes the place of the raw one.
 */
#include "passes/origins.h"

#include <stdlib.h>

#include "ir/walk.h"
#include "wasm/code.h"

/* Instead of the index of a function. */
enum {
    EVENT_INDIRECT = UINT32_MAX,
    EVENT_LOOP = UINT32_MAX - 1,
};

struct event {
    uint32_t what;              /* EVENT_..., or the function that is called */
    uint32_t address;           /* raw code only */
    BinaryenExpressionRef expr; /* IR only */
};

struct events {
    struct event *items; /* owned */
    size_t count;
};

static void add(struct events *events, struct event event) {
    if ((events->count & (events->count - 1)) == 0)
        events->items =
            mem_grow(events->items, events->count ? events->count * 2 : 1, sizeof *events->items);
    events->items[events->count++] = event;
}

/* ---- the raw code ---- */

struct block {
    uint32_t loop;    /* address of a loop, 0: another block */
    bool dead_before; /* what stands in front of it cannot be left */
};

struct raw {
    const struct wasm_scan *scan;
    struct events events;
    struct block *blocks; /* owned; those that are open */
    size_t depth;
    bool dead, keeps_dead;
};

static void raw_open(struct raw *raw, uint32_t loop) {
    if ((raw->depth & (raw->depth - 1)) == 0)
        raw->blocks = mem_grow(raw->blocks, raw->depth ? raw->depth * 2 : 1, sizeof *raw->blocks);
    raw->blocks[raw->depth++] = (struct block){loop, raw->dead};
}

/* What follows a block is reached as far as its beginning is. */
static void raw_close(struct raw *raw) {
    if (raw->depth == 0)
        return;
    struct block block = raw->blocks[--raw->depth];
    raw->dead = block.dead_before;
    if (block.loop != 0 && (!raw->dead || raw->keeps_dead))
        add(&raw->events, (struct event){.what = EVENT_LOOP, .address = block.loop});
}

static void raw_call(struct raw *raw, uint32_t what, uint32_t address) {
    if (!raw->dead || raw->keeps_dead)
        add(&raw->events, (struct event){.what = what, .address = address});
}

enum {
    OP_CATCH = 0x07,
    OP_THROW = 0x08,
    OP_RETHROW = 0x09,
    OP_THROW_REF = 0x0a,
    OP_BR = 0x0c,
    OP_BR_TABLE = 0x0e,
    OP_RETURN = 0x0f,
    OP_DELEGATE = 0x18,
    OP_CATCH_ALL = 0x19,
};

static void raw_instruction(struct raw *raw, const struct wasm_instruction *at, uint32_t address) {
    switch (at->opcode) {
    case WASM_OP_BLOCK:
    case WASM_OP_IF:
    case WASM_OP_TRY:
    case WASM_OP_TRY_TABLE:
        raw_open(raw, 0);
        break;
    case WASM_OP_LOOP:
        raw_open(raw, address);
        break;
    case WASM_OP_ELSE:
    case OP_CATCH:
    case OP_CATCH_ALL:
        raw->dead = raw->depth > 0 && raw->blocks[raw->depth - 1].dead_before;
        break;
    case WASM_OP_END:
    case OP_DELEGATE:
        raw_close(raw);
        break;
    case WASM_OP_CALL:
        raw_call(raw, at->index, address);
        break;
    case WASM_OP_CALL_INDIRECT:
        raw_call(raw, EVENT_INDIRECT, address);
        break;
    case WASM_OP_RETURN_CALL:
    case WASM_OP_RETURN_CALL_INDIRECT:
        raw_call(raw, at->opcode == WASM_OP_RETURN_CALL ? at->index : EVENT_INDIRECT, address);
        raw->dead = true;
        break;
    case WASM_OP_UNREACHABLE:
    case OP_THROW:
    case OP_RETHROW:
    case OP_THROW_REF:
    case OP_BR:
    case OP_BR_TABLE:
    case OP_RETURN:
        raw->dead = true;
        break;
    default:
        break;
    }
}

static void raw_read(struct raw *raw, struct wasm_bytes body) {
    struct wasm_code code;
    struct wasm_instruction instruction;
    uint32_t start = source_address(raw->scan, body.data);
    raw->events.count = 0;
    raw->depth = 0;
    raw->dead = false;
    if (!wasm_code_init_body(&code, body))
        return;
    while (wasm_code_next(&code, &instruction) > 0)
        raw_instruction(raw, &instruction, start + (uint32_t)instruction.offset);
}

/* ---- the expressions ---- */

struct made {
    const struct program *program;
    size_t function_count; /* of the input; what is called beyond was added since */
    struct events events;
};

static BinaryenExpressionRef made_visit(void *context, BinaryenExpressionRef expr) {
    struct made *made = context;
    BinaryenExpressionId kind = BinaryenExpressionGetId(expr);
    struct event event = {.expr = expr};
    if (kind == IR(Call)) {
        const struct function *callee =
            program_function(made->program, BinaryenCallGetTarget(expr));
        event.what = callee ? (uint32_t)(callee - made->program->functions) : EVENT_INDIRECT;
        if (!callee || event.what >= made->function_count)
            return expr;
    } else if (kind == IR(CallIndirect)) {
        event.what = EVENT_INDIRECT;
    } else if (kind == IR(Loop)) {
        event.what = EVENT_LOOP;
    } else {
        return expr;
    }
    add(&made->events, event);
    return expr;
}

static bool are_equal(const struct events *a, const struct events *b) {
    bool equal = a->count == b->count;
    for (size_t i = 0; equal && i < a->count; i++)
        equal = a->items[i].what == b->items[i].what;
    return equal;
}

static void made_read(struct made *made, const struct function *function) {
    BinaryenExpressionRef root = BinaryenFunctionGetBody(function->ref);
    made->events.count = 0;
    ir_replace_all(&root, made_visit, made);
}

/* ---- side by side ---- */

static void note_addresses(struct origins *origins, const struct events *source,
                           const struct events *made) {
    for (size_t i = 0; are_equal(source, made) && i < source->count; i++)
        if (source->items[i].address != 0)
            map_put(&origins->addresses, made->items[i].expr, source->items[i].address);
}

static void pair_function(struct origins *origins, struct raw *raw, const struct made *made,
                          size_t position) {
    const struct events *kept = &origins->kept[position];
    if (kept->items) {
        note_addresses(origins, kept, &made->events);
        return;
    }
    for (int attempt = 0; attempt < 2; attempt++) {
        raw->keeps_dead = attempt > 0;
        raw_read(raw, raw->scan->functions[position].body);
        if (are_equal(&raw->events, &made->events))
            break;
    }
    note_addresses(origins, &raw->events, &made->events);
}

/* The function of the input at this position, or NULL if it is not loaded. */
static const struct function *loaded_at(const struct origins *origins,
                                        const struct program *program, size_t position) {
    const struct function *function =
        &program->functions[origins->scan->imported_functions + position];
    return function->loaded ? function : NULL;
}

static struct made make_made(const struct origins *origins, const struct program *program) {
    const struct wasm_scan *scan = origins->scan;
    return (struct made){.program = program,
                         .function_count = scan->imported_functions + scan->function_count};
}

void origins_load(struct origins *origins, const struct program *program) {
    struct raw raw = {.scan = origins->scan};
    struct made made = make_made(origins, program);
    map_release(&origins->addresses);
    for (size_t i = 0; origins->kept && i < origins->scan->function_count; i++) {
        const struct function *function = loaded_at(origins, program, i);
        if (!function)
            continue;
        made_read(&made, function);
        pair_function(origins, &raw, &made, i);
    }
    free(raw.events.items);
    free(raw.blocks);
    free(made.events.items);
}

void origins_copied(struct origins *origins, BinaryenExpressionRef expr,
                    BinaryenExpressionRef copy) {
    BinaryenIndex count = ir_child_count(expr);
    uint32_t address;
    if (map_get(&origins->addresses, expr, &address))
        map_put(&origins->addresses, copy, address);
    for (BinaryenIndex i = 0; i < count; i++)
        if (ir_child_get(expr, i))
            origins_copied(origins, ir_child_get(expr, i), ir_child_get(copy, i));
}

/* An array of its own even if it is empty: it says that the raw code is past. */
static void keep_events(struct origins *origins, size_t position, struct events *events) {
    for (size_t i = 0; i < events->count; i++) {
        uint32_t address = 0;
        map_get(&origins->addresses, events->items[i].expr, &address);
        events->items[i].address = address;
    }
    free(origins->kept[position].items);
    origins->kept[position] = *events;
    if (!events->items)
        origins->kept[position].items = mem_calloc(1, sizeof(struct event));
    *events = (struct events){0};
}

void origins_keep(struct origins *origins, const struct program *program) {
    struct made made = make_made(origins, program);
    for (size_t i = 0; origins->kept && i < origins->scan->function_count; i++) {
        const struct function *function = loaded_at(origins, program, i);
        if (!function)
            continue;
        made_read(&made, function);
        keep_events(origins, i, &made.events);
    }
}

void origins_init(struct origins *origins, const struct wasm_scan *scan, struct diag *diag) {
    *origins = (struct origins){.scan = scan};
    if (!source_lines_exist(scan))
        return;
    const char *fault = source_lines_read(&origins->lines, scan);
    if (fault)
        diag_note(diag, (struct diag_place){0}, "no source lines from DWARF: %s", fault);
    else
        origins->kept = mem_calloc(scan->function_count, sizeof *origins->kept);
}

void origins_release(struct origins *origins) {
    source_lines_release(&origins->lines);
    map_release(&origins->addresses);
    for (size_t i = 0; origins->kept && i < origins->scan->function_count; i++)
        free(origins->kept[i].items);
    free(origins->kept);
}

/* ---- lines ---- */

bool origins_of_function(const struct origins *origins, uint32_t function,
                         struct source_place *place) {
    uint32_t imported = origins->scan->imported_functions;
    return function >= imported && function - imported < origins->scan->function_count &&
           source_lines_begin(&origins->lines, origins->scan, function - imported, place);
}

/* Compilers know no line for the head of many a loop: then that of the first thing in it. */
static bool find_source(const struct origins *origins, const struct site *site, size_t function,
                        struct source_place *place) {
    struct wasm_bytes body = origins->scan->functions[function].body;
    uint32_t address, end = source_address(origins->scan, body.data) + (uint32_t)body.size;
    if (!map_get(&origins->addresses, site->source, &address))
        return false;
    return source_lines_first(&origins->lines, address, site->call ? address : end, place);
}

bool origins_of_site(const struct origins *origins, const struct body *body,
                     const struct site *site, struct source_place *place) {
    uint32_t imported = origins->scan->imported_functions;
    uint32_t position = body->function_index - imported; /* wraps round for imported ones */
    if (origins->lines.row_count == 0 || position >= origins->scan->function_count)
        return false;
    if (site->source)
        return find_source(origins, site, position, place);
    if (site->kind == SNAPIFY_POINT_RETURN)
        return source_lines_end(&origins->lines, origins->scan, position, place);
    return source_lines_begin(&origins->lines, origins->scan, position, place);
}
