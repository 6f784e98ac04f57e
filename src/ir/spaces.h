/*
 * spaces.h: the index spaces of a module as Binaryen writes it: imports first, whatever their age,
 * then everything else in the order in which it was added.
 */
#ifndef SNAPIFY_IR_SPACES_H
#define SNAPIFY_IR_SPACES_H

#include <binaryen-c.h>

#include "support/map.h"

enum ir_space {
    IR_FUNCTIONS,
    IR_GLOBALS,
    IR_TABLES,
    IR_ELEMENTS,
    IR_SPACES, /* how many */
};

/* What is at which index. Names are interned and borrowed from Binaryen. */
struct ir_spaces {
    struct ir_space_list {
        const char **names; /* owned; by index */
        size_t count;
        struct map index; /* of a name */
    } of[IR_SPACES];
};

void ir_spaces_init(struct ir_spaces *spaces, BinaryenModuleRef module);
void ir_spaces_release(struct ir_spaces *spaces);

/* Per index of `from` that of the same name in `to`, UINT32_MAX if there is none. Owned by the
 * caller. */
uint32_t *ir_spaces_between(const struct ir_spaces *from, const struct ir_spaces *to,
                            enum ir_space space);

/* Adds what `excerpt` lacks of the functions and globals of `frame`, so that its code can name
 * them: functions as imports, globals with zeros. */
void ir_spaces_declare(BinaryenModuleRef excerpt, BinaryenModuleRef frame);

#endif
