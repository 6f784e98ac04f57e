#include "ir/spaces.h"

#include <stdbool.h>
#include <stdlib.h>

#include "ir/make.h"
#include "support/buf.h"

/* The four kinds of things by one interface. */
struct kind {
    BinaryenIndex (*count)(BinaryenModuleRef module);
    const char *(*name)(BinaryenModuleRef module, BinaryenIndex index);
    bool (*is_imported)(BinaryenModuleRef module, BinaryenIndex index);
};

static bool is_from_outside(const char *module) {
    return module && *module;
}

static const char *function_name(BinaryenModuleRef module, BinaryenIndex index) {
    return BinaryenFunctionGetName(BinaryenGetFunctionByIndex(module, index));
}

static bool function_is_imported(BinaryenModuleRef module, BinaryenIndex index) {
    return is_from_outside(
        BinaryenFunctionImportGetModule(BinaryenGetFunctionByIndex(module, index)));
}

static const char *global_name(BinaryenModuleRef module, BinaryenIndex index) {
    return BinaryenGlobalGetName(BinaryenGetGlobalByIndex(module, index));
}

static bool global_is_imported(BinaryenModuleRef module, BinaryenIndex index) {
    return is_from_outside(BinaryenGlobalImportGetModule(BinaryenGetGlobalByIndex(module, index)));
}

static const char *table_name(BinaryenModuleRef module, BinaryenIndex index) {
    return BinaryenTableGetName(BinaryenGetTableByIndex(module, index));
}

static bool table_is_imported(BinaryenModuleRef module, BinaryenIndex index) {
    return is_from_outside(BinaryenTableImportGetModule(BinaryenGetTableByIndex(module, index)));
}

static const char *element_name(BinaryenModuleRef module, BinaryenIndex index) {
    return BinaryenElementSegmentGetName(BinaryenGetElementSegmentByIndex(module, index));
}

static bool element_is_imported(BinaryenModuleRef module, BinaryenIndex index) {
    (void)module;
    (void)index;
    return false;
}

static const struct kind kinds[IR_SPACES] = {
    [IR_FUNCTIONS] = {BinaryenGetNumFunctions, function_name, function_is_imported},
    [IR_GLOBALS] = {BinaryenGetNumGlobals, global_name, global_is_imported},
    [IR_TABLES] = {BinaryenGetNumTables, table_name, table_is_imported},
    [IR_ELEMENTS] = {BinaryenGetNumElementSegments, element_name, element_is_imported},
};

static void list_part(struct ir_space_list *list, const struct kind *kind, BinaryenModuleRef module,
                      bool imported) {
    BinaryenIndex count = kind->count(module);
    for (BinaryenIndex i = 0; i < count; i++) {
        if (kind->is_imported(module, i) != imported)
            continue;
        list->names[list->count] = kind->name(module, i);
        map_put(&list->index, list->names[list->count], (uint32_t)list->count);
        list->count++;
    }
}

void ir_spaces_init(struct ir_spaces *spaces, BinaryenModuleRef module) {
    *spaces = (struct ir_spaces){0};
    for (int space = 0; space < IR_SPACES; space++) {
        struct ir_space_list *list = &spaces->of[space];
        list->names = mem_calloc(kinds[space].count(module), sizeof *list->names);
        list_part(list, &kinds[space], module, true);
        list_part(list, &kinds[space], module, false);
    }
}

void ir_spaces_release(struct ir_spaces *spaces) {
    for (int space = 0; space < IR_SPACES; space++) {
        free(spaces->of[space].names);
        map_release(&spaces->of[space].index);
    }
    *spaces = (struct ir_spaces){0};
}

uint32_t *ir_spaces_between(const struct ir_spaces *from, const struct ir_spaces *to,
                            enum ir_space space) {
    const struct ir_space_list *list = &from->of[space];
    uint32_t *indices = mem_calloc(list->count, sizeof *indices);
    for (size_t i = 0; i < list->count; i++)
        if (!map_get(&to->of[space].index, list->names[i], &indices[i]))
            indices[i] = UINT32_MAX;
    return indices;
}

void ir_spaces_declare(BinaryenModuleRef excerpt, BinaryenModuleRef frame) {
    for (BinaryenIndex i = 0; i < BinaryenGetNumFunctions(frame); i++) {
        BinaryenFunctionRef function = BinaryenGetFunctionByIndex(frame, i);
        const char *name = BinaryenFunctionGetName(function);
        if (!BinaryenGetFunction(excerpt, name))
            BinaryenAddFunctionImport(excerpt, name, "snapify", name,
                                      BinaryenFunctionGetParams(function),
                                      BinaryenFunctionGetResults(function));
    }
    for (BinaryenIndex i = 0; i < BinaryenGetNumGlobals(frame); i++) {
        BinaryenGlobalRef global = BinaryenGetGlobalByIndex(frame, i);
        const char *name = BinaryenGlobalGetName(global);
        BinaryenType type = BinaryenGlobalGetType(global);
        if (!BinaryenGetGlobal(excerpt, name))
            BinaryenAddGlobal(excerpt, name, type, BinaryenGlobalIsMutable(global),
                              make_zero(excerpt, type));
    }
}
