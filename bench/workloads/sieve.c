/* sieve: primes by Eratosthenes; short loops over bytes with stores only. */
#include <string.h>

#include "workload.h"

enum {
    LIMIT = 400000
};

static uint8_t composite[LIMIT];

uint32_t kernel(void) {
    memset(composite, 0, sizeof composite);
    uint32_t primes = 0;
    for (uint32_t i = 2; i < LIMIT; i++) {
        if (composite[i])
            continue;
        primes++;
        for (uint32_t j = 2 * i; j < LIMIT; j += i)
            composite[j] = 1;
    }
    return primes;
}
