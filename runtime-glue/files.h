/*
 * files.h: the program's descriptors, which are numbers of ours, not the engine's.
 *
 * Engines number what they open as they like, some at random, and none can be told to use a number
 * again. So the program gets numbers of ours, the lowest free one as POSIX has it, and this table
 * says what stands behind each. It exists while something can make the program leave; without it
 * (a count of 0) the program's numbers are the engine's.
 *
 *     kept strings | descriptors 0..count-1 | texts ... | frames
 *                  ^ files_get()                        ^ glue.files_end
 *
 * It grows only while the program runs: then there are no frames behind it. Linked only into
 * modules that can open something (src/passes/wasi_wrappers.c).
 */
#ifndef SNAPIFY_GLUE_FILES_H
#define SNAPIFY_GLUE_FILES_H

#include "runtime-glue/glue.h"

#pragma GCC visibility push(hidden)

#define HOST_NONE SNAPIFY_NO_DESCRIPTOR
#define NO_NUMBER UINT32_MAX /* of the program's: shorter in code */

/* What saving a file asks of its descriptor. Some engines refuse rights that a directory lacks. */
#define RIGHTS_TO_SAVE (WASI_RIGHT_FD_SEEK | WASI_RIGHT_FD_TELL | WASI_RIGHT_FD_FILESTAT_GET)

/* What makes path_open refuse a directory: FD_DATASYNC, FD_WRITE, FD_ALLOCATE, SET_SIZE. */
#define RIGHTS_OF_FILES (UINT64_C(1) << 0 | UINT64_C(1) << 6 | UINT64_C(1) << 8 | UINT64_C(1) << 22)

/* How a file travels. */
enum fate {
    FATE_NAMED,    /* it is opened again by its name */
    FATE_CONTENTS, /* no name leads to it: its contents are in the snapshot */
    FATE_CARRIED,  /* it has a name, and its contents are in the snapshot, too */
    FATE_FOLLOWS,  /* it is the same file as one that is carried */
    FATE_LOST,
};

/* What stands behind a number. `host` comes first: generated code reads it there (abi.h). */
struct descriptor {
    uint32_t host;         /* the engine's number */
    uint32_t text;         /* where its text begins: base, NUL, path, NUL, then a listing */
    struct snap_file file; /* as it travels: rights as the program asked for them, flags as they are
                              now; filetype, offset and size were found out by the last save, but
                              for the size of what the engine opened: its place (preopen_stream) */
    uint8_t fate;          /* found out by the last save: enum fate */
    uint8_t unused[47];
};

/* Are its contents in the snapshot? */
static inline bool brings_contents(const struct descriptor *descriptor) {
    return descriptor->fate == FATE_CONTENTS || descriptor->fate == FATE_CARRIED;
}

#ifdef __wasm__
_Static_assert(sizeof(struct descriptor) == SNAPIFY_DESCRIPTOR_SIZE, "as generated code has it");
#endif

/* descriptor.c. A pointer is good until the next descriptor or text is made. */
struct descriptor *descriptor_at(uint32_t number);   /* below the count */
struct descriptor *descriptor_find(uint32_t number); /* NULL if it is not open */
const char *descriptor_base(const struct descriptor *descriptor);
const char *descriptor_path(const struct descriptor *descriptor);
uint8_t *descriptor_listing(const struct descriptor *descriptor);
uint32_t descriptor_text_size(const struct descriptor *descriptor); /* all of it, bytes */
void descriptor_free(uint32_t number);

/* An empty table. False if there is no memory. */
bool descriptors_begin(void);

/* The lowest free number, at least `first`; NO_NUMBER if there is no memory. */
uint32_t descriptor_lowest(uint32_t first);

/* Room for `size` bytes of text; NO_NUMBER if there is no memory. Moves other texts. */
uint32_t text_take(uint32_t size);

/* Forgets a text; what it took is used again some time. */
void text_drop(const struct descriptor *descriptor);
void texts_tidy(void);

/* Keeps `size` bytes, which may lie in scratch when the texts are tidy. False without memory. */
bool descriptor_set_listing(uint32_t number, const uint8_t *bytes, uint32_t size);

uint8_t *text_at(uint32_t text);

/* preopen.c: where what the descriptor names, with `suffix` behind its name, is to be found here.
 */
reason preopen_locate(const struct descriptor *descriptor, const char *suffix, struct place *place);

/* The engine's number of the `place`th, from 1, of what it opened that is no directory: standard
 * streams, then listening sockets; HOST_NONE if there are not so many. The program must not have
 * opened anything yet. */
uint32_t preopen_stream(uint64_t place);

/* files_rules.c */
bool files_are_strict(void);             /* SNAPIFY_FILES */
uint64_t files_embed_limit(bool *named); /* SNAPIFY_EMBED_FILES, bytes; also files with a name? */
void line_add_file(uint32_t number);     /* ": descriptor 5 (/data/log)" */
void files_tell_lost(const char *snapshot, uint32_t number, reason reason);
/* A file that does not come back: ends the process, or the program gets EBADF and it is told. */
void files_lose(const char *snapshot, uint32_t number, reason reason);

#pragma GCC visibility pop

#endif
