/*
 * input.c: the file itself, and which envelopes there are around the snapshot in it.
 */
#include "snapshot-tool/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "snapshot-format/snapshot_layout.h"
#include "snapshot-tool/envelope.h"
#include "support/buf.h"

#define FILE_BUFFER ((size_t)256 << 10)

struct file_stage {
    struct stage stage;
    struct input *input; /* borrowed */
    int file;
    uint64_t done;     /* bytes read from the file */
    size_t begin, end; /* of what is buffered */
    uint8_t buffer[FILE_BUFFER];
};

/* Reads more into the empty buffer; false at the end and on failure. */
static bool refill(struct file_stage *file) {
    ssize_t count;
    do
        count = read(file->file, file->buffer, sizeof file->buffer);
    while (count < 0 && errno == EINTR);
    if (count < 0) {
        file->input->error = errno;
        *file->stage.fault = "cannot be read";
    }
    file->begin = 0;
    file->end = count > 0 ? (size_t)count : 0;
    file->done += file->end;
    progress_update(&file->input->progress, file->done);
    return count > 0;
}

static size_t file_read_stage(struct stage *stage, void *bytes, size_t size) {
    struct file_stage *file = (struct file_stage *)stage;
    size_t done = 0;
    while (done < size && (file->begin < file->end || refill(file))) {
        size_t count = file->end - file->begin;
        if (count > size - done)
            count = size - done;
        memcpy((uint8_t *)bytes + done, file->buffer + file->begin, count);
        file->begin += count;
        done += count;
    }
    return done;
}

static void file_free(struct stage *stage) {
    struct file_stage *file = (struct file_stage *)stage;
    if (file->file > STDIN_FILENO)
        close(file->file);
    free(file);
}

void stage_free(struct stage *stage) {
    while (stage) {
        struct stage *below = stage->below;
        stage->free(stage);
        stage = below;
    }
}

/* A stage that first gives what was read to look at it. */
struct peeked_stage {
    struct stage stage;
    uint8_t bytes[ENVELOPE_MAGIC_SIZE];
    size_t begin, end;
};

static size_t peeked_read(struct stage *stage, void *bytes, size_t size) {
    struct peeked_stage *peeked = (struct peeked_stage *)stage;
    size_t count = peeked->end - peeked->begin;
    if (count > size)
        count = size;
    memcpy(bytes, peeked->bytes + peeked->begin, count);
    peeked->begin += count;
    if (count < size)
        count += stage->below->read(stage->below, (uint8_t *)bytes + count, size - count);
    return count;
}

static void peeked_free(struct stage *stage) {
    free(stage);
}

/* Puts a stage on top and returns the magic number in front of it; 0 if there is none. */
static uint32_t peek(struct input *input) {
    struct peeked_stage *peeked = mem_calloc(1, sizeof *peeked);
    peeked->stage = (struct stage){peeked_read, peeked_free, input->stage, &input->fault};
    peeked->end = input->stage->read(input->stage, peeked->bytes, sizeof peeked->bytes);
    input->stage = &peeked->stage;
    return peeked->end == sizeof peeked->bytes ? load_u32(peeked->bytes) : 0;
}

static int open_file(struct input *input) {
    bool standard = strcmp(input->path, "-") == 0;
    struct stat status;
    int file = standard ? STDIN_FILENO : open(input->path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &status) < 0 || S_ISDIR(status.st_mode)) {
        input->error = file < 0 ? errno : EISDIR;
        input->fault = "cannot be read";
        if (file > STDIN_FILENO)
            close(file);
        return -1;
    }
    struct file_stage *stage = mem_alloc(sizeof *stage);
    stage->stage = (struct stage){file_read_stage, file_free, NULL, &input->fault};
    stage->input = input;
    stage->file = file;
    stage->done = stage->begin = stage->end = 0;
    input->stage = &stage->stage;
    input->size = S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
    return 0;
}

int input_open(struct input *input, const char *path, const struct input_options *options) {
    *input = (struct input){.path = path};
    if (open_file(input) < 0)
        return -1;
    progress_begin(&input->progress, path, input->size, !options->quiet);
    uint32_t magic = peek(input);
    if (magic == SEAL_MAGIC) {
        input->sealed = true;
        if (!options->key) {
            input->fault = "is encrypted and no key was given";
            return -1;
        }
        input->stage = stage_unseal(input->stage, options->key);
        magic = peek(input);
    }
    if (magic == ZIP_MAGIC) {
        input->zipped = true;
        input->stage = stage_unzip(input->stage);
    }
    return input->fault ? -1 : 0;
}

void input_close(struct input *input) {
    progress_end(&input->progress);
    stage_free(input->stage);
    input->stage = NULL;
}

enum snap_io_result input_read(void *context, void *bytes, size_t size) {
    struct input *input = context;
    input->last_offset = input->offset;
    size_t count = input->stage->read(input->stage, bytes, size);
    input->offset += count;
    if (count == size && !input->fault)
        return SNAP_IO_OK;
    return input->fault ? SNAP_IO_FAILED : SNAP_IO_END;
}

int input_finish(struct input *input) {
    uint8_t byte;
    if (!input->zipped && !input->sealed)
        return 0;
    if (input->stage->read(input->stage, &byte, 1) > 0 && !input->fault)
        input->fault = "damaged: something stands behind the end";
    return input->fault ? -1 : 0;
}
