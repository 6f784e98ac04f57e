/* trees: makes, walks and frees binary trees; the allocator and recursion. */
#include "workload.h"

enum {
    DEPTH = 12
};

struct tree {
    struct tree *left, *right;
};

static struct tree *make(int depth) {
    struct tree *tree = malloc(sizeof *tree);
    if (!tree)
        abort();
    tree->left = depth > 0 ? make(depth - 1) : NULL;
    tree->right = depth > 0 ? make(depth - 1) : NULL;
    return tree;
}

static uint32_t count(const struct tree *tree) {
    return tree ? 1 + count(tree->left) + count(tree->right) : 0;
}

static void release(struct tree *tree) {
    if (!tree)
        return;
    release(tree->left);
    release(tree->right);
    free(tree);
}

uint32_t kernel(void) {
    uint32_t sum = 0;
    struct tree *longest_lived = make(DEPTH);
    for (int depth = 4; depth <= DEPTH; depth += 4)
        for (int i = 0; i < 1 << (DEPTH - depth); i++) {
            struct tree *tree = make(depth);
            sum += count(tree);
            release(tree);
        }
    sum += count(longest_lived);
    release(longest_lived);
    return sum;
}
