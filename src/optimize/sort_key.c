/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/sort_key.h"

#include "parquet/int96.h"
#include "parquet/leaf_raw.h"

enum {
    /* The first byte of the key of a column that can be null. */
    KEY_NULL_FIRST = 0,
    KEY_VALUE = 1,
    KEY_NULL_LAST = 2,
    /* The bytes of a key of a number, but for those of any length. */
    NUMBER_BYTES_MAX = 16,
};

/* Writes the key of a value. Returns its bytes. */
typedef size_t number_fn(const uint8_t *value, uint8_t *key);
/* Appends the key of a value. */
typedef enum hw_status bytes_fn(hw_view value, struct hw_buf *out, struct hw_error *err);

static number_fn bool_key, int32_key, int64_key, uint32_key, uint64_key, half_key, float_key, double_key, int96_key;
static bytes_fn fixed_key, fixed_number_key, text_key, text_number_key;

static const struct {
    size_t width;
    number_fn *number;
    bytes_fn *bytes;
} forms[HW_SORT_FORM_COUNT] = {
    [HW_SORT_BOOL] = {1, bool_key, NULL},
    [HW_SORT_INT32] = {4, int32_key, NULL},
    [HW_SORT_INT64] = {8, int64_key, NULL},
    [HW_SORT_UINT32] = {4, uint32_key, NULL},
    [HW_SORT_UINT64] = {8, uint64_key, NULL},
    [HW_SORT_HALF] = {2, half_key, NULL},
    [HW_SORT_FLOAT] = {4, float_key, NULL},
    [HW_SORT_DOUBLE] = {8, double_key, NULL},
    [HW_SORT_INT96] = {HW_INT96_BYTES, int96_key, NULL},
    [HW_SORT_FIXED] = {0, NULL, fixed_key},
    [HW_SORT_FIXED_NUMBER] = {0, NULL, fixed_number_key},
    [HW_SORT_BYTES] = {0, NULL, text_key},
    [HW_SORT_BYTES_NUMBER] = {0, NULL, text_number_key},
};

/* ------ forms */

static bool is_unsigned(enum hw_kind kind) {
    return kind == HW_KIND_UINT8 || kind == HW_KIND_UINT16 || kind == HW_KIND_UINT32 || kind == HW_KIND_UINT64;
}

static enum hw_sort_form form_of(const struct hw_read_leaf *source, enum hw_physical physical) {
    static const enum hw_sort_form by_physical[HW_PHYSICAL_COUNT] = {
        [HW_PHYSICAL_BOOLEAN] = HW_SORT_BOOL, [HW_PHYSICAL_INT32] = HW_SORT_INT32,
        [HW_PHYSICAL_INT64] = HW_SORT_INT64,  [HW_PHYSICAL_INT96] = HW_SORT_INT96,
        [HW_PHYSICAL_FLOAT] = HW_SORT_FLOAT,  [HW_PHYSICAL_DOUBLE] = HW_SORT_DOUBLE,
        [HW_PHYSICAL_FIXED] = HW_SORT_FIXED,  [HW_PHYSICAL_BYTE_ARRAY] = HW_SORT_BYTES,
    };
    const bool number = source->form == HW_LEAF_BYTES_DECIMAL;
    const bool no_sign = is_unsigned(source->field->type.kind);
    switch (physical) {
    case HW_PHYSICAL_INT32:
        return no_sign ? HW_SORT_UINT32 : HW_SORT_INT32;
    case HW_PHYSICAL_INT64:
        return no_sign ? HW_SORT_UINT64 : HW_SORT_INT64;
    case HW_PHYSICAL_FIXED:
        return source->field->type.kind == HW_KIND_HALF ? HW_SORT_HALF : number ? HW_SORT_FIXED_NUMBER : HW_SORT_FIXED;
    case HW_PHYSICAL_BYTE_ARRAY:
        return number ? HW_SORT_BYTES_NUMBER : HW_SORT_BYTES;
    default:
        return by_physical[physical];
    }
}

const char *hw_sort_key_of(const struct hw_read_leaf *source, const struct hw_read_leaf *written,
                           struct hw_sort_key *out_key) {
    const bool instant = source->physical == HW_PHYSICAL_INT96;
    /* Decimals on bytes of any length have an order, although no statistics. */
    const bool number = source->form == HW_LEAF_BYTES_DECIMAL || source->form == HW_LEAF_NULL;
    if (source->rep_max > 0) {
        return "it is in a list or map, of which a row may have any number of values";
    }
    if (!instant && !number && hw_leaf_raw_order(source) == HW_ORDER_NONE) {
        return "values of its type have no order";
    }
    out_key->form = form_of(source, written->physical);
    out_key->width = forms[out_key->form].width ? forms[out_key->form].width : written->width;
    out_key->def_max = written->def_max;
    return NULL;
}

/* ------ keys */

static enum hw_status null_add(const struct hw_sort_key *key, struct hw_leaf_rows *keys, struct hw_error *err);
static enum hw_status value_add(const struct hw_sort_key *key, hw_view value, struct hw_leaf_rows *keys,
                                struct hw_error *err);
static enum hw_status key_end(const struct hw_sort_key *key, size_t begun, struct hw_leaf_rows *keys,
                              struct hw_error *err);

enum hw_status hw_sort_keys_add(const struct hw_sort_key *key, const struct hw_leaf_rows *rows,
                                struct hw_leaf_rows *keys, struct hw_error *err) {
    const int32_t *places = (const int32_t *)(const void *)rows->offsets.data;
    size_t value = 0;
    for (size_t i = 0; i < rows->rows; i++) {
        if (rows->defs.size > 0 && rows->defs.data[i] < key->def_max) {
            HW_TRY(null_add(key, keys, err));
            continue;
        }
        hw_view bytes = {(const char *)rows->values.data + value * rows->width, rows->width};
        if (rows->width == 0) {
            bytes =
                (hw_view){(const char *)rows->data.data + places[value], (size_t)(places[value + 1] - places[value])};
        }
        HW_TRY(value_add(key, bytes, keys, err));
        value++;
    }
    return HW_OK;
}

static enum hw_status null_add(const struct hw_sort_key *key, struct hw_leaf_rows *keys, struct hw_error *err) {
    const char null = key->nulls_first ? KEY_NULL_FIRST : KEY_NULL_LAST;
    return hw_leaf_rows_text(keys, (hw_view){&null, 1}, err);
}

static enum hw_status value_add(const struct hw_sort_key *key, hw_view value, struct hw_leaf_rows *keys,
                                struct hw_error *err) {
    const size_t begun = keys->data.size;
    uint8_t number[NUMBER_BYTES_MAX];
    HW_TRY(key->def_max > 0 ? hw_buf_append_byte(&keys->data, KEY_VALUE, err) : HW_OK);
    if (forms[key->form].bytes) {
        HW_TRY(forms[key->form].bytes(value, &keys->data, err));
    } else {
        const size_t bytes = forms[key->form].number((const uint8_t *)value.data, number);
        HW_TRY(hw_buf_append(&keys->data, number, bytes, err));
    }
    return key_end(key, begun, keys, err);
}

/* Turns the bytes of a value over where greater ones come first. */
static enum hw_status key_end(const struct hw_sort_key *key, size_t begun, struct hw_leaf_rows *keys,
                              struct hw_error *err) {
    for (size_t i = begun + (key->def_max > 0); key->descending && i < keys->data.size; i++) {
        keys->data.data[i] = (uint8_t)~keys->data.data[i];
    }
    if (keys->data.size > INT32_MAX) {
        return hw_fail(err, HW_ELIMIT, "the keys of rows come to more than 2 GiB at once");
    }
    const int32_t end = (int32_t)keys->data.size;
    keys->count++;
    return hw_buf_append(&keys->offsets, &end, sizeof(end), err);
}

/* ------ numbers, the highest byte first and signs turned over */

static size_t put32(uint32_t number, uint8_t *key) {
    number = __builtin_bswap32(number);
    memcpy(key, &number, sizeof(number));
    return sizeof(number);
}

static size_t put64(uint64_t number, uint8_t *key) {
    number = __builtin_bswap64(number);
    memcpy(key, &number, sizeof(number));
    return sizeof(number);
}

static size_t bool_key(const uint8_t *value, uint8_t *key) {
    key[0] = value[0];
    return 1;
}

static size_t int32_key(const uint8_t *value, uint8_t *key) {
    return put32(hw_load_le32(value) ^ UINT32_C(1) << 31, key);
}

static size_t int64_key(const uint8_t *value, uint8_t *key) {
    return put64(hw_load_le64(value) ^ UINT64_C(1) << 63, key);
}

static size_t uint32_key(const uint8_t *value, uint8_t *key) {
    return put32(hw_load_le32(value), key);
}

static size_t uint64_key(const uint8_t *value, uint8_t *key) {
    return put64(hw_load_le64(value), key);
}

/*
 * Returns the bits of a float in the order of its numbers. `infinity` has the bits of infinity, and
 * `sign` is the highest of the format's bits.
 */
static uint64_t real_bits(uint64_t bits, uint64_t infinity, uint64_t sign) {
    const uint64_t size = bits & (sign - 1);
    if (size > infinity) {
        return sign | (sign - 1); /* NaN, whichever it is */
    }
    if (size == 0) {
        return sign;
    }
    return bits & sign ? sign - 1 - size : sign | size;
}

static size_t half_key(const uint8_t *value, uint8_t *key) {
    const uint64_t bits = real_bits((uint64_t)value[1] << 8 | value[0], 0x7c00, 0x8000);
    key[0] = (uint8_t)(bits >> 8);
    key[1] = (uint8_t)bits;
    return 2;
}

static size_t float_key(const uint8_t *value, uint8_t *key) {
    return put32((uint32_t)real_bits(hw_load_le32(value), 0x7f800000, UINT32_C(1) << 31), key);
}

static size_t double_key(const uint8_t *value, uint8_t *key) {
    return put64(real_bits(hw_load_le64(value), UINT64_C(0x7ff) << 52, UINT64_C(1) << 63), key);
}

static size_t int96_key(const uint8_t *value, uint8_t *key) {
    const __int128 nanos = hw_int96_exact(value);
    const unsigned __int128 bits = (unsigned __int128)nanos ^ (unsigned __int128)1 << 127;
    put64((uint64_t)(bits >> 64), key);
    put64((uint64_t)bits, key + sizeof(uint64_t));
    return 2 * sizeof(uint64_t);
}

/* ------ bytes */

static enum hw_status fixed_key(hw_view value, struct hw_buf *out, struct hw_error *err) {
    return hw_buf_append(out, value.data, value.size, err);
}

static enum hw_status fixed_number_key(hw_view value, struct hw_buf *out, struct hw_error *err) {
    const size_t begun = out->size;
    HW_TRY(hw_buf_append(out, value.data, value.size, err));
    if (value.size > 0) {
        out->data[begun] ^= 0x80;
    }
    return HW_OK;
}

/* A zero becomes 00 ff, and 00 00 ends the key: it is before all that goes on. */
static enum hw_status text_key(hw_view value, struct hw_buf *out, struct hw_error *err) {
    static const uint8_t zero[] = {0x00, 0xff}, end[] = {0x00, 0x00};
    const char *at = value.data;
    size_t left = value.size;
    while (left > 0) {
        const char *found = memchr(at, 0, left);
        const size_t plain = found ? (size_t)(found - at) : left;
        HW_TRY(hw_buf_append(out, at, plain, err));
        HW_TRY(found ? hw_buf_append(out, zero, sizeof(zero), err) : HW_OK);
        at += plain + (found != NULL);
        left -= plain + (found != NULL);
    }
    return hw_buf_append(out, end, sizeof(end), err);
}

/*
 * A number without the bytes that only repeat its sign: more bytes make it further from zero. With
 * as many bytes and the same sign, numbers compare as their bytes do.
 */
static enum hw_status text_number_key(hw_view value, struct hw_buf *out, struct hw_error *err) {
    const bool below = value.size > 0 && (uint8_t)value.data[0] >= 0x80;
    const char sign = below ? (char)0xff : 0;
    size_t filled = 0;
    uint8_t size[sizeof(uint32_t)];
    while (filled < value.size && value.data[filled] == sign) {
        filled++;
    }
    const uint32_t bytes = (uint32_t)(value.size - filled);
    put32(below ? ~bytes : bytes, size);
    HW_TRY(hw_buf_append_byte(out, below ? 0 : 1, err));
    HW_TRY(hw_buf_append(out, size, sizeof(size), err));
    return hw_buf_append(out, value.data + filled, bytes, err);
}
