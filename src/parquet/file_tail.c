/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/file_tail.h"

#include "core/limits.h"
#include "parquet/file_meta.h"

/* The length of the footer and the magic behind it. */
enum { END_BYTES = HW_PARQUET_LENGTH_BYTES + HW_PARQUET_MAGIC_BYTES };

static enum hw_status end_read(struct hw_parquet_tail *tail, struct hw_source *source, struct hw_error *err);
static enum hw_status footer_locate(struct hw_parquet_tail *tail, uint64_t size, struct hw_error *err);
static enum hw_status rest_read(struct hw_parquet_tail *tail, struct hw_source *source, struct hw_error *err);
static enum hw_status encryption_refuse(const struct hw_parquet_tail *tail, struct hw_error *err);

enum hw_parquet_magic hw_parquet_magic(const void *data) {
    if (memcmp(data, "PAR1", HW_PARQUET_MAGIC_BYTES) == 0) {
        return HW_PARQUET_MAGIC_PLAIN;
    }
    return memcmp(data, "PARE", HW_PARQUET_MAGIC_BYTES) == 0 ? HW_PARQUET_MAGIC_ENCRYPTED : HW_PARQUET_MAGIC_NONE;
}

enum hw_status hw_parquet_tail_read(struct hw_parquet_tail *tail, struct hw_source *source, struct hw_error *err) {
    struct hw_parquet_tail made = {0};
    enum hw_status status = end_read(&made, source, err);
    status = status ? status : footer_locate(&made, source->size, err);
    status = status ? status : rest_read(&made, source, err);
    status = status ? status : encryption_refuse(&made, err);
    if (status) {
        hw_parquet_tail_release(&made);
        return status;
    }
    *tail = made;
    return HW_OK;
}

void hw_parquet_tail_release(struct hw_parquet_tail *tail) {
    hw_buf_release(&tail->bytes);
    *tail = (struct hw_parquet_tail){0};
}

hw_view hw_parquet_tail_footer(const struct hw_parquet_tail *tail) {
    return (hw_view){(const char *)tail->bytes.data + (tail->footer_at - tail->at), tail->footer_bytes};
}

static enum hw_status end_read(struct hw_parquet_tail *tail, struct hw_source *source, struct hw_error *err) {
    if (source->size < HW_PARQUET_FILE_BYTES_MIN) {
        return hw_fail(err, HW_EDATA, "%" PRIu64 " bytes are too few for a Parquet file", source->size);
    }
    size_t bytes = (size_t)hw_clamp(source->size, 0, HW_PARQUET_TAIL_BYTES);
    tail->at = source->size - bytes;
    HW_TRY(hw_buf_resize(&tail->bytes, bytes, err));
    return source->ops->read_at(source, tail->at, tail->bytes.data, bytes, err);
}

/* The length is the file's own claim, and is held to its size before anything is asked for. */
static enum hw_status footer_locate(struct hw_parquet_tail *tail, uint64_t size, struct hw_error *err) {
    const uint8_t *end = tail->bytes.data + tail->bytes.size - END_BYTES;
    uint64_t end_at = size - END_BYTES;
    if (hw_parquet_magic(end + HW_PARQUET_LENGTH_BYTES) == HW_PARQUET_MAGIC_NONE) {
        return hw_fail_at(err, HW_EDATA, end_at + HW_PARQUET_LENGTH_BYTES,
                          "the file does not end with PAR1: it was cut, or is no Parquet file");
    }
    uint32_t bytes = hw_load_le32(end);
    if (bytes > end_at - HW_PARQUET_MAGIC_BYTES) {
        return hw_fail_at(err, HW_EDATA, end_at,
                          "the footer is to have %" PRIu32 " bytes, but only %" PRIu64 " are before its length", bytes,
                          end_at - HW_PARQUET_MAGIC_BYTES);
    }
    if (bytes > HW_PARQUET_FOOTER_BYTES_MAX) {
        return hw_fail_at(err, HW_ELIMIT, end_at, "the footer has %" PRIu32 " bytes, %" PRIu64 " are the limit", bytes,
                          (uint64_t)HW_PARQUET_FOOTER_BYTES_MAX);
    }
    tail->footer_at = end_at - bytes;
    tail->footer_bytes = bytes;
    return HW_OK;
}

/* Reads what of the footer lies before the bytes that have been read. */
static enum hw_status rest_read(struct hw_parquet_tail *tail, struct hw_source *source, struct hw_error *err) {
    if (tail->footer_at >= tail->at) {
        return HW_OK;
    }
    size_t there = tail->bytes.size;
    size_t missing = (size_t)(tail->at - tail->footer_at);
    HW_TRY(hw_buf_resize(&tail->bytes, there + missing, err));
    memmove(tail->bytes.data + missing, tail->bytes.data, there);
    HW_TRY(source->ops->read_at(source, tail->footer_at, tail->bytes.data, missing, err));
    tail->at = tail->footer_at;
    return HW_OK;
}

static enum hw_status encryption_refuse(const struct hw_parquet_tail *tail, struct hw_error *err) {
    const uint8_t *end = tail->bytes.data + tail->bytes.size - HW_PARQUET_MAGIC_BYTES;
    if (hw_parquet_magic(end) != HW_PARQUET_MAGIC_ENCRYPTED) {
        return HW_OK;
    }
    return hw_fail_at(err, HW_EUNSUPPORTED, tail->footer_at,
                      "the footer is encrypted with %s, and encrypted files cannot be read",
                      hw_parquet_footer_encryption(hw_parquet_tail_footer(tail)));
}
