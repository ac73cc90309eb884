/* SPDX-License-Identifier: Apache-2.0 */
#include "dbn/records.h"

#include <inttypes.h>

/* Bytes that are read at once. */
enum { BLOCK_BYTES = 1 << 20 };

static enum hw_status block_fill(struct hw_dbn_records *records, size_t bytes, struct hw_error *err);

/* Returns how many bytes of the block are not done yet. */
static size_t left_of(const struct hw_dbn_records *records) {
    return records->block.size - records->at;
}

static const uint8_t *next_of(const struct hw_dbn_records *records) {
    return records->block.data + records->at;
}

/* ------ the head */

static enum hw_status head_take(struct hw_dbn_records *records, size_t bytes, struct hw_error *err);

enum hw_status hw_dbn_records_open(struct hw_dbn_records *records, struct hw_stream *stream,
                                   const struct hw_dbn_fragment *fragment, struct hw_dbn_fault *fault,
                                   struct hw_error *err) {
    unsigned version;
    size_t bytes;
    records->stream = stream;
    if (fragment) {
        records->metadata = (struct hw_dbn_metadata){
            .version = fragment->version, .schema = fragment->schema, .ts_out = fragment->ts_out};
        return HW_OK;
    }
    HW_TRY(head_take(records, HW_DBN_PRELUDE_BYTES, err));
    if (records->head.size < HW_DBN_PRELUDE_BYTES) {
        *fault = (struct hw_dbn_fault){"dbn.magic", 0};
        return hw_fail(err, HW_EDATA, "it is not DBN: it has %zu bytes", records->head.size);
    }
    HW_TRY(hw_dbn_prelude_read(records->head.data, &version, &bytes, fault, err));
    HW_TRY(head_take(records, bytes, err));
    if (records->head.size < HW_DBN_PRELUDE_BYTES + bytes) {
        *fault = (struct hw_dbn_fault){"dbn.metadata_length", 4};
        return hw_fail(err, HW_EDATA, "its metadata have %zu bytes, and it ends after %zu of them", bytes,
                       records->head.size - HW_DBN_PRELUDE_BYTES);
    }
    const hw_view metadata = {(const char *)records->head.data + HW_DBN_PRELUDE_BYTES, bytes};
    return hw_dbn_metadata_read(version, metadata, &records->arena, &records->metadata, fault, err);
}

/* Moves the next bytes to the head, fewer where the file ends; a block at a time, as they come. */
static enum hw_status head_take(struct hw_dbn_records *records, size_t bytes, struct hw_error *err) {
    while (bytes > 0) {
        HW_TRY(block_fill(records, 1, err));
        const size_t step = hw_min_size(bytes, left_of(records));
        if (step == 0) {
            return HW_OK;
        }
        HW_TRY(hw_buf_append(&records->head, next_of(records), step, err));
        records->at += step;
        bytes -= step;
    }
    return HW_OK;
}

void hw_dbn_records_release(struct hw_dbn_records *records) {
    hw_buf_release(&records->head);
    hw_buf_release(&records->block);
    hw_arena_release(&records->arena);
    *records = (struct hw_dbn_records){0};
}

/* ------ bytes */

/* Makes `bytes` bytes that are not done follow in the block; fewer at the end of the file alone. */
static enum hw_status block_fill(struct hw_dbn_records *records, size_t bytes, struct hw_error *err) {
    struct hw_buf *block = &records->block;
    if (left_of(records) >= bytes || records->ended) {
        return HW_OK;
    }
    const size_t left = left_of(records);
    if (left > 0 && records->at > 0) {
        memmove(block->data, next_of(records), left);
    }
    records->block_offset += records->at;
    records->at = 0;
    HW_TRY(hw_buf_resize(block, BLOCK_BYTES, err));
    block->size = left;
    while (block->size < BLOCK_BYTES && !records->ended) {
        size_t read;
        HW_TRY(records->stream->ops->read(records->stream, block->data + block->size, BLOCK_BYTES - block->size, &read,
                                          err));
        block->size += read;
        records->ended = read == 0;
    }
    return HW_OK;
}

/* ------ runs */

static enum hw_status record_check(const struct hw_dbn_records *records, const uint8_t *record, size_t left,
                                   struct hw_dbn_fault *fault, struct hw_error *err);
static size_t run_length(const struct hw_dbn_records *records, const uint8_t *first, size_t bytes);

static size_t bytes_of(const uint8_t *record) {
    return (size_t)record[HW_DBN_LENGTH] * HW_DBN_LENGTH_UNIT;
}

enum hw_status hw_dbn_records_next(struct hw_dbn_records *records, struct hw_dbn_run *out_run,
                                   struct hw_dbn_fault *fault, struct hw_error *err) {
    HW_TRY(block_fill(records, HW_DBN_RECORD_BYTES_MAX, err));
    if (left_of(records) == 0) {
        *out_run = (struct hw_dbn_run){.number = records->number, .offset = records->block_offset + records->at};
        return HW_OK;
    }
    const uint8_t *first = next_of(records);
    HW_TRY(record_check(records, first, left_of(records), fault, err));
    const size_t bytes = bytes_of(first);
    const size_t count = run_length(records, first, bytes);
    *out_run = (struct hw_dbn_run){
        .bytes = first,
        .stride = bytes,
        .count = count,
        .rtype = first[HW_DBN_RTYPE],
        .unknown = hw_dbn_record_bytes(first[HW_DBN_RTYPE], records->metadata.version) == 0,
        .number = records->number,
        .offset = records->block_offset + records->at,
    };
    records->number += count;
    records->at += count * bytes;
    return HW_OK;
}

/* Records of one type and length are as good as the first one of them. */
static size_t run_length(const struct hw_dbn_records *records, const uint8_t *first, size_t bytes) {
    const size_t most = left_of(records) / bytes;
    size_t count = 1;
    while (count < most && memcmp(first + count * bytes, first, HW_DBN_PUBLISHER_ID) == 0) {
        count++;
    }
    return count;
}

static bool is_row_type(uint8_t rtype) {
    return rtype != HW_DBN_RTYPE_ERROR && rtype != HW_DBN_RTYPE_SYMBOL_MAPPING && rtype != HW_DBN_RTYPE_SYSTEM;
}

/* Sets the fault, and fails with the message that follows. */
#define WRONG(wrong, ...)                                                                                   \
    (*fault = (struct hw_dbn_fault){wrong, records->block_offset + (size_t)(record - records->block.data)}, \
     hw_fail(err, HW_EDATA, __VA_ARGS__))

static enum hw_status record_check(const struct hw_dbn_records *records, const uint8_t *record, size_t left,
                                   struct hw_dbn_fault *fault, struct hw_error *err) {
    const struct hw_dbn_metadata *metadata = &records->metadata;
    const size_t bytes = bytes_of(record);
    const uint8_t rtype = left > HW_DBN_RTYPE ? record[HW_DBN_RTYPE] : 0;
    if (bytes < HW_DBN_HEADER_BYTES) {
        return WRONG("dbn.record_length", "record %" PRIu64 " says that it has %zu bytes, and a header has %d",
                     records->number, bytes, HW_DBN_HEADER_BYTES);
    }
    if (left < bytes) {
        return WRONG("dbn.record_cut", "record %" PRIu64 " has %zu bytes, and the file ends after %zu of them",
                     records->number, bytes, left);
    }
    const size_t known = hw_dbn_record_bytes(rtype, metadata->version);
    const size_t wanted = known + (metadata->ts_out ? HW_DBN_TS_OUT_BYTES : 0);
    if (known > 0 && bytes != wanted) {
        return WRONG("dbn.record_size",
                     "record %" PRIu64 " of type 0x%02x has %zu bytes, and those of version %u have %zu",
                     records->number, rtype, bytes, metadata->version, wanted);
    }
    if (known > 0 && metadata->schema != HW_DBN_MIXED && is_row_type(rtype) &&
        !hw_dbn_rtype_is_of(rtype, (enum hw_dbn_schema)metadata->schema)) {
        return WRONG("dbn.record_type", "record %" PRIu64 " has the type 0x%02x, which the schema %s does not have",
                     records->number, rtype, hw_dbn_schema_name(metadata->schema));
    }
    return HW_OK;
}
