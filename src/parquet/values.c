/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/values.h"

#include "parquet/convert.h"
#include "table/bits.h"

enum { WORD_BITS = 64, DECIMAL_BYTES = 16, VALUE_BYTES_MAX = 32 };

/* Appends `slice->rows - slice->nulls` values. There is room for slice->rows. */
typedef enum hw_status append_fn(uint8_t *out, const struct hw_leaf *leaf, const struct hw_slice *slice,
                                 struct hw_error *err);

static append_fn append_bools, append_words4, append_words8, append_fixed, append_decimals, append_converted;
static enum hw_status append_texts(struct hw_values *values, const struct hw_slice *slice, struct hw_error *err);
static void decimals_narrow(uint8_t *out, size_t width, const uint8_t *decimals, size_t count);
static bool decimal_fits(const uint8_t *decimal, size_t width);
static struct hw_slice slice_part(const struct hw_slice *slice, size_t at);
static uint64_t bits_spread(uint8_t bits);

void hw_values_release(struct hw_values *values) {
    hw_buf_release(&values->data);
    hw_buf_release(&values->lengths);
    values->count = 0;
}

void hw_values_clear(struct hw_values *values) {
    hw_buf_clear(&values->data);
    hw_buf_clear(&values->lengths);
    values->count = 0;
}

size_t hw_values_held(const struct hw_values *values) {
    return values->data.capacity + values->lengths.capacity;
}

size_t hw_values_plain_bytes(const struct hw_values *values, const struct hw_leaf *leaf) {
    switch (leaf->lane) {
    case HW_LANE_BOOL:
        return (values->count + 7) / 8;
    case HW_LANE_TEXT:
        return values->data.size + values->lengths.size;
    default:
        return values->data.size;
    }
}

enum hw_status hw_values_append(struct hw_values *values, const struct hw_leaf *leaf, const struct hw_slice *slice,
                                struct hw_error *err) {
    static append_fn *const by_kind[HW_KIND_COUNT] = {
        [HW_KIND_BOOL] = append_bools,       [HW_KIND_INT32] = append_words4,  [HW_KIND_UINT32] = append_words4,
        [HW_KIND_INT64] = append_words8,     [HW_KIND_UINT64] = append_words8, [HW_KIND_HALF] = append_fixed,
        [HW_KIND_FLOAT] = append_words4,     [HW_KIND_DOUBLE] = append_words8, [HW_KIND_DECIMAL] = append_decimals,
        [HW_KIND_DATE] = append_words4,      [HW_KIND_TIME32] = append_words4, [HW_KIND_TIME64] = append_words8,
        [HW_KIND_TIMESTAMP] = append_words8, [HW_KIND_UUID] = append_fixed,    [HW_KIND_DURATION] = append_words8,
        [HW_KIND_FIXED] = append_fixed,
    };
    size_t valid = slice->rows - slice->nulls;

    if (valid == 0) {
        return HW_OK;
    }
    if (leaf->lane == HW_LANE_TEXT) {
        return append_texts(values, slice, err);
    }
    size_t room;
    if (!hw_mul(slice->rows, leaf->width, &room) || !hw_add(room, (size_t)HW_VALUES_PADDING, &room)) {
        return hw_fail(err, HW_ELIMIT, "a batch of %zu rows is too large", slice->rows);
    }
    HW_TRY(hw_buf_reserve(&values->data, room, err));
    append_fn *append = hw_convert_of(leaf->field->type) ? append_converted : by_kind[leaf->field->type.kind];
    HW_TRY(append(values->data.data + values->data.size, leaf, slice, err));
    values->data.size += valid * leaf->width;
    values->count += valid;
    return HW_OK;
}

enum hw_status hw_values_append_rows(struct hw_values *values, const struct hw_leaf *leaf,
                                     const struct hw_leaf_rows *rows, size_t from, size_t count, struct hw_error *err) {
    const uint8_t *data = rows->values.data + from * leaf->width;
    size_t bytes = count * leaf->width;
    if (count == 0) {
        return HW_OK;
    }
    if (leaf->lane == HW_LANE_TEXT) {
        const int32_t *places = (const int32_t *)(const void *)rows->offsets.data + from;
        HW_TRY(hw_buf_reserve(&values->lengths, count * sizeof(uint32_t), err));
        uint32_t *lengths = (uint32_t *)(void *)(values->lengths.data + values->lengths.size);
        for (size_t i = 0; i < count; i++) {
            lengths[i] = (uint32_t)(places[i + 1] - places[i]);
        }
        values->lengths.size += count * sizeof(uint32_t);
        data = rows->data.data + places[0];
        bytes = (size_t)(places[count] - places[0]);
    }
    HW_TRY(hw_buf_reserve(&values->data, bytes + HW_VALUES_PADDING, err));
    HW_TRY(hw_buf_append(&values->data, data, bytes, err));
    values->count += count;
    return HW_OK;
}

enum hw_status hw_values_copy(struct hw_values *values, const struct hw_leaf *leaf, const struct hw_values_run *run,
                              struct hw_error *err) {
    const uint8_t *data = run->of->data.data + run->from * leaf->width;
    size_t bytes = run->count * leaf->width;

    if (leaf->lane == HW_LANE_TEXT) {
        const uint32_t *lengths = hw_values_lengths(run->of) + run->from;
        data = run->of->data.data + run->text_at;
        for (size_t i = 0; i < run->count; i++) {
            bytes += lengths[i];
        }
        HW_TRY(hw_buf_append(&values->lengths, lengths, run->count * sizeof(*lengths), err));
    }
    HW_TRY(hw_buf_reserve(&values->data, bytes + HW_VALUES_PADDING, err));
    HW_TRY(hw_buf_append(&values->data, data, bytes, err));
    values->count += run->count;
    return HW_OK;
}

/*
 * Copies the values of the slice, which begin at `from`, whose validity bit is set. A constant
 * width makes each copy one move.
 */
static inline __attribute__((always_inline)) void compact(uint8_t *out, const uint8_t *from, size_t width,
                                                          const struct hw_slice *slice) {
    if (slice->nulls == 0) {
        memcpy(out, from, slice->rows * width);
        return;
    }
    for (size_t at = 0; at < slice->rows; at += WORD_BITS) {
        unsigned n = (unsigned)hw_min_size(WORD_BITS, slice->rows - at);
        uint64_t bits = hw_bits_load(slice->column->validity, slice->from + at, n);
        if (bits == UINT64_MAX) {
            memcpy(out, from + at * width, WORD_BITS * width);
            out += WORD_BITS * width;
            continue;
        }
        for (; bits != 0; bits &= bits - 1) {
            memcpy(out, from + (at + (unsigned)__builtin_ctzll(bits)) * width, width);
            out += width;
        }
    }
}

static enum hw_status append_words4(uint8_t *out, const struct hw_leaf *leaf, const struct hw_slice *slice,
                                    struct hw_error *err) {
    (void)leaf;
    (void)err;
    compact(out, (const uint8_t *)slice->column->values + slice->from * 4, 4, slice);
    return HW_OK;
}

static enum hw_status append_words8(uint8_t *out, const struct hw_leaf *leaf, const struct hw_slice *slice,
                                    struct hw_error *err) {
    (void)leaf;
    (void)err;
    compact(out, (const uint8_t *)slice->column->values + slice->from * 8, 8, slice);
    return HW_OK;
}

/* Values of 2 and 16 bytes are the common ones. */
static enum hw_status append_fixed(uint8_t *out, const struct hw_leaf *leaf, const struct hw_slice *slice,
                                   struct hw_error *err) {
    const uint8_t *from = (const uint8_t *)slice->column->values + slice->from * leaf->width;
    (void)err;
    if (leaf->width == 16) {
        compact(out, from, 16, slice);
    } else if (leaf->width == 2) {
        compact(out, from, 2, slice);
    } else {
        compact(out, from, leaf->width, slice);
    }
    return HW_OK;
}

/* Gathers values that are not null in a block, which is then converted. */
static enum hw_status append_converted(uint8_t *out, const struct hw_leaf *leaf, const struct hw_slice *slice,
                                       struct hw_error *err) {
    hw_convert_fn *convert = hw_convert_of(leaf->field->type);
    const size_t bytes = hw_kind_bytes(leaf->field->type.kind);
    uint8_t block[WORD_BITS * VALUE_BYTES_MAX];

    for (size_t at = 0; at < slice->rows; at += WORD_BITS) {
        struct hw_slice part = slice_part(slice, at);
        size_t valid = part.rows - part.nulls;
        compact(block, (const uint8_t *)slice->column->values + part.from * bytes, bytes, &part);
        HW_TRY(convert(out, leaf, block, valid, err));
        out += valid * leaf->width;
    }
    return HW_OK;
}

/* Appends bits as bytes, a block at a time. */
static enum hw_status append_bools(uint8_t *out, const struct hw_leaf *leaf, const struct hw_slice *slice,
                                   struct hw_error *err) {
    uint8_t block[WORD_BITS];

    (void)leaf;
    (void)err;
    for (size_t at = 0; at < slice->rows; at += WORD_BITS) {
        struct hw_slice part = slice_part(slice, at);
        uint64_t bits = hw_bits_load(slice->column->values, part.from, (unsigned)part.rows);
        for (size_t i = 0; i < WORD_BITS; i += 8) {
            hw_store_le64(block + i, bits_spread((uint8_t)(bits >> i)));
        }
        compact(out, block, 1, &part);
        out += part.rows - part.nulls;
    }
    return HW_OK;
}

/* Returns the rows of the slice from its `at`-th on, WORD_BITS at most. */
static struct hw_slice slice_part(const struct hw_slice *slice, size_t at) {
    struct hw_slice part = {slice->column, slice->from + at, hw_min_size(WORD_BITS, slice->rows - at), 0};

    if (slice->nulls > 0) {
        part.nulls = part.rows - hw_bits_count(slice->column->validity, part.from, part.rows);
    }
    return part;
}

/* Makes byte i of bit i of `bits`, 0 or 1. */
static uint64_t bits_spread(uint8_t bits) {
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t each = bits * ones & UINT64_C(0x8040201008040201);
    return (each + 0x7f * ones) >> 7 & ones;
}

/* Appends decimals, which come as 16 bytes and are narrowed a block at a time. */
static enum hw_status append_decimals(uint8_t *out, const struct hw_leaf *leaf, const struct hw_slice *slice,
                                      struct hw_error *err) {
    const uint8_t *decimals = slice->column->values;
    uint8_t block[WORD_BITS * DECIMAL_BYTES] = {0};

    for (size_t at = 0; at < slice->rows; at += WORD_BITS) {
        struct hw_slice part = slice_part(slice, at);
        size_t valid = part.rows - part.nulls;
        compact(block, decimals + part.from * DECIMAL_BYTES, DECIMAL_BYTES, &part);
        for (size_t i = 0; i < valid; i++) {
            if (HW_UNLIKELY(!decimal_fits(block + i * DECIMAL_BYTES, leaf->width))) {
                return hw_fail(err, HW_EDATA, "a decimal has more than its %d digits", leaf->field->type.precision);
            }
        }
        decimals_narrow(out, leaf->width, block, valid);
        if (leaf->lane == HW_LANE_FIXED) {
            /* A fixed lane is big-endian. */
            for (size_t i = 0; i < valid; i++) {
                for (size_t k = 0; k < leaf->width; k++) {
                    out[i * leaf->width + k] = block[i * DECIMAL_BYTES + leaf->width - 1 - k];
                }
            }
        }
        out += valid * leaf->width;
    }
    return HW_OK;
}

/*
 * Copies the low `width` bytes of each value. For 4 and 8 bytes the compiler makes plain moves of
 * them.
 */
static void decimals_narrow(uint8_t *out, size_t width, const uint8_t *decimals, size_t count) {
    if (width == 8) {
        for (size_t i = 0; i < count; i++) {
            memcpy(out + i * 8, decimals + i * DECIMAL_BYTES, 8);
        }
    } else if (width == 4) {
        for (size_t i = 0; i < count; i++) {
            memcpy(out + i * 4, decimals + i * DECIMAL_BYTES, 4);
        }
    }
}

/* Returns whether the bytes above `width` are the sign of the ones below. */
static bool decimal_fits(const uint8_t *decimal, size_t width) {
    int64_t low = (int64_t)hw_load_le64(decimal);
    int64_t high = (int64_t)hw_load_le64(decimal + 8);

    if (width <= 8) {
        int64_t sign = width == 4 ? (int64_t)(int32_t)low : low;
        return sign == low && high == low >> 63;
    }
    unsigned unused = (unsigned)(DECIMAL_BYTES - width) * 8;
    return (int64_t)((uint64_t)high << unused) >> unused == high;
}

static size_t lengths_of(const struct hw_slice *slice, uint32_t *lengths, uint64_t *out_bytes);
static enum hw_status texts_gather(struct hw_values *values, const struct hw_slice *slice, struct hw_error *err);

/*
 * Appends texts. If the texts of nulls are empty, as in batches of our own, the bytes of a slice
 * are one piece, else they are gathered.
 */
static enum hw_status append_texts(struct hw_values *values, const struct hw_slice *slice, struct hw_error *err) {
    const struct hw_column *column = slice->column;
    const size_t begin = hw_column_begin(column, slice->from);
    const size_t bytes = hw_column_begin(column, slice->from + slice->rows) - begin;
    uint64_t valid_bytes;

    /* Lengths can say no more, and a page cannot have as much. */
    if (bytes > UINT32_MAX) {
        return hw_fail(err, HW_ELIMIT, "texts of %zu bytes are too many for a page", bytes);
    }
    HW_TRY(hw_buf_reserve(&values->lengths, slice->rows * sizeof(uint32_t), err));
    HW_TRY(hw_buf_reserve(&values->data, bytes + HW_VALUES_PADDING, err));
    uint32_t *lengths = (uint32_t *)(void *)(values->lengths.data + values->lengths.size);
    size_t valid = lengths_of(slice, lengths, &valid_bytes);
    values->lengths.size += valid * sizeof(uint32_t);
    values->count += valid;
    if (HW_UNLIKELY(valid_bytes != bytes)) {
        return texts_gather(values, slice, err);
    }
    return hw_buf_append(&values->data, column->data + begin, bytes, err);
}

/*
 * Writes the lengths of a slice with nulls or with large offsets. It is compiled for either kind of
 * offsets.
 */
static inline __attribute__((always_inline)) size_t lengths_pick(const struct hw_slice *slice, bool large,
                                                                 uint32_t *lengths, uint64_t *out_bytes) {
    const struct hw_column *column = slice->column;
    uint64_t bytes = 0;
    size_t valid = 0;
    for (size_t at = 0; at < slice->rows; at += WORD_BITS) {
        unsigned n = (unsigned)hw_min_size(WORD_BITS, slice->rows - at);
        uint64_t ones = n < WORD_BITS ? (UINT64_C(1) << n) - 1 : UINT64_MAX;
        uint64_t bits = slice->nulls > 0 ? hw_bits_load(column->validity, slice->from + at, n) : ones;
        for (; bits != 0; bits &= bits - 1) {
            size_t i = slice->from + at + (unsigned)__builtin_ctzll(bits);
            uint32_t length = large ? (uint32_t)(column->large_offsets[i + 1] - column->large_offsets[i])
                                    : (uint32_t)(column->offsets[i + 1] - column->offsets[i]);
            lengths[valid++] = length;
            bytes += length;
        }
    }
    *out_bytes = bytes;
    return valid;
}

/* Writes the lengths of the texts that are not null, and returns their number. */
static size_t lengths_of(const struct hw_slice *slice, uint32_t *lengths, uint64_t *out_bytes) {
    if (slice->column->large_offsets) {
        return lengths_pick(slice, true, lengths, out_bytes);
    }
    if (slice->nulls > 0) {
        return lengths_pick(slice, false, lengths, out_bytes);
    }
    const int32_t *offsets = slice->column->offsets + slice->from;
    for (size_t i = 0; i < slice->rows; i++) {
        lengths[i] = (uint32_t)(offsets[i + 1] - offsets[i]);
    }
    *out_bytes = (uint64_t)(offsets[slice->rows] - offsets[0]);
    return slice->rows;
}

static enum hw_status texts_gather(struct hw_values *values, const struct hw_slice *slice, struct hw_error *err) {
    const struct hw_column *column = slice->column;
    for (size_t i = slice->from; i < slice->from + slice->rows; i++) {
        if ((column->validity[i >> 3] >> (i & 7) & 1) != 0) {
            size_t begin = hw_column_begin(column, i);
            HW_TRY(hw_buf_append(&values->data, column->data + begin, hw_column_begin(column, i + 1) - begin, err));
        }
    }
    return HW_OK;
}
