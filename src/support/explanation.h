/*
 * explanation.h: explanations of functions (snapify.h) while they are put together.
 *
 * Every string that is handed in is copied; a list owns all that its items point to.
 */
#ifndef SNAPIFY_SUPPORT_EXPLANATION_H
#define SNAPIFY_SUPPORT_EXPLANATION_H

#include "snapify.h"

/* Zeroed is empty. */
struct explanation_list {
    struct snapify_explanation *items; /* owned */
    size_t count;
};

/* Appends; what is returned is good until the next one of its kind is added. */
struct snapify_explanation *explanation_add(struct explanation_list *list, const char *function,
                                            uint32_t index);
void explanation_set_why(struct snapify_explanation *explanation, const char *why);
void explanation_set_source(const char **source, const char *file, uint32_t line);
void explanation_add_step(struct snapify_explanation *explanation, const char *function,
                          const char *how);
struct snapify_site *explanation_add_site(struct snapify_explanation *explanation, const char *kind,
                                          const char *callee);
void explanation_add_saved(struct snapify_site *site, const char *name, const char *type);

void explanation_list_release(struct explanation_list *list);

#endif
