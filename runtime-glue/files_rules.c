/*
 * files_rules.c: what to do with a file that cannot come along, and how it is told.
 */
#include "runtime-glue/files.h"

#define DEFAULT_EMBED_LIMIT (UINT64_C(1) << 20)

bool files_are_strict(void) {
    const char *text = setting("SNAPIFY_FILES");
    if (text == NULL || text_equal(text, "strict"))
        return true;
    if (!text_equal(text, "lenient"))
        refuse("SNAPIFY_FILES", 0, ": neither strict nor lenient");
    return false;
}

/* "named:" or nothing, then digits, then nothing, K, M or G. */
uint64_t files_embed_limit(bool *named) {
    const char *text = setting("SNAPIFY_EMBED_FILES");
    uint64_t size = 0;
    *named = text != NULL && memcmp(text, "named:", 6) == 0;
    if (text == NULL)
        return DEFAULT_EMBED_LIMIT;
    text += *named ? 6 : 0;
    for (; *text >= '0' && *text <= '9' && size < UINT32_MAX; text++)
        size = size * 10 + (uint64_t)(*text - '0');
    uint32_t shift = *text == 'K' ? 10 : *text == 'M' ? 20 : *text == 'G' ? 30 : 0;
    if (text[shift != 0] != '\0')
        refuse("SNAPIFY_EMBED_FILES", 0, ": not a number of bytes (K, M, G may follow)");
    return size << shift;
}

void line_add_file(uint32_t number) {
    const struct descriptor *descriptor = descriptor_at(number);
    line_add(": descriptor ");
    line_add_number(number);
    if (descriptor->file.base_size == 0)
        return;
    line_add(" (");
    line_add(descriptor_base(descriptor));
    if (descriptor->file.path_size > 1)
        line_add("/");
    line_add(descriptor_path(descriptor));
    line_add(")");
}

void files_tell_lost(const char *snapshot, uint32_t number, reason reason) {
    line_begin(snapshot);
    line_add_file(number);
    line_end(reason, files_are_strict() ? "" : "; the program will find it closed");
}

void files_lose(const char *snapshot, uint32_t number, reason reason) {
    files_tell_lost(snapshot, number, reason);
    if (files_are_strict())
        wasi_proc_exit(SNAPIFY_EXIT_UNFIT);
    struct descriptor *descriptor = descriptor_at(number);
    descriptor->fate = FATE_NAMED;
    descriptor->host = HOST_NONE;
    descriptor->file.kind = SNAP_FILE_LOST;
}
