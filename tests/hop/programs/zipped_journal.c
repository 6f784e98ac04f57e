/* The same with snapshots that are compressed. */
#include "journal.c"
