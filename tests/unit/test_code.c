/*
 * test_code.c: one instruction of every shape, and code that ends too early everywhere.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wasm/code.h"
#include "wasm/elements.h"
#include "wasm_builder.h"

static const struct instruction_case {
    const char *bytes;
    size_t size;
    uint32_t opcode;
    uint32_t index;
} instruction_cases[] = {
    {B("\x01"), 0x01, 0},                             /* nop */
    {B("\x02\x40"), 0x02, 0},                         /* block */
    {B("\x03\x7f"), 0x03, 0},                         /* loop (result i32) */
    {B("\x04\x05"), 0x04, 5},                         /* if (type 5) */
    {B("\x02\x63\x70"), 0x02, 0},                     /* block (result (ref null func)) */
    {B("\x02\x80\x01"), 0x02, 128},                   /* block (type 128) */
    {B("\x06\x40"), 0x06, 0},                         /* try */
    {B("\x07\x02"), 0x07, 2},                         /* catch 2 */
    {B("\x0a"), 0x0a, 0},                             /* throw_ref */
    {B("\x0c\x03"), 0x0c, 3},                         /* br 3 */
    {B("\x0e\x02\x00\x01\x02"), 0x0e, 0},             /* br_table 0 1 2 */
    {B("\x10\x07"), 0x10, 7},                         /* call 7 */
    {B("\x10\x87\x80\x80\x80\x00"), 0x10, 7},         /* call 7, padded */
    {B("\x11\x04\x00"), 0x11, 4},                     /* call_indirect (type 4) */
    {B("\x12\x09"), 0x12, 9},                         /* return_call 9 */
    {B("\x13\x01\x00"), 0x13, 1},                     /* return_call_indirect */
    {B("\x14\x03"), 0x14, 3},                         /* call_ref 3 */
    {B("\x18\x00"), 0x18, 0},                         /* delegate 0 */
    {B("\x1c\x01\x6f"), 0x1c, 0},                     /* select (externref) */
    {B("\x1f\x40\x02\x00\x01\x00\x02\x00"), 0x1f, 0}, /* try_table (catch 1 0) (catch_all 0) */
    {B("\x20\x05"), 0x20, 5},                         /* local.get 5 */
    {B("\x28\x02\x10"), 0x28, 0},                     /* i32.load offset=16 */
    {B("\x28\x42\x01\x10"), 0x28, 0},                 /* i32.load 1 offset=16 */
    {B("\x3f\x00"), 0x3f, 0},                         /* memory.size */
    {B("\x41\x7f"), 0x41, 0},                         /* i32.const -1 */
    {B("\x42\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7f"), 0x42, 0}, /* i64.const min */
    {B("\x43\0\0\0\0"), 0x43, 0},                                 /* f32.const */
    {B("\x44\0\0\0\0\0\0\0\0"), 0x44, 0},                         /* f64.const */
    {B("\x6a"), 0x6a, 0},                                         /* i32.add */
    {B("\xc4"), 0xc4, 0},                                         /* i64.extend32_s */
    {B("\xd0\x70"), 0xd0, 0},                                     /* ref.null func */
    {B("\xd2\x08"), 0xd2, 8},                                     /* ref.func 8 */
    {B("\xfc\x00"), 0xfc0000, 0},                                 /* i32.trunc_sat_f32_s */
    {B("\xfc\x08\x01\x00"), 0xfc0008, 1},                         /* memory.init 1 */
    {B("\xfc\x0a\x00\x00"), 0xfc000a, 0},                         /* memory.copy */
    {B("\xfc\x0b\x00"), 0xfc000b, 0},                             /* memory.fill */
    {B("\xfc\x11\x02"), 0xfc0011, 2},                             /* table.fill 2 */
    {B("\xfd\x00\x04\x00"), 0xfd0000, 0},                         /* v128.load */
    {B("\xfd\x0c\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), 0xfd000c, 0}, /* v128.const */
    {B("\xfd\x15\x0f"), 0xfd0015, 0},                             /* i8x16.extract_lane_s 15 */
    {B("\xfd\x54\x00\x00\x01"), 0xfd0054, 0},                     /* v128.load8_lane */
    {B("\xfd\xba\x01"), 0xfd00ba, 0},                             /* i32x4.dot_i16x8_s */
    {B("\xfd\x93\x02"), 0xfd0113, 0},                             /* the last of relaxed SIMD */
    {B("\xfe\x00\x02\x00"), 0xfe0000, 0},                         /* memory.atomic.notify */
    {B("\xfe\x03\x00"), 0xfe0003, 0},                             /* atomic.fence */
    {B("\xfe\x4e\x02\x00"), 0xfe004e, 0},                         /* i64.atomic.rmw32.cmpxchg_u */
};

static int next(const char *bytes, size_t size, struct wasm_code *code,
                struct wasm_instruction *instruction) {
    wasm_code_init_expression(code, reader_over((const uint8_t *)bytes, size));
    return wasm_code_next(code, instruction);
}

static void test_code__shapes(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof instruction_cases / sizeof *instruction_cases; i++) {
        const struct instruction_case *c = &instruction_cases[i];
        struct wasm_code code;
        struct wasm_instruction instruction;
        assert_int_equal(next(c->bytes, c->size, &code, &instruction), 1);
        assert_int_equal(instruction.opcode, c->opcode);
        assert_int_equal(instruction.index, c->index);
        assert_int_equal(reader_left(&code.reader), 0);
        for (size_t size = 0; size < c->size; size++)
            assert_int_equal(next(c->bytes, size, &code, &instruction), -1);
    }
}

static const struct {
    const char *bytes;
    size_t size;
} bad_instructions[] = {
    {B("\x16")},                         /* no such opcode */
    {B("\xff")},                         /* no such opcode */
    {B("\xfb\x00\x00")},                 /* garbage collection */
    {B("\xfc\x12\x00")},                 /* memory.discard */
    {B("\xfd\x94\x02")},                 /* behind relaxed SIMD */
    {B("\xfe\x04\x00")},                 /* hole */
    {B("\xfd\x80\x80\x80\x80\x10")},     /* number beyond 32 bits */
    {B("\x02\x7a")},                     /* block of no type */
    {B("\x02\x80\x7f")},                 /* block of a negative type */
    {B("\x0e\xff\xff\xff\xff\x0f\x00")}, /* br_table of 4 billion */
    {B("\x1c\xff\xff\xff\xff\x0f\x7f")}, /* select of 4 billion */
    {B("\x1f\x40\x01\x04\x00")},         /* unknown catch clause */
};

static void test_code__bad(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof bad_instructions / sizeof *bad_instructions; i++) {
        struct wasm_code code;
        struct wasm_instruction instruction;
        assert_int_equal(
            next(bad_instructions[i].bytes, bad_instructions[i].size, &code, &instruction), -1);
        assert_int_equal(instruction.offset, 0);
    }
}

static void test_code__body(void **state) {
    (void)state;
    static const char bytes[] = "\x02\x02\x7f\x01\x7e" /* locals */
                                "\x02\x40\x10\x83\x80\x80\x80\x00\x0b"
                                "\x06\x40\x10\x01\x18\x00"
                                "\x0b";
    static const uint32_t opcodes[] = {0x02, 0x10, 0x0b, 0x06, 0x10, 0x18, 0x0b};
    struct wasm_code code;
    struct wasm_instruction instruction;
    assert_true(
        wasm_code_init_body(&code, (struct wasm_bytes){(const uint8_t *)bytes, sizeof bytes - 1}));
    for (size_t i = 0; i < sizeof opcodes / sizeof *opcodes; i++) {
        assert_int_equal(wasm_code_next(&code, &instruction), 1);
        assert_int_equal(instruction.opcode, opcodes[i]);
        if (i == 1)
            assert_int_equal(instruction.index_size, 5);
    }
    assert_int_equal(wasm_code_next(&code, &instruction), 0);
    assert_int_equal(reader_left(&code.reader), 0);
}

static void note(void *context, uint32_t function) {
    buf_append_u8(context, (uint8_t)function);
}

static void test_elements__all_forms(void **state) {
    (void)state;
    static const char bytes[] = "\x08"
                                "\x00\x41\x00\x0b\x02\x01\x02"         /* active */
                                "\x01\x00\x01\x03"                     /* passive */
                                "\x02\x00\x41\x00\x0b\x00\x01\x04"     /* table named */
                                "\x03\x00\x01\x05"                     /* declared */
                                "\x04\x41\x00\x0b\x01\xd2\x06\x0b"     /* expressions */
                                "\x05\x70\x02\xd2\x07\x0b\xd0\x70\x0b" /* with a null */
                                "\x06\x00\x41\x00\x0b\x70\x01\xd2\x08\x0b"
                                "\x07\x70\x01\xd2\x09\x0b";
    struct buf found = {0};
    wasm_elements_visit((struct wasm_bytes){(const uint8_t *)bytes, sizeof bytes - 1}, note,
                        &found);
    assert_int_equal(found.size, 9);
    assert_memory_equal(found.data, "\1\2\3\4\5\6\7\x08\x09", 9);
    buf_release(&found);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_code__shapes),
        cmocka_unit_test(test_code__bad),
        cmocka_unit_test(test_code__body),
        cmocka_unit_test(test_elements__all_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
