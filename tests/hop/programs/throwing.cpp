/*
 * Proves: C++ exceptions by -fwasm-exceptions: thrown by a marked function over saved frames,
 * caught by type, by reference and by ..., with marked calls in handlers, before a rethrow and in
 * destructors that run while the stack is unwound for an exception.
 */
#include <cstdio>

#include "kafu.h"

struct small {
    int value;
};
struct large {
    int value;
    double more;
};

/* says n; throws above 100 */
KAFU_DEST("edge1")
int ask(int n) {
    std::printf("%d\n", n);
    std::fflush(stdout);
    if (n > 200)
        throw large{n, n * 0.5};
    if (n > 100)
        throw small{n};
    return n;
}

struct guard {
    int number;
    ~guard() {
        ask(number);
    }
};

static int deep(int depth, int n) {
    guard last = {depth};
    return depth == 0 ? ask(n) : deep(depth - 1, n) + 1;
}

static int by_type(int n) {
    try {
        return deep(1, n);
    } catch (small &caught) {
        return ask(50) + caught.value;
    } catch (const large &caught) {
        return static_cast<int>(caught.more) + caught.value + ask(51);
    }
}

static int again(int n) {
    try {
        try {
            return ask(n);
        } catch (...) {
            ask(60);
            throw;
        }
    } catch (small caught) {
        try {
            ask(caught.value + 1);
        } catch (small &inner) {
            return caught.value * 1000 + inner.value;
        }
        return 0;
    }
}

int main() {
    std::printf("%d\n", by_type(7));
    std::printf("%d\n", by_type(101));
    std::printf("%d\n", by_type(202));
    std::printf("%d\n", again(3));
    std::printf("%d\n", again(105));
}
