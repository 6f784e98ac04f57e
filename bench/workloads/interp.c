/* interp: a machine with a stack and a switch in a loop, which counts the steps of Collatz
 * sequences. */
#include "workload.h"

enum op {
    PUSH,
    LOAD,
    STORE,
    ADD,
    MUL,
    HALVE,
    ODD,
    LESS,
    JUMP_IF_ZERO,
    JUMP,
    HALT
};

enum {
    LIMIT = 700
};

/* The code of: for (n = 1; n < LIMIT; n++) for (x = n; x > 1; steps++) x = x odd ? 3 * x + 1 : x /
 * 2; Variable 0 is n, 1 is x, 2 is steps; each instruction has one operand. */
static const struct {
    uint8_t op;
    int operand;
} program[] = {
    {PUSH, 1},  {STORE, 0},                                                       /* 0 */
    {LOAD, 0},  {PUSH, LIMIT}, {LESS, 0},          {JUMP_IF_ZERO, 34},            /* 2 */
    {LOAD, 0},  {STORE, 1},                                                       /* 6 */
    {PUSH, 1},  {LOAD, 1},     {LESS, 0},          {JUMP_IF_ZERO, 29},            /* 8 */
    {LOAD, 2},  {PUSH, 1},     {ADD, 0},           {STORE, 2},                    /* 12 */
    {LOAD, 1},  {ODD, 0},      {JUMP_IF_ZERO, 25},                                /* 16 */
    {LOAD, 1},  {PUSH, 3},     {MUL, 0},           {PUSH, 1},          {ADD, 0},  /* 19 */
    {JUMP, 27},                                                                   /* 24 */
    {LOAD, 1},  {HALVE, 0},                                                       /* 25 */
    {STORE, 1}, {JUMP, 8},                                                        /* 27 */
    {LOAD, 0},  {PUSH, 1},     {ADD, 0},           {STORE, 0},         {JUMP, 2}, /* 29 */
    {HALT, 0},                                                                    /* 34 */
};

static uint32_t interpret(uint32_t variables[3]) {
    uint32_t stack[16], *top = stack;
    for (int at = 0;;) {
        int operand = program[at].operand;
        switch ((enum op)program[at++].op) {
        case PUSH:
            *top++ = (uint32_t)operand;
            break;
        case LOAD:
            *top++ = variables[operand];
            break;
        case STORE:
            variables[operand] = *--top;
            break;
        case ADD:
            top--, top[-1] += top[0];
            break;
        case MUL:
            top--, top[-1] *= top[0];
            break;
        case HALVE:
            top[-1] >>= 1;
            break;
        case ODD:
            top[-1] &= 1;
            break;
        case LESS:
            top--, top[-1] = top[-1] < top[0];
            break;
        case JUMP_IF_ZERO:
            at = *--top == 0 ? operand : at;
            break;
        case JUMP:
            at = operand;
            break;
        case HALT:
            return variables[2];
        }
    }
}

uint32_t kernel(void) {
    uint32_t variables[3] = {0};
    return interpret(variables);
}
