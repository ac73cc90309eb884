/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why this is fast: the indices of a step are checked by their maximum first, so that nothing
 * branches where values are gathered.
 */
#include "parquet/decode_dictionary.h"

#include "parquet/unpack.h"

enum { WIDTH_MAX = 32, INDICES = 1024 };

static enum hw_status fixed_read(struct hw_rle_reader *reader, const struct hw_dictionary_values *values, size_t count,
                                 uint8_t *to, struct hw_error *err);
static void gather_any(const struct hw_dictionary_values *values, const uint32_t *indices, size_t count, uint8_t *to);
static enum hw_status texts_take(struct hw_rle_reader *reader, const struct hw_dictionary_values *values, size_t count,
                                 struct hw_decoded *out, size_t *out_taken, struct hw_error *err);
static void texts_copy(const struct hw_dictionary_values *values, const uint32_t *indices, size_t count,
                       const uint32_t *lengths, uint8_t *to);
static enum hw_status indices_check(const uint32_t *indices, size_t count, size_t dictionary_count,
                                    struct hw_error *err);

enum hw_status hw_indices_init(struct hw_rle_reader *reader, hw_view bytes, struct hw_error *err) {
    if (bytes.size == 0) {
        return hw_fail(err, HW_EDATA, "the width of the indices is missing");
    }
    const uint8_t width = (uint8_t)bytes.data[0];
    if (width > WIDTH_MAX) {
        return hw_fail(err, HW_EDATA, "indices have %u bits, but they have at most 32", width);
    }
    hw_rle_reader_init(reader, (hw_view){bytes.data + 1, bytes.size - 1}, width);
    return HW_OK;
}

enum hw_status hw_indices_read(struct hw_rle_reader *reader, const struct hw_dictionary_values *values, size_t count,
                               struct hw_decoded *out, struct hw_error *err) {
    bool full = false;

    if (values->width > 0) {
        HW_TRY(fixed_read(reader, values, count, out->values, err));
        out->count = count;
        return HW_OK;
    }
    out->count = 0;
    while (out->count < count && !full) {
        size_t asked = hw_min_size(count - out->count, HW_DECODED_TEXTS);
        size_t taken = 0;
        HW_TRY(texts_take(reader, values, asked, out, &taken, err));
        full = taken < asked;
    }
    return HW_OK;
}

static enum hw_status fixed_read(struct hw_rle_reader *reader, const struct hw_dictionary_values *values, size_t count,
                                 uint8_t *to, struct hw_error *err) {
    while (count > 0) {
        uint32_t indices[INDICES];
        size_t step = hw_min_size(count, INDICES);
        HW_TRY(hw_rle_read(reader, indices, step, err));
        HW_TRY(indices_check(indices, step, values->count, err));
        gather_any(values, indices, step, to);
        to += step * values->width;
        count -= step;
    }
    return HW_OK;
}

/* Copies values of `width` bytes from their places. Inlined where the width is a constant. */
static inline __attribute__((always_inline)) void gather(const uint8_t *values, size_t width, const uint32_t *indices,
                                                         size_t count, uint8_t *to) {
    for (size_t i = 0; i < count; i++) {
        memcpy(to + i * width, values + indices[i] * width, width);
    }
}

static void gather_any(const struct hw_dictionary_values *values, const uint32_t *indices, size_t count, uint8_t *to) {
    switch (values->width) {
    case 1:
        gather(values->values, 1, indices, count, to);
        break;
    case 2:
        gather(values->values, 2, indices, count, to);
        break;
    case 4:
        gather(values->values, 4, indices, count, to);
        break;
    case 8:
        gather(values->values, 8, indices, count, to);
        break;
    case 16:
        gather(values->values, 16, indices, count, to);
        break;
    default:
        gather(values->values, values->width, indices, count, to);
        break;
    }
}

/* Takes up to `count` texts, HW_DECODED_TEXTS at most. */
static enum hw_status texts_take(struct hw_rle_reader *reader, const struct hw_dictionary_values *values, size_t count,
                                 struct hw_decoded *out, size_t *out_taken, struct hw_error *err) {
    const struct hw_rle_reader before = *reader;
    uint32_t indices[HW_DECODED_TEXTS];
    uint32_t lengths[HW_DECODED_TEXTS];
    size_t bytes = 0;

    HW_TRY(hw_rle_read(reader, indices, count, err));
    HW_TRY(indices_check(indices, count, values->count, err));
    for (size_t i = 0; i < count; i++) {
        lengths[i] = values->offsets[indices[i] + 1] - values->offsets[indices[i]];
    }
    HW_TRY(hw_decoded_make_room(out, lengths, count, out_taken, &bytes, err));
    assert(*out_taken <= count);
    texts_copy(values, indices, *out_taken, lengths, out->data->data + out->data->size);
    out->data->size += bytes;
    out->count += *out_taken;
    if (*out_taken < count) {
        *reader = before;
        return hw_rle_skip(reader, *out_taken, err);
    }
    return HW_OK;
}

static void texts_copy(const struct hw_dictionary_values *values, const uint32_t *indices, size_t count,
                       const uint32_t *lengths, uint8_t *to) {
    for (size_t i = 0; i < count; i++) {
        to = hw_decoded_copy(to, values->values + values->offsets[indices[i]], lengths[i]);
    }
}

static enum hw_status indices_check(const uint32_t *indices, size_t count, size_t dictionary_count,
                                    struct hw_error *err) {
    const uint32_t largest = hw_unpacker()->largest(indices, count);
    if (HW_UNLIKELY(largest >= dictionary_count)) {
        return hw_fail(err, HW_EDATA, "an index is %" PRIu32 ", but the dictionary has %zu values", largest,
                       dictionary_count);
    }
    return HW_OK;
}
