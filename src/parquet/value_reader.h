/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The values of one data page, or of a dictionary page, in the form that a batch has them in:
 * decoded, converted, and checked by what their type allows.
 */
#ifndef HW_PARQUET_VALUE_READER_H
#define HW_PARQUET_VALUE_READER_H

#include "parquet/decoder.h"
#include "parquet/leaf_rows.h"
#include "parquet/read_schema.h"

/* The most bytes that the texts of one column of a batch may have. */
#define HW_TEXT_BYTES_MAX ((size_t)INT32_MAX)

/* The looks at values. */
enum hw_value_look {
    HW_VALUE_LOOK_DECODE,
    HW_VALUE_LOOK_INDEX,
    HW_VALUE_LOOK_RANGE,
    HW_VALUE_LOOK_UTF8,
};

/* Start it zeroed, with `leaf` and `page_bytes_max` set. Release it. */
struct hw_value_reader {
    const struct hw_read_leaf *leaf;
    /* The most bytes that the values of a page may take where they must be written out first. */
    size_t page_bytes_max;
    struct hw_decoder decoder;
    /* The page's values come from a dictionary, and have the form of a batch. */
    bool converted;
    /* After a failure, what was looked at. */
    enum hw_value_look look;
    /* Values in the file's form, on their way to that of a batch; pages of DELTA_BYTE_ARRAY. */
    struct hw_buf raw;
    struct hw_buf raw_ends;
    struct hw_buf expanded;
};

void hw_value_reader_release(struct hw_value_reader *reader);
/* Frees its buffers; a page must be begun anew. */
void hw_value_reader_park(struct hw_value_reader *reader);
/* Returns the bytes of memory that it holds. */
size_t hw_value_reader_held(const struct hw_value_reader *reader);
/* Returns the form that values of the leaf have in the file. */
struct hw_decoded_kind hw_leaf_kind(const struct hw_read_leaf *leaf);
/*
 * Begins with the `count` values of a page, which are behind its levels. Bytes and dictionary are
 * borrowed; the dictionary is NULL where the chunk has none.
 */
HW_NODISCARD enum hw_status hw_value_reader_begin(struct hw_value_reader *reader, int32_t encoding, size_t count,
                                                  hw_view bytes, const struct hw_dictionary_values *dictionary,
                                                  struct hw_error *err);
/*
 * Appends the next `count` values to `out`. Once texts there come to `data_bytes_max` bytes, at
 * most HW_TEXT_BYTES_MAX, no more are added and `*out_full` is set. HW_EDATA where the page has
 * fewer values, or one that its type does not allow.
 */
HW_NODISCARD enum hw_status hw_value_reader_take(struct hw_value_reader *reader, size_t count, size_t data_bytes_max,
                                                 struct hw_leaf_rows *out, bool *out_full, struct hw_error *err);
HW_NODISCARD enum hw_status hw_value_reader_skip(struct hw_value_reader *reader, size_t count, struct hw_error *err);

#endif
