/*
 * The run time behind setjmp.h. In a file of its own: clang 19 writes invalid modules where it sees
 * these functions and their use together, and would take them for ones that may throw.
 */
#include "setjmp.h"

enum {
    TAG_LONGJMP = 1 /* LLVM's number for the tag __c_longjmp */
};

void __wasm_setjmp(struct jump_buffer *buffer, unsigned label, void *call) {
    buffer->call = call;
    buffer->label = label;
}

unsigned __wasm_setjmp_test(struct jump_buffer *buffer, void *call) {
    return buffer->call == call ? buffer->label : 0;
}

_Noreturn void __wasm_longjmp(struct jump_buffer *buffer, int value) {
    buffer->thrown.buffer = buffer;
    buffer->thrown.value = value != 0 ? value : 1;
    __builtin_wasm_throw(TAG_LONGJMP, &buffer->thrown);
}
