/*
 * snapshot.h: writes and reads snapshot files. docs/snapshot-format.md is the authority.
 *
 * Freestanding: the same code is compiled into the glue (wasm32, no libc) and natively. It never
 * allocates, never opens a file and never seeks; bytes go through `struct snap_io`.
 *
 * Writing, in this order:                     Reading, in this order:
 *     snap_write_header(&w, io, &header);         snap_read_header(&r, io, &header);
 *     snap_write_meta(&w, &meta);                 snap_read_section(&r, SNAP_SECTION_META);
 *                                                 snap_read_meta(&r, storage, &meta);
 *     snap_write_tables(&w, bytes, size);         snap_read_section(&r, SNAP_SECTION_TABLES);
 *                                                 snap_read_tables(&r, bytes, size);
 *     snap_write_globals(&w, bytes, size);        snap_read_globals(&r, bytes, size);
 *     snap_write_memory(&w, memory, pages, NULL); snap_read_memory(&r, memory, pages, clean);
 *     snap_write_frames(&w, bytes, size);         snap_read_frames(&r, bytes, size);
 *     error = snap_write_end(&w);                 error = snap_read_end(&r);
 *
 * The status is sticky: after an error every further call does nothing and returns that error, so
 * checking the last one is enough where nothing in between is used.
 */
#ifndef SNAPIFY_SNAPSHOT_FORMAT_SNAPSHOT_H
#define SNAPIFY_SNAPSHOT_FORMAT_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SNAP_VERSION_MAJOR 1
#define SNAP_VERSION_MINOR 7

#define SNAP_IDENTITY_SIZE 16
#define SNAP_PAGE_SIZE 4096u /* bytes; 16 of them make a page of WebAssembly */
#define SNAP_PAGES_OF_WASM 16u
#define SNAP_PAGE_HASH_SIZE 16                    /* bytes: XXH3-128 in canonical form */
#define SNAP_RUN_MAX 256u                         /* pages of a run, if pages have hashes */
#define SNAP_PAGES_MAX (UINT32_C(1) << 20)        /* of 4 KiB: 4 GiB of memory */
#define SNAP_PAGES_ANY UINT32_MAX                 /* to a reader: it does not know how many */
#define SNAP_META_LENGTH_MAX (UINT32_C(16) << 20) /* bytes */
#define SNAP_FILES_MAX (UINT32_C(1) << 20)        /* descriptors */
#define SNAP_FILE_TEXT_MAX (UINT32_C(1) << 16)    /* bytes of a path, with NUL */

enum snap_error {
    SNAP_OK = 0,
#define SNAP_ERROR(name, code, text) name = code,
#include "snapshot-format/errors.def"
#undef SNAP_ERROR
};

/* A static text without full stop, to follow the snapshot's name; never NULL. */
const char *snap_error_text(enum snap_error error);

/* What a page is known by. */
void snap_page_hash(const uint8_t *page, uint8_t hash[SNAP_PAGE_HASH_SIZE]);

/* ---- input and output ---- */

enum snap_io_result {
    SNAP_IO_OK = 0, /* all bytes were moved */
    SNAP_IO_END,    /* reading only: the data ends before the last byte */
    SNAP_IO_FAILED, /* anything else; whoever does the I/O knows why */
};

/*
 * Moves exactly `size` bytes, or fails. In the glue the two functions are called directly, since
 * pointers to functions would need a table; there is one file at a time and no context.
 */
#ifdef __wasm__
enum snap_io_result snap_io_write(const void *bytes, size_t size);
enum snap_io_result snap_io_read(void *bytes, size_t size);
struct snap_io {
    char unused;
};
#else
struct snap_io {
    enum snap_io_result (*write)(void *context, const void *bytes, size_t size);
    enum snap_io_result (*read)(void *context, void *bytes, size_t size);
    void *context;
};
#endif

/* ---- contents ---- */

/* What protects the pages of memory; as the header's flags say it. */
enum snap_form {
    SNAP_FORM_PLAIN = 0,  /* the section's checksum, which is a plain one as all: before 1.4 */
    SNAP_FORM_HASHED = 1, /* each has a hash; this and what follows have chained checksums */
    SNAP_FORM_BARE = 3,   /* nothing: since 1.5 */
    SNAP_FORM_SUMMED = 5, /* a sum for each run: since 1.6. Those of a delta have hashes */
};

/* As in the file; the writer fills in what no program can choose. */
struct snap_header {
    uint8_t magic[8];
    uint16_t major; /* filled in by the reader; the writer uses its own version */
    uint16_t minor;
    enum snap_form form;
    uint8_t identity[SNAP_IDENTITY_SIZE]; /* of the rewritten module */
    uint64_t checksum;
};

/* Borrowed bytes; not ended by NUL. */
struct snap_bytes {
    const char *bytes; /* NULL allowed when size is 0 */
    uint32_t size;
};

/* Strings back to back: how many end there? Are they `count`, each ending in NUL? */
uint32_t snap_strings_count(struct snap_bytes strings);
bool snap_are_strings(struct snap_bytes bytes, uint32_t count);

struct snap_meta {
    uint32_t abi_version;  /* of the code inside the rewritten module */
    uint32_t app_pages;    /* memory of the application, pages of 64 KiB */
    uint32_t globals_size; /* bytes of GLOBALS */
    uint32_t frames_size;  /* bytes of FRAMES, a multiple of 8 */
    uint32_t frame_count;  /* depth of the stack to rebuild, in instrumented functions */
    uint32_t point;        /* number of the migration point where the program stands */
    uint32_t kind;         /* enum snapify_point_kind */
    uint32_t node_to;      /* node to go to, numbered from 1 in the names below; 0: any */
    uint32_t node_from;    /* node left; 0: it had no name */
    uint32_t node_count;
    struct snap_bytes nodes;      /* names of nodes 1..node_count, each ending in NUL */
    struct snap_bytes more_nodes; /* writer: the rest of them, in a second piece; reader: empty */
    struct snap_bytes function;   /* name of the function that holds the point */
    uint32_t export; /* exported function that the host called, from 1; reader: 0 if not there */
    struct snap_bytes export_name;
    uint64_t base;       /* fingerprint of the snapshot before this one; 0: none */
    uint64_t time;       /* when it was made, nanoseconds since 1970; 0: not told */
    uint32_t generation; /* snapshots of this program before this one, and this one; 0: not told */
};

/* What stands behind a descriptor of the program. */
enum snap_file_kind {
    SNAP_FILE_NONE = 0,   /* it is not open; in no snapshot */
    SNAP_FILE_ENGINE,     /* what the engine opened that is no directory: standard streams */
    SNAP_FILE_PREOPEN,    /* a preopened directory; its path is empty */
    SNAP_FILE_PATH,       /* opened below one */
    SNAP_FILE_LOST,       /* was not found after a move, or could not be saved */
    SNAP_FILE_CONNECTION, /* which a move ends */
    SNAP_FILE_KINDS,
};

/* Flags of a file. Contents that are not carried belong to a file without a name. */
#define SNAP_FILE_CONTENTS 1u /* its contents are in the snapshot */
#define SNAP_FILE_CARRIED 2u  /* these, or those of another descriptor, go to its name */
#define SNAP_FILE_NO_OFFSET UINT64_MAX

struct snap_file {
    uint32_t number;
    uint32_t kind;
    uint32_t filetype; /* as WASI has it */
    uint32_t flags;
    uint32_t lookup;  /* flags of path_open */
    uint32_t fdflags; /* at the time of the snapshot */
    uint64_t rights;
    uint64_t inheriting;
    uint64_t offset;    /* bytes from the start, or SNAP_FILE_NO_OFFSET */
    uint64_t size;      /* bytes; SNAP_FILE_ENGINE: its place among those, from 1; 0: its number */
    uint32_t base_size; /* bytes of the preopened directory's guest path, with NUL */
    uint32_t path_size; /* bytes of the path below it, with NUL */
    uint32_t listing_size; /* bytes that a directory stream has still to give, or has given */
};

/* What the program was started with; the variables that are for us are left out. */
struct snap_process {
    uint32_t arg_count;
    uint32_t arg_size; /* bytes of the arguments, each ending in NUL */
    uint32_t variable_count;
    uint32_t variable_size; /* likewise, "NAME=VALUE" */
    uint32_t flags;
};

#define SNAP_PROCESS_PROMISED 1u /* the program knows the size of the environment: all is there */

/* Section types are four ASCII letters. */
#define SNAP_TYPE(a, b, c, d)                                                                      \
    ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)
#define SNAP_SECTION_META SNAP_TYPE('M', 'E', 'T', 'A')
#define SNAP_SECTION_TABLES SNAP_TYPE('T', 'A', 'B', 'L')
#define SNAP_SECTION_PROCESS SNAP_TYPE('P', 'R', 'O', 'C')
#define SNAP_SECTION_CLOCK SNAP_TYPE('C', 'L', 'O', 'K')
#define SNAP_SECTION_FILES SNAP_TYPE('F', 'I', 'L', 'E')
#define SNAP_SECTION_CONTENTS SNAP_TYPE('F', 'D', 'A', 'T')
#define SNAP_SECTION_GLOBALS SNAP_TYPE('G', 'L', 'O', 'B')
#define SNAP_SECTION_MEMORY SNAP_TYPE('M', 'E', 'M', 'P')
#define SNAP_SECTION_DELTA SNAP_TYPE('M', 'E', 'M', 'D') /* in place of MEMORY */
#define SNAP_SECTION_FRAMES SNAP_TYPE('F', 'R', 'A', 'M')
#define SNAP_SECTION_END SNAP_TYPE('E', 'N', 'D', '.')
#define SNAP_SECTION_PADDING SNAP_TYPE('P', 'A', 'D', '.') /* skipped by all readers */

#define SNAP_FLAG_MUST_KNOW UINT32_C(0x00000001)

/* What the count of a delta's run may have set: which pages these are. */
#define SNAP_RUN_NAMED UINT32_C(0x80000000) /* known by hash */
#define SNAP_RUN_SAME UINT32_C(0x40000000)  /* those of the base that the delta names */

/* What a section of memory says in front of its runs, as in the file up to `base`, and the current
 * one of these. */
struct snap_runs {
    uint32_t page_size; /* the writer fills it in */
    uint32_t pages;     /* of the whole memory, SNAP_PAGE_SIZE bytes each */
    uint32_t left;      /* runs still to come */
    uint32_t stored;    /* pages in them with their bytes */
    uint32_t named;     /* pages in them by hash */
    uint32_t number;    /* of a delta: which file its base is; 0: not told */
    uint64_t base;      /* and its fingerprint; 0: any */
    bool delta;
    uint32_t first; /* first page of the current run */
    uint32_t count; /* pages in it */
    uint32_t kind;  /* 0, SNAP_RUN_NAMED or SNAP_RUN_SAME */
    /* Writer only: the longest run of stored pages, to be aligned in the file. */
    uint32_t longest; /* pages in it; 0: not known, nothing is aligned */
    uint32_t before;  /* runs in front of it */
};

/* What the memory is written against. */
struct snap_base {
    uint64_t fingerprint;
    uint32_t number;
    const uint8_t *same; /* a bit for each page that is the base's, the first one lowest */
    uint32_t stored;     /* writer: pages that are not, and not zero */
};

/* Of a checksum; private to snapshot_hash.c. */
struct snap_hash {
#ifndef __wasm__
    _Alignas(64) uint8_t stream[576]; /* of plain XXH3-64, for versions before 1.4 */
    bool chained;
#endif
    uint32_t fill; /* bytes of the block */
    _Alignas(8) uint8_t block[1024];
};

/* Of the pages of a run, which have no hashes. */
struct page_sum {
    uint64_t chains[4];
};

/* The checksums of must-know sections so far: a fingerprint is made of them. */
#define SNAP_SUMS_MAX 16u
struct snap_sums {
    uint32_t count;
    uint64_t items[SNAP_SUMS_MAX];
};

/* ---- writing ---- */

/* Pages that hold zeros; private to snapshot_write.c. */
struct snap_gap {
    uint32_t first, count;
};
#define SNAP_GAPS_MAX 32u
#define SNAP_GAP_MIN 16u /* shorter ones are not worth to be kept */

struct snap_writer {
    enum snap_error status; /* what is used most comes first: addresses take less code */
    uint32_t flags;         /* of the current section */
    uint64_t left;          /* bytes of the current section still to come */
    enum snap_form form;    /* as the header's; a delta's pages have hashes instead of sums */
    uint32_t position;      /* bytes written so far, modulo 2^32 */
    struct snap_io io;
    struct snap_hash hash; /* over the current section */
    struct snap_sums sums;
    uint32_t gap_count;
    struct snap_gap gaps[SNAP_GAPS_MAX];
};

enum snap_error snap_write_header(struct snap_writer *writer, struct snap_io io,
                                  const struct snap_header *header);
/* The same in the form that `header` says, for copies. */
enum snap_error snap_copy_header(struct snap_writer *writer, struct snap_io io,
                                 const struct snap_header *header);
enum snap_error snap_write_meta(struct snap_writer *writer, const struct snap_meta *meta);

/* Only for a module with tables that change; else this section is left out. */
enum snap_error snap_write_tables(struct snap_writer *writer, const void *bytes, uint32_t size);
enum snap_error snap_write_globals(struct snap_writer *writer, const void *bytes, uint32_t size);

/* `pages` of SNAP_PAGE_SIZE bytes, which must not change during the call; a delta if there is a
 * base, which may be NULL. */
enum snap_error snap_write_memory(struct snap_writer *writer, const uint8_t *memory, uint32_t pages,
                                  struct snap_base *base);
enum snap_error snap_write_frames(struct snap_writer *writer, const void *bytes, uint32_t size);
enum snap_error snap_write_end(struct snap_writer *writer);

enum snap_error snap_write_process(struct snap_writer *writer, const struct snap_process *process,
                                   struct snap_bytes arguments, struct snap_bytes variables);
enum snap_error snap_write_clock(struct snap_writer *writer, uint64_t monotonic);

/* Of the snapshot that was written to its end. */
uint64_t snap_write_fingerprint(struct snap_writer *writer, const uint8_t *identity);

/* FILES: `length` bytes in all; then `home_size` bytes and each file with its texts. */
enum snap_error snap_write_files(struct snap_writer *writer, uint64_t length, uint32_t count,
                                 uint32_t home_size);
enum snap_error snap_write_file(struct snap_writer *writer, const struct snap_file *file);
uint64_t snap_files_length(uint32_t count, uint64_t texts_size); /* texts: home's included */

/* In place of snap_write_memory(): what stands in front of the runs, behind padding if the longest
 * one is known and long enough; then each run's header, behind it its pages by
 * snap_write_page_bytes() and then, if pages have hashes, these by snap_write_bytes(), or, if runs
 * have sums, page_sum_end(), or only hashes, or nothing; then snap_write_section_end(). */
enum snap_error snap_write_runs(struct snap_writer *writer, struct snap_runs *runs);
enum snap_error snap_write_run(struct snap_writer *writer, uint32_t first, uint32_t count,
                               uint32_t kind);

/* Any section, for contents that have no function of their own: `length` bytes must follow. */
enum snap_error snap_write_section(struct snap_writer *writer, uint32_t type, uint32_t flags,
                                   uint64_t length);
enum snap_error snap_write_bytes(struct snap_writer *writer, const void *bytes, size_t size);
/* The same, without their part in the section's checksum if pages have hashes. */
enum snap_error snap_write_page_bytes(struct snap_writer *writer, const void *bytes, size_t size);
enum snap_error snap_write_section_end(struct snap_writer *writer);

/* ---- reading: the source is untrusted ---- */

struct snap_reader {
    enum snap_error status;
    uint32_t type;       /* of the current section, also of one that is refused; 0: none */
    uint64_t left;       /* bytes of the current section still to be read */
    uint32_t flags;      /* of the current section */
    enum snap_form form; /* as the writer's */
    bool trusting;       /* hashes are not looked at; set behind the header, which resets it */
    struct snap_io io;
    struct snap_hash hash;
    struct snap_sums sums;
};

enum snap_error snap_read_header(struct snap_reader *reader, struct snap_io io,
                                 struct snap_header *header);

/* Goes to the next section that this version knows, which must have that type. Its length is then
 * in reader->left; META's is at most SNAP_META_LENGTH_MAX. */
enum snap_error snap_read_section(struct snap_reader *reader, uint32_t type);

/* `storage` holds reader->left bytes; meta points into it. Only its form is checked here, not
 * whether it fits a module. */
enum snap_error snap_read_meta(struct snap_reader *reader, void *storage, struct snap_meta *meta);

/* `size` is what reader->left said behind snap_read_section(). */
enum snap_error snap_read_tables(struct snap_reader *reader, void *bytes, uint32_t size);

/* `size` comes from META; another length is refused before a byte is stored. */
enum snap_error snap_read_globals(struct snap_reader *reader, void *bytes, uint32_t size);

/* Pages from number `clean` on are known to hold zeros only; absent pages below are cleared. On an
 * error the memory may hold part of the snapshot. */
enum snap_error snap_read_memory(struct snap_reader *reader, uint8_t *memory, uint32_t pages,
                                 uint32_t clean);
enum snap_error snap_read_frames(struct snap_reader *reader, void *bytes, uint32_t size);
enum snap_error snap_read_end(struct snap_reader *reader);

/* The strings follow: arg_size + variable_size bytes, all that is left. */
enum snap_error snap_read_process(struct snap_reader *reader, struct snap_process *process);
enum snap_error snap_read_clock(struct snap_reader *reader, uint64_t *monotonic);

/* Of the snapshot that was read to its end; at most SNAP_SUMS_MAX must-know sections count. */
uint64_t snap_read_fingerprint(struct snap_reader *reader, const uint8_t *identity);

/* FILES: the texts follow and are read with snap_read_bytes(); sizes are at most what is left.
 * Numbers ascend: *number is the lowest that may come, at first 0. */
enum snap_error snap_read_files(struct snap_reader *reader, uint32_t *count, uint32_t *home_size);
enum snap_error snap_read_file(struct snap_reader *reader, uint32_t *number,
                               struct snap_file *file);

/*
 * For readers that show or pass on what they read, in place of the functions above: the sections as
 * they come. They are not checked against META, nor their order.
 */

/* Reads the next section's header. Returns its type, known or not; 0 after an error. */
uint32_t snap_next_section(struct snap_reader *reader);

/* Reads the rest of the section, its checksum included. */
enum snap_error snap_skip_section(struct snap_reader *reader);

/* What META's content says; meta points into it. Its form is checked, and nothing else. */
enum snap_error snap_parse_meta(const void *content, uint32_t length, struct snap_meta *meta);

/* In a PROCESS section: what snap_read_process() reads behind its header. */
enum snap_error snap_read_process_start(struct snap_reader *reader, struct snap_process *process);

/* In a FILES section: what snap_read_files() reads behind its header. */
enum snap_error snap_read_files_start(struct snap_reader *reader, uint32_t *count,
                                      uint32_t *home_size);

/* In a section of memory: reads what stands in front of the runs. */
enum snap_error snap_read_runs(struct snap_reader *reader, uint32_t pages, struct snap_runs *runs);

/* Reads the next run's header; what belongs to it has to be read before the next call: its pages
 * and behind them, if pages have hashes, these; if runs have sums, page_sum_end(). Returns
 * false behind the last one and after an error. */
bool snap_read_run(struct snap_reader *reader, struct snap_runs *runs);

/* Goes to the section of memory, which may be that of a delta, past what stands in front of it. */
enum snap_error snap_read_memory_start(struct snap_reader *reader, uint32_t pages,
                                       struct snap_runs *runs);

/* Puts the pages of all runs in place. Those of the base are there, other pages become zero; from
 * number `clean` on they are known to be. Pages that are known by hash are refused. */
enum snap_error snap_read_pages(struct snap_reader *reader, uint8_t *memory, uint32_t clean,
                                struct snap_runs *runs);

enum snap_error snap_read_bytes(struct snap_reader *reader, void *bytes, size_t size);
enum snap_error snap_read_page_bytes(struct snap_reader *reader, void *bytes, size_t size);
/* Reads the hash that the page should have, and compares. */
enum snap_error snap_read_page_hash(struct snap_reader *reader, const uint8_t *page);
enum snap_error snap_read_section_end(struct snap_reader *reader);

#endif
