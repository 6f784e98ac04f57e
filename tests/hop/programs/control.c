/*
 * Proves: marked calls in every place of structured control flow: if arms and conditions, short
 * circuits, loop conditions, continue and break, switch (a br_table) with fall-through, goto out of
 * two loops, return from a nested loop.
 */
#include "kafu.h"
#include <stdio.h>

KAFU_DEST("edge1")
int ask(int x) {
    printf("ask %d\n", x);
    return x;
}

static int choose(int x) {
    switch (ask(x)) {
    case 0:
        return 10;
    case 1:
        x += ask(20);
        /* fall through */
    case 2:
        x += 5;
        break;
    case 3:
        return ask(x) ? 30 : 31;
    default:
        x = -1;
    }
    return x;
}

static int search(int limit) {
    for (int i = 0; i < limit; i++) {
        for (int j = i;; j++) {
            if (j == 1) {
                continue;
            }
            if (j > 2) {
                break;
            }
            if (i + j == 3 && ask(i * 10 + j)) {
                return i * 100 + j;
            }
        }
    }
    return -1;
}

static int leave_loops(void) {
    int rounds = 0;
    do {
        while (rounds < 9) {
            if (ask(rounds) == 1) {
                goto out;
            }
            rounds++;
        }
    } while (1);
out:
    return rounds + 40;
}

int main(void) {
    if (ask(0) || (ask(1) && !ask(0))) {
        printf("arm %d\n", ask(2) > 1 ? 1 : ask(3));
    } else {
        printf("never\n");
    }
    for (int x = 0; x < 5; x++) {
        printf("choose %d\n", choose(x));
    }
    printf("search %d\n", search(3));
    printf("loops %d\n", leave_loops());
    return 0;
}
