#include "support/explanation.h"

#include <stdlib.h>

#include "support/buf.h"

/* Room for one more: the capacity is the next power of two, so nobody has to keep it. */
static void *grow(void *items, size_t count, size_t size) {
    if ((count & (count - 1)) != 0)
        return items;
    return mem_grow(items, count ? count * 2 : 1, size);
}

struct snapify_explanation *explanation_add(struct explanation_list *list, const char *function,
                                            uint32_t index) {
    list->items = grow(list->items, list->count, sizeof *list->items);
    struct snapify_explanation *explanation = &list->items[list->count++];
    *explanation = (struct snapify_explanation){.function = mem_strdup(function),
                                                .index = index,
                                                .why = mem_strdup(""),
                                                .source = mem_strdup("")};
    return explanation;
}

void explanation_set_why(struct snapify_explanation *explanation, const char *why) {
    free((char *)explanation->why);
    explanation->why = mem_strdup(why);
}

void explanation_set_source(const char **source, const char *file, uint32_t line) {
    free((char *)*source);
    *source = mem_printf("%s:%u", file, line);
}

void explanation_add_step(struct snapify_explanation *explanation, const char *function,
                          const char *how) {
    explanation->path = grow(explanation->path, explanation->path_count, sizeof *explanation->path);
    explanation->path[explanation->path_count++] =
        (struct snapify_step){mem_strdup(function), mem_strdup(how)};
}

struct snapify_site *explanation_add_site(struct snapify_explanation *explanation, const char *kind,
                                          const char *callee) {
    explanation->sites =
        grow(explanation->sites, explanation->site_count, sizeof *explanation->sites);
    struct snapify_site *site = &explanation->sites[explanation->site_count++];
    *site = (struct snapify_site){.kind = mem_strdup(kind),
                                  .callee = mem_strdup(callee),
                                  .source = mem_strdup(""),
                                  .point = -1};
    return site;
}

void explanation_add_saved(struct snapify_site *site, const char *name, const char *type) {
    site->saved = grow(site->saved, site->saved_count, sizeof *site->saved);
    site->saved[site->saved_count++] = (struct snapify_saved){mem_strdup(name), mem_strdup(type)};
}

static void release_site(struct snapify_site *site) {
    for (size_t i = 0; i < site->saved_count; i++) {
        free((char *)site->saved[i].name);
        free((char *)site->saved[i].type);
    }
    free(site->saved);
    free((char *)site->kind);
    free((char *)site->callee);
    free((char *)site->source);
}

static void release(struct snapify_explanation *explanation) {
    for (size_t i = 0; i < explanation->path_count; i++) {
        free((char *)explanation->path[i].function);
        free((char *)explanation->path[i].how);
    }
    for (size_t i = 0; i < explanation->site_count; i++)
        release_site(&explanation->sites[i]);
    free(explanation->path);
    free(explanation->sites);
    free((char *)explanation->function);
    free((char *)explanation->why);
    free((char *)explanation->source);
}

void explanation_list_release(struct explanation_list *list) {
    for (size_t i = 0; i < list->count; i++)
        release(&list->items[i]);
    free(list->items);
    *list = (struct explanation_list){0};
}
