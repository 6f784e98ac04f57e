/*
 * abi.h: what the rewriter (src/passes) and the glue (runtime-glue) agree on.
 *
 * Included by native code and by code compiled to wasm32; only fixed-width types.
 *
 *   linear memory of a rewritten module, addresses growing to the right
 *   +--------------------------+---------------------------------------------------------+
 *   | application              | region (extra pages)                                    |
 *   | 0 .. app_pages * 64 KiB  | image | C stack (grows down) | frames (grow up) | ...   |
 *   +--------------------------+---------------------------------------------------------+
 *                              ^ base ^ image_size            ^ frames_offset    ^ frame top
 *
 * The application sees memory.size = real - extra. The region moves up when the application grows,
 * so nothing in it holds an address: only offsets from `base`. Where nothing can make the program
 * leave, and there is no budget to be spent, its first memory.grow gives the region up: its pages
 * are zeroed and handed over, `base` is 0 from then on, and `frames` holds the application's
 * maximum of pages.
 *
 * The glue is compiled as a position-independent side module. The rewriter copies its functions
 * into the output, replaces calls of the imports below by the instruction or function named
 * there, and puts the image (the side module's data, config filled in) into the output as an
 * active segment at app_pages * 64 KiB, the memory's initial size being raised by region_pages.
 */
#ifndef SNAPIFY_GLUE_ABI_H
#define SNAPIFY_GLUE_ABI_H

#include <stdint.h>

/*
 * Two words, i32 globals of the output, that instrumented functions test.
 *
 * The state: not zero behind a call means that the callee unwound, so its caller saves its frame
 * and returns, too; not zero at the top of a function or loop means that it is called again to
 * load its frame and go on.
 */
#define SNAPIFY_STATE_RUN 0
#define SNAPIFY_STATE_UNWIND 1
#define SNAPIFY_STATE_REWIND 2

/*
 * The budget, looked at by points only: negative makes them save their frame and ask. With
 * SNAPIFY_CONFIG_BUDGET points take something off, at least 1, before they look at the sign, about
 * as much as instructions may follow, or take nothing and ask if nothing is left; without, it is a
 * flag, and 0 while nothing is wanted.
 */
#define SNAPIFY_BUDGET_SLOW (-1) /* also while rewinding, so that an entry point dispatches */
#define SNAPIFY_BUDGET_SPENT 0   /* the next point asks, but one may be passed a second time */
#define SNAPIFY_BUDGET_MOST (INT32_MAX / 2) /* a loop adds to it what it takes each time */

#define SNAPIFY_ABI_VERSION 1
#define SNAPIFY_PAGE_SIZE 65536u

/* What the glue needs of the region besides its image, in bytes: its C stack (tests hold it to
 * half of that), and a file buffer and kept strings in front of the frames. The glue makes the
 * region larger where this is not enough. */
#define SNAPIFY_GLUE_STACK_SIZE 4096u
#define SNAPIFY_GLUE_WORK_SIZE 10240u

/* The C stack where snapshots are compressed. */
#define SNAPIFY_ZIP_STACK_SIZE 16384u

/* Exit statuses of a rewritten program that the glue itself chooses. */
#define SNAPIFY_EXIT_SAVED 75 /* EX_TEMPFAIL: saved, to be run again on the snapshot's node */
#define SNAPIFY_EXIT_UNFIT 78 /* EX_CONFIG: the snapshot or the settings are refused */

/* The site that a function goes on at, a third word: its number counted from the function's first
 * one while rewinding, else this, which is in no table. */
#define SNAPIFY_NO_SITE (-1)

/*
 * Every frame is `size` bytes, a multiple of 8, and ends in its u32 site number:
 *     [saved locals, naturally aligned][padding][u32 site]
 * Site numbers are unique in the module.
 */

/* Filled in by the rewriter in the image, at the address of `snapify_config`. All offsets are
 * bytes from `base`; all counts of pages are 64 KiB pages. */
struct snapify_config {
    uint32_t abi_version;
    uint32_t app_pages;      /* initial memory size the application declared */
    uint32_t app_max_pages;  /* its declared maximum, 65536 if none */
    uint32_t region_pages;   /* initial size of the region */
    uint32_t image_size;     /* bytes of the image, tables below included; multiple of 16 */
    uint32_t stack_offset;   /* the glue's first C stack pointer, multiple of 16: the end of the
                                stack, or its beginning where frames have fixed places */
    uint32_t frames_offset;  /* the first frame goes here; multiple of 16 */
    uint32_t max_frame_size; /* bytes of the largest frame in the module */
    uint32_t globals_size;   /* bytes that snapify_globals_save() writes; multiple of 8 */
    uint32_t point_count;    /* points, numbered from 0 */
    uint32_t points_offset;  /* struct snapify_point_info[point_count] */
    uint32_t node_count;     /* node names of this module: nodes 1..node_count */
    uint32_t nodes_offset;   /* their names, each ending in NUL, back to back */
    uint32_t bake_count;     /* "NAME=VALUE" defaults, each ending in NUL, back to back */
    uint32_t bake_offset;
    uint32_t flags;           /* SNAPIFY_CONFIG_... */
    uint32_t offload_count;   /* sets of nodes that KAFU_MAY_OFFLOAD names, from 1; 0 is empty */
    uint32_t offload_offset;  /* per set: u32 count, then that many u32 nodes */
    uint32_t export_count;    /* exported functions, numbered from 1 */
    uint32_t exports_offset;  /* their names, each ending in NUL, back to back */
    uint32_t initialize;      /* the number of _initialize, 0: none */
    uint32_t table_count;     /* tables that are arrays, numbered from 0 */
    uint32_t tables_offset;   /* struct snapify_table[table_count] */
    uint32_t segments_offset; /* per element segment: u32 offset of the numbers in it */
    uint32_t zip_level;       /* zstd's level for snapshots; 0: not compressed */
    uint8_t identity[16]; /* XXH3-128 of the input module and of what was done to it, canonical */
};

/* Points take one off the budget; without this, it is a flag. */
#define SNAPIFY_CONFIG_BUDGET 1u
/* Any point may leave on request, not only those inside of KAFU_MAY_OFFLOAD. */
#define SNAPIFY_CONFIG_ALWAYS 2u

/* Bytes of a row in the table of descriptors; the engine's number is its first word. */
#define SNAPIFY_DESCRIPTOR_SIZE 128u

/* No engine gives this number, all answer EBADF to it. With the sign bit set it would be a negative
 * number to Node, which answers EINVAL. */
#define SNAPIFY_NO_DESCRIPTOR 0x7fffffffu

/* What snapify_reads_wait() gives if it has read nothing: there is nothing yet, pass a point and
 * come again; or: do read, it takes no time or cannot be waited for. */
#define SNAPIFY_READ_AGAIN 0xffffffffu
#define SNAPIFY_READ_NOW 0xfffffffeu

/* A table that the program changes, as an array of numbers that stand for functions. */
struct snapify_table {
    uint32_t initial;         /* entries */
    uint32_t maximum;         /* entries */
    uint32_t contents_count;  /* numbers that the first entries hold; the others hold 0, null */
    uint32_t contents_offset; /* where these numbers are */
};

struct snapify_point_info {
    uint32_t site;        /* its frame's site number */
    uint32_t kind;        /* enum snapify_point_kind */
    uint32_t name_offset; /* the function's name, NUL-terminated */
};

/*
 * Called by generated code, defined in the glue:
 *
 * uint32_t snapify_enter(uint32_t export)
 *     Whenever the host calls an exported function, before anything else; the first time it begins:
 *     reads the environment, and restores. Returns 1 with state RUN (go on as ever), or, after a
 *     restore, with state REWIND, frames in place and memory, globals restored, if this is the
 *     export that the program was stopped in; 0 if this is another, _initialize, which is not to
 *     run again; or ends the process.
 * uint32_t snapify_unwind_frame(uint32_t site, uint32_t size)
 *     A new frame on top, of that site, to be filled: its address. Never fails: a reserve of
 *     several max_frame_size is kept; if the area cannot grow any more while unwinding, state
 *     becomes REWIND.
 * void     snapify_frame_filled(uint32_t site, uint32_t size)
 *     The same, of a frame that has been filled all but its site: it begins at the global `frames`.
 * uint32_t snapify_saved(void)
 *     The topmost frame is filled. With state RUN its site is a point: decides whether the program
 *     leaves (state UNWIND) or goes on (REWIND). Not zero: state is REWIND, the caller goes back to
 *     its start; zero: it returns.
 * void     snapify_rewind_frame(uint32_t size, uint32_t first, uint32_t count)
 *     Drops the topmost frame, which stays readable at the global `frames` until the next one is
 *     made; sets the site, and if it was the innermost one the refill. Refuses the snapshot if
 *     that is none of `count` sites from `first` on, frames do not come out even, or another than
 *     the innermost one is a point's.
 * void     snapify_put_1(a), _2(a, b), _4(a, b, c, d), _wide(a)
 * uint32_t snapify_take(void), uint64_t snapify_take_wide(void)
 *     Save or load the next values of 4 bytes (wide: 8), from the start of the frame that was made
 *     or dropped last.
 * void     snapify_landed(void)
 *     At the point whose frame was dropped last: rewinding ends, state is RUN. Points in loops do
 *     that themselves: state RUN, no site, and a budget from the global `refill`.
 * void     snapify_point(uint32_t point, uint32_t wanted)
 *     At a point of a mark, its frame made. `wanted` is the node (number) the program should be on,
 *     0 for no preference. Ends rewinding if state is REWIND (that arrival is not counted by
 *     SNAPIFY_STOP_AT). Decides: state is UNWIND on return when the program has to leave, else RUN.
 * void     snapify_leave(void)
 *     All frames are saved: writes the snapshot and ends the process with status 75. If that
 *     fails: says so once on stderr and returns with state REWIND.
 * int32_t  snapify_memory_grow(int32_t pages)
 *     The application's memory.grow; same result as it would have without us.
 *
 * i32      snapify_wasi_NAME(...)
 *     What the application's import NAME is replaced by, if it is one that concerns descriptors and
 *     the module can open any.
 *
 * i32      snapify_reads_wait(fd, iovecs, count, done)
 *     Before such a read from a descriptor that is not the one in the global `sure`: waits a slice.
 *     Gives SNAPIFY_READ_..., or has read as fd_read does and gives what that gave; other calls
 *     than fd_read give 0 for all but the descriptor.
 *
 * Functions named snapify_files_... are called by the glue only. In a module that can open nothing
 * they are left out, and what calls them gets 0. So are functions named snapify_tables_... in a
 * module without tables that are arrays.
 *
 * What stands for an instruction on table `t`, an array of numbers: it traps like that, and returns
 * what that does. Segment `s` has `length` numbers left.
 *
 * uint32_t snapify_table_size(t), _grow(number, n, t)
 * void     snapify_table_set(i, number, t), _fill(i, number, n, t), _copy(to, from, n, t, from_t)
 * void     snapify_table_init(to, from, n, t, s, length)
 *
 * Generated code reads tables itself. At base + tables, all u32: the number of tables; for each its
 * size and where its first entry is, in words from there.
 *
 * Imported by the glue from module "snapify", provided by the rewriter:
 *
 * i32  state_get(), state_set(i32)      the state
 * void budget_set(i32)                  the budget
 * void site_set(i32)                    the site
 * void refill_set(i32)                  the budget that a landing gives
 * i32  extra_get(), extra_set(i32)      pages in the region; 0: given up, the program never leaves
 * i32  frames_get(), frames_set(i32)    address behind the topmost frame
 * i32  base_get(), base_set(i32)        address of the region = __memory_base of the glue
 * i32  stack_get(), stack_set(i32)      the glue's __stack_pointer
 * i64  clock_get(), clock_set(i64)      the program's monotonic time minus the engine's, in ns
 * void sure_set(i32)                    a descriptor whose reads never wait
 * void tables_set(i32)                  offset of the tables that are arrays
 * i32  files_get(), files_set(i32)      address of the table of descriptors
 * i32  files_count_get(), ..._set(i32)  rows in it; 0: descriptors are the engine's
 * i32  inside_get()                     the set of the innermost active KAFU_MAY_OFFLOAD, 0: none
 * void globals_save(i32 address)        stores all mutable globals of the application there
 * void globals_load(i32 address)        loads them
 * void here_set(i32 node)               this node's number: 1..node_count or above, 0: KAFU_NODE
 *                                       unset; sets the flag of every mark that wants to leave
 */

#endif
