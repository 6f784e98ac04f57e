/*
 * Proves: loop points in a function that may be offloaded and in what it calls: nested loops with
 * continue and early exits, loops whose variables are of all types, a loop in a callee that is
 * reached directly and through a pointer, recursion out of a loop, a KAFU_DEST function called from
 * inside. Without a request no loop point leaves by itself.
 */
#include "kafu.h"
#include <stdio.h>

static unsigned steps;

KAFU_DEST("edge1")
int remote(int x) {
    return x + 1;
}

static int collatz(int n) {
    int length = 0;
    while (n != 1) {
        n = n % 2 ? 3 * n + 1 : n / 2;
        length++;
        steps++;
    }
    return length;
}

static int (*volatile pointed)(int) = collatz;

static int choose(int n, int k) {
    int sum = 0;
    if (k == 0) {
        return 1;
    }
    for (int i = k - 1; i < n; i++) {
        sum += choose(i, k - 1);
    }
    return sum;
}

static int first_pair(int product) {
    for (int i = 2; i < 6; i++) {
        for (int j = i; j < 6; j++) {
            if (j % 2 == 0) {
                continue;
            }
            if (i * j == product) {
                return 10 * i + j;
            }
        }
    }
    return -1;
}

KAFU_MAY_OFFLOAD("cloud1")
double work(int rounds) {
    long long wide = 1;
    float single_precision = 0.5f;
    double weight = 0;
    unsigned bits = 1;
    do {
        wide = wide * 1000003 + rounds;
        single_precision += (float)rounds / 4;
        weight += (double)single_precision * (double)(wide % 7);
        bits = bits << 3 ^ (unsigned)collatz(rounds + 2);
        if (rounds == 2) {
            weight += remote(10);
        }
    } while (--rounds > 0);
    printf("%lld %.3f %u\n", wide, (double)single_precision, bits);
    return weight;
}

KAFU_MAY_OFFLOAD("cloud1")
int count(void) {
    return pointed(3) * 1000 + choose(4, 2) * 100 + first_pair(15);
}

int main(void) {
    printf("%.3f\n", work(3));
    printf("%d\n", count());
    printf("%u\n", steps);
    return 0;
}
