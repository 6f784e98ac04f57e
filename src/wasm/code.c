/*
 * code.c: raw code in, one instruction at a time out.
 *
 * Driven by tables of ranges: {first opcode, last opcode, shape of the immediates}. To teach it an
 * instruction, add a row.
 */
#include "wasm/code.h"

enum shape {
    SHAPE_NONE,
    SHAPE_INDEX,       /* u32 */
    SHAPE_INDEX_2,     /* u32 u32 */
    SHAPE_BLOCK,       /* block type; opens a block */
    SHAPE_TRY_TABLE,   /* block type, catch clauses; opens a block */
    SHAPE_END,         /* closes a block */
    SHAPE_DELEGATE,    /* u32; closes a block */
    SHAPE_BR_TABLE,    /* vector of u32, u32 */
    SHAPE_SELECT,      /* vector of value types */
    SHAPE_HEAP_TYPE,   /* s33 */
    SHAPE_MEMORY,      /* alignment, offset */
    SHAPE_MEMORY_LANE, /* alignment, offset, u8 */
    SHAPE_BYTE,        /* u8 */
    SHAPE_S32,
    SHAPE_S64,
    SHAPE_4_BYTES,
    SHAPE_8_BYTES,
    SHAPE_16_BYTES,
};

struct range {
    uint32_t first, last;
    enum shape shape;
};

/* The tables are in rising order and end in a range that nothing falls into. */
static const struct range plain_opcodes[] = {
    {0x00, 0x01, SHAPE_NONE},      /* unreachable, nop */
    {0x02, 0x04, SHAPE_BLOCK},     /* block, loop, if */
    {0x05, 0x05, SHAPE_NONE},      /* else */
    {0x06, 0x06, SHAPE_BLOCK},     /* try (legacy exceptions) */
    {0x07, 0x09, SHAPE_INDEX},     /* catch, throw, rethrow */
    {0x0a, 0x0a, SHAPE_NONE},      /* throw_ref */
    {0x0b, 0x0b, SHAPE_END},       /* end */
    {0x0c, 0x0d, SHAPE_INDEX},     /* br, br_if */
    {0x0e, 0x0e, SHAPE_BR_TABLE},  /* br_table */
    {0x0f, 0x0f, SHAPE_NONE},      /* return */
    {0x10, 0x10, SHAPE_INDEX},     /* call */
    {0x11, 0x11, SHAPE_INDEX_2},   /* call_indirect */
    {0x12, 0x12, SHAPE_INDEX},     /* return_call */
    {0x13, 0x13, SHAPE_INDEX_2},   /* return_call_indirect */
    {0x14, 0x15, SHAPE_INDEX},     /* call_ref, return_call_ref */
    {0x18, 0x18, SHAPE_DELEGATE},  /* delegate */
    {0x19, 0x1b, SHAPE_NONE},      /* catch_all, drop, select */
    {0x1c, 0x1c, SHAPE_SELECT},    /* select with types */
    {0x1f, 0x1f, SHAPE_TRY_TABLE}, /* try_table */
    {0x20, 0x26, SHAPE_INDEX},     /* local.*, global.*, table.get, table.set */
    {0x28, 0x3e, SHAPE_MEMORY},    /* loads and stores */
    {0x3f, 0x40, SHAPE_INDEX},     /* memory.size, memory.grow */
    {0x41, 0x41, SHAPE_S32},       /* i32.const */
    {0x42, 0x42, SHAPE_S64},       /* i64.const */
    {0x43, 0x43, SHAPE_4_BYTES},   /* f32.const */
    {0x44, 0x44, SHAPE_8_BYTES},   /* f64.const */
    {0x45, 0xc4, SHAPE_NONE},      /* numeric, sign extension included */
    {0xd0, 0xd0, SHAPE_HEAP_TYPE}, /* ref.null */
    {0xd1, 0xd1, SHAPE_NONE},      /* ref.is_null */
    {0xd2, 0xd2, SHAPE_INDEX},     /* ref.func */
    {0xd3, 0xd4, SHAPE_NONE},      /* ref.eq, ref.as_non_null */
    {0xd5, 0xd6, SHAPE_INDEX},     /* br_on_null, br_on_non_null */
    {1, 0, SHAPE_NONE},
};

static const struct range bulk_opcodes[] = {
    {0x00, 0x07, SHAPE_NONE},    /* saturating conversions */
    {0x08, 0x08, SHAPE_INDEX_2}, /* memory.init */
    {0x09, 0x09, SHAPE_INDEX},   /* data.drop */
    {0x0a, 0x0a, SHAPE_INDEX_2}, /* memory.copy */
    {0x0b, 0x0b, SHAPE_INDEX},   /* memory.fill */
    {0x0c, 0x0c, SHAPE_INDEX_2}, /* table.init */
    {0x0d, 0x0d, SHAPE_INDEX},   /* elem.drop */
    {0x0e, 0x0e, SHAPE_INDEX_2}, /* table.copy */
    {0x0f, 0x11, SHAPE_INDEX},   /* table.grow, table.size, table.fill */
    {0x13, 0x16, SHAPE_NONE},    /* wide arithmetic */
    {1, 0, SHAPE_NONE},
};

static const struct range simd_opcodes[] = {
    {0x00, 0x0b, SHAPE_MEMORY},      /* v128.load*, v128.store */
    {0x0c, 0x0d, SHAPE_16_BYTES},    /* v128.const, i8x16.shuffle */
    {0x0e, 0x14, SHAPE_NONE},        /* swizzle, splats */
    {0x15, 0x22, SHAPE_BYTE},        /* extract_lane, replace_lane */
    {0x23, 0x53, SHAPE_NONE},        /* comparisons, bitwise */
    {0x54, 0x5b, SHAPE_MEMORY_LANE}, /* v128.load_lane, v128.store_lane */
    {0x5c, 0x5d, SHAPE_MEMORY},      /* v128.load_zero */
    {0x5e, 0x113, SHAPE_NONE},       /* arithmetic, relaxed SIMD */
    {1, 0, SHAPE_NONE},
};

static const struct range atomic_opcodes[] = {
    {0x00, 0x02, SHAPE_MEMORY}, /* notify, wait */
    {0x03, 0x03, SHAPE_BYTE},   /* atomic.fence */
    {0x10, 0x4e, SHAPE_MEMORY}, /* loads, stores, read-modify-write */
    {1, 0, SHAPE_NONE},
};

static const struct range *table_of(uint8_t prefix) {
    switch (prefix) {
    case 0xfc:
        return bulk_opcodes;
    case 0xfd:
        return simd_opcodes;
    case 0xfe:
        return atomic_opcodes;
    default:
        return NULL;
    }
}

static const struct range *find_range(const struct range *table, uint32_t number) {
    while (table->first <= table->last && number > table->last)
        table++;
    return table->first <= number && number <= table->last ? table : NULL;
}

static const struct range *read_opcode(struct reader *reader, uint32_t *opcode) {
    uint8_t byte;
    if (!reader_u8(reader, &byte))
        return NULL;
    *opcode = byte;
    const struct range *table = table_of(byte);
    if (!table)
        return find_range(plain_opcodes, byte);
    uint32_t number;
    if (!reader_uleb32(reader, &number) || number > 0xffff)
        return NULL;
    *opcode = (uint32_t)byte << 16 | number;
    return find_range(table, number);
}

bool wasm_code_skip_value_type(struct reader *reader) {
    uint8_t type;
    int64_t heap_type;
    if (!reader_u8(reader, &type))
        return false;
    switch (type) {
    case 0x7f: /* i32, i64, f32, f64, v128 */
    case 0x7e:
    case 0x7d:
    case 0x7c:
    case 0x7b:
    case 0x70: /* funcref, externref, exnref */
    case 0x6f:
    case 0x69:
        return true;
    case 0x63: /* (ref null heap-type), (ref heap-type) */
    case 0x64:
        return reader_sleb33(reader, &heap_type);
    default:
        reader->at--;
        return false;
    }
}

bool wasm_code_skip_value_types(struct reader *reader) {
    uint32_t count;
    if (!reader_uleb32(reader, &count) || count > reader_left(reader))
        return false;
    while (count-- > 0)
        if (!wasm_code_skip_value_type(reader))
            return false;
    return true;
}

/* Empty, a value type, or the index of a function type as a number that is not negative. */
static bool read_block_type(struct reader *reader, struct wasm_instruction *instruction) {
    int64_t type;
    size_t start = reader->at;
    if (reader->at == reader->end)
        return false;
    uint8_t first = reader->data[reader->at];
    if (first == 0x40)
        return reader_skip(reader, 1);
    if ((first & 0x80) == 0 && (first & 0x40) != 0)
        return wasm_code_skip_value_type(reader);
    if (!reader_sleb33(reader, &type) || type < 0)
        return false;
    instruction->index = (uint32_t)type;
    instruction->index_size = (uint8_t)(reader->at - start);
    return true;
}

static bool skip_indices(struct reader *reader, uint32_t count) {
    uint32_t index;
    if (count > reader_left(reader))
        return false;
    while (count-- > 0)
        if (!reader_uleb32(reader, &index))
            return false;
    return true;
}

static bool skip_br_table(struct reader *reader) {
    uint32_t count, last;
    return reader_uleb32(reader, &count) && skip_indices(reader, count) &&
           reader_uleb32(reader, &last);
}

static bool read_try_table(struct reader *reader, struct wasm_instruction *instruction) {
    uint32_t count;
    if (!read_block_type(reader, instruction) || !reader_uleb32(reader, &count) ||
        count > reader_left(reader))
        return false;
    while (count-- > 0) {
        uint8_t clause; /* 0 catch, 1 catch_ref: tag and label; 2, 3 catch_all: label */
        if (!reader_u8(reader, &clause) || clause > 3 || !skip_indices(reader, clause < 2 ? 2 : 1))
            return false;
    }
    return true;
}

static bool skip_memory_argument(struct reader *reader) {
    uint32_t alignment, memory;
    uint64_t offset;
    if (!reader_uleb32(reader, &alignment))
        return false;
    if ((alignment & 0x40) != 0 && !reader_uleb32(reader, &memory)) /* several memories */
        return false;
    return reader_uleb64(reader, &offset);
}

static bool read_index(struct reader *reader, struct wasm_instruction *instruction) {
    instruction->index_size = (uint8_t)reader_varint_size(reader);
    return reader_uleb32(reader, &instruction->index);
}

static bool skip_shape(struct reader *reader, enum shape shape,
                       struct wasm_instruction *instruction) {
    int32_t s32;
    int64_t s64;
    uint8_t byte;
    switch (shape) {
    case SHAPE_NONE:
    case SHAPE_END:
        return true;
    case SHAPE_INDEX:
    case SHAPE_DELEGATE:
        return read_index(reader, instruction);
    case SHAPE_INDEX_2:
        return read_index(reader, instruction) && reader_uleb32(reader, &instruction->second);
    case SHAPE_BLOCK:
        return read_block_type(reader, instruction);
    case SHAPE_TRY_TABLE:
        return read_try_table(reader, instruction);
    case SHAPE_BR_TABLE:
        return skip_br_table(reader);
    case SHAPE_SELECT:
        return wasm_code_skip_value_types(reader);
    case SHAPE_HEAP_TYPE:
        return reader_sleb33(reader, &s64);
    case SHAPE_MEMORY:
        return skip_memory_argument(reader);
    case SHAPE_MEMORY_LANE:
        return skip_memory_argument(reader) && reader_u8(reader, &byte);
    case SHAPE_BYTE:
        return reader_u8(reader, &byte);
    case SHAPE_S32:
        return reader_sleb32(reader, &s32);
    case SHAPE_S64:
        return reader_sleb64(reader, &s64);
    case SHAPE_4_BYTES:
        return reader_skip(reader, 4);
    case SHAPE_8_BYTES:
        return reader_skip(reader, 8);
    case SHAPE_16_BYTES:
        return reader_skip(reader, 16);
    }
    return false;
}

static void track_depth(struct wasm_code *code, enum shape shape) {
    if (shape == SHAPE_BLOCK || shape == SHAPE_TRY_TABLE)
        code->depth++;
    else if (shape == SHAPE_END && code->depth == 0)
        code->ended = true;
    else if ((shape == SHAPE_END || shape == SHAPE_DELEGATE) && code->depth > 0)
        code->depth--;
}

int wasm_code_next(struct wasm_code *code, struct wasm_instruction *instruction) {
    if (code->ended)
        return 0;
    *instruction = (struct wasm_instruction){.offset = code->reader.at};
    const struct range *range = read_opcode(&code->reader, &instruction->opcode);
    if (!range || !skip_shape(&code->reader, range->shape, instruction))
        return -1;
    track_depth(code, range->shape);
    return 1;
}

bool wasm_code_init_body(struct wasm_code *code, struct wasm_bytes body) {
    uint32_t groups, count;
    *code = (struct wasm_code){.reader = reader_over(body.data, body.size)};
    if (!reader_uleb32(&code->reader, &groups) || groups > reader_left(&code->reader))
        return false;
    while (groups-- > 0)
        if (!reader_uleb32(&code->reader, &count) || !wasm_code_skip_value_type(&code->reader))
            return false;
    return true;
}

void wasm_code_init_expression(struct wasm_code *code, struct reader reader) {
    *code = (struct wasm_code){.reader = reader};
}

bool wasm_code_skip_expression(struct reader *reader, wasm_visit_function *visit, void *context) {
    struct wasm_code code;
    struct wasm_instruction instruction;
    int status;
    wasm_code_init_expression(&code, *reader);
    while ((status = wasm_code_next(&code, &instruction)) > 0)
        if (visit && instruction.opcode == WASM_OP_REF_FUNC)
            visit(context, instruction.index);
    if (status < 0) {
        reader->at = instruction.offset;
        return false;
    }
    *reader = code.reader;
    return true;
}
