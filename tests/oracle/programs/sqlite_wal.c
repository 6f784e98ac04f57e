/*
 * sqlite_wal.c: the workload of sqlite.c with a write-ahead log. Its index is in memory that
 * processes share, which WASI does not have, or in the program's own if nobody else may have the
 * database open.
 */
#define MODE "pragma locking_mode=exclusive; pragma journal_mode=wal; pragma wal_autocheckpoint=4"
#include "sqlite.c"
