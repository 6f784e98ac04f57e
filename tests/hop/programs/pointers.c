/*
 * Proves: points below call_indirect: a marked callee, an unmarked callee that calls a marked
 * function, a callee without any point of the same signature, and the three nested in one
 * expression. The called pointers themselves live in memory and in a structure.
 */
#include "kafu.h"
#include <stdio.h>

typedef int (*operation)(int);

KAFU_DEST("edge1")
int remote(int x) {
    return 10 * x;
}

static int local(int x) {
    return x + 1;
}

static int through(int x) {
    return remote(x + 2) - 3;
}

struct step {
    const char *name;
    operation run;
};

static struct step steps[] = {{"local", local}, {"remote", remote}, {"through", through}};

int main(void) {
    int x = 1;
    for (int i = 0; i < 3; i++) {
        x = steps[i].run(x) + i;
        printf("%s %d\n", steps[i].name, x);
    }
    operation first = steps[x % 3].run;
    operation second = steps[(x + 1) % 3].run;
    operation third = steps[(x + 2) % 3].run;
    printf("mixed %d\n", first(x) - second(third(x) * 2) + third(1));
    return 0;
}
