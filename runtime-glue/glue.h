/*
 * glue.h: what the files of the glue share. Its life in one picture, offsets from `base`:
 *
 *     image | C stack | file buffer | kept strings | process | tables | descriptors | frames ...
 *                     ^ frames_offset              ^ process.c, tables.c, files.h    ^
 * frames_start()
 *
 * Kept strings: the variables we read, then the names of nodes that this module was not built with.
 * They are final when begin returns. Scratch is used within one call from outside.
 *
 * Two rules make the code position independent: no data holds an address, and nothing that runs
 * while the region moves has a frame on the C stack or an address in a local (begin.c, memory.c).
 */
#ifndef SNAPIFY_GLUE_GLUE_H
#define SNAPIFY_GLUE_GLUE_H

#include <string.h>

#include "runtime-glue/host.h"
#include "runtime-glue/wasi.h"
#include "snapshot-format/snapshot.h"

#define GLUE_BUFFER_SIZE 8192u

/* Hidden also where only declared: else each use would go through a table of addresses. */
#pragma GCC visibility push(hidden)

/* The program was told how large its environment is, and has not got it yet. */
enum promise {
    PROMISE_NONE,
    PROMISE_HERE,     /* as it is here */
    PROMISE_RESTORED, /* before a move */
};

struct glue {
    uint32_t env_end;     /* offset behind the kept variables: names of nodes follow */
    uint32_t keep_end;    /* offset behind all kept strings */
    uint32_t more_nodes;  /* names kept there: nodes config.node_count + 1 and up */
    uint32_t tables_size; /* bytes behind them that the program's tables take */
    uint32_t here;        /* this node's number, 0: KAFU_NODE unset */
    uint32_t export;      /* the exported function that the host called, from 1 */
    uint32_t frame_count; /* frames on the frame stack */
    uint32_t scratch;     /* offset of free scratch */
    uint32_t point;       /* the point that started the current unwinding */
    uint32_t site;        /* of the frame that was dropped last */
    uint32_t call;        /* 1 + the last site that was found not to be a point; 0: none */
    uint32_t slot;        /* address of the next one to be saved or loaded */
    uint32_t goal;        /* the node it leaves for, 0: any */
    uint32_t generation;  /* of the snapshot that we went on from or saved last; 0: none */
    uint64_t base;        /* its fingerprint */
    uint64_t points_left; /* SNAPIFY_STOP_AT: points until the stop; 0: not counting */
    uint64_t poll_period; /* nanoseconds between looks for a request; 0: never */
    uint64_t save_period; /* nanoseconds between snapshots to go on from; 0: never */
    uint64_t asked_at;    /* when the clock was last read, nanoseconds */
    uint64_t look_at;     /* when to look for a request again */
    uint64_t save_at;     /* when to save again */
    uint32_t budget;      /* entries and loops until the clock is read again */
    uint32_t process;     /* offset of what the program was started with (process.c) */
    uint32_t process_end; /* offset behind it; 0: the engine knows */
    uint32_t files_end;   /* offset behind the descriptors and their texts; 0: none (files.h) */
    uint32_t texts_size;  /* bytes of their texts */
    uint32_t texts_waste; /* of these, bytes that nobody uses any more */
    uint32_t home_size;   /* of these, the name of the snapshots' directory comes first */
    uint8_t promise;      /* enum promise */
    bool begun;           /* the settings are read, a snapshot is restored */
    bool saving;          /* the program goes on when this snapshot is written */
    bool saving_base;     /* what is being written is a base: contents of files follow elsewhere */
    bool leaves;          /* something can make this run leave: the region is needed */
    bool restored;        /* rewinding from a snapshot, not from a failed save */
    bool complained;      /* a failed save was reported */
};

extern struct snapify_config snapify_config;
extern struct glue glue;

/* memory.c */

/* Makes the region at least `end` bytes long, by memory.grow at its end: no address changes. */
bool region_reserve(uint64_t end);
uint32_t app_pages(void); /* the application's memory now */

/* Both pages 64 KiB. Grows once; then moves the region, up to the frame top, behind the
 * application. The caller must not have anything on the C stack. */
bool memory_resize(uint32_t app_more, uint32_t region_more);

/* Fresh bytes, 16-byte aligned, behind the frames; NULL if there is no memory. */
void scratch_reset(void);
uint8_t *scratch_take(uint64_t size);

/* descriptor.c: the engine's number of a descriptor of the program; SNAPIFY_NO_DESCRIPTOR is
 * nobody's. */
uint32_t host_number(uint32_t fd);

/* frames.c: where things are behind the kept strings, as offsets */
uint32_t tables_start(void);
uint32_t tables_end(void);
uint32_t frames_start(void); /* offset of the first frame */
/* Makes `shift` free bytes, a multiple of 16, at `start`: what lies there moves up, with all that
 * is behind it. False if there is no memory. */
bool room_make(uint32_t start, uint32_t shift);
uint32_t frames_top_site(void); /* there is a frame */
uint32_t frame_push(uint32_t size);
uint32_t frame_pop(uint32_t size);

/* The same behind the C stack, where the file buffer begins; and back again. */
bool room_open(uint32_t size);
void room_close(uint32_t size);
uint64_t frames_reserve(void); /* bytes to keep free behind the topmost frame */
_Noreturn void misfit(void);   /* frames and code disagree: refuses the snapshot */

/* env.c */
void env_load(void);
const char *setting(const char *name); /* its value; NULL if unset or empty */
bool setting_is(const char *name, const char *value);
const char *node_name(void); /* of this node; NULL if unset */
const char *save_name(void);
const char *restore_name(void); /* NULL if unset */
bool text_equal(const char *a, const char *b);
uint32_t text_size(const char *text);
bool variable_is_ours(const char *variable); /* "NAME=VALUE" */
struct snap_bytes kept_variables(void);

/* node.c */
uint32_t strings_size(uint32_t address, uint32_t count); /* bytes of strings, back to back */
uint32_t node_find(const char *name);                    /* its number, 0 if it has none */
uint32_t node_find_or_add(const char *name);             /* before there are frames */

/* Gives a name its number when all frames are saved: they move up. 0 if there is no memory. */
uint32_t node_add_under_frames(const char *name);
void node_settle(void);                 /* finds the number of KAFU_NODE */
struct snap_bytes nodes_built_in(void); /* names of nodes 1..config.node_count */
struct snap_bytes nodes_kept(void);     /* names of the others */

/* Takes over the table of a snapshot made by the same module. */
enum snap_error nodes_adopt(const struct snap_meta *meta);

/* Why something failed: a WASI errno, an enum snap_error (negative), or one of these. 0: did not.
 */
typedef int32_t reason;
enum {
    REASON_NO_MEMORY = 48,
    REASON_NO_DIRECTORY = 200,
    REASON_OTHER_DIRECTORY = 201,
    REASON_SHORTER = 202,
    REASON_OTHER_KIND = 203,
    REASON_TOO_LARGE = 204,
    REASON_OTHER_FILE = 205,
};

/* message.c: one line to stderr, cut where it gets too long. */
void line_begin(const char *text); /* "snapify: ", then this */
void line_add(const char *text);
void line_add_number(uint32_t number);
void line_end(reason reason, const char *text); /* ": ", the reason if it is not 0; text; prints */
/* "snapify: ", the subject, the rest as line_end() has it; exit 78 */
_Noreturn void refuse(const char *subject, reason reason, const char *text);

/* dir.c */
struct directory {
    uint32_t fd;
    const char *rest; /* path below it, in the environment: "" or a/b */
};
/* The preopened directory that `wanted` (a guest path) is, or lies below; the first one for NULL.
 */
reason directory_find(struct directory *directory, const char *wanted);

/* Is that number of the engine's a preopened directory? */
bool directory_is_preopened(uint32_t fd, struct wasi_prestat *prestat);

/* The one of the snapshots. */
reason home_find(struct directory *home);

/* What a path names, as WASI wants it. */
struct place {
    uint32_t directory; /* the engine's number */
    const char *path;   /* below it, in scratch */
};
/* rest + "/" + name + suffix. Fails only if there is no memory. */
reason place_find(struct place *place, const struct directory *directory, const char *name,
                  const char *suffix);
reason place_find_home(struct place *place, const char *name, const char *suffix);
reason place_open(const struct place *place, uint32_t lookup, uint32_t oflags, uint64_t rights,
                  uint32_t *fd);
reason place_remove(const struct place *place);
/* Renames it to what its path begins with, `size` bytes of another. */
reason place_rename(const struct place *place, const char *path, uint32_t size);

/* file.c: one file at a time, buffered. */
#define FILE_SEEKS (WASI_RIGHT_FD_SEEK | WASI_RIGHT_FD_TELL)  /* some engines ask for both */
reason file_open(const struct place *place, uint64_t rights); /* besides reading */
reason file_create(const struct place *place);
bool file_skip(size_t size); /* needs FILE_SEEKS */
reason file_finish(void);    /* after writing: everything is on the medium, the file closed */
void file_close(void);
reason file_failure(void);     /* why the last transfer failed */
void file_fail(reason reason); /* what file_failure() will say */
/* Writes all of it to a descriptor of the engine's. */
reason write_all(uint32_t fd, const uint8_t *bytes, size_t size);
enum snap_io_result file_write(const void *bytes, size_t size);
enum snap_io_result file_read(void *bytes, size_t size);
size_t file_ready(const uint8_t **bytes); /* what is at hand, read anew if nothing is; 0: end */
void file_take(size_t size);              /* of that */
reason file_rewind(void);                 /* reads from the beginning again */
struct snap_io file_io(void);

/* begin.c */
void snapify_begin(void); /* restored: state is REWIND on return, else RUN */
uint64_t parse_count(const char *name, const char *text); /* from 1 on; else ends the process */
const char *export_name(void); /* of the exported function that the host called */

/* Of the one snapshot that is being read, and the one that is being written. Named, not handed
 * over, wherever the compiler could not see that there is no other. */
extern struct snap_reader reader;
extern struct snap_writer writer;

/* delta.c: files are called name + delta_suffix(number), the newest snapshot has number 0. */
bool delta_is_wanted(void);
const char *delta_suffix(uint32_t number); /* of 0: "" */
/* Compares with the base. *base: what is still the same, in scratch; NULL: there has to be a new
 * base, for which there is room there, too. */
reason delta_find(const struct directory *directory, struct snap_base **base);
/* One that no newest snapshot needs; 0: there is no memory to find out. */
uint32_t delta_free_number(const struct directory *directory);
/* The new base was written. Nothing has changed since. */
struct snap_base *delta_begin(uint32_t number, uint64_t fingerprint);
void delta_adopt(uint32_t number, uint64_t fingerprint);
/* Puts the pages of the base that was adopted in place; or refuses. No file may be open. */
void delta_load(const struct directory *directory, const char *name, uint32_t clean);

/* save.c */
void save_failed(reason reason); /* says so once; state becomes REWIND */

/* point.c */
const struct snapify_point_info *point_info(uint32_t point);
bool point_is_at(uint32_t site);

/* The two ways to go on. */
void run(void); /* at full speed, unless points are counted */
void turn_to_rewind(void);
int32_t next_budget(void); /* the one to run with */

/* poll.c; more of it below */
bool poll_may_ask(void); /* anybody, at any time */
void poll_waited(void);  /* the time since was not spent between points */

/* restore.c, called by begin.c in this order */
void restore_open(void);
void restore_engine_state(void); /* files and the like */
uint32_t restore_app_more(void); /* pages */
uint32_t restore_region_more(void);
_Noreturn void restore_no_memory(void);
void restore_check(reason reason);            /* refuses unless it is 0 */
_Noreturn void restore_refuse(reason reason); /* a WASI errno, an enum snap_error, or one of ours */
void restore_load(void);
bool restore_trusts(void); /* SNAPIFY_VERIFY=0 */
/* Opens a snapshot of this program and reads its header. `early`: scratch cannot be kept yet. */
reason snapshot_open(const struct place *place, uint64_t rights, bool early);

#pragma GCC visibility pop

/*
 * Hooks: each group is there only in modules that need it; elsewhere a call does nothing and
 * gives 0. First the files' (files.h).
 */
void snapify_files_begin(void);   /* preopen.c: the table, if it is needed */
reason snapify_files_check(void); /* files_save.c: can all be saved? Takes scratch */
void snapify_files_blame(void);   /* names the one that cannot, in the line */
reason snapify_files_write(void);
void snapify_files_restore(void); /* files_restore.c; or refuses */
uint64_t snapify_clock_now(void); /* clock.c: the program's monotonic time */
void snapify_clock_write(void);
void snapify_clock_restore(void);
void snapify_process_write(void); /* process.c */
void snapify_process_restore(void);

void snapify_reads_forget(void); /* reads.c: a number may mean something else from now on */

/* Hooks of poll.c: likewise, in a module without loop points, which nobody asks to leave. */
void snapify_poll_settle(void);         /* reads the settings */
bool snapify_poll_wants_to_leave(void); /* at a point; sets glue.goal, glue.saving */
int32_t snapify_poll_budget(void);      /* the budget to run with */
reason snapify_poll_name_goal(void);    /* all frames are saved: the node asked for gets a number */
void snapify_poll_request_is_done(void); /* the snapshot is written: removes the request */
void snapify_poll_go_on(void);           /* behind a save: its time was not the program's */

/* Hooks of tables.c: likewise, in a module without tables that are arrays. */
void snapify_tables_begin(void);
void snapify_tables_moved(void); /* their offset is another */
void snapify_tables_write(void);
void snapify_tables_restore(void); /* or refuses */

#endif
