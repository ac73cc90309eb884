/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/value_reader.h"

#include "core/utf8_valid.h"
#include "parquet/leaf_convert.h"

/* The values that are converted at once. */
enum { CONVERTED_AT_ONCE = 4096 };

void hw_value_reader_release(struct hw_value_reader *reader) {
    hw_buf_release(&reader->raw);
    hw_buf_release(&reader->raw_ends);
    hw_buf_release(&reader->expanded);
}

void hw_value_reader_park(struct hw_value_reader *reader) {
    hw_value_reader_release(reader);
}

size_t hw_value_reader_held(const struct hw_value_reader *reader) {
    return reader->raw.capacity + reader->raw_ends.capacity + reader->expanded.capacity;
}

struct hw_decoded_kind hw_leaf_kind(const struct hw_read_leaf *leaf) {
    const bool boolean = leaf->physical == HW_PHYSICAL_BOOLEAN;
    return (struct hw_decoded_kind){leaf->physical, boolean ? 1 : leaf->width};
}

enum hw_status hw_value_reader_begin(struct hw_value_reader *reader, int32_t encoding, size_t count, hw_view bytes,
                                     const struct hw_dictionary_values *dictionary, struct hw_error *err) {
    const struct hw_decoded_kind kind = hw_leaf_kind(reader->leaf);
    reader->decoder = (struct hw_decoder){0}; /* nothing is left of the page before */
    reader->expanded.limit = reader->page_bytes_max + HW_DECODED_PADDING;
    const struct hw_decoder_page page = {
        .encoding = encoding,
        .count = count,
        .bytes = bytes,
        .dictionary = dictionary,
        .scratch = &reader->expanded,
    };
    reader->converted = dictionary && hw_encoding_is_dictionary(encoding);
    reader->look = HW_VALUE_LOOK_DECODE;
    /* Some writers leave out all bytes of a page of nulls, even the width of indices. */
    return count > 0 || bytes.size > 0 ? hw_decoder_begin(&reader->decoder, &kind, &page, err) : HW_OK;
}

enum hw_status hw_value_reader_skip(struct hw_value_reader *reader, size_t count, struct hw_error *err) {
    return count > 0 ? hw_decoder_skip(&reader->decoder, count, err) : HW_OK;
}

/* A call of hw_value_reader_take. */
struct taking {
    struct hw_value_reader *reader;
    size_t data_bytes_max;
    struct hw_leaf_rows *out;
    bool full;
};

static enum hw_status texts_take(struct taking *taking, size_t count, struct hw_error *err);
static enum hw_status fixed_take(struct taking *taking, size_t count, struct hw_error *err);
static enum hw_status converted_take(struct taking *taking, size_t count, struct hw_error *err);

enum hw_status hw_value_reader_take(struct hw_value_reader *reader, size_t count, size_t data_bytes_max,
                                    struct hw_leaf_rows *out, bool *out_full, struct hw_error *err) {
    struct taking taking = {reader, hw_min_size(data_bytes_max, HW_TEXT_BYTES_MAX), out, false};
    reader->look = reader->converted ? HW_VALUE_LOOK_INDEX : HW_VALUE_LOOK_DECODE;
    enum hw_status status = HW_OK;
    if (count > 0 && !reader->converted && hw_leaf_converts(reader->leaf)) {
        status = converted_take(&taking, count, err);
    } else if (count > 0) {
        status = out->width == 0 ? texts_take(&taking, count, err) : fixed_take(&taking, count, err);
    }
    *out_full = *out_full || taking.full;
    return status;
}

static enum hw_status values_short(size_t count, size_t got, struct hw_error *err) {
    return hw_fail(err, HW_EDATA, "its levels tell of %zu values more than it has", count - got);
}

static enum hw_status fixed_take(struct taking *taking, size_t count, struct hw_error *err) {
    struct hw_value_reader *reader = taking->reader;
    struct hw_leaf_rows *out = taking->out;
    HW_TRY(hw_buf_reserve(&out->values, count * out->width + HW_DECODED_PADDING, err));
    struct hw_decoded decoded = {.values = out->values.data + out->values.size};
    HW_TRY(hw_decoder_read(&reader->decoder, count, &decoded, err));
    if (decoded.count < count) {
        return values_short(count, decoded.count, err);
    }
    if (!reader->converted) {
        reader->look = HW_VALUE_LOOK_RANGE;
        HW_TRY(hw_leaf_check(reader->leaf, decoded.values, count, err));
    }
    out->values.size += count * out->width;
    out->count += count;
    return HW_OK;
}

/* Checks that each text is UTF-8 for itself: all of them together are, and none begins inside. */
static enum hw_status texts_check(const struct hw_read_leaf *leaf, const struct hw_leaf_rows *out, size_t from,
                                  size_t count, struct hw_error *err) {
    const enum hw_kind kind = leaf->field->type.kind;
    if (kind != HW_KIND_TEXT && kind != HW_KIND_LARGE_TEXT) {
        return HW_OK;
    }
    const int32_t *ends = (const int32_t *)(const void *)out->offsets.data + from + 1;
    const size_t begin = (size_t)ends[-1];
    const char *data = (const char *)out->data.data;
    size_t wrong = 0;
    bool inside = false;
    for (size_t i = 0; i < count; i++) {
        const size_t next = (size_t)ends[i];
        inside = inside || (next < out->data.size && (data[next] & 0xc0) == 0x80);
    }
    inside = inside || (begin < out->data.size && (data[begin] & 0xc0) == 0x80);
    if (inside || !hw_utf8_valid((hw_view){data + begin, out->data.size - begin}, &wrong)) {
        return hw_fail(err, HW_EDATA, "a text is not UTF-8");
    }
    return HW_OK;
}

static enum hw_status texts_take(struct taking *taking, size_t count, struct hw_error *err) {
    struct hw_value_reader *reader = taking->reader;
    struct hw_leaf_rows *out = taking->out;
    HW_TRY(hw_buf_reserve(&out->offsets, count * sizeof(int32_t) + HW_DECODED_PADDING, err));
    struct hw_decoded decoded = {
        .data = &out->data,
        .ends = (int32_t *)(void *)(out->offsets.data + out->offsets.size),
        .data_bytes_max = taking->data_bytes_max,
    };
    HW_TRY(hw_decoder_read(&reader->decoder, count, &decoded, err));
    const size_t before = out->count;
    out->offsets.size += decoded.count * sizeof(int32_t);
    out->count += decoded.count;
    if (decoded.count < count) {
        taking->full = out->data.size >= taking->data_bytes_max;
        return taking->full ? HW_OK : values_short(count, decoded.count, err);
    }
    if (reader->converted) {
        return HW_OK;
    }
    reader->look = HW_VALUE_LOOK_UTF8;
    return texts_check(reader->leaf, out, before, count, err);
}

/* Takes values in portions: in the file's form first, then in that of a batch. */
static enum hw_status converted_take(struct taking *taking, size_t count, struct hw_error *err) {
    struct hw_value_reader *reader = taking->reader;
    const size_t width = hw_leaf_kind(reader->leaf).width;
    while (count > 0) {
        const size_t step = hw_min_size(count, CONVERTED_AT_ONCE);
        reader->look = HW_VALUE_LOOK_DECODE;
        hw_buf_clear(&reader->raw);
        HW_TRY(hw_buf_reserve(&reader->raw, step * width + HW_DECODED_PADDING, err));
        HW_TRY(hw_buf_reserve(&reader->raw_ends, step * sizeof(int32_t) + HW_DECODED_PADDING, err));
        struct hw_decoded decoded = {
            .values = reader->raw.data,
            .data = &reader->raw,
            .ends = (int32_t *)(void *)reader->raw_ends.data,
            .data_bytes_max = HW_TEXT_BYTES_MAX,
        };
        HW_TRY(hw_decoder_read(&reader->decoder, step, &decoded, err));
        if (decoded.count < step) {
            return values_short(step, decoded.count, err);
        }
        const struct hw_leaf_values values = {step, reader->raw.data, decoded.ends};
        reader->look = HW_VALUE_LOOK_RANGE;
        HW_TRY(hw_leaf_convert(reader->leaf, &values, taking->out, err));
        count -= step;
    }
    return HW_OK;
}
