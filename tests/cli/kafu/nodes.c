/* Node names with everything that C, the assembler or the command line could stumble over. */
#include <kafu.h>

KAFU_DEST("a b") int f0(void) {
    return 0;
}
KAFU_DEST("\"quoted\"") int f1(void) {
    return 1;
}
KAFU_DEST("back\\slash\\n") int f2(void) {
    return 2;
}
KAFU_DEST("%s %% {a|b} $x @y #z ;/*c*/ //d 'e' `f`") int f3(void) {
    return 3;
}
KAFU_DEST("gr\303\274n, grün") int f4(void) {
    return 4;
}
KAFU_DEST("\101\x42"
          "C")
int f5(void) {
    return 5;
}
KAFU_DEST("f:1=2,(3") int f6(void) {
    return 6;
}
KAFU_DEST("tab\there") int f7(void) {
    return 7;
}

int main(void) {
    return f0() + f1() + f2() + f3() + f4() + f5() + f6() + f7();
}
