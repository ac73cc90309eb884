/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/decode_lengths.h"

enum { LENGTH_BITS = 32 };

static enum hw_status texts_take(struct hw_lengths_reader *reader, size_t count, struct hw_decoded *out,
                                 size_t *out_taken, struct hw_error *err);

enum hw_status hw_lengths_reader_init(struct hw_lengths_reader *reader, hw_view bytes, size_t count,
                                      struct hw_error *err) {
    const uint8_t *end = (const uint8_t *)bytes.data + bytes.size;
    struct hw_delta_reader lengths;
    const uint8_t *at = NULL;
    uint64_t sum = 0;

    HW_TRY(hw_delta_reader_init(&lengths, bytes, LENGTH_BITS, count, err));
    *reader = (struct hw_lengths_reader){.lengths = lengths, .end = end};
    HW_TRY(hw_delta_sum(&lengths, bytes.size, &at, &sum, err));
    if (sum > (uint64_t)(end - at)) {
        return hw_fail(err, HW_EDATA, "lengths come to %" PRIu64 " bytes, but %zu are there", sum, (size_t)(end - at));
    }
    reader->at = at;
    return HW_OK;
}

enum hw_status hw_lengths_read(struct hw_lengths_reader *reader, size_t count, struct hw_decoded *out,
                               struct hw_error *err) {
    bool full = false;
    out->count = 0;
    while (out->count < count && !full) {
        size_t asked = hw_min_size(count - out->count, HW_DECODED_TEXTS);
        size_t taken = 0;
        HW_TRY(texts_take(reader, asked, out, &taken, err));
        full = taken < asked;
    }
    return HW_OK;
}

enum hw_status hw_lengths_skip(struct hw_lengths_reader *reader, size_t count, struct hw_error *err) {
    struct hw_delta_reader *lengths = &reader->lengths;
    while (count > 0) {
        uint32_t scratch[HW_DECODED_TEXTS];
        size_t asked = hw_min_size(count, HW_DECODED_TEXTS);
        HW_TRY(hw_delta_read(lengths, scratch, asked, err));
        for (size_t i = 0; i < asked; i++) {
            reader->at += scratch[i];
        }
        count -= asked;
    }
    return HW_OK;
}

/* Takes up to `count` texts, which lie one after the other as they do where they are put. */
static enum hw_status texts_take(struct hw_lengths_reader *reader, size_t count, struct hw_decoded *out,
                                 size_t *out_taken, struct hw_error *err) {
    struct hw_delta_reader before = reader->lengths;
    uint32_t lengths[HW_DECODED_TEXTS];
    size_t bytes = 0;

    HW_TRY(hw_delta_read(&reader->lengths, lengths, count, err));
    HW_TRY(hw_decoded_make_room(out, lengths, count, out_taken, &bytes, err));
    memcpy(out->data->data + out->data->size, reader->at, bytes);
    reader->at += bytes;
    out->data->size += bytes;
    out->count += *out_taken;
    if (*out_taken < count) {
        reader->lengths = before;
        return hw_delta_skip(&reader->lengths, *out_taken, err);
    }
    return HW_OK;
}
