/*
 * inspect_html.c: a snapshot as one HTML file that needs nothing else: facts, sections, open files,
 * the stack, and the memory as a picture with one cell per page.
 *
 * The picture is drawn by the script at the end from runs of pages of one kind, [first, count,
 * kind]: a gigabyte has 262,144 cells, which would be too many for elements. Everything else is
 * there without a script. Names come from the program and are escaped.
 */
#include <stdlib.h>
#include <string.h>

#include "snapshot-tool/inspection.h"
#include "support/text.h"

static const char head[] =
    "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<style>\n"
    "body { font: 15px/1.45 system-ui, sans-serif; margin: 2em auto; max-width: 70em;\n"
    "  padding: 0 1em; color: #222; background: #fff }\n"
    "h1 { font-size: 1.4em } h2 { font-size: 1.1em; margin-top: 2em }\n"
    "table { border-collapse: collapse } th { text-align: left; font-weight: 600 }\n"
    "td, th { padding: .15em 1em .15em 0; vertical-align: top }\n"
    "code, td.n { font-family: ui-monospace, monospace; font-size: .92em }\n"
    "td.n { text-align: right } canvas { display: block; margin: .6em 0; cursor: crosshair }\n"
    ".k { display: inline-block; width: .9em; height: .9em; margin: 0 .3em 0 1em;\n"
    "  border: 1px solid #999; vertical-align: -1px }\n"
    "details { margin: .2em 0 } summary { cursor: pointer } .dim { color: #777 }\n"
    "</style>\n";

static const char *const colors[CELL_KINDS] = {"#eeeeee", "#30507a", "#8fb4dd",
                                               "#b9d8b0", "#d9534f", "#f2c14e"};

static const char script[] =
    "<script>\n"
    "'use strict';\n"
    "const canvas = document.getElementById('memory'), at = document.getElementById('at');\n"
    "const columns = 128, size = pages > 65536 ? 4 : pages > 8192 ? 6 : 8;\n"
    "const kindOf = new Uint8Array(pages);\n"
    "for (const [first, count, kind] of runs) kindOf.fill(kind, first, first + count);\n"
    "canvas.width = columns * size;\n"
    "canvas.height = Math.max(1, Math.ceil(pages / columns)) * size;\n"
    "const paint = canvas.getContext('2d');\n"
    "let drawn = 0;\n"
    "for (let page = 0; page < pages; page++, drawn++) {\n"
    "  paint.fillStyle = colors[kindOf[page]];\n"
    "  paint.fillRect(page % columns * size, Math.floor(page / columns) * size, size - 1, "
    "size - 1);\n"
    "}\n"
    "canvas.dataset.drawn = drawn;\n"
    "canvas.addEventListener('mousemove', event => {\n"
    "  const page = Math.floor(event.offsetY / size) * columns + Math.floor(event.offsetX / "
    "size);\n"
    "  at.textContent = page < pages && event.offsetX < columns * size\n"
    "    ? 'page ' + page + ', address 0x' + (page * pageSize).toString(16) + ': ' +\n"
    "      kinds[kindOf[page]] : '\\u00a0';\n"
    "});\n"
    "</script>\n";

static void put_escaped(struct buf *out, const char *text) {
    struct buf visible = {0};
    text_append_visible(&visible, text);
    for (size_t i = 0; i < visible.size; i++) {
        char c = (char)visible.data[i];
        if (c == '<' || c == '>' || c == '&' || c == '"')
            put(out, "&#%d;", c);
        else
            buf_append_u8(out, (uint8_t)c);
    }
    buf_release(&visible);
}

static void put_row(struct buf *out, const char *title, const char *text) {
    put(out, "<tr><th>%s<td>", title);
    put_escaped(out, text);
    put(out, "\n");
}

static void put_facts(struct buf *out, const struct snapshot *file) {
    const struct snap_meta *meta = &file->meta;
    const char *from = snapshot_node(meta, meta->node_from);
    const char *to = snapshot_node(meta, meta->node_to);
    char *function = mem_strndup(meta->function.bytes, meta->function.size);
    char *point = mem_printf("%u, %s in %s", meta->point, point_kind_text(meta->kind), function);
    char *sizes = mem_printf("%u frames, %u bytes", meta->frame_count, meta->frames_size);
    char *fingerprint = mem_printf("%016llx", (unsigned long long)snapshot_fingerprint(file));
    put(out, "<table id=\"facts\">\n");
    put_row(out, "point", point);
    put_row(out, "from node", from ? from : "(no name)");
    put_row(out, "to node", to ? to : "(any)");
    put_row(out, "stack", sizes);
    put_row(out, "fingerprint", fingerprint);
    put(out, "</table>\n");
    free(function);
    free(point);
    free(sizes);
    free(fingerprint);
}

static void put_values(struct buf *out, const struct map_value *values, uint32_t count,
                       const uint8_t *bytes, size_t size) {
    put(out, "<table>\n");
    for (uint32_t i = 0; i < count; i++) {
        put(out, "<tr><td class=\"dim\"><code>%s</code><td>", values[i].type);
        put_escaped(out, values[i].name);
        put(out, "<td class=\"n\">");
        map_value_append(out, &values[i], bytes, size);
        put(out, "\n");
    }
    put(out, "</table>\n");
}

static void put_frame(struct buf *out, uint32_t number, const struct frame *frame) {
    put(out, "<details%s><summary>#%u <b>", number < 10 ? " open" : "", number);
    put_escaped(out, frame->site->function);
    put(out, "</b> <span class=\"dim\">%s ", frame->site->callee[0] ? "calls" : "at its");
    put_escaped(out, frame->site->callee[0] ? frame->site->callee : frame->site->kind);
    if (frame->site->file) {
        put(out, " &middot; ");
        put_escaped(out, frame->site->file);
        put(out, ":%u", frame->site->line);
    }
    put(out, "</span></summary>\n");
    put_values(out, frame->site->values, frame->site->value_count, frame->bytes,
               frame->site->frame_size);
    put(out, "</details>\n");
}

static void put_stack(struct buf *out, const struct inspection *inspection) {
    if (inspection->map.sites) {
        put(out, "<h2>Globals</h2>\n");
        put_values(out, inspection->map.globals, inspection->map.global_count,
                   inspection->globals.data, inspection->globals.size);
    }
    put(out, "<h2>Stack, the innermost function first</h2>\n<div id=\"stack\">\n");
    if (!inspection->trace)
        put(out, "<p class=\"dim\">Not known: name the module with --module (snapify --map).\n");
    for (uint32_t i = 0; inspection->trace && i < inspection->file.meta.frame_count; i++)
        put_frame(out, i, &inspection->trace[i]);
    put(out, "</div>\n");
}

static void put_files(struct buf *out, const struct inspection *inspection) {
    if (!inspection->has_files)
        return;
    put(out, "<h2>Open files</h2>\n<table>\n");
    for (uint32_t i = 0; i < inspection->open_file_count; i++) {
        const struct open_file *open = &inspection->open_files[i];
        put(out, "<tr><td class=\"n\">%u<td>%s<td>", open->file.number,
            file_kind_text(open->file.kind));
        put_escaped(out, open->base);
        put(out, "<td>");
        put_escaped(out, open->path);
        put(out, "\n");
    }
    put(out, "</table>\n");
}

static void put_sections(struct buf *out, const struct snapshot *file) {
    put(out, "<h2>Sections</h2>\n<table>\n<tr><th>type<th>at byte<th>bytes<th>checksum\n");
    for (size_t i = 0; i < file->section_count; i++) {
        const struct section *section = &file->sections[i];
        put(out, "<tr><td>");
        put_escaped(out, section_type_name(section->type).text);
        put(out, "<td class=\"n\">%llu<td class=\"n\">%llu<td class=\"n\">%016llx\n",
            (unsigned long long)section->offset, (unsigned long long)section->length,
            (unsigned long long)section->checksum);
    }
    put(out, "</table>\n");
}

static void put_runs(struct buf *out, const struct inspection *inspection) {
    uint32_t end;
    put(out, "<script>\nconst pageSize = %u, pages = %u, kinds = [", SNAP_PAGE_SIZE,
        inspection->pages);
    for (int kind = 0; kind < CELL_KINDS; kind++)
        put(out, "'%s', ", cell_words[kind]);
    put(out, "], colors = [");
    for (int kind = 0; kind < CELL_KINDS; kind++)
        put(out, "'%s', ", colors[kind]);
    put(out, "], runs = [");
    for (uint32_t first = 0; first < inspection->pages; first = end) {
        uint8_t kind = inspection->cells[first];
        for (end = first; end < inspection->pages && inspection->cells[end] == kind;)
            end++;
        put(out, "[%u,%u,%u],", first, end - first, kind);
    }
    put(out, "];\n</script>\n");
}

static void put_memory(struct buf *out, const struct inspection *inspection) {
    put(out, "<h2>Memory, one cell for each page of %u bytes</h2>\n<p id=\"legend\">%s in all",
        SNAP_PAGE_SIZE, size_text((uint64_t)inspection->pages * SNAP_PAGE_SIZE).text);
    for (int kind = 0; kind < CELL_KINDS; kind++)
        if (inspection->counts[kind] > 0)
            put(out, "<span class=\"k\" style=\"background: %s\"></span>%u %s", colors[kind],
                inspection->counts[kind], cell_words[kind]);
    put(out, "\n<canvas id=\"memory\" role=\"img\" aria-label=\"map of the memory\"></canvas>\n"
             "<p id=\"at\" class=\"dim\">&nbsp;\n");
    put_runs(out, inspection);
}

void inspection_html(const struct inspection *inspection, struct buf *out) {
    const struct snapshot *file = &inspection->file;
    buf_append_string(out, head);
    put(out, "<title>");
    put_escaped(out, file->input.path);
    put(out, "</title>\n<h1>");
    put_escaped(out, file->input.path);
    put(out, "</h1>\n<p>%s, format %u.%u, %s\n", snapshot_is_delta(file) ? "Delta" : "Snapshot",
        file->header.major, file->header.minor, size_text(file->input.offset).text);
    put_facts(out, file);
    put_memory(out, inspection);
    put_stack(out, inspection);
    put_files(out, inspection);
    put_sections(out, file);
    buf_append_string(out, script);
    put(out, "</html>\n");
}
