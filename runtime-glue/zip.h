/*
 * zip.h: what stands between a snapshot's bytes (snap_io_read, snap_io_write) and those of its
 * file.
 *
 * Two files provide it: zip/zip.c, which compresses, is linked into modules made with --compress,
 * zip_none.c into all others.
 */
#ifndef SNAPIFY_GLUE_ZIP_H
#define SNAPIFY_GLUE_ZIP_H

#include "runtime-glue/glue.h"

#pragma GCC visibility push(hidden)

enum snap_io_result snap_io_write(const void *bytes, size_t size);
enum snap_io_result snap_io_read(void *bytes, size_t size);
bool snap_io_skip(size_t size); /* reading goes on behind so many bytes */

/* Writing: behind file_create(), where it takes scratch, and before file_finish(). Without memory
 * for it nothing is compressed. */
void zip_create(void);
bool zip_finish(void); /* false: see file_failure() */

/*
 * Reading: looks at the first bytes of the file just opened and prepares for what they say, with
 * memory from scratch. Returns 0, or why not.
 *
 * zip_open_early() does so while scratch cannot be kept yet. The offsets of all that is kept may
 * change: nobody may hold an address; and once more in zip_close().
 */
reason zip_open(void);
reason zip_open_early(void);
uint64_t zip_rights(void);     /* that zip_moved() needs on the file */
reason zip_moved(void);        /* the region may be elsewhere: goes on where it was */
enum snap_error zip_end(void); /* the snapshot's end was read: is it the file's? */
void zip_close(void);

#pragma GCC visibility pop

#endif
