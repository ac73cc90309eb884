/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/block_read.h"

#include "avro/input.h"
#include "core/limits.h"

static enum hw_status block_read(struct hw_avro_block_reader *reader, struct hw_avro_stored *block,
                                 struct hw_error *err);

enum hw_status hw_avro_block_next(struct hw_avro_block_reader *reader, struct hw_avro_stored *block, bool *out_more,
                                  struct hw_error *err) {
    reader->sync_differs = false;
    HW_TRY(hw_packed_fill(reader->input, err));
    if (hw_packed_left(reader->input) == 0) {
        *out_more = false;
        return HW_OK;
    }
    block->number = reader->next;
    block->offset = hw_packed_offset(reader->input);
    enum hw_status status = block_read(reader, block, err);
    if (status != HW_OK) {
        hw_error_prefix(err, "block %" PRIu64, block->number);
        return status;
    }
    block->first_row = reader->rows;
    if (!hw_add(reader->rows, block->count, &reader->rows)) {
        return hw_fail_at(err, HW_EDATA, block->offset, "the blocks have more items than can be counted");
    }
    reader->next++;
    *out_more = true;
    return HW_OK;
}

void hw_avro_stored_release(struct hw_avro_stored *block) {
    hw_buf_release(&block->data);
}

void hw_avro_block_error(const struct hw_avro_stored *block, enum hw_avro_codec codec, struct hw_error *err) {
    if (!err) {
        return;
    }
    if (err->offset != HW_NO_POSITION && codec != HW_AVRO_CODEC_NULL) {
        hw_error_prefix(err, "byte %" PRId64 " of its unpacked items", err->offset);
    }
    hw_error_prefix(err, "block %" PRIu64, block->number);
    err->offset = err->offset != HW_NO_POSITION && codec == HW_AVRO_CODEC_NULL
                      ? (int64_t)block->data_offset + err->offset
                      : (int64_t)block->offset;
    err->row = err->row != HW_NO_POSITION ? (int64_t)block->first_row + err->row + 1 : HW_NO_POSITION;
}

static enum hw_status block_read(struct hw_avro_block_reader *reader, struct hw_avro_stored *block,
                                 struct hw_error *err) {
    uint8_t sync[HW_AVRO_SYNC_BYTES];
    int64_t count = 0;
    int64_t bytes = 0;
    HW_TRY(hw_avro_input_long(reader->input, "its count", &count, err));
    HW_TRY(hw_avro_input_long(reader->input, "its size", &bytes, err));
    if (count < 0 || bytes < 0) {
        return hw_fail_at(err, HW_EDATA, block->offset, "it says that it has %" PRId64 " items in %" PRId64 " bytes",
                          count, bytes);
    }
    if ((uint64_t)bytes > HW_AVRO_BLOCK_BYTES_MAX) {
        return hw_fail_at(err, HW_ELIMIT, block->offset, "it has %" PRId64 " bytes, more than the %" PRIu64 " allowed",
                          bytes, HW_AVRO_BLOCK_BYTES_MAX);
    }
    block->data_offset = hw_packed_offset(reader->input);
    HW_TRY(hw_avro_input_buf(reader->input, "its items", &block->data, (size_t)bytes, err));
    HW_TRY(hw_buf_reserve(&block->data, HW_AVRO_BLOCK_ROOM, err));
    memset(block->data.data + block->data.size, 0, HW_AVRO_BLOCK_ROOM);
    const uint64_t offset = hw_packed_offset(reader->input);
    HW_TRY(hw_avro_input_bytes(reader->input, "its sync marker", sync, sizeof(sync), err));
    block->count = (uint64_t)count;
    reader->sync_differs = memcmp(sync, reader->head->sync, sizeof(sync)) != 0;
    return !reader->sync_differs ? HW_OK
                                 : hw_fail_at(err, HW_EDATA, offset,
                                              "the sync marker behind it is not that of the header, so its size is "
                                              "wrong or bytes are missing");
}
