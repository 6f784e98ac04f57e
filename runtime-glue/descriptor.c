/*
 * descriptor.c: the table of files.h and the texts behind it.
 *
 * Texts are written one behind the other; what is dropped stays until half of them is waste, then
 * those in use move together. Both are amortised, and a program with 1,000 open files pays for the
 * room of 1,000.
 */
#include "runtime-glue/files.h"

#define FIRST_COUNT 16u
#define FIRST_TEXTS 1024u

static uint32_t texts_offset(void) {
    return files_get() - base_get() + files_count_get() * (uint32_t)sizeof(struct descriptor);
}

/* More room at the end; the frames, of which there are none, begin behind it. */
static bool grow(uint64_t more) {
    uint64_t end = glue.files_end + more;
    if (!region_reserve(end + frames_reserve()))
        return false;
    glue.files_end = (uint32_t)end;
    frames_set(base_get() + frames_start());
    return true;
}

/* ---- the table ---- */

struct descriptor *descriptor_at(uint32_t number) {
    return (struct descriptor *)(void *)at(files_get()) + number;
}

struct descriptor *descriptor_find(uint32_t number) {
    if (number >= files_count_get() || descriptor_at(number)->file.kind == SNAP_FILE_NONE)
        return NULL;
    return descriptor_at(number);
}

uint32_t host_number(uint32_t fd) {
    if (files_count_get() == 0)
        return fd;
    return fd < files_count_get() ? descriptor_at(fd)->host : HOST_NONE;
}

static void clear(uint32_t number) {
    struct descriptor *descriptor = descriptor_at(number);
    memset(descriptor, 0, sizeof *descriptor);
    descriptor->host = HOST_NONE;
}

void descriptor_free(uint32_t number) {
    text_drop(descriptor_at(number));
    clear(number);
}

static bool add_descriptors(uint32_t more) {
    uint32_t count = files_count_get();
    if (!grow((uint64_t)more * sizeof(struct descriptor)))
        return false;
    uint8_t *texts = text_at(0);
    memmove(texts + more * sizeof(struct descriptor), texts, glue.texts_size);
    files_count_set(count + more);
    for (uint32_t i = 0; i < more; i++)
        clear(count + i);
    return true;
}

bool descriptors_begin(void) {
    files_set(base_get() + tables_end());
    glue.files_end = files_get() - base_get();
    return add_descriptors(FIRST_COUNT);
}

uint32_t descriptor_lowest(uint32_t first) {
    uint32_t count = files_count_get();
    while (first < count && descriptor_at(first)->file.kind != SNAP_FILE_NONE)
        first++;
    if (first < count)
        return first;
    uint32_t more = first - count < count ? count : first - count + 1;
    return first < SNAP_FILES_MAX && add_descriptors(more) ? first : NO_NUMBER;
}

/* ---- texts ---- */

uint8_t *text_at(uint32_t text) {
    return at(base_get() + texts_offset() + text);
}

const char *descriptor_base(const struct descriptor *descriptor) {
    return (const char *)text_at(descriptor->text);
}

const char *descriptor_path(const struct descriptor *descriptor) {
    return descriptor_base(descriptor) + descriptor->file.base_size;
}

uint8_t *descriptor_listing(const struct descriptor *descriptor) {
    return text_at(descriptor->text + descriptor->file.base_size + descriptor->file.path_size);
}

uint32_t descriptor_text_size(const struct descriptor *descriptor) {
    return descriptor->file.base_size + descriptor->file.path_size + descriptor->file.listing_size;
}

void text_drop(const struct descriptor *descriptor) {
    uint32_t size = descriptor_text_size(descriptor);
    if (descriptor->text + size == glue.texts_size)
        glue.texts_size -= size;
    else
        glue.texts_waste += size;
}

/* By way of scratch, since texts lie in the order of their making. */
void texts_tidy(void) {
    scratch_reset();
    uint8_t *tidy = scratch_take(glue.texts_size);
    if (tidy == NULL)
        return;
    uint32_t size = glue.home_size;
    memcpy(tidy, text_at(0), size);
    for (uint32_t i = 0; i < files_count_get(); i++) {
        struct descriptor *descriptor = descriptor_at(i);
        memcpy(tidy + size, text_at(descriptor->text), descriptor_text_size(descriptor));
        descriptor->text = size;
        size += descriptor_text_size(descriptor);
    }
    memcpy(text_at(0), tidy, size);
    glue.texts_size = size;
    glue.texts_waste = 0;
}

uint32_t text_take(uint32_t size) {
    if (glue.texts_waste > glue.texts_size / 2 && glue.texts_size > FIRST_TEXTS)
        texts_tidy();
    uint32_t text = glue.texts_size;
    uint64_t end = (uint64_t)texts_offset() + text + size;
    if (end > glue.files_end && !grow(end - glue.files_end + FIRST_TEXTS + text))
        return NO_NUMBER;
    glue.texts_size += size;
    return text;
}

/* First the bytes: the new text may reach into the scratch that they lie in. */
bool descriptor_set_listing(uint32_t number, const uint8_t *bytes, uint32_t size) {
    struct descriptor *descriptor = descriptor_at(number);
    uint32_t name_size = descriptor->file.base_size + descriptor->file.path_size;
    uint32_t text = text_take(name_size + size);
    if (text == NO_NUMBER)
        return false;
    memmove(text_at(text + name_size), bytes, size);
    memcpy(text_at(text), text_at(descriptor->text), name_size);
    text_drop(descriptor);
    descriptor->text = text;
    descriptor->file.listing_size = size;
    return true;
}
