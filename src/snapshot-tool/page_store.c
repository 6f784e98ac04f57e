/*
 * page_store.c: one file per page. Packs of pages would take fewer files, but then whoever removes
 * pages has to write packs anew while others read them.
 *
 * Nothing that is found is believed: a page is the one asked for if its bytes have the hash, and
 * one that is to be added is there already if its bytes are the same. So a collision of hashes, and
 * the half of a file that a crash may leave, cost an error or a second write, never a wrong page.
 */
#include "snapshot-tool/page_store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "snapshot-tool/tool.h"
#include "support/write_all.h"

#define SUFFIX ".zst"
#define NAME_SIZE (2 * SNAP_PAGE_HASH_SIZE) /* of a page's file, without suffix */
#define FILE_MAX (SNAP_PAGE_SIZE + 256u)    /* bytes of a page's file */

struct hash_text hash_text(const uint8_t *hash) {
    struct hash_text name;
    for (size_t i = 0; i < SNAP_PAGE_HASH_SIZE; i++)
        snprintf(name.text + 2 * i, 3, "%02x", hash[i]);
    return name;
}

static int refuse_path(const char *path) {
    return tool_refuse(path, NULL, "cannot be written: %s", strerror(errno));
}

/* ---- the store ---- */

int page_store_open(struct page_store *store, const char *path, enum page_store_use use) {
    *store = (struct page_store){.path = path, .lock = -1, .level = ZIP_LEVEL_DEFAULT};
    struct stat status;
    if (use == PAGE_STORE_ADDS && mkdir(path, 0777) < 0 && errno != EEXIST)
        return refuse_path(path);
    if (stat(path, &status) < 0 || (!S_ISDIR(status.st_mode) && (errno = ENOTDIR) != 0))
        return tool_refuse(path, NULL, "is no store of pages: %s", strerror(errno));
    char *name = mem_printf("%s/lock", path);
    store->lock = open(name, O_RDONLY | O_CLOEXEC | (use == PAGE_STORE_ADDS ? O_CREAT : 0), 0666);
    free(name);
    if (store->lock < 0 && use == PAGE_STORE_READS)
        return TOOL_OK; /* a copy of a store will do */
    if (store->lock < 0 && errno == ENOENT)
        return tool_refuse(path, NULL, "is no store of pages: it has no file lock");
    if (store->lock < 0 || flock(store->lock, use == PAGE_STORE_REMOVES ? LOCK_EX : LOCK_SH) < 0)
        return refuse_path(path);
    return TOOL_OK;
}

void page_store_close(struct page_store *store) {
    if (store->lock >= 0)
        close(store->lock);
    store->lock = -1;
    ZSTD_freeCCtx(store->zstd);
    store->zstd = NULL;
}

int page_store_sync(struct page_store *store) {
    return store->added == 0 || syncfs(store->lock) == 0 ? TOOL_OK : refuse_path(store->path);
}

/* ---- one page ---- */

static char *page_path(const struct page_store *store, const uint8_t *hash) {
    struct hash_text name = hash_text(hash);
    return mem_printf("%s/%.2s/%s" SUFFIX, store->path, name.text, name.text);
}

static enum page_state read_page(int file, uint8_t *page, const uint8_t *hash) {
    uint8_t bytes[FILE_MAX + 1], real[SNAP_PAGE_HASH_SIZE];
    size_t size = 0;
    ssize_t count;
    while ((count = read(file, bytes + size, sizeof bytes - size)) != 0) {
        if (count < 0 && errno != EINTR)
            return PAGE_UNREADABLE;
        size += count > 0 ? (size_t)count : 0;
    }
    if (size > FILE_MAX || ZSTD_decompress(page, SNAP_PAGE_SIZE, bytes, size) != SNAP_PAGE_SIZE)
        return PAGE_DAMAGED;
    snap_page_hash(page, real);
    return memcmp(real, hash, sizeof real) == 0 ? PAGE_SOUND : PAGE_DAMAGED;
}

enum page_state page_store_get(const struct page_store *store, uint8_t *page, const uint8_t *hash) {
    char *path = page_path(store, hash);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    free(path);
    if (file < 0)
        return errno == ENOENT ? PAGE_MISSING : PAGE_UNREADABLE;
    enum page_state state = read_page(file, page, hash);
    int error = errno;
    close(file);
    errno = error;
    return state;
}

/* All of it or nothing; false: see errno. */
static bool write_file(const char *path, const uint8_t *bytes, size_t size) {
    char *temporary = mem_printf("%s.%ld.tmp", path, (long)getpid());
    int file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool done = file >= 0 && write_all(file, bytes, size);
    if (file >= 0 && close(file) < 0)
        done = false;
    done = done && rename(temporary, path) == 0;
    int error = errno;
    if (!done && file >= 0)
        unlink(temporary);
    errno = error;
    free(temporary);
    return done;
}

static int add_page(struct page_store *store, const uint8_t *page, const uint8_t *hash) {
    uint8_t bytes[FILE_MAX];
    if (!store->zstd && !(store->zstd = ZSTD_createCCtx()))
        abort();
    size_t size =
        ZSTD_compressCCtx(store->zstd, bytes, sizeof bytes, page, SNAP_PAGE_SIZE, store->level);
    if (ZSTD_isError(size))
        abort(); /* there is room for a page that cannot be compressed */
    char *path = page_path(store, hash);
    bool done = write_file(path, bytes, size);
    if (!done && errno == ENOENT) {
        char *directory = mem_strndup(path, strlen(path) - NAME_SIZE - strlen("/" SUFFIX));
        done = (mkdir(directory, 0777) == 0 || errno == EEXIST) && write_file(path, bytes, size);
        free(directory);
    }
    int status = done ? TOOL_OK : refuse_path(path);
    free(path);
    store->added += done;
    store->added_bytes += done ? size : 0;
    return status;
}

int page_store_put(struct page_store *store, const uint8_t *page, const uint8_t *hash) {
    uint8_t other[SNAP_PAGE_SIZE];
    if (page_store_get(store, other, hash) != PAGE_SOUND)
        return add_page(store, page, hash);
    if (memcmp(other, page, sizeof other) == 0)
        return TOOL_OK;
    return tool_refuse(store->path, "keep this snapshot elsewhere",
                       "holds another page with the hash %s", hash_text(hash).text);
}

/* ---- removing ---- */

static int compare_hashes(const void *a, const void *b) {
    return memcmp(a, b, SNAP_PAGE_HASH_SIZE);
}

/* False if it is not called as a page is. */
static bool parse_name(const char *name, uint8_t hash[SNAP_PAGE_HASH_SIZE]) {
    if (strspn(name, "0123456789abcdef") != NAME_SIZE)
        return false;
    for (size_t i = 0; i < SNAP_PAGE_HASH_SIZE; i++) {
        const char digits[] = {name[2 * i], name[2 * i + 1], '\0'};
        hash[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
    return strncmp(name + NAME_SIZE, SUFFIX, strlen(SUFFIX)) == 0;
}

/* A file in one of the directories: a page, what an interrupted writer left, or none of ours. */
static int sweep_file(struct page_store *store, int directory, const char *name,
                      const uint8_t (*wanted)[SNAP_PAGE_HASH_SIZE], size_t count) {
    uint8_t hash[SNAP_PAGE_HASH_SIZE];
    struct stat status;
    if (!parse_name(name, hash))
        return TOOL_OK;
    bool whole = name[NAME_SIZE + strlen(SUFFIX)] == '\0';
    if (whole && count > 0 && bsearch(hash, wanted, count, sizeof *wanted, compare_hashes)) {
        store->kept++;
        return TOOL_OK;
    }
    if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) < 0 ||
        unlinkat(directory, name, 0) < 0)
        return tool_refuse(store->path, NULL, "%s cannot be removed: %s", name, strerror(errno));
    store->removed += whole;
    store->removed_bytes += whole ? (uint64_t)status.st_size : 0;
    return TOOL_OK;
}

static int sweep_directory(struct page_store *store, const char *path,
                           const uint8_t (*wanted)[SNAP_PAGE_HASH_SIZE], size_t count) {
    DIR *directory = opendir(path);
    const struct dirent *entry;
    int status = TOOL_OK;
    if (!directory)
        return errno == ENOENT ? TOOL_OK
                               : tool_refuse(path, NULL, "cannot be read: %s", strerror(errno));
    while (status == TOOL_OK && (entry = readdir(directory)))
        status = sweep_file(store, dirfd(directory), entry->d_name, wanted, count);
    closedir(directory);
    return status;
}

int page_store_keep(struct page_store *store, uint8_t (*wanted)[SNAP_PAGE_HASH_SIZE],
                    size_t count) {
    int status = TOOL_OK;
    if (count > 0)
        qsort(wanted, count, sizeof *wanted, compare_hashes);
    for (unsigned first = 0; first < 256 && status == TOOL_OK; first++) {
        char *path = mem_printf("%s/%02x", store->path, first);
        status = sweep_directory(store, path, (const uint8_t(*)[SNAP_PAGE_HASH_SIZE])wanted, count);
        rmdir(path); /* if nothing is left in it */
        free(path);
    }
    return status;
}
