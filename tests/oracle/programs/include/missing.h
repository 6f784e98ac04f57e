/*
 * missing.h: functions that Lua's library of the operating system calls and wasi-libc only declares
 * or lacks; no script calls them.
 */
#ifndef ORACLE_MISSING_H
#define ORACLE_MISSING_H

#include <stdio.h>
#include <stdlib.h>

#define tmpnam(buffer) ((void)(buffer), (char *)NULL)
#define tmpfile() ((FILE *)NULL)
#define system(command) ((void)(command), -1)

#endif
