/*
 * marks_case.h: what the rows of marks_cases.h are made of.
 */
#ifndef SNAPIFY_TESTS_MARKS_CASE_H
#define SNAPIFY_TESTS_MARKS_CASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wasm_builder.h"

/* Bodies; `CALL` with an index padded as linkers do, `CALL_SHORT` as all other tools do. */
#define CALL(index) "\x10" index "\x80\x80\x80\x00"
#define CALL_SHORT(index) "\x10" index
#define GET(index) "\x20" index
#define END "\x0b"
#define F(type, code) {type, B("\0" code END)}
#define VOID 0    /* () -> () */
#define I32_I32 1 /* (i32) -> (i32) */

/* Records, as include/kafu.h writes them. */
#define AT(file, line) file "\0" line "\0"
#define UNIT(unit, number) unit "\0" number "\0"
#define MARK(kind, node) kind "\0" node "\0"
#define EXPORTED(kind, node, line, number) "\1" MARK(kind, node) AT("a.c", line) UNIT("a.c", number)
#define EXPORTED_IN(unit, kind, node, file, line, number)                                          \
    "\1" MARK(kind, node) AT(file, line) UNIT(unit, number)
#define INDEX(index, kind, node, file, name)                                                       \
    "\2" index "\0\0\0" MARK(kind, node) AT(file, "1") UNIT(file, "1") name "\0"
#define NAMED(name, kind, node) "\3" MARK(kind, node) AT("a.c", "1") UNIT("a.c", "1") name "\0"
#define EXPORT(name, line, number) "\4" AT("a.c", line) UNIT("a.c", number) name "\0"

struct function {
    uint8_t type;
    const char *body;
    size_t size;
};

struct export {
    const char *name;
    uint8_t function;
};

struct marks_case {
    const char *about;
    struct function functions[8];
    struct export exports[6];
    const char *records;
    size_t records_size;
    const char *section; /* name of one more, empty section */
    const char *names;   /* payload of the name section */
    size_t names_size;
    uint8_t element;  /* a function in the table */
    const char *dest; /* option */
    bool allow_uncalled;
    const char *expected;
};

/* _start calls f; nothing is wrapped. */
#define CALLED_F F(VOID, CALL("\x82")), F(VOID, "\1")
#define START_AND_MARK .exports = {{"_start", 1}, {"kafu:a.c:3:0", 2}}

#define UNCALLED "KAFU_DEST(\"edge1\") at a.c:3: nothing calls the marked function\n"
#define ABSENT ": its function is not in the module\n"

#endif
