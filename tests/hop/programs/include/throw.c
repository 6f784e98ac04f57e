/*
 * What clang's C++ exceptions call (-fwasm-exceptions): the C++ ABI for exceptions as far as the
 * test needs it, since Debian's libc++abi is built without. Types match by identity, no bases.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    TAG_CXX = 0 /* LLVM's number for the tag __cpp_exception */
};

struct exception { /* in front of the thrown object */
    const void *type;
    void (*destroy)(void *);
    struct exception *next; /* caught before it, and still being handled */
    int handlers;
    int rethrown;
    int padding;
};

/* Filled in by a handler before it asks which of its types fits. */
struct {
    uintptr_t index; /* of the landing pad */
    const uint8_t *table;
    uintptr_t selector;
} __wasm_lpad_context;

static struct exception *caught;

void *__cxa_allocate_exception(size_t size) {
    struct exception *exception = calloc(1, sizeof *exception + size);
    return exception + 1;
}

_Noreturn void __cxa_throw(void *object, const void *type, void (*destroy)(void *)) {
    struct exception *exception = (struct exception *)object - 1;
    exception->type = type;
    exception->destroy = destroy;
    __builtin_wasm_throw(TAG_CXX, object);
}

void *__cxa_begin_catch(void *object) {
    struct exception *exception = (struct exception *)object - 1;
    if (exception->handlers++ == 0) {
        exception->next = caught;
        caught = exception;
    }
    exception->rethrown = 0;
    return object;
}

void __cxa_end_catch(void) {
    struct exception *exception = caught;
    if (--exception->handlers > 0)
        return;
    caught = exception->next;
    if (exception->rethrown)
        return;
    if (exception->destroy)
        exception->destroy(exception + 1);
    free(exception);
}

_Noreturn void __cxa_rethrow(void) {
    caught->rethrown = 1;
    __builtin_wasm_throw(TAG_CXX, caught + 1);
}

static intptr_t read_leb(const uint8_t **at, int is_signed) {
    uintptr_t value = 0;
    unsigned shift = 0;
    uint8_t byte;
    do {
        byte = *(*at)++;
        value |= (uintptr_t)(byte & 0x7f) << shift;
        shift += 7;
    } while (byte & 0x80);
    if (is_signed && shift < 32 && (byte & 0x40))
        value |= ~(uintptr_t)0 << shift;
    return (intptr_t)value;
}

/* The table: two encodings around the offset of the types, a list of (pad, action), the actions. */
int _Unwind_CallPersonality(void *object) {
    const struct exception *exception = (struct exception *)object - 1;
    const uint8_t *at = __wasm_lpad_context.table + 2;
    intptr_t size = read_leb(&at, 0);
    const void *const *types = (const void *const *)(const void *)(at + size);
    at++;
    size = read_leb(&at, 0);
    const uint8_t *actions = at + size;
    intptr_t action = 0;
    for (uintptr_t pad = 0; pad <= __wasm_lpad_context.index; pad++) {
        read_leb(&at, 0);
        action = read_leb(&at, 0);
    }
    __wasm_lpad_context.selector = 0;
    for (const uint8_t *entry = actions + action - 1; action != 0;) {
        intptr_t filter = read_leb(&entry, 1);
        const uint8_t *next = entry;
        action = read_leb(&entry, 1);
        entry = next + action;
        if (filter > 0 && (!types[-filter] || types[-filter] == exception->type)) {
            __wasm_lpad_context.selector = (uintptr_t)filter;
            break;
        }
    }
    return 0;
}
