/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/writer.h"

#include "codec/checksum.h"
#include "core/alloc.h"
#include "core/limits.h"
#include "s3/multipart.h"
#include "s3/object.h"
#include "s3/part_upload.h"
#include "s3/write_headers.h"

enum { SLOTS_MAX = HW_S3_WRITER_PARTS };

/*
 * A place for one part, which is being filled, under way, or free. They take turns, so the next one
 * is always the oldest.
 */
struct slot {
    struct hw_buf bytes;
    struct hw_s3_call call;
    /* The number of the part under way; 0 if none is. */
    unsigned number;
};

struct hw_s3_writer {
    struct hw_s3_client *client;
    char *key;
    /* NULL means the default. */
    char *content_type;
    struct hw_s3_headers headers;
    /* The kind of the checksums that are sent. */
    enum hw_checksum_kind kind;
    uint64_t part_bytes;
    uint64_t size_hint;
    bool create_only;
    char *if_match;
    bool one_of_many;
    bool resume;
    bool keep;
    /* The version that is there, borrowed; NULL means that none counts. */
    const struct hw_s3_older *older;
    /* The bytes of the whole object, borrowed from the caller; empty if they are in a slot. */
    hw_view whole;

    /* The upload, which begins when a second part is needed. */
    struct hw_s3_upload upload;
    /* True if a part was given up while it was under way. */
    bool parts_cut;
    struct slot slots[SLOTS_MAX];
    size_t slots_count;
    /* The index of the slot that is being filled. */
    size_t filling;
    struct hw_s3_part *parts;
    size_t parts_count;
    size_t parts_capacity;
    /* NULL means that the bytes come one after the other. */
    struct hw_s3_part_upload *part_upload;
    /*
     * The bytes of the parts that were sent, and their checksum: `sent_sum` if it is a CRC, else
     * one of the parts' checksums, which `composed` makes.
     */
    uint64_t sent_bytes;
    uint64_t sent_sum;
    struct hw_checksum_run composed;
};

static enum hw_status filling_room(struct hw_s3_writer *writer, size_t *out_room, struct hw_error *err);
static enum hw_status filling_send(struct hw_s3_writer *writer, struct hw_error *err);
static enum hw_status part_add(struct hw_s3_writer *writer, const struct hw_checksum *checksum, size_t bytes,
                               struct hw_error *err);
static struct hw_checksum whole_checksum(const struct hw_s3_writer *writer);
static enum hw_status slot_wait(struct hw_s3_writer *writer, struct slot *slot, struct hw_error *err);
static enum hw_status finish_put(struct hw_s3_writer *writer, char out_etag[HW_S3_ETAG_BYTES], struct hw_error *err);

enum hw_status hw_s3_writer_open(struct hw_s3_client *client, const struct hw_s3_writer_options *options,
                                 struct hw_s3_writer **out_writer, struct hw_error *err) {
    struct hw_s3_writer *writer = hw_alloc_zero(1, sizeof(*writer));
    if (!writer) {
        return hw_fail_nomem(err, sizeof(*writer));
    }
    writer->client = client;
    writer->part_bytes = options->part_bytes;
    bool fewer = options->parts_held > 0 && options->parts_held < SLOTS_MAX;
    writer->slots_count = fewer ? options->parts_held : SLOTS_MAX;
    writer->size_hint = options->size_hint;
    writer->create_only = options->create_only;
    writer->one_of_many = options->one_of_many;
    writer->resume = options->resume;
    writer->keep = options->keep;
    writer->kind = hw_s3_write_checksum(options->write);
    hw_checksum_run_init(&writer->composed, writer->kind);
    writer->key = hw_strdup(options->key);
    writer->content_type = options->content_type ? hw_strdup(options->content_type) : NULL;
    writer->upload = (struct hw_s3_upload){.client = client, .key = writer->key};
    writer->if_match = options->if_match ? hw_strdup(options->if_match) : NULL;
    if (!writer->key || (options->content_type && !writer->content_type) || (options->if_match && !writer->if_match)) {
        hw_s3_writer_free(writer);
        return hw_fail_nomem(err, strlen(options->key) + 1);
    }
    enum hw_status status = hw_s3_write_headers_make(options->write, &writer->headers, err);
    if (status) {
        hw_s3_writer_free(writer);
        return status;
    }
    *out_writer = writer;
    return HW_OK;
}

enum hw_status hw_s3_writer_write(struct hw_s3_writer *writer, const void *data, size_t bytes, struct hw_error *err) {
    const uint8_t *at = data;
    while (bytes > 0) {
        size_t room;
        HW_TRY(filling_room(writer, &room, err));
        size_t taken = hw_min_size(bytes, room);
        HW_TRY(hw_buf_append(&writer->slots[writer->filling].bytes, at, taken, err));
        at += taken;
        bytes -= taken;
    }
    return HW_OK;
}

enum hw_status hw_s3_writer_whole_write(struct hw_s3_writer *writer, const void *data, size_t bytes,
                                        struct hw_error *err) {
    assert(writer->parts_count == 0 && writer->slots[0].bytes.size == 0 && writer->whole.size == 0);
    if (writer->one_of_many || bytes > hw_s3_part_bytes(writer->part_bytes, writer->size_hint, 1)) {
        return hw_s3_writer_write(writer, data, bytes, err);
    }
    writer->whole = (hw_view){data, bytes};
    return HW_OK;
}

enum hw_status hw_s3_writer_parts_begin(struct hw_s3_writer *writer, uint64_t size, uint64_t *part_bytes,
                                        struct hw_error *err) {
    const struct hw_s3_part_upload_params params = {
        .create = {.key = writer->key,
                   .content_type = writer->content_type,
                   .headers = &writer->headers,
                   .checksum = writer->kind},
        .create_only = writer->create_only,
        .if_match = writer->if_match,
        .size = size,
        .resume = writer->resume,
        .keep = writer->keep,
        .older = writer->older,
    };
    assert(writer->parts_count == 0 && writer->slots[0].bytes.size == 0);
    return hw_s3_part_upload_begin(writer->client, &params, part_bytes, &writer->part_upload, err);
}

void hw_s3_writer_older(struct hw_s3_writer *writer, const struct hw_s3_older *older) {
    writer->older = older;
}

void hw_s3_writer_shares(const struct hw_s3_writer *writer, struct hw_s3_part_shares *out_shares) {
    *out_shares = (struct hw_s3_part_shares){0};
    if (writer->part_upload) {
        hw_s3_part_upload_shares(writer->part_upload, out_shares);
    }
}

enum hw_status hw_s3_writer_part_write(struct hw_s3_writer *writer, const struct hw_sink_part *part,
                                       struct hw_error *err) {
    return hw_s3_part_upload_send(writer->part_upload, part, err);
}

enum hw_status hw_s3_writer_settle(struct hw_s3_writer *writer, struct hw_error *err) {
    bool some = writer->slots[writer->filling].bytes.size > 0;
    if (writer->upload.id[0] == '\0' && !(writer->one_of_many && some)) {
        return HW_OK;
    }
    if (some) {
        HW_TRY(filling_send(writer, err));
    }
    for (size_t i = 0; i < writer->slots_count; i++) {
        HW_TRY(slot_wait(writer, &writer->slots[(writer->filling + i) % writer->slots_count], err));
    }
    for (size_t i = 0; writer->one_of_many && i < writer->slots_count; i++) {
        hw_buf_release(&writer->slots[i].bytes);
    }
    return HW_OK;
}

/*
 * Ends an object: with one PUT, or by sending the last part, waiting for all parts and completing
 * the upload.
 */
enum hw_status hw_s3_writer_finish(struct hw_s3_writer *writer, char out_etag[HW_S3_ETAG_BYTES], struct hw_error *err) {
    if (writer->part_upload) {
        return hw_s3_part_upload_finish(writer->part_upload, out_etag, err);
    }
    if (writer->upload.id[0] == '\0') {
        return finish_put(writer, out_etag, err);
    }
    HW_TRY(hw_s3_writer_settle(writer, err));
    const struct hw_s3_upload_sum sum = {
        .parts = writer->parts,
        .parts_count = writer->parts_count,
        .object_bytes = writer->sent_bytes,
        .checksum = whole_checksum(writer),
        .create_only = writer->create_only,
        .if_match = writer->if_match,
    };
    return hw_s3_upload_complete(&writer->upload, &sum, out_etag, err);
}

void hw_s3_writer_free(struct hw_s3_writer *writer) {
    if (!writer) {
        return;
    }
    bool parts_cut = writer->parts_cut;
    for (size_t i = 0; i < writer->slots_count; i++) {
        parts_cut = parts_cut || writer->slots[i].number > 0;
        hw_s3_call_release(&writer->slots[i].call);
        hw_buf_release(&writer->slots[i].bytes);
    }
    hw_s3_upload_abort(&writer->upload, parts_cut);
    hw_s3_part_upload_free(writer->part_upload);
    hw_free(writer->parts);
    hw_s3_headers_release(&writer->headers);
    hw_free(writer->content_type);
    hw_free(writer->if_match);
    hw_free(writer->key);
    hw_free(writer);
}

/*
 * Makes room in the slot that is being filled, and returns how much it takes. A full one is sent
 * first: so a part is only sent once more bytes are known to come.
 */
static enum hw_status filling_room(struct hw_s3_writer *writer, size_t *out_room, struct hw_error *err) {
    struct slot *slot = &writer->slots[writer->filling];
    uint64_t part_bytes = hw_s3_part_bytes(writer->part_bytes, writer->size_hint, (unsigned)writer->parts_count + 1);
    if (slot->bytes.size >= part_bytes) {
        HW_TRY(filling_send(writer, err));
        slot = &writer->slots[writer->filling];
        part_bytes = hw_s3_part_bytes(writer->part_bytes, writer->size_hint, (unsigned)writer->parts_count + 1);
    }
    slot->bytes.limit = part_bytes;
    if (writer->parts_count > 0) {
        /* The slot will be filled, so it need not grow step by step. */
        HW_TRY(hw_buf_reserve(&slot->bytes, part_bytes - slot->bytes.size, err));
    }
    *out_room = part_bytes - slot->bytes.size;
    return HW_OK;
}

/* Sends the slot that was filled, and makes the oldest one free to be filled next. */
static enum hw_status filling_send(struct hw_s3_writer *writer, struct hw_error *err) {
    struct slot *slot = &writer->slots[writer->filling];
    if (writer->upload.id[0] == '\0') {
        const struct hw_s3_create_params create = {
            .content_type = writer->content_type, .headers = &writer->headers, .checksum = writer->kind};
        HW_TRY(hw_s3_upload_create(&writer->upload, &create, err));
    }
    const struct hw_checksum checksum = hw_checksum_of(writer->kind, slot->bytes.data, slot->bytes.size);
    HW_TRY(part_add(writer, &checksum, slot->bytes.size, err));
    slot->number = (unsigned)writer->parts_count;
    const struct hw_s3_part_params params = {
        .number = slot->number,
        .body = slot->bytes.data,
        .body_bytes = slot->bytes.size,
        .checksum = checksum,
    };
    enum hw_status status = hw_s3_upload_part_start(&writer->upload, &slot->call, &params, err);
    if (status) {
        hw_error_prefix(err, "part %u", slot->number);
        return status;
    }
    writer->filling = (writer->filling + 1) % writer->slots_count;
    return slot_wait(writer, &writer->slots[writer->filling], err);
}

static enum hw_status part_add(struct hw_s3_writer *writer, const struct hw_checksum *checksum, size_t bytes,
                               struct hw_error *err) {
    if (writer->parts_count == HW_S3_PARTS_MAX) {
        return hw_fail(err, HW_ELIMIT,
                       "more than %u parts: the object is longer than the %" PRIu64 " bytes that were announced",
                       HW_S3_PARTS_MAX, writer->size_hint);
    }
    if (writer->parts_count == writer->parts_capacity) {
        size_t capacity = writer->parts_capacity ? 2 * writer->parts_capacity : 16;
        struct hw_s3_part *parts = hw_realloc_array(writer->parts, capacity, sizeof(*parts));
        if (!parts) {
            return hw_fail_nomem(err, capacity * sizeof(*parts));
        }
        writer->parts = parts;
        writer->parts_capacity = capacity;
    }
    writer->parts[writer->parts_count++] = (struct hw_s3_part){.checksum = *checksum};
    writer->sent_sum = hw_checksum_combine(writer->kind, writer->sent_sum, checksum->value, bytes);
    writer->sent_bytes += bytes;
    if (!hw_checksum_is_crc(writer->kind)) {
        hw_checksum_compose_add(&writer->composed, checksum);
    }
    return HW_OK;
}

/* Returns the checksum of all parts that were sent, as an upload of the kind has it. */
static struct hw_checksum whole_checksum(const struct hw_s3_writer *writer) {
    struct hw_checksum whole = {.kind = writer->kind, .value = writer->sent_sum};
    if (!hw_checksum_is_crc(writer->kind)) {
        struct hw_checksum_run run = writer->composed;
        hw_checksum_run_final(&run, &whole);
        whole.parts = (uint32_t)writer->parts_count;
    }
    return whole;
}

/* Waits for the part under way in a slot, if there is one, and empties it. */
static enum hw_status slot_wait(struct hw_s3_writer *writer, struct slot *slot, struct hw_error *err) {
    unsigned number = slot->number;
    if (number == 0) {
        return HW_OK;
    }
    slot->number = 0;
    enum hw_status status = hw_s3_upload_part_wait(&slot->call, writer->parts[number - 1].etag, err);
    if (status) {
        writer->parts_cut = writer->parts_cut || status == HW_ECANCELLED || status == HW_ENETWORK;
        hw_error_prefix(err, "part %u", number);
        return status;
    }
    hw_buf_clear(&slot->bytes);
    return HW_OK;
}

static enum hw_status finish_put(struct hw_s3_writer *writer, char out_etag[HW_S3_ETAG_BYTES], struct hw_error *err) {
    const hw_view filled = hw_buf_view(&writer->slots[writer->filling].bytes);
    const hw_view bytes = writer->whole.size > 0 ? writer->whole : filled;
    const struct hw_s3_put_params params = {
        .key = writer->key,
        .body = bytes.data,
        .body_bytes = bytes.size,
        .checksum = hw_checksum_of(writer->kind, bytes.data, bytes.size),
        .content_type = writer->content_type,
        .headers = &writer->headers,
        .create_only = writer->create_only,
        .if_match = writer->if_match,
    };
    return hw_s3_object_put(writer->client, &params, out_etag, err);
}
