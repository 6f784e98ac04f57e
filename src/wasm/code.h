/*
 * code.h: walks over the instructions of raw function bodies and constant expressions.
 *
 * Knows all instructions of the core specification up to SIMD, relaxed SIMD, threads, tail calls,
 * typed function references and both forms of exceptions. Garbage collection (prefix 0xfb) and
 * anything newer is reported as unknown, because without its shape nothing behind it can be read.
 * Checks the encoding only; types and indices are the validator's business.
 */
#ifndef SNAPIFY_WASM_CODE_H
#define SNAPIFY_WASM_CODE_H

#include "wasm/leb128.h"
#include "wasm/scan.h"

/* Opcodes that callers ask for by name. A prefixed opcode is prefix << 16 | number. */
enum wasm_opcode {
    WASM_OP_END = 0x0b,
    WASM_OP_UNREACHABLE = 0x00,
    WASM_OP_BLOCK = 0x02,
    WASM_OP_LOOP = 0x03,
    WASM_OP_IF = 0x04,
    WASM_OP_ELSE = 0x05,
    WASM_OP_TRY = 0x06,
    WASM_OP_CALL = 0x10,
    WASM_OP_CALL_INDIRECT = 0x11,
    WASM_OP_RETURN_CALL = 0x12,
    WASM_OP_RETURN_CALL_INDIRECT = 0x13,
    WASM_OP_CALL_REF = 0x14,
    WASM_OP_RETURN_CALL_REF = 0x15,
    WASM_OP_SELECT_TYPED = 0x1c,
    WASM_OP_TRY_TABLE = 0x1f,
    WASM_OP_LOCAL_GET = 0x20,
    WASM_OP_LOCAL_TEE = 0x22,
    WASM_OP_GLOBAL_GET = 0x23,
    WASM_OP_GLOBAL_SET = 0x24,
    WASM_OP_TABLE_GET = 0x25,
    WASM_OP_TABLE_SET = 0x26,
    WASM_OP_I32_CONST = 0x41,
    WASM_OP_I32_EQZ = 0x45,
    WASM_OP_I32_LT_U = 0x49,
    WASM_OP_REF_NULL = 0xd0,
    WASM_OP_REF_IS_NULL = 0xd1,
    WASM_OP_REF_FUNC = 0xd2,
    WASM_OP_REF_EQ = 0xd3,
    WASM_OP_BR_ON_NON_NULL = 0xd6,
    WASM_OP_TABLE_INIT = 0xfc000c,
    WASM_OP_ELEM_DROP = 0xfc000d,
    WASM_OP_TABLE_COPY = 0xfc000e,
    WASM_OP_TABLE_GROW = 0xfc000f,
    WASM_OP_TABLE_SIZE = 0xfc0010,
    WASM_OP_TABLE_FILL = 0xfc0011,
};

struct wasm_instruction {
    uint32_t opcode;
    size_t offset;      /* of the opcode, from the start of the bytes walked over */
    uint32_t index;     /* first immediate if it is an index (a block's type, too), else 0 */
    uint32_t second;    /* second one, likewise: the table of call_indirect and table.init */
    uint8_t index_size; /* bytes of the first, 0: none; linkers pad those they fill in to 5 */
};

struct wasm_code {
    struct reader reader;
    uint32_t depth; /* open blocks */
    bool ended;     /* the outermost `end` was met */
};

/* Starts behind the declarations of locals in a function body. Returns false if they are
 * malformed. */
bool wasm_code_init_body(struct wasm_code *code, struct wasm_bytes body);

/* Starts at a constant expression; when wasm_code_next() returns 0, `reader` stands behind it. */
void wasm_code_init_expression(struct wasm_code *code, struct reader reader);

/* 1: *instruction is the next one; 0: the outermost `end` was passed; -1: malformed or unknown,
 * and instruction->offset says where. */
int wasm_code_next(struct wasm_code *code, struct wasm_instruction *instruction);

/* Called with the index of each function that a constant names by ref.func or in a list. */
typedef void wasm_visit_function(void *context, uint32_t function);

/* Moves over a constant expression; false if it is malformed, and the reader stands there.
 * `visit` may be NULL. */
bool wasm_code_skip_expression(struct reader *reader, wasm_visit_function *visit, void *context);

/* Moves over a value type, a reference type with its heap type included. */
bool wasm_code_skip_value_type(struct reader *reader);

/* Moves over a vector of value types. */
bool wasm_code_skip_value_types(struct reader *reader);

#endif
