/* SPDX-License-Identifier: Apache-2.0 */
/* Bounds of statistics and indexes, PLAIN bytes without a length, as text for people and JSON. */
#ifndef HW_PARQUET_STAT_VALUE_H
#define HW_PARQUET_STAT_VALUE_H

#include "core/buf.h"
#include "parquet/leaf_rows.h"
#include "parquet/read_schema.h"

/* The text of a value. */
struct hw_stat_text {
    /* False: the text is JSON as it stands, a number or a bool. True: it is what a string holds. */
    bool quoted;
    /* The text's place in the buffer to which it was appended, and its length. */
    size_t at;
    size_t size;
};

/*
 * Appends the text of a bound of the leaf to `out`: numbers, dates, times, decimals and texts as
 * they are in JSON. Binary values, and bytes that are no value of the leaf's type, are in base64.
 */
HW_NODISCARD enum hw_status hw_stat_text(const struct hw_read_leaf *leaf, hw_view bound, struct hw_buf *out,
                                         struct hw_stat_text *out_text, struct hw_error *err);

/*
 * Makes the bytes that the value has in a table, a view of `bound` or of `rows`, which is used
 * again; a timestamp of INT96 becomes text. Returns false where the bound is no value of the leaf.
 */
bool hw_stat_value(const struct hw_read_leaf *leaf, hw_view bound, struct hw_leaf_rows *rows, hw_view *out_value);

#endif
