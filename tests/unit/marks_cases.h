/*
 * marks_cases.h: the table of test_marks.c.
 *
 * The modules import one function (index 0) and define those of the case (from 1 on). What comes
 * out is compared as text: one line per diagnostic, mark and wrapper.
 */
#ifndef SNAPIFY_TESTS_MARKS_CASES_H
#define SNAPIFY_TESTS_MARKS_CASES_H

#include "marks_case.h"

static const struct marks_case marks_cases[] = {
    {
        .about = "no marks",
        .functions = {F(VOID, "\xff")}, /* the code is not even looked at */
        .exports = {{"_start", 1}},
        .expected = "",
    },
    {
        .about = "one mark",
        .functions = {CALLED_F},
        START_AND_MARK,
        .records = B(EXPORTED("dest", "edge1", "3", "0")),
        .expected = "dest 2 edge1\n",
    },
    {
        .about = "a stack of three, one twice",
        .functions = {CALLED_F},
        .exports = {{"_start", 1}, {"kafu:a.c:6:3", 2}},
        .records = B(EXPORTED("may_offload", "c", "3", "0") EXPORTED("dest", "b", "4", "1")
                         EXPORTED("dest", "a", "5", "2") EXPORTED("dest", "b", "6", "3")),
        .expected = "may 2 c\ndest 2 b\ndest 2 a\n",
    },
    {
        .about = "a stack that ends in KAFU_EXPORT",
        .functions = {CALLED_F},
        .exports = {{"_start", 1}, {"f", 2}},
        .records = B(EXPORTED("dest", "edge1", "3", "0") EXPORT("f", "4", "1")),
        .expected = "dest 2 edge1\n",
    },
    {
        .about = "a stack that ends in a named mark",
        .functions = {CALLED_F},
        .exports = {{"_start", 1}},
        .records = B(EXPORTED("dest", "a", "3", "0") INDEX("\2", "dest", "b", "a.c", "f")),
        .expected = "dest 2 a\ndest 2 b\n",
    },
    {
        .about = "a mark of another unit does not end a stack",
        .functions = {CALLED_F},
        .exports = {{"_start", 1}, {"kafu:b.c:4:1", 2}},
        .records = B(EXPORTED("dest", "edge1", "3", "0")
                         EXPORTED_IN("b.c", "dest", "edge1", "b.c", "4", "1")),
        .expected = "error KAFU_DEST(\"edge1\") at a.c:3" ABSENT,
    },
    {
        .about = "a mark further on does not end a stack",
        .functions = {CALLED_F},
        .exports = {{"_start", 1}, {"kafu:a.c:4:2", 2}},
        .records = B(EXPORTED("dest", "edge1", "3", "0") EXPORTED("dest", "edge1", "4", "2")),
        .expected = "error KAFU_DEST(\"edge1\") at a.c:3" ABSENT,
    },
    {
        .about = "a stack in a header; the linker kept the function of the other unit",
        .functions = {F(VOID, CALL("\x82") CALL("\x83")), F(VOID, "\1"), F(VOID, "\1\1")},
        .exports = {{"_start", 1}, {"kafu:b.c:4:1", 2}, {"kafu:a.c:9:7", 3}},
        .records = B(EXPORTED_IN("b.c", "dest", "x", "a.h", "3", "0")
                         EXPORTED_IN("b.c", "may_offload", "y", "a.h", "4", "1")
                             EXPORTED_IN("a.c", "dest", "x", "a.h", "3", "5")
                                 EXPORTED_IN("a.c", "may_offload", "y", "a.h", "4", "6")
                                     EXPORTED_IN("a.c", "dest", "z", "a.c", "9", "7")),
        .expected = "dest 2 x\nmay 2 y\ndest 3 z\n",
    },
    {
        .about = "wrapped with destructors",
        .functions = {CALLED_F, F(VOID, ""), F(VOID, CALL_SHORT("\1") CALL_SHORT("\3")),
                      F(VOID, CALL_SHORT("\2") CALL_SHORT("\3"))},
        .exports = {{"_start", 4}, {"kafu:a.c:3:0", 5}},
        .records = B(EXPORTED("dest", "edge1", "3", "0")),
        .expected = "dest 2 edge1\nwrapper 5\n",
    },
    {
        .about = "wrapped with constructors",
        .functions = {CALLED_F, F(VOID, ""), F(VOID, CALL_SHORT("\3") CALL_SHORT("\1")),
                      F(VOID, CALL_SHORT("\3") CALL_SHORT("\2"))},
        .exports = {{"_start", 4}, {"kafu:a.c:3:0", 5}},
        .records = B(EXPORTED("dest", "edge1", "3", "0")),
        .expected = "dest 2 edge1\nwrapper 5\n",
    },
    {
        .about = "wrapped with both; parameters; an export by name keeps its wrapper",
        .functions = {F(VOID, CALL("\x82")), F(I32_I32, GET("\0")), F(VOID, ""), F(VOID, "\1"),
                      F(VOID, CALL_SHORT("\3") CALL_SHORT("\1") CALL_SHORT("\4")),
                      F(I32_I32, CALL_SHORT("\3") GET("\0") CALL_SHORT("\2") CALL_SHORT("\4")),
                      F(I32_I32, CALL_SHORT("\3") GET("\0") CALL_SHORT("\2") CALL_SHORT("\4"))},
        .exports = {{"_start", 5}, {"kafu:a.c:3:0", 6}, {"f", 7}},
        .records = B(EXPORTED("dest", "edge1", "3", "0")),
        .dest = "f=edge2",
        .expected = "dest 2 edge1\ndest 2 edge2\nwrapper 6\n",
    },
    {
        .about = "a user's function with the shape of a wrapper, called from inside",
        .functions = {F(VOID, CALL("\x82")), F(VOID, CALL("\x83") CALL("\x84")), F(VOID, ""),
                      F(VOID, "\1")},
        START_AND_MARK,
        .records = B(EXPORTED("dest", "edge1", "3", "0")),
        .expected = "dest 2 edge1\n",
    },
    {
        .about = "a user's function with the shape of a wrapper, beside _start that has none",
        .functions = {F(VOID, CALL("\x83")), F(VOID, CALL("\x83") CALL("\x84")), F(VOID, ""),
                      F(VOID, "\1")},
        START_AND_MARK,
        .records = B(EXPORTED("dest", "edge1", "3", "0")),
        .expected = "error " UNCALLED,
    },
    {
        .about = "the shape of a wrapper, but nothing to compare it with",
        .functions = {F(VOID, CALL("\x82") CALL("\x83")), F(VOID, ""), F(VOID, "\1")},
        .exports = {{"kafu:a.c:3:0", 1}},
        .records = B(EXPORTED("dest", "edge1", "3", "0")),
        .expected = "error " UNCALLED,
    },
    {
        .about = "wrappers that can be read in two ways",
        .functions = {F(VOID, CALL("\x82")), F(VOID, ""),
                      F(VOID, CALL_SHORT("\1") CALL_SHORT("\2")),
                      F(VOID, CALL_SHORT("\1") CALL_SHORT("\2"))},
        .exports = {{"_start", 3}, {"kafu:a.c:3:0", 4}},
        .records = B(EXPORTED("dest", "edge1", "3", "0")),
        .expected = "error " UNCALLED,
    },
    {
        .about = "wrapped, but the parameters do not arrive",
        .functions = {F(VOID, CALL("\x82")), F(I32_I32, GET("\0")), F(VOID, ""),
                      F(VOID, CALL_SHORT("\1") CALL_SHORT("\3")),
                      F(I32_I32, CALL_SHORT("\2") CALL_SHORT("\3"))},
        .exports = {{"_start", 4}, {"kafu:a.c:3:0", 5}},
        .records = B(EXPORTED("dest", "edge1", "3", "0")),
        .expected = "error " UNCALLED,
    },
    {
        .about = "nothing calls it but itself",
        .functions = {F(VOID, CALL("\x83")), F(VOID, CALL("\x82")), F(VOID, "")},
        START_AND_MARK,
        .records = B(EXPORTED("dest", "edge1", "3", "0")),
        .expected = "error " UNCALLED,
    },
    {
        .about = "nothing calls it, which is allowed",
        .functions = {F(VOID, CALL("\x83")), F(VOID, ""), F(VOID, "")},
        START_AND_MARK,
        .records = B(EXPORTED("dest", "edge1", "3", "0")),
        .allow_uncalled = true,
        .expected = "warning " UNCALLED "dest 2 edge1\n",
    },
    {
        .about = "reached through the table",
        .functions = {F(VOID, CALL("\x83")), F(VOID, ""), F(VOID, "")},
        START_AND_MARK,
        .records = B(EXPORTED("dest", "edge1", "3", "0")),
        .element = 2,
        .expected = "dest 2 edge1\n",
    },
    {
        .about = "called by another tool's hand",
        .functions = {F(VOID, CALL_SHORT("\2")), F(VOID, "")},
        START_AND_MARK,
        .records = B(EXPORTED("dest", "edge1", "3", "0") INDEX("\1", "dest", "n", "a.c", "f")),
        .allow_uncalled = true,
        .expected = "warning KAFU_DEST(\"edge1\") at a.c:3: another tool has rewritten the module "
                    "since it was linked\n"
                    "warning KAFU_DEST(f, \"n\") at a.c:1: another tool has rewritten the module "
                    "since it was linked\n"
                    "dest 1 n\ndest 2 edge1\n",
    },
    {
        .about = "by index, in a module with other indices",
        .functions = {F(VOID, CALL_SHORT("\2")), F(VOID, "")},
        .exports = {{"_start", 1}},
        .records = B(INDEX("\2", "dest", "edge1", "a.c", "f")),
        .expected = "error KAFU_DEST(f, \"edge1\") at a.c:1: another tool has rewritten the module "
                    "since it was linked\n",
    },
    {
        .about = "by index",
        .functions = {CALLED_F},
        .exports = {{"_start", 1}},
        .records = B(INDEX("\2", "dest", "edge1", "a.c", "f")
                         INDEX("\2", "may_offload", "edge2", "a.c", "f")),
        .names = B("\1\4\1\2\1f"),
        .expected = "dest 2 edge1\nmay 2 edge2\n",
    },
    {
        .about = "by index, renamed by link-time optimization",
        .functions = {CALLED_F},
        .exports = {{"_start", 1}},
        .records = B(INDEX("\2", "dest", "edge1", "a.c", "f")),
        .names = B("\1\6\1\2\3f.2"),
        .expected = "dest 2 edge1\n",
    },
    {
        .about = "by index of another name",
        .functions = {CALLED_F},
        .exports = {{"_start", 1}},
        .records = B(INDEX("\2", "dest", "edge1", "a.c", "f")),
        .names = B("\1\4\1\2\1g"),
        .expected = "error KAFU_DEST(f, \"edge1\") at a.c:1: another tool has numbered the "
                    "functions anew\n",
    },
    {
        .about = "by an index the linker gave to nothing",
        .functions = {CALLED_F},
        .exports = {{"_start", 1}},
        .records =
            B("\2\xff\xff\xff\xff" MARK("dest", "edge1") AT("a.c", "1") UNIT("a.c", "1") "f\0"),
        .expected = "error KAFU_DEST(f, \"edge1\") at a.c:1" ABSENT,
    },
    {
        .about = "by the index of an import",
        .functions = {CALLED_F},
        .exports = {{"_start", 1}},
        .records = B(INDEX("\0", "dest", "edge1", "a.c", "f")),
        .expected = "error KAFU_DEST(f, \"edge1\") at a.c:1" ABSENT,
    },
    {
        .about = "static functions of one name in two files, merged",
        .functions = {CALLED_F},
        .exports = {{"_start", 1}},
        .records = B(INDEX("\2", "dest", "a", "a.c", "f") INDEX("\2", "dest", "b", "b.c", "f")),
        .expected = "error KAFU_DEST(f, \"b\") at b.c:1: a mark in another file names the same "
                    "function\n",
    },
    {
        .about = "by name: exports go first, then the name section",
        .functions = {F(VOID, CALL("\x82") CALL("\x83")), F(VOID, ""), F(VOID, "\1")},
        .exports = {{"_start", 1}, {"f", 2}},
        .records = B(NAMED("f", "dest", "a") NAMED("g", "dest", "b")),
        .names = B("\1\7\2\1\1f\3\1g"),
        .expected = "dest 2 a\ndest 3 b\n",
    },
    {
        .about = "by a name that nothing has",
        .functions = {CALLED_F},
        .exports = {{"_start", 1}},
        .records = B(NAMED("f", "dest", "a")),
        .expected = "error KAFU_DEST(f, \"a\") at a.c:1: the module has no function of that name\n",
    },
    {
        .about = "by a name that two have",
        .functions = {CALLED_F},
        .exports = {{"_start", 1}},
        .records = B(NAMED("f", "dest", "a")),
        .names = B("\1\7\2\1\1f\2\1f"),
        .expected = "error KAFU_DEST(f, \"a\") at a.c:1: several functions have that name\n",
    },
    {
        .about = "an older section; the node has dots",
        .functions = {CALLED_F},
        .exports = {{"_start", 1}, {"f", 2}},
        .section = ".kafu_dest.f.edge.1",
        .expected = "dest 2 edge.1\n",
    },
    {
        .about = "an older section for offloading",
        .functions = {CALLED_F},
        .exports = {{"_start", 1}, {"f", 2}},
        .section = ".kafu_may_offload.f.cloud1",
        .expected = "may 2 cloud1\n",
    },
    {
        .about = "an older section without its export",
        .functions = {CALLED_F},
        .exports = {{"_start", 1}},
        .section = ".kafu_dest.f.edge1",
        .expected = "error KAFU_DEST(f, \"edge1\"): the module has no function of that name\n",
    },
    {
        .about = "an older section without a node",
        .functions = {CALLED_F},
        .exports = {{"_start", 1}, {"f", 2}},
        .section = ".kafu_dest.f",
        .expected = "error the section \".kafu_dest.f\" names no node\n",
    },
    {
        .about = "an option; the first = separates",
        .functions = {CALLED_F},
        .exports = {{"_start", 1}, {"f", 2}},
        .dest = "f=a=b",
        .expected = "dest 2 a=b\n",
    },
    {
        .about = "an option for a name of the name section",
        .functions = {CALLED_F},
        .exports = {{"_start", 1}},
        .names = B("\1\4\1\2\1f"),
        .dest = "f=a",
        .expected = "dest 2 a\n",
    },
    {
        .about = "an option for no function",
        .functions = {CALLED_F},
        .exports = {{"_start", 1}},
        .dest = "f=a",
        .expected = "error --dest f=a: the module has no function of that name\n",
    },
    {
        .about = "an option for an import",
        .functions = {CALLED_F},
        .exports = {{"_start", 1}, {"imported", 0}},
        .dest = "imported=a",
        .expected = "error --dest imported=a: the function is imported\n",
    },
    {
        .about = "an option without a node",
        .functions = {CALLED_F},
        .exports = {{"_start", 1}},
        .dest = "f=",
        .expected = "error --dest \"f=\" does not name a function and a node\n",
    },
    {
        .about = "an option without a function",
        .functions = {CALLED_F},
        .exports = {{"_start", 1}},
        .dest = "=a",
        .expected = "error --dest \"=a\" does not name a function and a node\n",
    },
    {
        .about = "records stripped",
        .functions = {CALLED_F},
        START_AND_MARK,
        .expected = "error the marks were stripped: the export \"kafu:a.c:3:0\" has no record in a "
                    "section \"kafu\"\n",
    },
    {
        .about = "exports stripped",
        .functions = {CALLED_F},
        .exports = {{"_start", 1}},
        .records = B(EXPORTED("dest", "edge1", "3", "0")),
        .expected = "error KAFU_DEST(\"edge1\") at a.c:3" ABSENT,
    },
    {
        .about = "a marked main() behind the one of an older C library",
        .functions = {F(VOID, CALL("\x82")), F(VOID, CALL("\x83")), F(VOID, "\1")},
        .exports = {{"_start", 1}},
        .records =
            B(EXPORTED("dest", "edge1", "3", "0") EXPORTED("may_offload", "cloud1", "4", "1")),
        .names = B("\1\x23\2\2\x0f"
                   "__original_main\3\x0f"
                   "__original_main"),
        .expected = "dest 3 edge1\nmay 3 cloud1\n",
    },
    {
        .about = "a marked main() and another lost mark",
        .functions = {F(VOID, CALL("\x82")), F(VOID, CALL("\x83")), F(VOID, "\1")},
        .exports = {{"_start", 1}},
        .records = B(EXPORTED("dest", "a", "3", "0") EXPORTED("dest", "b", "9", "5")),
        .names = B("\1\x23\2\2\x0f"
                   "__original_main\3\x0f"
                   "__original_main"),
        .expected = "error KAFU_DEST(\"a\") at a.c:3" ABSENT,
    },
    {
        .about = "a mark that names no node",
        .functions = {CALLED_F},
        START_AND_MARK,
        .records = B(EXPORTED("dest", "", "3", "0")),
        .expected = "error the mark KAFU_DEST(\"\") at a.c:3 names no node\n",
    },
    {
        .about = "a node with a NUL in it",
        .functions = {CALLED_F},
        START_AND_MARK,
        .records = B(EXPORTED("dest", "edge\0\x31", "3", "0")),
        .expected = "error a mark has the unknown form 48\n",
    },
    {
        .about = "a kind from the future",
        .functions = {CALLED_F},
        START_AND_MARK,
        .records = B(EXPORTED("teleport", "edge1", "3", "0")),
        .expected = "error a mark is malformed or cut off\n",
    },
    {
        .about = "a form from the future",
        .functions = {CALLED_F},
        START_AND_MARK,
        .records = B("\7"),
        .expected = "error a mark has the unknown form 7\n",
    },
    {
        .about = "code of the future",
        .functions = {F(VOID, "\xfb\0\0")},
        .exports = {{"_start", 1}, {"kafu:a.c:3:0", 1}},
        .records = B(EXPORTED("dest", "edge1", "3", "0")),
        .expected = "error the code is malformed or holds an unknown instruction\n",
    },
    {
        .about = "KAFU_EXPORT alone is no mark",
        .functions = {CALLED_F},
        .exports = {{"_start", 1}, {"f", 2}},
        .records = B(EXPORT("f", "4", "1")),
        .expected = "",
    },
};

#endif
