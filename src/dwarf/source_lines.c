/*
 * source_lines.c: the module's DWARF in, rows out; the reading itself happens in a child process.
 *
 * libdw is made for files that compilers write. A damaged one may make it crash or run for ever,
 * which costs the lines and nothing else.
 */
#include "dwarf/source_lines.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dwarf/line_table.h"
#include "support/write_all.h"
#include "wasm/leb128.h"

enum {
    SECTION_CODE = 10,
    CHILD_SECONDS = 60, /* of the processor; a module of 50 MB takes two */
};

/* Room for a large module's DWARF, not for what a damaged one may ask for. */
#define CHILD_MEMORY ((rlim_t)4 << 30)
#define PIPE_BYTES ((size_t)64 << 10)

static struct wasm_bytes code_of(const struct wasm_scan *scan) {
    for (size_t i = 0; i < scan->section_count; i++)
        if (scan->sections[i].id == SECTION_CODE)
            return scan->sections[i].payload;
    return (struct wasm_bytes){0};
}

bool source_lines_exist(const struct wasm_scan *scan) {
    static const char name[] = ".debug_line";
    for (size_t i = 0; i < scan->section_count; i++) {
        const struct wasm_section *section = &scan->sections[i];
        if (line_table_is_debug(section) && section->name.size == strlen(name) &&
            memcmp(section->name.data, name, strlen(name)) == 0)
            return true;
    }
    return false;
}

/* ---- the child ---- */

static void limit(int resource, rlim_t value) {
    struct rlimit limits;
    if (getrlimit(resource, &limits) == 0 && limits.rlim_cur > value)
        setrlimit(resource, &(struct rlimit){value, limits.rlim_max});
}

/* Under a sanitizer the address space has no bounds. */
static void limit_memory(void) {
#if !defined(__SANITIZE_ADDRESS__)
    limit(RLIMIT_AS, CHILD_MEMORY);
#endif
}

/* What dies here dies quietly. */
static void be_quiet(void) {
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (null < 0)
        _exit(1);
    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
}

static _Noreturn void child_main(const struct wasm_scan *scan, int out) {
    struct buf elf = {0}, rows = {0};
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_CPU, CHILD_SECONDS);
    limit_memory();
    be_quiet();
    line_table_make_elf(scan, &elf);
    if (!line_table_dump(&elf, (uint32_t)code_of(scan).size, &rows))
        _exit(1);
    _exit(write_all(out, rows.data, rows.size) ? 0 : 1);
}

/* Everything that the child says; false if it did not come to its end. */
static bool ask_child(const struct wasm_scan *scan, struct buf *answer) {
    int ends[2], wait_status = -1;
    if (pipe2(ends, O_CLOEXEC) < 0)
        return false;
    pid_t child = fork();
    if (child == 0)
        child_main(scan, ends[1]);
    close(ends[1]);
    for (ssize_t count = child > 0; count > 0 || (count < 0 && errno == EINTR);) {
        buf_reserve(answer, PIPE_BYTES);
        count = read(ends[0], answer->data + answer->size, PIPE_BYTES);
        answer->size += count > 0 ? (size_t)count : 0;
    }
    close(ends[0]);
    while (child > 0 && waitpid(child, &wait_status, 0) < 0 && errno == EINTR)
        ;
    return child > 0 && WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0;
}

/* ---- what it says ---- */

static bool get_files(struct reader *in, struct source_lines *lines) {
    uint32_t count, size;
    if (!reader_u32le(in, &count) || count > reader_left(in) / 4)
        return false;
    lines->files = mem_calloc(count, sizeof *lines->files);
    for (; lines->file_count < count; lines->file_count++) {
        if (!reader_u32le(in, &size) || size > reader_left(in))
            return false;
        lines->files[lines->file_count] = mem_strndup((const char *)in->data + in->at, size);
        reader_skip(in, size);
    }
    return true;
}

static bool get_rows(struct reader *in, struct source_lines *lines) {
    uint32_t count;
    if (!reader_u32le(in, &count) || count != reader_left(in) / 12)
        return false;
    lines->rows = mem_calloc(count, sizeof *lines->rows);
    for (; lines->row_count < count; lines->row_count++) {
        struct source_row *row = &lines->rows[lines->row_count];
        row->order = lines->row_count;
        if (!reader_u32le(in, &row->address) || !reader_u32le(in, &row->file) ||
            !reader_u32le(in, &row->line) || row->file >= lines->file_count)
            return false;
    }
    return true;
}

/* At one address the last row holds. */
static int compare_rows(const void *a, const void *b) {
    const struct source_row *left = a, *right = b;
    if (left->address != right->address)
        return left->address < right->address ? -1 : 1;
    return (left->order > right->order) - (left->order < right->order);
}

const char *source_lines_read(struct source_lines *lines, const struct wasm_scan *scan) {
    struct buf answer = {0};
    bool heard = ask_child(scan, &answer);
    struct reader in = reader_over(answer.data, answer.size);
    *lines = (struct source_lines){0};
    if (heard && !(get_files(&in, lines) && get_rows(&in, lines)))
        heard = false;
    if (!heard)
        source_lines_release(lines);
    else
        qsort(lines->rows, lines->row_count, sizeof *lines->rows, compare_rows);
    buf_release(&answer);
    return heard ? NULL : "it cannot be read";
}

void source_lines_release(struct source_lines *lines) {
    for (size_t i = 0; i < lines->file_count; i++)
        free(lines->files[i]);
    free(lines->files);
    free(lines->rows);
    *lines = (struct source_lines){0};
}

/* ---- looking for a line ---- */

/* Position of the first row behind an address. */
static size_t row_behind(const struct source_lines *lines, uint32_t address) {
    size_t low = 0, high = lines->row_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (lines->rows[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool source_lines_find(const struct source_lines *lines, uint32_t address,
                       struct source_place *place) {
    size_t behind = row_behind(lines, address);
    if (address == 0 || behind == 0 || lines->rows[behind - 1].line == 0)
        return false;
    const struct source_row *row = &lines->rows[behind - 1];
    *place = (struct source_place){lines->files[row->file], row->line};
    return true;
}

uint32_t source_address(const struct wasm_scan *scan, const uint8_t *byte) {
    struct wasm_bytes code = code_of(scan);
    return byte >= code.data && byte < code.data + code.size ? (uint32_t)(byte - code.data) : 0;
}

bool source_lines_first(const struct source_lines *lines, uint32_t from, uint32_t end,
                        struct source_place *place) {
    if (source_lines_find(lines, from, place))
        return true;
    for (size_t i = row_behind(lines, from); i < lines->row_count && lines->rows[i].address < end;
         i++)
        if (source_lines_find(lines, lines->rows[i].address, place))
            return true;
    return false;
}

bool source_lines_begin(const struct source_lines *lines, const struct wasm_scan *scan,
                        size_t function, struct source_place *place) {
    struct wasm_bytes body = scan->functions[function].body;
    uint32_t start = source_address(scan, body.data);
    return source_lines_first(lines, start, start + (uint32_t)body.size, place);
}

/* The last byte is the function's `end`. */
bool source_lines_end(const struct source_lines *lines, const struct wasm_scan *scan,
                      size_t function, struct source_place *place) {
    struct wasm_bytes body = scan->functions[function].body;
    return body.size > 0 &&
           source_lines_find(lines, source_address(scan, body.data + body.size - 1), place);
}
