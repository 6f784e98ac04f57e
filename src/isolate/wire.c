/*
 * wire.c: encode_x and decode_x are twins, in the same order.
 *
 *     u32 magic, u32 status, u32 phase, u64 size of the module in bytes
 *     u32 count of messages, each: u32 severity, u64 offset, string text, function, hint
 *     u32 count of points, each: u32 kind, string function, node
 *     u32 count of explanations, each: string function, why, u32 index, string source,
 *         u32 instrumented, u64 code before, after,
 *         u32 count of steps, each: string function, how,
 *         u32 count of sites, each: string kind, callee, source, u64 point, u32 frame bytes,
 *             u32 count of saved locals, each: string name, type
 *     the module
 *
 * A string is its length (u32, WIRE_NULL for NULL) and its bytes. The reader keeps a sticky
 * `damaged`: after the first bad length everything reads as zero.
 */
#include "isolate/wire.h"

#include <stdlib.h>
#include <string.h>

#define WIRE_MAGIC 0x70616e73u
#define WIRE_NULL UINT32_MAX

struct reader {
    const uint8_t *bytes;
    size_t left;
    bool damaged;
};

static void put_u32(struct buf *out, uint32_t value) {
    buf_append(out, &value, sizeof value);
}

static void put_u64(struct buf *out, uint64_t value) {
    buf_append(out, &value, sizeof value);
}

static void put_string(struct buf *out, const char *string) {
    put_u32(out, string ? (uint32_t)strlen(string) : WIRE_NULL);
    if (string)
        buf_append_string(out, string);
}

static const uint8_t *take(struct reader *in, size_t size) {
    if (in->damaged || size > in->left) {
        in->damaged = true;
        return NULL;
    }
    const uint8_t *bytes = in->bytes;
    in->bytes += size;
    in->left -= size;
    return bytes;
}

static uint32_t get_u32(struct reader *in) {
    uint32_t value = 0;
    const uint8_t *bytes = take(in, sizeof value);
    if (bytes)
        memcpy(&value, bytes, sizeof value);
    return value;
}

static uint64_t get_u64(struct reader *in) {
    uint64_t value = 0;
    const uint8_t *bytes = take(in, sizeof value);
    if (bytes)
        memcpy(&value, bytes, sizeof value);
    return value;
}

/* Owned by the caller. NULL stands for itself and for damage. */
static char *get_string(struct reader *in) {
    uint32_t size = get_u32(in);
    if (in->damaged || size == WIRE_NULL)
        return NULL;
    const uint8_t *bytes = take(in, size);
    return bytes ? mem_strndup((const char *)bytes, size) : NULL;
}

static void encode_message(struct buf *out, const struct snapify_diagnostic *message) {
    put_u32(out, message->severity);
    put_u64(out, (uint64_t)message->offset);
    put_string(out, message->text);
    put_string(out, message->function);
    put_string(out, message->hint);
}

static void decode_message(struct reader *in, struct diag *diag) {
    struct snapify_diagnostic message = {.severity = get_u32(in), .offset = (int64_t)get_u64(in)};
    char *text = get_string(in);
    char *function = get_string(in);
    char *hint = get_string(in);
    if (!text || message.severity > SNAPIFY_ERROR)
        in->damaged = true;
    if (!in->damaged) {
        message.text = text;
        message.function = function;
        message.hint = hint;
        diag_add(diag, &message);
    }
    free(text);
    free(function);
    free(hint);
}

static void encode_point(struct buf *out, const struct snapify_point *point) {
    put_u32(out, point->kind);
    put_string(out, point->function);
    put_string(out, point->node);
}

static void decode_point(struct reader *in, struct pipeline_result *result) {
    struct snapify_point point = {.kind = get_u32(in)};
    char *function = get_string(in);
    char *node = get_string(in);
    if (!function || !node || point.kind > SNAPIFY_POINT_LOOP)
        in->damaged = true;
    if (!in->damaged) {
        point.function = function;
        point.node = node;
        pipeline_add_point(result, &point);
    }
    free(function);
    free(node);
}

static void encode_site(struct buf *out, const struct snapify_site *site) {
    put_string(out, site->kind);
    put_string(out, site->callee);
    put_string(out, site->source);
    put_u64(out, (uint64_t)site->point);
    put_u32(out, site->frame_bytes);
    put_u32(out, (uint32_t)site->saved_count);
    for (size_t i = 0; i < site->saved_count; i++) {
        put_string(out, site->saved[i].name);
        put_string(out, site->saved[i].type);
    }
}

/* Two strings that may not be missing, handed to the caller; damage yields empty ones. */
static void get_pair(struct reader *in, char **first, char **second) {
    *first = get_string(in);
    *second = get_string(in);
    if (!*first || !*second)
        in->damaged = true;
    if (!*first)
        *first = mem_strdup("");
    if (!*second)
        *second = mem_strdup("");
}

static void get_source(struct reader *in, const char **source) {
    char *text = get_string(in);
    if (!text) {
        in->damaged = true;
        return;
    }
    free((char *)*source);
    *source = text;
}

static void decode_site(struct reader *in, struct snapify_explanation *explanation) {
    char *first, *second;
    get_pair(in, &first, &second);
    struct snapify_site *site = explanation_add_site(explanation, first, second);
    free(first);
    free(second);
    get_source(in, &site->source);
    site->point = (int64_t)get_u64(in);
    site->frame_bytes = get_u32(in);
    for (uint32_t left = get_u32(in); left > 0 && !in->damaged; left--) {
        get_pair(in, &first, &second);
        explanation_add_saved(site, first, second);
        free(first);
        free(second);
    }
}

static void encode_explanation(struct buf *out, const struct snapify_explanation *explanation) {
    put_string(out, explanation->function);
    put_string(out, explanation->why);
    put_u32(out, explanation->index);
    put_string(out, explanation->source);
    put_u32(out, explanation->instrumented);
    put_u64(out, explanation->code_before);
    put_u64(out, explanation->code_after);
    put_u32(out, (uint32_t)explanation->path_count);
    for (size_t i = 0; i < explanation->path_count; i++) {
        put_string(out, explanation->path[i].function);
        put_string(out, explanation->path[i].how);
    }
    put_u32(out, (uint32_t)explanation->site_count);
    for (size_t i = 0; i < explanation->site_count; i++)
        encode_site(out, &explanation->sites[i]);
}

static void decode_explanation(struct reader *in, struct explanation_list *list) {
    char *first, *second;
    get_pair(in, &first, &second);
    struct snapify_explanation *explanation = explanation_add(list, first, get_u32(in));
    explanation_set_why(explanation, second);
    free(first);
    free(second);
    get_source(in, &explanation->source);
    explanation->instrumented = get_u32(in) != 0;
    explanation->code_before = get_u64(in);
    explanation->code_after = get_u64(in);
    for (uint32_t left = get_u32(in); left > 0 && !in->damaged; left--) {
        get_pair(in, &first, &second);
        explanation_add_step(explanation, first, second);
        free(first);
        free(second);
    }
    for (uint32_t left = get_u32(in); left > 0 && !in->damaged; left--)
        decode_site(in, explanation);
}

void wire_encode(const struct pipeline_result *result, enum snapify_status status,
                 struct buf *out) {
    put_u32(out, WIRE_MAGIC);
    put_u32(out, status);
    put_u32(out, result->phase_reached);
    put_u64(out, result->module.size);
    put_u32(out, (uint32_t)result->diag.count);
    for (size_t i = 0; i < result->diag.count; i++)
        encode_message(out, &result->diag.items[i]);
    put_u32(out, (uint32_t)result->point_count);
    for (size_t i = 0; i < result->point_count; i++)
        encode_point(out, &result->points[i]);
    put_u32(out, (uint32_t)result->explanations.count);
    for (size_t i = 0; i < result->explanations.count; i++)
        encode_explanation(out, &result->explanations.items[i]);
}

int wire_decode(const uint8_t *bytes, size_t size, struct pipeline_result *result,
                enum snapify_status *status) {
    struct reader in = {.bytes = bytes, .left = size};
    uint32_t magic = get_u32(&in);
    uint32_t answer = get_u32(&in);
    uint32_t phase = get_u32(&in);
    uint64_t module_size = get_u64(&in);
    if (magic != WIRE_MAGIC || answer > SNAPIFY_BUG || phase >= PIPELINE_PHASE_COUNT)
        in.damaged = true;
    uint32_t messages = get_u32(&in);
    for (uint32_t i = 0; i < messages && !in.damaged; i++)
        decode_message(&in, &result->diag);
    uint32_t points = get_u32(&in);
    for (uint32_t i = 0; i < points && !in.damaged; i++)
        decode_point(&in, result);
    uint32_t explanations = get_u32(&in);
    for (uint32_t i = 0; i < explanations && !in.damaged; i++)
        decode_explanation(&in, &result->explanations);
    if (in.damaged || in.left != module_size)
        return -1;
    buf_append(&result->module, in.bytes, in.left);
    result->phase_reached = phase;
    *status = answer;
    return 0;
}
