/* The same with snapshots that are compressed. */
#include "growth.c"
