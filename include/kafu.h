/*
 * kafu.h: say where parts of a WebAssembly program should run.
 *
 *     #include <kafu.h>
 *
 *     KAFU_DEST("edge1")
 *     image_t get_image_from_camera(void) { ... }
 *
 *     KAFU_DEST("edge1")
 *     KAFU_MAY_OFFLOAD("cloud1")
 *     int count_people(void) { ... }
 *
 * Build it, and run it on a node:
 *
 *     clang -B"$(snapify --clang-dir)" --target=wasm32-wasi app.c -o app.wasm
 *     wasmtime --env KAFU_NODE=cloud1 --env SNAPIFY_DIR=/snap --dir snap::/snap app.wasm
 *
 * The -B option makes clang call snapify after the link. Without it, call snapify yourself on what
 * the linker wrote, before wasm-opt or wasm-strip touch it:
 *
 *     snapify app.wasm -o app.snap.wasm
 *
 * What the program does
 *
 *   native          The macros vanish where __wasm__ is not defined: the same source builds with
 *                   any compiler and runs on one machine.
 *   untreated       A module that snapify has not seen runs on one machine, too. It only carries a
 *                   section "kafu" and one export per marked function.
 *   rewritten       With the environment variable KAFU_NODE unset the marks never fire. With it
 *                   set, a call of a KAFU_DEST function on another node than it names writes a
 *                   snapshot that names the right one, and exits with status 75. Started there
 *                   with SNAPIFY_RESTORE naming the snapshot, the program goes on inside that
 *                   function. Just before the function returns it leaves for the node it was
 *                   called from in the same way.
 *   on its node     Nothing happens but one test per call.
 *
 * Nodes are names of your choice, compared byte by byte with KAFU_NODE. Any string literal will do,
 * also several in a row or a macro that expands to them; bytes that need an escape are written with
 * \" \\ \n \t \r \b \f, octal (\101) or hexadecimal (\x41).
 */
#ifndef KAFU_H
#define KAFU_H

/*
 * KAFU_DEST(node)
 * KAFU_MAY_OFFLOAD(node)
 *
 *     Mark the function behind them. KAFU_DEST: its calls run on that node. KAFU_MAY_OFFLOAD: while
 *     it or what it calls is in a loop, the program may leave for that node if asked to.
 *
 *     They stand in front of the definition or a declaration of a function at file or namespace
 *     scope, also inside extern "C" { }. They can be stacked in any order; several KAFU_DEST on a
 *     function mean that any of these nodes will do, and on none of them the program leaves for
 *     the first.
 *
 *     `main` can be marked, functions that take or return structs, and members of a class where
 *     they are defined outside of it. A static function is a compile error, because its mark would
 *     be lost; so is a mark inside a class or a function, or on a template.
 *
 *     They insert a record into the custom section "kafu" and make the function
 *       used         kept, though nothing may call it,
 *       weak         never inlined; this also turns `static` into an error,
 *       noduplicate  never cloned for some of its callers,
 *       exported     as "kafu:FILE:LINE:NUMBER", which ties the record to it. snapify takes that
 *                    export away again.
 *     Because of `weak` the linker does not complain about a second definition of a marked function
 *     in another file, and keeps the first: see that there is one.
 *     Linking in two steps (-r) drops the exports, and so does link-time optimization on a marked
 *     main() with an older wasi-libc if names are stripped. snapify refuses such a program.
 *
 * KAFU_DEST(function, node)
 * KAFU_MAY_OFFLOAD(function, node)
 *
 *     Mark the function named. They stand in front of its definition or declaration, too, which
 *     may be static. It is not inlined, and compiled for size, which keeps clang from making
 *     copies for some callers (with KAFU_EXPORT behind it: as above).
 *     The record names the function by index, which clang knows from version 17 on; with older
 *     ones by name, which the module must still have: put KAFU_EXPORT behind, or do not strip
 *     names. In C++ the function must be extern "C". `main` cannot be named, because compilers
 *     rename it. With link-time optimization, static functions of one name in two files cannot be
 *     told apart; snapify refuses that.
 *
 * KAFU_EXPORT(function)
 *
 *     Exports the function behind it under its own name. Stands last in front of the function,
 *     behind the marks. In C++ it also makes the function extern "C".
 */
#ifndef __wasm__

#define KAFU_DEST(...)
#define KAFU_MAY_OFFLOAD(...)
#define KAFU_EXPORT(function)

#else

#define KAFU_DEST(...) KAFU_FORM_(__VA_ARGS__, KAFU_NAMED_, KAFU_NEXT_, )("dest", __VA_ARGS__)
#define KAFU_MAY_OFFLOAD(...)                                                                      \
    KAFU_FORM_(__VA_ARGS__, KAFU_NAMED_, KAFU_NEXT_, )("may_offload", __VA_ARGS__)
#define KAFU_EXPORT(function) KAFU_EXPORT_(function, __LINE__, __COUNTER__)

/*
 * The rest is private.
 *
 * Records, back to back; strings end in NUL; the number is unique in its unit (the file given to
 * the compiler), and stacked marks have numbers one apart:
 *
 *     01        kind node  file line unit number            exported as kafu:UNIT:LINE:NUMBER
 *     02 INDEX  kind node  file line unit number function   u32 index, written by the linker
 *     03        kind node  file line unit number function   found by name
 *     04                   file line unit number function   KAFU_EXPORT
 *
 * A record 01 without its export means the function of the next record of its unit.
 *
 * The declaration in front of each record takes the attributes of the mark before it, which would
 * otherwise stand in front of an asm statement, where C++ allows them at file scope only.
 *
 * Strings that come from the user are pasted as source text, quotes and escapes included: the
 * assembler reads escapes much as C does, so nothing in a string can end it early.
 */
#define KAFU_FORM_(first, second, form, ...) form
#define KAFU_TEXT_(x) #x
#define KAFU_TEXT(x) KAFU_TEXT_(x)
#define KAFU_STRING_(text) ".ascii " text "\n.byte 0\n"
#define KAFU_WHAT_(kind, node) ".asciz \"" kind "\"\n" KAFU_STRING_(KAFU_TEXT(node))
#define KAFU_PLACE_(line, number)                                                                  \
    KAFU_STRING_(KAFU_TEXT(__FILE__))                                                              \
    ".asciz \"" #line "\"\n" KAFU_STRING_(KAFU_TEXT(__BASE_FILE__)) ".asciz \"" #number "\"\n"
#define KAFU_RECORD_(number, text)                                                                 \
    void kafu_mark_##number(void);                                                                 \
    __asm__(".section .custom_section.kafu,\"\",@\n" text ".text\n");

/* clang drops noinline where noduplicate stands, and clones weak functions without it (19 does, for
 * callers that pass a constant function pointer). A weak function is never inlined. */
#define KAFU_KEEP_ __attribute__((used, weak, noduplicate))

#define KAFU_NEXT_(kind, node) KAFU_NEXT_AT_(kind, node, __LINE__, __COUNTER__)
#define KAFU_NEXT_AT_(kind, node, line, number) KAFU_NEXT_RECORD_(kind, node, line, number)
#define KAFU_NEXT_RECORD_(kind, node, line, number)                                                \
    KAFU_RECORD_(number, ".byte 1\n" KAFU_WHAT_(kind, node) KAFU_PLACE_(line, number))             \
    KAFU_KEEP_ __attribute__((export_name("kafu:" __BASE_FILE__ ":" #line ":" #number)))

#if __clang_major__ >= 17
#define KAFU_TIE_(function) ".byte 2\n.int32 " #function "@FUNCINDEX\n"
#else
#define KAFU_TIE_(function) ".byte 3\n"
#endif

#define KAFU_NAMED_(kind, function, node)                                                          \
    KAFU_NAMED_AT_(kind, function, node, __LINE__, __COUNTER__)
#define KAFU_NAMED_AT_(kind, function, node, line, number)                                         \
    KAFU_NAMED_RECORD_(kind, function, node, line, number)
#define KAFU_NAMED_RECORD_(kind, function, node, line, number)                                     \
    KAFU_RECORD_(number, KAFU_TIE_(function) KAFU_WHAT_(kind, node)                                \
                             KAFU_PLACE_(line, number) ".asciz \"" #function "\"\n")               \
    __attribute__((used, noinline, minsize))

#ifdef __cplusplus
#define KAFU_C_ extern "C"
#else
#define KAFU_C_
#endif

#define KAFU_EXPORT_(function, line, number) KAFU_EXPORT_RECORD_(function, line, number)
#define KAFU_EXPORT_RECORD_(function, line, number)                                                \
    KAFU_RECORD_(number, ".byte 4\n" KAFU_PLACE_(line, number) ".asciz \"" #function "\"\n")       \
    KAFU_C_ KAFU_KEEP_ __attribute__((export_name(#function)))

#endif /* __wasm__ */

#endif
