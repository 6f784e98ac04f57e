/*
 * inspection.h: all that can be shown of one snapshot, collected in one pass.
 */
#ifndef SNAPIFY_SNAPSHOT_TOOL_INSPECTION_H
#define SNAPIFY_SNAPSHOT_TOOL_INSPECTION_H

#include "snapshot-tool/frame_map.h"
#include "snapshot-tool/tool.h"

/* A page in the map of the memory: one of these. */
enum cell {
    CELL_ZERO = 0,
    CELL_STORED,       /* its bytes are in the file */
    CELL_COMPRESSIBLE, /* likewise, and zstd makes half of them or less */
    CELL_EQUAL,        /* as in the base */
    CELL_CHANGED,      /* not as in the base */
    CELL_CLEARED,      /* zero, but not in the base */
    CELL_KINDS,
};

/* A descriptor of the program. */
struct open_file {
    struct snap_file file;
    char *base; /* owned; guest path of the preopened directory, or empty */
    char *path; /* owned; below it, or empty */
};

struct inspection {
    struct snapshot file;
    uint8_t *cells; /* owned; enum cell of each page */
    uint32_t pages;
    uint32_t counts[CELL_KINDS];
    uint32_t runs;      /* in the section of memory */
    struct buf globals; /* content; cut off behind INSPECT_GLOBALS_MAX bytes */
    struct buf frames;  /* content; empty if there are more than INSPECT_FRAMES_MAX bytes */
    struct open_file *open_files; /* owned; the first INSPECT_FILES_MAX */
    uint32_t open_file_count;
    struct buf process; /* content of PROC; empty: not there, or longer than INSPECT_GLOBALS_MAX */
    uint32_t *tables; /* owned; entries in each table that is saved, the first INSPECT_TABLES_MAX */
    uint32_t table_count;
    bool has_clock;       /* the next member is known */
    uint64_t clock;       /* the program's monotonic time, nanoseconds */
    struct frame_map map; /* of the module, if one was named */
    struct frame *trace;  /* owned; the innermost first; NULL: not known */
    bool has_files;       /* the program can open files */
    bool compared;        /* there is a base */
};

#define INSPECT_GLOBALS_MAX ((size_t)1 << 20)
#define INSPECT_FILES_MAX 4096u
#define INSPECT_TABLES_MAX 1024u
#define INSPECT_FRAMES_MAX ((size_t)64 << 20)

/* Reads the snapshot and, unless NULL, its base. Returns an enum tool_status; release in any case.
 */
int inspection_make(struct inspection *inspection, const struct tool *tool, const char *path,
                    const char *base);

/* Behind inspection_make(): names what is in frames and globals. Returns an enum tool_status. */
int inspection_name(struct inspection *inspection, const char *module);

void inspection_collect_files(struct inspection *inspection); /* the file stands in FILE */
void inspection_release(struct inspection *inspection);

/* The three ways to show it. */
void inspection_text(const struct inspection *inspection, bool verbose, struct buf *out);
void inspection_json(const struct inspection *inspection, struct buf *out);
void inspection_html(const struct inspection *inspection, struct buf *out);

/* Text for the cells: a character for the map, a word for JSON. */
extern const char cell_characters[CELL_KINDS];
extern const char *const cell_words[CELL_KINDS];

/* The arguments or variables that the program was started with: the text at *next, which moves on;
 * NULL behind the last one. *next starts as NULL. */
const char *inspection_argument(const struct inspection *inspection, const char **next);
const char *inspection_variable(const struct inspection *inspection, const char **next);

/* Words for enum snap_file_kind and for WASI's file types; never NULL. */
const char *file_kind_text(uint32_t kind);
const char *file_type_text(uint32_t type);

#endif
