/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/input.h"

#include "avro/varint_read.h"

enum { STEP_BYTES = 1 << 20 };

enum hw_status hw_avro_input_long(struct hw_packed *input, const char *thing, int64_t *out_value,
                                  struct hw_error *err) {
    uint8_t bytes[HW_AVRO_VARINT_ROOM] = {0};
    HW_TRY(hw_packed_peek(input, HW_PACKED_PEEK_BYTES, err));
    const uint64_t offset = hw_packed_offset(input);
    const size_t left = hw_min_size(hw_packed_left(input), sizeof(bytes));
    memcpy(bytes, hw_packed_next(input), left);
    const uint8_t *end = hw_avro_long_read(bytes, out_value);
    if (end && (size_t)(end - bytes) > left) {
        return hw_fail_at(err, HW_EDATA, offset, "the file ends within %s", thing);
    }
    if (!end) {
        return hw_fail_at(err, HW_EDATA, offset, "%s is a number of more than 64 bits", thing);
    }
    input->at += (size_t)(end - bytes);
    return HW_OK;
}

enum hw_status hw_avro_input_bytes(struct hw_packed *input, const char *thing, void *out, size_t bytes,
                                   struct hw_error *err) {
    size_t got = 0;
    HW_TRY(hw_packed_read(input, out, bytes, &got, err));
    return got == bytes ? HW_OK
                        : hw_fail_at(err, HW_EDATA, hw_packed_offset(input),
                                     "the file ends within %s, %zu of whose %zu bytes are there", thing, got, bytes);
}

enum hw_status hw_avro_input_buf(struct hw_packed *input, const char *thing, struct hw_buf *out, size_t bytes,
                                 struct hw_error *err) {
    hw_buf_clear(out);
    while (out->size < bytes) {
        const size_t before = out->size;
        const size_t step = hw_min_size(bytes - before, hw_max_size(before, STEP_BYTES));
        HW_TRY(hw_buf_resize(out, before + step, err));
        size_t got = 0;
        HW_TRY(hw_packed_read(input, out->data + before, step, &got, err));
        if (got < step) {
            return hw_fail_at(err, HW_EDATA, hw_packed_offset(input),
                              "the file ends within %s, %zu of whose %zu bytes are there", thing, before + got, bytes);
        }
    }
    return HW_OK;
}
