/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/decoded.h"

enum hw_status hw_decoded_make_room(struct hw_decoded *out, const uint32_t *lengths, size_t count, size_t *out_count,
                                    size_t *out_bytes, struct hw_error *err) {
    int32_t *ends = out->ends + out->count;
    size_t size = out->data->size;
    size_t taken = 0;

    /* The first value of a call is read in any case. */
    bool full = out->count > 0 && size >= out->data_bytes_max;
    while (!full && taken < count) {
        size += lengths[taken];
        ends[taken++] = (int32_t)size;
        full = size >= out->data_bytes_max;
    }
    /* Only the last one can have gone beyond what `ends` can say. */
    if (HW_UNLIKELY(size > INT32_MAX && taken > 0)) {
        if (out->count == 0 && taken == 1) {
            return hw_fail(err, HW_ELIMIT, "a text of %" PRIu32 " bytes does not fit behind %zu bytes of texts",
                           lengths[0], out->data->size);
        }
        size -= lengths[--taken];
    }
    HW_TRY(hw_buf_reserve(out->data, size - out->data->size + HW_DECODED_PADDING, err));
    *out_count = taken;
    *out_bytes = size - out->data->size;
    return HW_OK;
}
