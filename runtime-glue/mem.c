/*
 * mem.c: the four functions a compiler expects to find, since the glue is linked with no libc.
 *
 * By words where both sides allow it: on interpreters the number of instructions is what counts.
 * WebAssembly has unaligned access, so only sizes matter. None of them uses the C stack or static
 * data: memory.c calls them while the region moves.
 */
#ifdef __wasm__
#include <stddef.h>
#include <stdint.h>

typedef uint64_t word __attribute__((aligned(1), may_alias));

void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int value, size_t size);
int memcmp(const void *a, const void *b, size_t size);

void *memcpy(void *to, const void *from, size_t size) {
    uint8_t *out = to;
    const uint8_t *in = from;
    for (; size >= sizeof(word); size -= sizeof(word)) {
        *(word *)out = *(const word *)in;
        out += sizeof(word);
        in += sizeof(word);
    }
    while (size-- > 0)
        *out++ = *in++;
    return to;
}

void *memmove(void *to, const void *from, size_t size) {
    uint8_t *out = to;
    const uint8_t *in = from;
    if ((uintptr_t)out - (uintptr_t)in >= size) /* unsigned: also true when out is below in */
        return memcpy(to, from, size);
    for (; size >= sizeof(word); size -= sizeof(word))
        *(word *)(out + size - sizeof(word)) = *(const word *)(in + size - sizeof(word));
    while (size-- > 0)
        out[size] = in[size];
    return to;
}

void *memset(void *to, int value, size_t size) {
    uint8_t *out = to;
    word pattern = (uint8_t)value * UINT64_C(0x0101010101010101);
    for (; size >= sizeof(word); size -= sizeof(word)) {
        *(word *)out = pattern;
        out += sizeof(word);
    }
    while (size-- > 0)
        *out++ = (uint8_t)value;
    return to;
}

int memcmp(const void *a, const void *b, size_t size) {
    const uint8_t *left = a;
    const uint8_t *right = b;
    for (size_t i = 0; i < size; i++) {
        if (left[i] != right[i])
            return left[i] - right[i];
    }
    return 0;
}
#endif
