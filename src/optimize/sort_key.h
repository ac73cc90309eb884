/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys of rows: bytes that compare, as memcmp does, as the values of a sort column do. Keys of
 * several columns are compared one column after the other, or put one behind the other, as no key
 * of a column is the beginning of another one of it.
 *
 * Numbers have the order of their type: NaN is above all numbers, all NaNs are equal, and so are
 * -0.0 and 0.0. Texts and bytes compare byte by byte, unsigned. INT96 has the order of its instant.
 */
#ifndef HW_OPTIMIZE_SORT_KEY_H
#define HW_OPTIMIZE_SORT_KEY_H

#include "parquet/leaf_rows.h"
#include "parquet/read_schema.h"

/* The forms of values that have different keys. */
enum hw_sort_form {
    HW_SORT_BOOL,
    HW_SORT_INT32,
    HW_SORT_INT64,
    HW_SORT_UINT32,
    HW_SORT_UINT64,
    HW_SORT_HALF,
    HW_SORT_FLOAT,
    HW_SORT_DOUBLE,
    HW_SORT_INT96,
    /* Bytes of a fixed number; the same as a big-endian number in two's complement. */
    HW_SORT_FIXED,
    HW_SORT_FIXED_NUMBER,
    /* Bytes of any number; the same as such a number. */
    HW_SORT_BYTES,
    HW_SORT_BYTES_NUMBER,
    HW_SORT_FORM_COUNT
};

struct hw_sort_key {
    enum hw_sort_form form;
    /* The bytes of a value; 0: any number. */
    size_t width;
    /* The definition level of a value that is not null. */
    uint8_t def_max;
    bool descending;
    /* Nulls come before all values, or else behind them, whichever way the values are sorted. */
    bool nulls_first;
};

/*
 * Sets form, width and level of a column. `source` tells the type of its values, `written` how they
 * are stored in the rows that get keys. Returns NULL, or the reason why rows cannot be sorted by
 * it, as "it is in a list".
 */
const char *hw_sort_key_of(const struct hw_read_leaf *source, const struct hw_read_leaf *written,
                           struct hw_sort_key *out_key);

/*
 * Appends the key of each row to `keys`, which are texts. HW_ELIMIT where these come to 1 GiB.
 */
HW_NODISCARD enum hw_status hw_sort_keys_add(const struct hw_sort_key *key, const struct hw_leaf_rows *rows,
                                             struct hw_leaf_rows *keys, struct hw_error *err);

/* Returns key number `i`. */
static inline hw_view hw_sort_key_at(const struct hw_leaf_rows *keys, size_t i) {
    const int32_t *places = (const int32_t *)(const void *)keys->offsets.data;
    return (hw_view){(const char *)keys->data.data + places[i], (size_t)(places[i + 1] - places[i])};
}

/* Compares two keys: below, at or above 0. */
static inline int hw_sort_key_compare(hw_view a, hw_view b) {
    const int order = memcmp(a.data, b.data, hw_min_size(a.size, b.size));
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

#endif
