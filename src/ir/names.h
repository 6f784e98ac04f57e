/*
 * names.h: every name that we put into a module. Internal names reach the output only in its name
 * section (-g); none of them is an export.
 */
#ifndef SNAPIFY_IR_NAMES_H
#define SNAPIFY_IR_NAMES_H

#define NAME_PREFIX "snapify_"

/* Globals of the output. */
#define NAME_BUDGET "snapify_budget" /* runtime-glue/abi.h */
#define NAME_STATE "snapify_state"   /* runtime-glue/abi.h */
#define NAME_SITE "snapify_site"     /* runtime-glue/abi.h */
#define NAME_REFILL "snapify_refill" /* runtime-glue/abi.h */
#define NAME_EXTRA "snapify_extra"   /* pages of the region */
#define NAME_FRAMES "snapify_frames" /* address behind the topmost frame */
#define NAME_BASE "snapify_base"     /* address of the region */
#define NAME_STACK "snapify_stack"   /* the glue's C stack pointer */
#define NAME_HERE "snapify_here"     /* number of this node, 0: none */
#define NAME_INSIDE "snapify_inside" /* set of the innermost active KAFU_MAY_OFFLOAD, 0: none */
#define NAME_TABLES "snapify_tables" /* offset in the region of tables that are arrays */
#define NAME_CLOCK "snapify_clock"   /* the program's monotonic time minus the engine's */
#define NAME_FILES "snapify_files"   /* address of the table of descriptors */
#define NAME_FILES_COUNT "snapify_files_count" /* numbers in it; 0: there is none */
#define NAME_SURE "snapify_sure"               /* a descriptor whose reads never wait */
#define NAME_PHASE "snapify_phase"             /* 0: in the start function, 1: behind it */
#define NAME_DROPPED "snapify_dropped"         /* + number: 1 if that data segment was dropped */
#define NAME_AWAY "snapify_away" /* + number: sign bit set if these marks want to leave */

/* Functions of the output. */
#define NAME_FIRST "snapify_first"    /* the start section's function, once */
#define NAME_EXPORT "snapify_export_" /* + name: what the host calls */
#define NAME_LANDING "snapify_land_"  /* + function index: lands in that function */
#define NAME_GLOBALS_SAVE "snapify_globals_save"
#define NAME_GLOBALS_LOAD "snapify_globals_load"
#define NAME_HERE_SET "snapify_here_set"

/* Functions of the glue (runtime-glue/abi.h), and its config. */
#define NAME_ENTER "snapify_enter"
#define NAME_POINT "snapify_point"
#define NAME_LEAVE "snapify_leave"
#define NAME_UNWIND_FRAME "snapify_unwind_frame"
#define NAME_FRAME_FILLED "snapify_frame_filled"
#define NAME_REWIND_FRAME "snapify_rewind_frame"
#define NAME_PUT_1 "snapify_put_1"
#define NAME_PUT_2 "snapify_put_2"
#define NAME_PUT_4 "snapify_put_4"
#define NAME_PUT_WIDE "snapify_put_wide"
#define NAME_TAKE "snapify_take"
#define NAME_TAKE_WIDE "snapify_take_wide"
#define NAME_SAVED "snapify_saved"
#define NAME_LANDED "snapify_landed"
#define NAME_MEMORY_GROW "snapify_memory_grow"
#define NAME_TABLE_PREFIX "snapify_table_"   /* + get, set, size, grow, fill, copy, init, entry */
#define NAME_TABLES_PREFIX "snapify_tables_" /* hooks of the glue, as NAME_FILES_PREFIX */
#define NAME_CONFIG "snapify_config"
#define NAME_HOST_PREFIX "snapify_host_"   /* + name: an import of WASI that we made */
#define NAME_WASI_PREFIX "snapify_wasi_"   /* + name: stands for that import */
#define NAME_FILES_PREFIX "snapify_files_" /* + name: linked only if there can be files */
#define NAME_CLOCK_PREFIX                                                                          \
    "snapify_clock_" /* + name: only if the program asks for time or waits                         \
                      */
#define NAME_PROCESS_PREFIX "snapify_process_" /* + name: only if it asks for its arguments */
#define NAME_ENVIRON_PREFIX "snapify_environ_" /* + name: only if for its environment */
#define NAME_READS_PREFIX "snapify_reads_"     /* + name: only if it can be asked while it reads */
#define NAME_POLL_PREFIX "snapify_poll_"       /* + name: only if it has points with a budget */
#define NAME_READS_WAIT "snapify_reads_wait"
#define NAME_FILES_RESET "snapify_files_reset"
#define NAME_CLOCK_NOW "snapify_clock_now"
#define NAME_CLOCK_POLL "snapify_clock_poll"
#define NAME_GLUE_PREFIX "snapify_glue_" /* + name: the glue's private functions */

/* Labels inside instrumented functions; the kinds are followed by a number. */
#define LABEL_TAIL "snapify_tail"
#define LABEL_SAVE "snapify_save"
#define LABEL_RETURN "snapify_return"
#define LABEL_SELF "snapify_self"
#define LABEL_START "snapify_start"
#define LABEL_CAUGHT "snapify_caught"
#define LABEL_CAUGHT_END "snapify_caught_end"
#define LABEL_TRY "snapify_try"
#define LABEL_TAIL_CALL "snapify_tail_call"
#define LABEL_LAND "snapify_land"
#define LABEL_JOIN "snapify_join"
#define LABEL_GO "snapify_go"
#define LABEL_LOOP "snapify_loop"
#define LABEL_AGAIN "snapify_again"
#define LABEL_SLOW "snapify_slow"
#define LABEL_EXIT "snapify_exit"
#define LABEL_DONE "snapify_done"
#define LABEL_ROUND "snapify_round"
#define LABEL_INLINE "snapify_inline"
#define LABEL_AWAY "snapify_away"
#define LABEL_CLEAR "snapify_clear"
#define LABEL_ELSE "snapify_else"
#define LABEL_END "snapify_end"

#endif
