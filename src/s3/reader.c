/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/reader.h"

#include "codec/checksum.h"
#include "core/alloc.h"
#include "net/ranges.h"
#include "s3/object.h"

struct hw_s3_reader {
    struct hw_s3_client *client;
    char *key;
    /* NULL: the newest version. */
    char *version_id;
    size_t part_bytes;
    /* The bytes of a first window at the end; 0: it is at the beginning. */
    size_t end_bytes;
    struct hw_s3_object object;
    /* True if the whole object came with the first window. */
    bool whole;
    struct hw_ranges *ranges;
};

static enum hw_status reader_discover(struct hw_s3_reader *reader, const struct hw_s3_object *known,
                                      struct hw_error *err);

static enum hw_status range_start(void *ctx, void *get, uint64_t offset, size_t bytes, void *data,
                                  struct hw_error *err) {
    const struct hw_s3_reader *reader = ctx;
    struct hw_s3_get *range = get;
    range->object = &reader->object;
    range->offset = offset;
    range->bytes = bytes;
    range->version_id = reader->version_id;
    return hw_s3_get_start(range, reader->client, reader->key, data, err);
}

static enum hw_status range_wait(void *get, struct hw_error *err) {
    return hw_s3_get_wait(get, err);
}

static void range_release(void *get) {
    hw_s3_get_release(get);
}

static const struct hw_ranges_ops range_ops = {sizeof(struct hw_s3_get), range_start, range_wait, range_release};

enum hw_status hw_s3_reader_open(struct hw_s3_client *client, const struct hw_s3_reader_options *options,
                                 struct hw_s3_reader **out_reader, struct hw_error *err) {
    struct hw_s3_reader *reader = hw_alloc_zero(1, sizeof(*reader));
    if (!reader) {
        return hw_fail_nomem(err, sizeof(*reader));
    }
    reader->client = client;
    reader->part_bytes = options->part_bytes;
    reader->end_bytes = hw_min_size(options->end_bytes, options->part_bytes);
    reader->key = hw_strdup(options->key);
    reader->version_id = options->version_id ? hw_strdup(options->version_id) : NULL;
    const bool copied = reader->key && (reader->version_id || !options->version_id);
    enum hw_status status = copied ? HW_OK : hw_fail_nomem(err, strlen(options->key) + 1);
    status = status ? status : reader_discover(reader, options->known, err);
    if (status) {
        hw_s3_reader_close(reader);
        return status;
    }
    *out_reader = reader;
    return HW_OK;
}

/*
 * Proves an object that came whole, but without a checksum, by its ETag. That says nothing if it is
 * another one: it is no MD5 of an object that is encrypted.
 */
static void etag_prove(struct hw_s3_reader *reader, const void *data, size_t bytes) {
    struct hw_checksum md5;
    if (reader->object.checksum.kind != HW_CHECKSUM_NONE || !hw_s3_etag_md5(reader->object.etag, &md5)) {
        return;
    }
    const struct hw_checksum got = hw_checksum_of(HW_CHECKSUM_MD5, data, bytes);
    if (hw_checksum_equal(&got, &md5)) {
        reader->object.checksum = md5;
    }
}

static enum hw_status reader_discover(struct hw_s3_reader *reader, const struct hw_s3_object *known,
                                      struct hw_error *err) {
    struct hw_ranges_object object = {
        .ops = &range_ops, .ctx = reader, .part_bytes = reader->part_bytes, .first = hw_alloc(reader->part_bytes)};
    if (!object.first) {
        return hw_fail_nomem(err, reader->part_bytes);
    }
    const struct hw_s3_first first = {
        .key = reader->key,
        .data = object.first,
        .bytes = reader->end_bytes > 0 ? reader->end_bytes : reader->part_bytes,
        .known = known,
        .version_id = reader->version_id,
        .from_end = reader->end_bytes > 0,
    };
    enum hw_status status = hw_s3_object_discover(reader->client, &first, &reader->object, &object.first_bytes, err);
    object.size = reader->object.size;
    object.first_offset = reader->end_bytes > 0 ? object.size - object.first_bytes : 0;
    reader->whole = object.size == object.first_bytes;
    if (status == HW_OK && reader->whole) {
        etag_prove(reader, object.first, object.first_bytes);
        uint8_t *shorter = hw_realloc(object.first, object.first_bytes > 0 ? object.first_bytes : 1);
        /* No other window will be needed. */
        object.first = shorter ? shorter : object.first;
    }
    status = status ? status : hw_ranges_new(&object, &reader->ranges, err);
    if (status) {
        hw_free(object.first);
    }
    return status;
}

const struct hw_s3_object *hw_s3_reader_object(const struct hw_s3_reader *reader) {
    return &reader->object;
}

enum hw_checksum_kind hw_s3_reader_proved_by(const struct hw_s3_reader *reader) {
    return reader->whole ? reader->object.checksum.kind : HW_CHECKSUM_NONE;
}

enum hw_status hw_s3_reader_checksum(const struct hw_s3_reader *reader, struct hw_checksum *out_checksum,
                                     struct hw_error *err) {
    struct hw_s3_object object = reader->object;
    if (hw_s3_reader_proved_by(reader) == HW_CHECKSUM_NONE && hw_s3_checksum_untold(reader->client, &object)) {
        HW_TRY(hw_s3_object_head(reader->client, reader->key, reader->version_id, &object, err));
        if (object.size != reader->object.size || strcmp(object.etag, reader->object.etag) != 0) {
            return hw_fail(err, HW_ECHANGED, "HeadObject: the object was replaced while it was read");
        }
        hw_s3_checksum_told(reader->client, &reader->object, object.checksum.kind);
    }
    *out_checksum = object.checksum;
    return HW_OK;
}

void hw_s3_reader_close(struct hw_s3_reader *reader) {
    if (!reader) {
        return;
    }
    hw_ranges_free(reader->ranges);
    hw_free(reader->key);
    hw_free(reader->version_id);
    hw_free(reader);
}

void hw_s3_reader_in_order(struct hw_s3_reader *reader) {
    hw_ranges_in_order(reader->ranges);
}

void hw_s3_reader_expect(struct hw_s3_reader *reader, uint64_t offset, size_t bytes) {
    hw_ranges_expect(reader->ranges, offset, bytes);
}

void hw_s3_reader_forget(struct hw_s3_reader *reader, uint64_t offset, size_t bytes) {
    hw_ranges_forget(reader->ranges, offset, bytes);
}

enum hw_status hw_s3_reader_read_at(struct hw_s3_reader *reader, uint64_t offset, void *data, size_t bytes,
                                    struct hw_error *err) {
    return hw_ranges_read_at(reader->ranges, offset, data, bytes, err);
}
