#include "passes/site_map.h"

#include <stdlib.h>
#include <string.h>

#include "ir/type.h"
#include "passes/explain.h"
#include "passes/origins.h"

static void append_text(struct buf *out, const char *text) {
    buf_append_u32le(out, (uint32_t)strlen(text));
    buf_append_string(out, text);
}

static void append_value(struct buf *out, uint32_t offset, BinaryenType type, const char *name) {
    struct buf text = {0};
    ir_type_append(&text, type);
    buf_append_u32le(out, offset);
    buf_append_u32le(out, (uint32_t)text.size);
    buf_append(out, text.data, text.size);
    append_text(out, name);
    buf_release(&text);
}

/* Its number from 1. */
static uint32_t file_number(struct program *program, const char *name) {
    uint32_t position;
    if (!map_get(&program->map_file_numbers, name, &position)) {
        position = program->map_file_count++;
        map_put(&program->map_file_numbers, name, position);
        append_text(&program->map_files, name);
    }
    return position + 1;
}

static void append_source(struct buf *out, const struct body *body, const struct site *site) {
    struct source_place place;
    bool known = origins_of_site(body->program->origins, body, site, &place);
    buf_append_u32le(out, known ? file_number(body->program, place.file) : 0);
    buf_append_u32le(out, known ? place.line : 0);
}

static void append_site(struct buf *out, const struct body *body, const struct site *site) {
    char *callee = explain_callee(body, site);
    append_text(out, body->function->shown);
    append_text(out, explain_kind(site));
    append_text(out, callee);
    free(callee);
    append_source(out, body, site);
    buf_append_u32le(out, body->frame_size);
    buf_append_u32le(out, (uint32_t)site->slot_count);
    for (size_t i = 0; i < site->slot_count; i++) {
        char *name = explain_local(body, site->slots[i].local);
        append_value(out, site->slots[i].offset, site->slots[i].type, name);
        free(name);
    }
}

/* Functions come in the order in which their sites are numbered. */
void site_map_body(const struct body *body) {
    struct program *program = body->program;
    for (size_t i = 0; program->options->map && i < body->site_count; i++)
        append_site(&program->map_sites, body, body->sites[i]);
}

void site_map_global(struct program *program, const char *name, BinaryenType type,
                     uint32_t offset) {
    if (!program->options->map)
        return;
    append_value(&program->map_globals, offset, type, name);
    program->map_global_count++;
}

void site_map_append(const struct program *program, const uint8_t identity[16],
                     struct buf *module) {
    struct buf section = {0};
    buf_append_uleb(&section, strlen(SITE_MAP_SECTION));
    buf_append_string(&section, SITE_MAP_SECTION);
    buf_append_u32le(&section, SITE_MAP_VERSION);
    buf_append(&section, identity, 16);
    buf_append_u32le(&section, program->map_file_count);
    buf_append(&section, program->map_files.data, program->map_files.size);
    buf_append_u32le(&section, program->map_global_count);
    buf_append(&section, program->map_globals.data, program->map_globals.size);
    buf_append_u32le(&section, (uint32_t)program->site_count);
    buf_append(&section, program->map_sites.data, program->map_sites.size);
    buf_append_u8(module, 0);
    buf_append_uleb(module, section.size);
    buf_append(module, section.data, section.size);
    buf_release(&section);
}
