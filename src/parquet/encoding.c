/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/encoding.h"

#include "parquet/delta.h"
#include "parquet/pack.h"
#include "parquet/prefixes.h"
#include "parquet/rle.h"
#include "parquet/split.h"

typedef enum hw_status encode_fn(const struct hw_leaf *leaf, const struct hw_values *values, struct hw_buf *out,
                                 struct hw_error *err);

static encode_fn encode_plain, encode_rle, encode_delta, encode_delta_length, encode_split;
static enum hw_status plain_texts(const struct hw_values *values, struct hw_buf *out, struct hw_error *err);
static enum hw_status pack_bools(const struct hw_values *values, struct hw_buf *out, struct hw_error *err);

enum { RLE_LENGTH_BYTES = 4, TEXT_LENGTH_BYTES = 4 };

enum hw_status hw_encode(enum hw_encoding encoding, const struct hw_leaf *leaf, const struct hw_values *values,
                         struct hw_buf *out, struct hw_error *err) {
    static encode_fn *const by_encoding[HW_ENCODING_COUNT] = {
        [HW_ENCODING_PLAIN] = encode_plain,
        [HW_ENCODING_RLE] = encode_rle,
        [HW_ENCODING_DELTA_BINARY_PACKED] = encode_delta,
        [HW_ENCODING_DELTA_LENGTH_BYTE_ARRAY] = encode_delta_length,
        [HW_ENCODING_DELTA_BYTE_ARRAY] = hw_prefixes_encode,
        [HW_ENCODING_BYTE_STREAM_SPLIT] = encode_split,
    };
    assert(by_encoding[encoding]);
    return by_encoding[encoding](leaf, values, out, err);
}

/* Returns those that are neither plain nor dictionary, by readers of today or by any. */
static unsigned further_of(const struct hw_leaf *leaf, bool max) {
    const unsigned split = 1u << HW_ENCODING_BYTE_STREAM_SPLIT;
    const unsigned prefixes = 1u << HW_ENCODING_DELTA_BYTE_ARRAY;

    if (leaf->lane == HW_LANE_TEXT) {
        return 1u << HW_ENCODING_DELTA_LENGTH_BYTE_ARRAY | (max ? prefixes : 0);
    }
    if (leaf->order == HW_ORDER_SIGNED || leaf->order == HW_ORDER_UNSIGNED) {
        return 1u << HW_ENCODING_DELTA_BINARY_PACKED | (max ? split : 0);
    }
    if (leaf->order == HW_ORDER_DOUBLE || leaf->order == HW_ORDER_FLOAT) {
        return split;
    }
    /* Halves, and decimals of many bytes, are fixed-length values to a reader. INT96 is not. */
    return max && leaf->physical == HW_PHYSICAL_FIXED ? split | prefixes : 0;
}

unsigned hw_encodings_of(const struct hw_leaf *leaf, enum hw_parquet_encodings allowed) {
    const unsigned plain = 1u << HW_ENCODING_PLAIN;

    if (leaf->lane == HW_LANE_BOOL) {
        return allowed == HW_PARQUET_COMPAT ? plain : plain | 1u << HW_ENCODING_RLE;
    }
    const unsigned further =
        allowed == HW_PARQUET_COMPAT || leaf->dictionary_only ? 0 : further_of(leaf, allowed == HW_PARQUET_MAX);
    return plain | 1u << HW_ENCODING_RLE_DICTIONARY | further;
}

static enum hw_status encode_plain(const struct hw_leaf *leaf, const struct hw_values *values, struct hw_buf *out,
                                   struct hw_error *err) {
    switch (leaf->lane) {
    case HW_LANE_BOOL:
        return pack_bools(values, out, err);
    case HW_LANE_TEXT:
        return plain_texts(values, out, err);
    default:
        return hw_buf_append(out, values->data.data, values->data.size, err);
    }
}

/*
 * Appends texts, each behind its length. Short ones are copied as 16 bytes; the next text
 * overwrites what was too much.
 */
static enum hw_status plain_texts(const struct hw_values *values, struct hw_buf *out, struct hw_error *err) {
    const uint32_t *lengths = hw_values_lengths(values);
    const uint8_t *from = values->data.data;

    HW_TRY(hw_buf_reserve(out, values->data.size + values->lengths.size + HW_VALUES_PADDING, err));
    uint8_t *to = out->data + out->size;
    for (size_t i = 0; i < values->count; i++) {
        size_t bytes = lengths[i];
        hw_store_le32(to, lengths[i]);
        to += TEXT_LENGTH_BYTES;
        if (HW_LIKELY(bytes <= HW_VALUES_PADDING)) {
            memcpy(to, from, HW_VALUES_PADDING);
        } else {
            memcpy(to, from, bytes);
        }
        to += bytes;
        from += bytes;
    }
    out->size += values->data.size + values->lengths.size;
    return HW_OK;
}

/*
 * Appends booleans behind the length that levels have too. Their bitmap is made behind the output.
 */
static enum hw_status encode_rle(const struct hw_leaf *leaf, const struct hw_values *values, struct hw_buf *out,
                                 struct hw_error *err) {
    size_t room = RLE_LENGTH_BYTES + hw_rle_bits_bound(values->count);
    size_t length_at = out->size;

    (void)leaf;
    HW_TRY(hw_buf_reserve(out, room + (values->count + 7) / 8, err));
    uint8_t *bitmap = out->data + out->size + room;
    hw_pack_bools(values->data.data, values->count, bitmap);
    out->size += RLE_LENGTH_BYTES;
    HW_TRY(hw_rle_encode_bits(bitmap, values->count, out, err));
    hw_store_le32(out->data + length_at, (uint32_t)(out->size - length_at - RLE_LENGTH_BYTES));
    return HW_OK;
}

static enum hw_status encode_delta(const struct hw_leaf *leaf, const struct hw_values *values, struct hw_buf *out,
                                   struct hw_error *err) {
    return hw_delta_encode(values->data.data, values->count, leaf->width, out, err);
}

/* Appends all lengths, then all bytes (Encodings.md), which lie that way already. */
static enum hw_status encode_delta_length(const struct hw_leaf *leaf, const struct hw_values *values,
                                          struct hw_buf *out, struct hw_error *err) {
    (void)leaf;
    HW_TRY(hw_delta_encode(values->lengths.data, values->count, sizeof(uint32_t), out, err));
    return hw_buf_append(out, values->data.data, values->data.size, err);
}

static enum hw_status encode_split(const struct hw_leaf *leaf, const struct hw_values *values, struct hw_buf *out,
                                   struct hw_error *err) {
    HW_TRY(hw_buf_reserve(out, values->data.size, err));
    hw_split_encode(values->data.data, values->count, leaf->width, out->data + out->size);
    out->size += values->data.size;
    return HW_OK;
}

static enum hw_status pack_bools(const struct hw_values *values, struct hw_buf *out, struct hw_error *err) {
    size_t bytes = (values->count + 7) / 8;

    HW_TRY(hw_buf_reserve(out, bytes, err));
    hw_pack_bools(values->data.data, values->count, out->data + out->size);
    out->size += bytes;
    return HW_OK;
}
