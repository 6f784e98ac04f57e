#include "snapshot-tool/tool.h"

#include <errno.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/text.h"

static char *format_text(const char *format, va_list arguments) {
    char *text;
    if (vasprintf(&text, format, arguments) < 0)
        abort();
    return text;
}

void *tool_alloc(size_t size) {
    size_t whole = (size + TOOL_ALIGNMENT - 1) / TOOL_ALIGNMENT * TOOL_ALIGNMENT;
    void *memory = aligned_alloc(TOOL_ALIGNMENT, whole);
    if (!memory)
        abort();
    return memset(memory, 0, whole);
}

void put(struct buf *out, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *text = format_text(format, arguments);
    va_end(arguments);
    buf_append_string(out, text);
    free(text);
}

int tool_refuse(const char *path, const char *hint, const char *format, ...) {
    struct buf line = {0};
    va_list arguments;
    buf_append_string(&line, "snapify-snapshot: ");
    if (path) {
        text_append_visible(&line, strcmp(path, "-") == 0 ? "<stdin>" : path);
        buf_append_string(&line, ": ");
    }
    buf_append_string(&line, "error: ");
    va_start(arguments, format);
    char *text = format_text(format, arguments);
    va_end(arguments);
    text_append_visible(&line, text);
    free(text);
    buf_append_string(&line, "\n");
    if (hint)
        put(&line, "snapify-snapshot: hint: %s\n", hint);
    fwrite(line.data, 1, line.size, stderr);
    buf_release(&line);
    return TOOL_REFUSED;
}

int tool_refuse_snapshot(struct snapshot *file) {
    struct snapshot_fault fault = snapshot_fault(file);
    const char *why = file->input.error != 0 ? strerror(file->input.error) : NULL;
    progress_end(&file->input.progress);
    if (why)
        return tool_refuse(file->input.path, NULL, "%s: %s", fault.text, why);
    if (!fault.has_offset)
        return tool_refuse(file->input.path, NULL, "%s", fault.text);
    if (!fault.section.text[0])
        return tool_refuse(file->input.path, NULL, "%s (at byte 0x%llx)", fault.text,
                           (unsigned long long)fault.offset);
    return tool_refuse(file->input.path, NULL, "%s (in section %s, at byte 0x%llx)", fault.text,
                       fault.section.text, (unsigned long long)fault.offset);
}

struct size_text size_text(uint64_t bytes) {
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB"};
    struct size_text result;
    double value = (double)bytes / 1024;
    size_t unit = 0;
    if (bytes < 1024) {
        snprintf(result.text, sizeof result.text, "%u bytes", (unsigned)bytes);
        return result;
    }
    for (; value >= 1024 && unit < 3; unit++)
        value /= 1024;
    snprintf(result.text, sizeof result.text, "%.1f %s", value, units[unit]);
    return result;
}

int tool_read_key(const char *path, uint8_t key[SEAL_KEY_SIZE]) {
    static const char hint[] = "a key is 32 bytes, or 64 hexadecimal digits: "
                               "head -c 32 /dev/urandom >KEYFILE makes one";
    char bytes[2 * SEAL_KEY_SIZE + 3];
    FILE *file = fopen(path, "rbe");
    if (!file)
        return tool_refuse(path, NULL, "cannot be read: %s", strerror(errno));
    size_t size = fread(bytes, 1, sizeof bytes, file), used = 0;
    fclose(file);
    int status = TOOL_OK;
    if (size == SEAL_KEY_SIZE)
        memcpy(key, bytes, SEAL_KEY_SIZE);
    else if (size < sizeof bytes && size > SEAL_KEY_SIZE &&
             sodium_hex2bin(key, SEAL_KEY_SIZE, bytes, size, "\r\n", &used, NULL) == 0 &&
             used == SEAL_KEY_SIZE)
        status = TOOL_OK;
    else
        status = tool_refuse(path, hint, "is no key");
    sodium_memzero(bytes, sizeof bytes);
    return status;
}

const char *point_kind_text(uint32_t kind) {
    static const char *const kinds[] = {"entry", "return", "loop"};
    return kind < 3 ? kinds[kind] : "unknown";
}
