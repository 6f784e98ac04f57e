#include "passes/site_map.h"

#include <stdlib.h>
#include <string.h>

#include "ir/type.h"
#include "passes/explain.h"

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

static void append_site(struct buf *out, const struct body *body, const struct site *site) {
    char *callee = explain_callee(body, site);
    append_text(out, body->function->shown);
    append_text(out, explain_kind(site));
    append_text(out, callee);
    free(callee);
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
    buf_append_u32le(&section, program->map_global_count);
    buf_append(&section, program->map_globals.data, program->map_globals.size);
    buf_append_u32le(&section, (uint32_t)program->site_count);
    buf_append(&section, program->map_sites.data, program->map_sites.size);
    buf_append_u8(module, 0);
    buf_append_uleb(module, section.size);
    buf_append(module, section.data, section.size);
    buf_release(&section);
}
